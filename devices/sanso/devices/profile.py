"""A product as data: what it has, how it is built, and where its data points are.

Strategy: one TOML file a product, checked whole when it is loaded, so that nothing
later can stumble over it. The package's own profiles are found by name, others by path.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sanso.grammars.calls import (
    LightLevel,
    Metric,
    Mode,
    Option,
)

from .datapoint import LACKING, Attribute, Datapoint, Protocol, Timing
from .errors import ProfileError
from .names import hint
from .purifier import Capabilities

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_FOLDER: Final = files("sanso.devices") / "profiles"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Features(_Table):
    """What the product has."""

    fan_levels: int = Field(ge=1, le=18)
    modes: tuple[Mode, ...]
    """In the order of its own mode button."""
    options: tuple[Option, ...] = ()
    lights: tuple[LightLevel, ...] = ()
    metrics: tuple[Metric, ...] = ()
    filter_reset: bool = True
    off_timer_minutes: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _has_manual(self) -> Self:
        if "manual" not in self.modes:
            msg = "modes must contain manual: it is where a chosen speed leads"
            raise ValueError(msg)
        return self


class Build(_Table):
    """How the simulated one is built."""

    clean_air_m3_per_h: float = Field(default=270.0, gt=0)
    """Clean air delivery rate at full speed."""
    slew_per_second: float = Field(default=0.10, gt=0)
    """Share of full speed by which the motor changes in a second."""
    warm_up_seconds: int = Field(default=30, ge=0)
    filter_grams: float = Field(default=12.0, gt=0)
    filter_days: float = Field(default=180.0, gt=0)
    humidifier_g_per_h: float = Field(default=150.0, ge=0)


class Start(_Table):
    """How the simulated one stands when it is opened."""

    power: bool = True
    mode: Mode = "manual"
    fan: int = Field(default=2, ge=1)
    """Kept for the manual mode where another one is on."""
    light: LightLevel = "on"
    options: dict[Option, bool] = {}
    """Those that are not named are off."""
    filter_percent: float = Field(default=80.0, ge=0, le=100)


class Profile(_Table):
    """A product."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    summary: str
    """One line, for listings."""
    capabilities: Features
    build: Build = Build()
    start: Start = Start()
    protocol: Protocol | None = None
    baud: int = Field(default=9600, gt=0)
    unit: int = Field(default=1, ge=1, le=247)
    """Modbus: the address of the appliance on the bus."""
    model: str = ""
    """What the appliance calls itself: Tuya's product id, MIoT's model."""
    timing: Timing = Timing()
    attr: dict[Attribute, Datapoint] = {}
    """Data points, for a product with a protocol."""

    @model_validator(mode="after")
    def _is_one_product(self) -> Self:
        """Refuse a profile whose parts contradict one another."""
        features = self.capabilities
        if self.start.fan > features.fan_levels:
            msg = f"start.fan is {self.start.fan} of {features.fan_levels} levels"
            raise ValueError(msg)
        if self.start.mode not in features.modes:
            msg = f"start.mode is {self.start.mode}, which capabilities.modes lacks"
            raise ValueError(msg)
        if features.lights and self.start.light not in features.lights:
            msg = f"start.light is {self.start.light}, which capabilities.lights lacks"
            raise ValueError(msg)
        for option in self.start.options:
            if option not in features.options:
                msg = f"start.options has {option}, which capabilities.options lacks"
                raise ValueError(msg)
        if bool(self.attr) != (self.protocol is not None):
            msg = "attr and protocol belong together: one of the two is missing"
            raise ValueError(msg)
        if self.protocol is not None:
            self._check_addresses(self.protocol)
            self._check_datapoints()
        return self

    def _check_addresses(self, protocol: Protocol) -> None:
        """Every attribute lies somewhere, and no two in one place."""
        taken: dict[object, str] = {}
        for name, point in self.attr.items():
            address = point.address(protocol)
            if address is None:
                msg = f"attr.{name} lacks {LACKING[protocol]}"
                raise ValueError(msg)
            place = (address, point.aiid is None)
            if place in taken:
                msg = f"attr.{taken[place]} and attr.{name} are the same {point.shown_address(protocol)}"
                raise ValueError(msg)
            taken[place] = name

    def _check_datapoints(self) -> None:
        features = self.capabilities
        wanted = {"power", "mode", "fan_level", *features.options, *features.metrics}
        wanted |= {"light"} if features.lights else set()
        wanted |= {"filter_reset"} if features.filter_reset else set()
        wanted |= {"timer_off"} if features.off_timer_minutes else set()
        missing = sorted(wanted - set(self.attr))
        if missing:
            msg = f"capabilities has {missing[0]}, and there is no [attr.{missing[0]}]"
            raise ValueError(msg)
        modes = self.attr["mode"].values
        if set(modes) != set(features.modes):
            msg = f"attr.mode has {sorted(modes)}, not the modes of capabilities"
            raise ValueError(msg)
        fan = self.attr["fan_level"]
        levels = features.fan_levels
        given = len(fan.values or fan.levels)
        if not given and fan.range:
            given = fan.range[1] - fan.range[0] + 1
        if given != levels:
            msg = f"attr.fan_level has {given} of {levels} levels; give as many values, levels, or numbers of range"
            raise ValueError(msg)
        for option in ("power", *features.options):
            if (words := self.attr[option].values) and set(words) != {"off", "on"}:  # type: ignore[index]
                msg = f"attr.{option} has {sorted(words)}; its values are off and on"
                raise ValueError(msg)
        light = self.attr.get("light")
        if light and light.values and set(light.values) != set(features.lights):
            msg = (
                f"attr.light has {sorted(light.values)}, not the lights of capabilities"
            )
            raise ValueError(msg)
        if light and not light.values and set(features.lights) - {"off", "on"}:
            msg = (
                "attr.light is a bool, and capabilities.lights has more than off and on"
            )
            raise ValueError(msg)

    def make_capabilities(self) -> Capabilities:
        """Return what the agent may ask of this product."""
        features = self.capabilities
        return Capabilities(
            fan_levels=features.fan_levels,
            modes=frozenset(features.modes),
            options=frozenset(features.options),
            lights=frozenset(features.lights),
            metrics=frozenset(features.metrics),
            filter_reset=features.filter_reset,
            off_timer_minutes=features.off_timer_minutes,
        )


def profile_names() -> list[str]:
    """Return the names of the profiles that come with the package, sorted."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if ".toml" in name)


def load_profile(name: str) -> Profile:
    """Load a profile by its name, or by its path, which ends in `.toml`.

    Raises:
        ProfileError: there is none, or it is wrong; one line with cause and cure.

    """
    if name.endswith(".toml"):
        source: Any = Path(name)
    elif name in profile_names():
        source = _FOLDER / f"{name}.toml"
    else:
        msg = f"there is no profile {name!r}; {hint(name, profile_names())}"
        raise ProfileError(msg, path=name)
    try:
        text = source.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"profile {name} cannot be read: {error.strerror}; check the path"
        raise ProfileError(msg, path=name) from None
    except ValueError:  # a path with a zero character, or bytes that are no text
        msg = f"profile {name!r} cannot be read: it is not a file of UTF-8 text"
        raise ProfileError(msg, path=name) from None
    return parse_profile(text, path=name)


def parse_profile(text: str, *, path: str) -> Profile:
    """Check the TOML text of a profile; `path` names it in errors.

    Raises:
        ProfileError: it is wrong; one line with cause and cure.

    """
    try:
        return Profile.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"profile {path} is not TOML: {error}"
        raise ProfileError(msg, path=path) from None
    except ValidationError as error:
        # An unknown key first: it is most often the misspelt one that is missing.
        problems = sorted(error.errors(), key=lambda p: p["type"] != "extra_forbidden")
        msg = f"profile {path}: {_explained(problems[0])}"
        raise ProfileError(msg, path=path) from None
    except ValueError as error:  # a number of thousands of digits
        msg = f"profile {path} is not TOML: {error}"
        raise ProfileError(msg, path=path) from None


def _explained(problem: ErrorDetails) -> str:
    """Say in one line where and what is wrong, and what is right instead."""
    place = [part for part in problem["loc"] if part != "[key]"]
    where = ".".join(str(part) for part in place)
    if problem["type"] == "extra_forbidden":
        return f"there is no {where}; {hint(str(place[-1]), _keys(place[:-1]))}"
    if problem["type"] == "missing":
        return f"{where} is missing; write it"
    if problem["type"] == "literal_error":
        valid = re.findall(r"'([^']*)'", problem["ctx"]["expected"])
        given = str(problem["input"])
        return f"{where} has no value {given!r}; {hint(given, valid)}"
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {reason}" if where else reason


def _keys(place: list[int | str]) -> list[str]:
    """Return the keys that a table of the profile may have."""
    tables: dict[str, type[BaseModel]] = {
        "capabilities": Features,
        "build": Build,
        "start": Start,
        "timing": Timing,
        "attr": Datapoint,
    }
    model = tables.get(str(place[0]), Profile) if place else Profile
    return list(model.model_fields)
