"""One line for whatever went wrong: `sanso: cause; cure`, and the exit code with it.

Strategy: an error's class chooses the sentence, the nearest one up its tree; what the
error says of itself goes into it. The command line parser's own errors are told by
their class's name, as the module of these classes differs between its versions.
"""

from __future__ import annotations

import errno
import os
import traceback
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import typer

from sanso.agent.errors import UsageError
from sanso.devices import ProfileError, UnknownDevice
from sanso.grammars import SansoError

from .messages import in_words, translated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .texts import Texts

FAILED: Final = 1
WRONG_USAGE: Final = 2
UNDONE: Final = 3
"""Understood, and the purifier did not do it."""
INTERRUPTED: Final = 130
_WRONG_WORDS: Final = (UsageError, UnknownDevice, ProfileError)
"""What was typed is wrong, not the world."""

_VALIDATOR: Final = "Value error, "
"""What pydantic, which reads values for the parser, puts before a message."""

TRACEBACK: Final = "SANSO_TRACEBACK"
"""Environment variable: anything in it shows where an unexpected error came from."""


def explain(error: BaseException, texts: Texts) -> tuple[str, int]:
    """Return the line for standard error, without one where nothing is to say, and the code."""
    if isinstance(error, typer.Exit):
        return "", int(error.exit_code)
    if isinstance(error, SystemExit):
        return "", error.code if isinstance(error.code, int) else FAILED
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return "", INTERRUPTED
    code = WRONG_USAGE if isinstance(error, _WRONG_WORDS) else FAILED
    if isinstance(error, SansoError):
        own = _own_words(error, texts)
        text = own or texts.say(_key(error, texts), message=_line(str(error)))
    elif hasattr(error, "format_message"):
        text, code = _usage(error, texts), WRONG_USAGE
    elif isinstance(error, ModuleNotFoundError):
        text = texts.say("error.ModuleNotFoundError", name=error.name)
    elif isinstance(error, OSError):
        text = _of_the_system(error, texts)
    else:
        if os.environ.get(TRACEBACK):
            traceback.print_exception(error)
        message = _line(f"{type(error).__name__}: {error}")
        text = texts.say("error.unexpected", message=message, variable=TRACEBACK)
    return f"sanso: {text}", code


def _of_the_system(error: OSError, texts: Texts) -> str:
    """Put an error of the system into words: some name no file, and a full disk has its own cure."""
    path = "" if error.filename is None else str(error.filename)
    cause = in_words(error.strerror or type(error).__name__, texts.lang)
    if error.errno == errno.ENOSPC:
        where = f"{path}: " if path else ""
        return texts.say("error.OSError.full", where=where, message=cause)
    if not path:
        return texts.say("error.OSError.bare", message=cause)
    return texts.say("error.OSError", message=cause, path=path)


def _own_words(error: SansoError, texts: Texts) -> str | None:
    """Return what an error says of itself, if that is known in the person's language."""
    message = _line(str(error))
    where = f"{error.url}: " if isinstance(error, UnknownDevice) else ""
    if not where or not message.startswith(where):
        return translated(message, texts.lang)
    cause = translated(message.removeprefix(where), texts.lang)
    return cause and where + cause


def _key(error: SansoError, texts: Texts) -> str:
    names = (f"error.{cls.__name__}" for cls in type(error).__mro__)
    return next(name for name in names if name in texts.table)


def _usage(error: BaseException, texts: Texts) -> str:
    """Put an error of the command line parser into words."""
    key = f"usage.{type(error).__name__}"
    message = _line(error.format_message())  # type: ignore[attr-defined]
    if key == "usage.BadOptionUsage":
        key += ".missing" if " requires " in message else ".unwanted"
    elif key == "usage.BadParameter":
        own = _line(str(getattr(error, "message", message)))
        own = own.removeprefix(_VALIDATOR).removesuffix(".")
        message = in_words(own, texts.lang)
    elif key not in texts.table:
        key = "usage.other"
    name = getattr(error, "option_name", "") or _parameter(error)
    near = _near(name, getattr(error, "possibilities", None) or ())
    told = texts.say(key, name=name, message=message)
    hint = texts.say("usage.near", name=", ".join(near)) if near else ""
    path = getattr(getattr(error, "ctx", None), "command_path", "sanso")
    return f"{told}{hint}; {texts.say('usage.see', path=path)}"


def _near(name: str, known: Iterable[str]) -> list[str]:
    """Keep the options that are like this one; the dashes, which all have, do not make it so."""
    bare = {option.lstrip("-"): option for option in known}
    return [bare[word] for word in get_close_matches(name.lstrip("-"), bare)]


def _parameter(error: BaseException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name.upper())


def _line(text: str) -> str:
    """Keep a message on one line."""
    return " ".join(text.split())
