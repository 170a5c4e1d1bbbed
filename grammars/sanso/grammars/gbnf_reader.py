r"""
Read GBNF, the grammar notation of llama.cpp, into a small tree.

Strategy: Lark does the reading. A rule begins with `name ::=`, which is one terminal, so that line ends need no meaning: what llama.cpp reads is read, and a line
break or an underscore more is forgiven. Refused here though read there: a rule that is defined twice, a range that ends before it begins, tokens by name. Texts become bytes of UTF-8; sets stay ranges of code points. Notation: llama.cpp
grammars/README.md: texts in quotes, sets in brackets, `.`, groups, `|`, `*`, `+`, `?`, `{m}`, `{m,}`, `{m,n}`, comments, escapes
`\n \r \t \\ \" \[ \] \xHH \uHHHH \UHHHHHHHH`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lark import Lark, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from .errors import SansoError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_GRAMMAR: Final = 1_000_000
"""Characters; llama.cpp's own largest examples have under 20,000."""
LAST_CODE_POINT: Final = 0x10FFFF
_DEEPEST: Final = 100
"""Parentheses inside one another: reading trees is recursive."""

_GRAMMAR: Final = r"""
start: rule+
rule: HEAD choice
choice: sequence ("|" sequence)*
sequence: item*
?item: single | repeated
repeated: item REPEAT
?single: text | set | any | ref | "(" choice ")"
text: TEXT
set: SET
any: "."
ref: NAME
HEAD.2: /[a-zA-Z0-9_-]+\s*::=/
NAME: /[a-zA-Z0-9_-]+/
TEXT: /"(\\.|[^"\\])*"/s
SET: /\[(\\.|[^\]\\])*\]/s
REPEAT: /[*+?]|\{\s*\d+\s*(,\s*\d*\s*)?\}/
COMMENT: /#[^\n]*/
%ignore COMMENT
%ignore /\s+/
"""
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(.)", re.DOTALL
)
_OPENING: Final = {'"': '"', "[": "]", "#": "\n"}
_MOST_TIMES: Final = 60_000
_NAMED: Final = {"n": 10, "r": 13, "t": 9, "\\": 92, '"': 34, "[": 91, "]": 93}


class GrammarTextError(SansoError):
    """A text is not GBNF that can be used; `.line` and `.column` say where, from 1, or are 0."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        """Keep the place."""
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Literal:
    """These bytes."""

    data: bytes


@dataclass(frozen=True)
class Chars:
    """One code point within one of the ranges, both ends included."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ref:
    """What another rule stands for."""

    name: str


@dataclass(frozen=True)
class Sequence:
    """One node after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """Any one of the nodes."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """The node, `low` to `high` times; without end where `high` is None."""

    node: Node
    low: int
    high: int | None


Node = Literal | Chars | Ref | Sequence | Choice | Repeat


def read_gbnf(text: str) -> dict[str, Node]:
    """
    The rules of a grammar by name.

    Raises:
        GrammarTextError: it is not GBNF, a rule is missing, or there is no rule `root`.
    """
    _check_size(text)
    try:
        rules: dict[str, Node] = _Tree().transform(_lark().parse(text))
    except UnexpectedInput as error:
        line, column = int(error.line), int(error.column)
        msg = f"the grammar cannot be read at line {line}, column {column}"
        raise GrammarTextError(msg, line=line, column=column) from None
    except VisitError as error:
        if isinstance(error.orig_exc, GrammarTextError):
            raise error.orig_exc from None
        raise
    except RecursionError:
        msg = "the grammar's parentheses stand too deep inside one another"
        raise GrammarTextError(msg) from None
    if "root" not in rules:
        msg = "the grammar has no rule `root`; it must say where to begin"
        raise GrammarTextError(msg)
    for name, node in rules.items():
        for used in _names(node):
            if used not in rules:
                msg = f"rule {name} uses {used}, which is not defined"
                raise GrammarTextError(msg)
    return rules


def _check_size(text: str) -> None:
    if len(text) > MAX_GRAMMAR:
        msg = f"the grammar has {len(text)} characters; at most {MAX_GRAMMAR} are read"
        raise GrammarTextError(msg)
    if _depth(text) > _DEEPEST:
        msg = f"the grammar has more than {_DEEPEST} parentheses inside one another"
        raise GrammarTextError(msg)


def _depth(text: str) -> int:
    """How deep parentheses stand inside one another, outside of texts, sets and comments; in one walk."""
    depth = deepest = 0
    inside, escaped = "", False
    for sign in text:
        if escaped:
            escaped = False
        elif inside:
            escaped = sign == "\\" and inside != "\n"
            inside = "" if sign == inside else inside
        elif sign in _OPENING:
            inside = _OPENING[sign]
        else:
            depth += (sign == "(") - (sign == ")")
            deepest = max(depth, deepest)
    return deepest


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Ref):
        yield node.name
    elif isinstance(node, Repeat):
        yield from _names(node.node)
    elif isinstance(node, Sequence | Choice):
        for part in node.parts:
            yield from _names(part)


@cache
def _lark() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


class _Tree(Transformer[Any, Any]):
    """Lark's tree into ours, from the leaves on."""

    def start(self, rules: list[tuple[str, Node]]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for name, node in rules:
            if name in found:
                msg = f"rule {name} is defined twice"
                raise GrammarTextError(msg)
            found[name] = node
        return found

    def rule(self, parts: list[Any]) -> tuple[str, Node]:
        return str(parts[0]).removesuffix("::=").strip(), parts[1]

    def choice(self, parts: list[Node]) -> Node:
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self, parts: list[Node]) -> Node:
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, parts: list[Any]) -> Node:
        node, sign = parts[0], str(parts[1])
        if sign in "*+?":
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            return Repeat(node, low, high)
        first, comma, second = sign[1:-1].partition(",")
        if max(len(first.strip()), len(second.strip())) > len(str(_MOST_TIMES)):
            msg = f"{sign[:20]} repeats more often than {_MOST_TIMES} times"
            raise GrammarTextError(msg)
        most = int(second) if second.strip() else (None if comma else int(first))
        if most is not None and most < int(first):
            msg = f"{sign} ends before it begins"
            raise GrammarTextError(msg)
        return Repeat(node, int(first), most)

    def text(self, parts: list[Any]) -> Node:
        points = [point for point, _ in _code_points(str(parts[0])[1:-1])]
        try:
            return Literal("".join(map(chr, points)).encode())
        except UnicodeEncodeError:
            msg = f"{parts[0]} holds a code point that UTF-8 cannot write"
            raise GrammarTextError(msg) from None

    def set(self, parts: list[Any]) -> Node:
        inner = str(parts[0])[1:-1]
        negated = inner.startswith("^")
        ranges = _ranges(inner[1:] if negated else inner)
        return Chars(_complement(ranges) if negated else ranges)

    def any(self, _: list[Any]) -> Node:
        return Chars(((0, LAST_CODE_POINT),))

    def ref(self, parts: list[Any]) -> Node:
        return Ref(str(parts[0]))


def _code_points(text: str) -> list[tuple[int, bool]]:
    """The code points of a text, and whether each was written as an escape."""
    points = []
    for two, four, eight, named, plain in _ESCAPE.findall(text):
        if number := two or four or eight:
            points.append((int(number, 16), True))
        elif named:
            if named not in _NAMED:
                msg = rf"the escape \{named} is unknown"
                raise GrammarTextError(msg)
            points.append((_NAMED[named], True))
        else:
            points.append((ord(plain), False))
        if points[-1][0] > LAST_CODE_POINT:
            msg = f"there is no code point {points[-1][0]:X}"
            raise GrammarTextError(msg)
    return points


def _ranges(inner: str) -> tuple[tuple[int, int], ...]:
    """Ranges of a set; a plain dash between two signs makes one, at an end or escaped it is itself."""
    points = _code_points(inner)
    ranges = []
    at = 0
    dash = (ord("-"), False)
    while at < len(points):
        low = points[at][0]
        if at + 2 < len(points) and points[at + 1] == dash:
            high = points[at + 2][0]
            if low > high:
                msg = f"the range {chr(low)}-{chr(high)} ends before it begins"
                raise GrammarTextError(msg)
            ranges.append((low, high))
            at += 3
        else:
            ranges.append((low, low))
            at += 1
    return tuple(ranges)


def _complement(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    kept, after = [], 0
    for low, high in sorted(ranges):
        if low > after:
            kept.append((after, low - 1))
        after = max(after, high + 1)
    if after <= LAST_CODE_POINT:
        kept.append((after, LAST_CODE_POINT))
    return tuple(kept)
