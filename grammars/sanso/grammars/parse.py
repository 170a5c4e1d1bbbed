"""
Read call text: the inverse of rendering.

Strategy: Lark does the reading with the generated grammar; only when it fails, the text is looked at again to say
in one line what is wrong, where, and what was probably meant.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken
from pydantic import ValidationError

from .cache import private_file
from .call import Call, Named, Trigger
from .callset import PURIFIER, CallSet
from .errors import CallError, CallSyntaxError, UnknownName
from .form import enumerate_form
from .lark_grammar import lark_grammar
from .program import ARROW, MAX_STATEMENTS, SEPARATOR, Program, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT: Final = 2000
"""Characters; the longest program of the call language has under 400."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ARGUMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=([^,)]*)")
_NUMBER = re.compile(r"[-+]?\d+")


def parse(text: str, calls: CallSet = PURIFIER) -> Program:
    """
    Read a program from its canonical text.

    Raises:
        CallSyntaxError: the text breaks the grammar.
        UnknownName: a call, argument or value does not exist; `.nearest` is the likely one.
    """
    if len(text) > MAX_TEXT:
        msg = f"the text has {len(text)} characters; a program has at most {MAX_TEXT}"
        raise CallSyntaxError(msg, text=text[:80], column=MAX_TEXT)
    try:
        tree = _reader(calls).parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error, calls) from None
    return Program(
        statements=tuple(_statement(child, calls) for child in _trees(tree.children))
    )


_readers: dict[str, Lark] = {}


def _reader(calls: CallSet) -> Lark:
    """One reader a grammar, kept, its analysis also on disk: making it costs more than a thousand uses."""
    reader = _readers.get(calls.digest)
    if reader is None:
        stored = private_file(f"reader-{calls.digest[:32]}.lark")
        reader = Lark(
            lark_grammar(calls),
            start="program",
            parser="lalr",
            lexer="contextual",
            maybe_placeholders=False,
            # Lark itself makes it anew where grammar, options, Python or Lark are others.
            cache=str(stored) if stored else False,
        )
        _readers[calls.digest] = reader
    return reader


def _trees(children: Iterable[Tree[Token] | Token]) -> list[Tree[Token]]:
    return [child for child in children if isinstance(child, Tree)]


def _statement(tree: Tree[Token], calls: CallSet) -> Statement:
    nodes = [_node(child, calls) for child in _trees(tree.children)]
    call = nodes[-1]
    trigger = nodes[0] if len(nodes) > 1 else None
    assert isinstance(call, Call)  # noqa: S101 - the grammar puts a call last
    assert trigger is None or isinstance(trigger, Trigger)  # noqa: S101 - and a trigger first
    return Statement(call=call, trigger=trigger)


def _node(tree: Tree[Token], calls: CallSet) -> Named:
    name, _, index = tree.data.rpartition("__")
    cls = calls.by_name[name]
    case = cls.cases()[int(index)]
    values = {
        argument: _value(str(token))
        for (argument, _), token in zip(case, tree.children, strict=True)
    }
    return cls.model_validate(values)


def _value(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text


def _explained(text: str, error: UnexpectedInput, calls: CallSet) -> CallError:
    """Turn Lark's failure into the one line that helps."""
    stopped = _stopped(text, error)
    start = _statement_start(text, stopped)
    found = _NAME.match(text, start)
    if found is None:
        return _syntax(text, start, "a call was expected here")
    name = found.group()
    cls = calls.by_name.get(name)
    if cls is None:
        return _unknown(text, found.start(), "call", name, calls.by_name)
    end = text.find(")", found.end())
    inner = text[found.end() : end if end >= 0 else len(text)]
    wrong = _wrong_argument(text, found.end(), inner, cls, calls)
    if wrong is not None:
        return wrong
    reasons = (
        (
            text.endswith(ARROW, 0, start) and cls not in calls.timed_calls(),
            f"{name} cannot stand behind a trigger",
        ),
        (stopped <= end or end < 0, f"{name} is written {_pattern(cls, calls)}"),
        (issubclass(cls, Trigger), f"{ARROW!r} and a call were expected here"),
        (
            text.startswith(SEPARATOR, stopped),
            f"a program has at most {MAX_STATEMENTS} statements",
        ),
        (True, f"the end was expected here, or {SEPARATOR!r} and a call"),
    )
    return _syntax(text, stopped, next(why for holds, why in reasons if holds))


def _stopped(text: str, error: UnexpectedInput) -> int:
    """Where reading stopped, from 0; for the end, Lark gives the place of the last token."""
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    at = error.pos_in_stream
    return len(text) if ended or at is None else at


def _statement_start(text: str, stopped: int) -> int:
    marks = [m.end() for m in re.finditer(r"; | -> ", text) if m.end() <= stopped]
    return marks[-1] if marks else 0


def _wrong_argument(
    text: str, offset: int, inner: str, cls: type[Named], calls: CallSet
) -> CallError | None:
    """Find the first argument whose name or value does not exist."""
    cases = calls.cases(cls)
    names = list(dict.fromkeys(name for case in cases for name, _ in case))
    for match in _ARGUMENT.finditer(inner):
        name, value = match.groups()
        if name not in names:
            return _unknown(text, offset + match.start(), "argument", name, names)
        forms = [form for case in cases for key, form in case if key == name]
        values = list(dict.fromkeys(v for form in forms for v in enumerate_form(form)))
        if value not in values:
            column = offset + match.start(2)
            return _unknown(text, column, f"value of {name}", value, values)
    try:
        pairs = {k: _value(v) for k, v in _ARGUMENT.findall(inner)}
        cls.model_validate(pairs)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        if first["type"] == "value_error":
            return _syntax(text, offset, first["msg"].removeprefix("Value error, "))
    return None


def _pattern(cls: type[Named], calls: CallSet) -> str:
    case = calls.cases(cls)[0]
    return f"{cls.call_name()}({', '.join(f'{name}=...' for name, _ in case)})"


def _syntax(text: str, at: int, reason: str) -> CallSyntaxError:
    return CallSyntaxError(f"column {at + 1}: {reason}", text=text, column=at + 1)


def _unknown(
    text: str, at: int, kind: str, name: str, known: Iterable[str]
) -> UnknownName:
    choices = list(known)
    nearest = _nearest(name, choices)
    hint = f"did you mean {nearest}?" if nearest else f"valid: {_listed(choices)}"
    message = f"column {at + 1}: there is no {kind} {name!r}; {hint}"
    return UnknownName(message, text=text, column=at + 1, name=name, nearest=nearest)


def _nearest(name: str, choices: list[str]) -> str | None:
    """Numbers are near in value, everything else in spelling."""
    numbers = [choice for choice in choices if _NUMBER.fullmatch(choice)]
    if numbers and _NUMBER.fullmatch(name):
        return min(numbers, key=lambda choice: abs(int(choice) - int(name)))
    if f"0{name}" in choices:
        return f"0{name}"
    near = get_close_matches(name.lower(), choices, n=1, cutoff=0.5)
    return near[0] if near else None


def _listed(choices: list[str]) -> str:
    """All choices in one line: numbers as a span, times of day by example."""
    numbers = sorted(int(choice) for choice in choices if _NUMBER.fullmatch(choice))
    span = [f"{numbers[0]}..{numbers[-1]}"] if numbers else []
    others = [choice for choice in choices if not _NUMBER.fullmatch(choice)]
    shown = 30
    if len(others) > shown:
        others = [f"{others[0]} ... {others[-1]}"]
    return ", ".join([*span, *others])
