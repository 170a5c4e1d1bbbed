"""What `sanso doctor` looks at: each check finds out one thing and never fails itself.

Strategy: a finding says what is there, or what is missing and what to do about it.
Checks go from the ground up: Python, packages, llama.cpp, the model, one decision.
"""

from __future__ import annotations

import platform
import re
import sys
import time
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from shutil import which
from typing import TYPE_CHECKING, Final

from sanso.agent.engine import Engine
from sanso.agent.llama import library
from sanso.agent.prompt import normalize
from sanso.grammars import SansoError

from .folders import make_state_folder, state_folder
from .memory import MEBIBYTE, held_memory
from .messages import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .texts import Texts

OLDEST_PYTHON: Final = (3, 11)
PACKAGES: Final = (
    *("jinja2", "lark", "llama-cpp-python", "numpy", "pydantic"),
    *("rich", "typer"),
)
VOICE_PACKAGES: Final = ("faster-whisper", "sounddevice", "soxr", "wyoming")
_SHOWN_METADATA: Final = re.compile(r"sanso\.|general\.(architecture|name|file_type)$")
_FEATURE: Final = re.compile(r"(\w+) = 1\b")


@dataclass(frozen=True)
class Finding:
    """What was found out about one thing."""

    name: str
    """Key of its text."""
    ok: bool
    found: str
    cure: str = ""
    """What to do where it is missing."""
    needed: bool = True
    """Whether the agent does not work without it."""


def findings(model: Path | None, texts: Texts) -> Iterator[Finding]:
    """Look at everything, in order."""
    yield check_python(texts)
    yield check_packages(texts)
    yield check_llama(texts)
    yield from check_model(model, texts)
    yield check_state(texts)
    yield check_voice(texts)


def check_python(texts: Texts) -> Finding:
    """Look at Python and the machine."""
    found = f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    ok = sys.version_info >= OLDEST_PYTHON
    return Finding("python", ok, found, "" if ok else texts.say("cure.python"))


def check_packages(texts: Texts) -> Finding:
    """Look for the packages that the agent needs, and this one."""
    there, missing = [], []
    for name in ("sanso", *PACKAGES):
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            there.append(f"{name} -")
            missing.append(name)
    needed = [name for name in missing if name != "sanso"]
    cure = texts.say("cure.packages", names=" ".join(needed)) if needed else ""
    return Finding("packages", not needed, ", ".join(there), cure)


def check_llama(texts: Texts) -> Finding:
    """Look at what llama.cpp was built for."""
    try:
        told: str = library().llama_print_system_info().decode("utf-8", "replace")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        cure = texts.say("cure.llama")
        return Finding("llama", ok=False, found=_line(error), cure=cure)
    return Finding("llama", ok=True, found=" ".join(_FEATURE.findall(told)) or told)


def check_model(path: Path | None, texts: Texts) -> Iterator[Finding]:
    """Load the model and let it decide once."""
    started = time.perf_counter()
    try:
        engine = Engine.open(path)
    except (SansoError, OSError, RuntimeError) as error:
        cause = in_words(_line(error), texts.lang).partition("; ")[0]
        yield Finding("model", ok=False, found=cause, cure=texts.say("cure.model"))
        return
    loaded = (time.perf_counter() - started) * 1000
    with engine:
        bundle = engine.bundle
        size = bundle.path.stat().st_size / MEBIBYTE
        found = f"{bundle.path} ({size:.1f} MiB)"
        yield Finding("model", ok=True, found=found)
        yield Finding("digest", ok=True, found=bundle.sha256)
        shown = [
            f"{key.removeprefix('general.')} {str(value)[:24]}"
            for key, value in bundle.header.items()
            if _SHOWN_METADATA.match(key)
        ]
        yield Finding("metadata", ok=True, found=", ".join(shown))
        yield Finding("load", ok=True, found=f"{loaded:.0f} ms")
        yield _decision(engine, texts)
    yield Finding("memory", ok=True, found=held_memory())


def check_state(texts: Texts) -> Finding:
    """Look whether what is to be remembered can be written."""
    folder = make_state_folder()
    if folder is not None:
        return Finding("state", ok=True, found=str(folder))
    cure = texts.say("cure.state")
    found = str(state_folder() or texts.say("found.none"))
    return Finding("state", ok=False, found=found, cure=cure, needed=False)


def check_voice(texts: Texts) -> Finding:
    """Look for what hears and speaks; whoever does not want it misses nothing."""
    missing = [name for name in VOICE_PACKAGES if not _is_installed(name)]
    if len(missing) == len(VOICE_PACKAGES):
        return Finding("voice", ok=True, found=texts.say("found.no_voice"))
    lacking = [] if find_library("portaudio") else ["libportaudio2"]
    lacking += [] if which("espeak-ng") else ["espeak-ng"]
    if missing or lacking:
        cure = texts.say("cure.voice") if missing else ""
        if lacking:
            system = texts.say("cure.voice.system", names=" ".join(lacking))
            cure = f"{cure} {system}".strip()
        found = ", ".join(f"{name} -" for name in (*missing, *lacking))
        return Finding("voice", ok=False, found=found, cure=cure, needed=False)
    return Finding("voice", ok=True, found=", ".join([*VOICE_PACKAGES, "espeak-ng"]))


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _decision(engine: Engine, texts: Texts) -> Finding:
    sentence = texts.say("doctor.sentence")
    try:
        decision = engine.decide(normalize(sentence))
    except (SansoError, RuntimeError) as error:
        cure = texts.say("cure.model")
        return Finding("decision", ok=False, found=_line(error), cure=cure)
    program = decision.program.render()
    found = f"{sentence!r}: {program}, {decision.milliseconds:.1f} ms"
    return Finding("decision", ok=True, found=found)


def _line(error: Exception) -> str:
    """Keep an error on one line; one of ours needs no name."""
    name = "" if isinstance(error, SansoError) else f"{type(error).__name__}: "
    return " ".join(f"{name}{error}".split())
