"""
A grammar as a minimal automaton over bytes: which byte may follow, at once.

Strategy: rules are unfolded from the back, each with the state that follows it, so that a rule that ends in itself becomes a loop and any other recursion
is found out: it is not regular. Then the textbook way: sets of states (Rabin & Scott 1959), states from which no end can be
reached removed, equal states merged (Revuz 1992, Moore 1956). Code points become bytes of UTF-8 without surrogates,
so that only valid UTF-8 is ever accepted.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import SansoError
from .gbnf_reader import Chars, Choice, Literal, Ref, Repeat, Sequence, read_gbnf
from .utf8 import byte_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .gbnf_reader import Node

MAX_STATES: Final = 60_000
"""Of the unfolded grammar, and of the automaton: some megabytes, some seconds."""
DEAD: Final = -1


class NotRegularError(SansoError):
    """The grammar is no regular one, or too large to unfold: it needs llama.cpp's own sampler."""


@dataclass(frozen=True, eq=False)
class Automaton:
    """Minimal and complete but for the dead state; state 0 is the start."""

    table: NDArray[np.int32]
    """(states, 256): the next state by byte, -1 where the byte is illegal."""
    accepting: NDArray[np.bool_]
    """(states,): whether the text may end here."""

    def accepts(self, data: bytes) -> bool:
        """Whether the whole of it is in the language."""
        state = self.after(data)
        return state != DEAD and bool(self.accepting[state])

    def after(self, data: bytes, state: int = 0) -> int:
        """The state behind these bytes; -1 when they left the language."""
        for byte in data:
            if state == DEAD:
                break
            state = int(self.table[state, byte])
        return state

    def forced(self, state: int) -> tuple[bytes, int]:
        """The longest run of bytes without an alternative, and the state behind it."""
        run = bytearray()
        while not self.accepting[state] and len(run) < len(self.table):
            out = np.flatnonzero(self.table[state] != DEAD)
            if len(out) != 1:
                break
            run.append(int(out[0]))
            state = int(self.table[state, out[0]])
        return bytes(run), state


def compile_gbnf(text: str, limit: int = MAX_STATES) -> Automaton:
    """
    The automaton of a grammar in GBNF.

    Raises:
        GrammarTextError: the text is not GBNF.
        NotRegularError: the grammar is not regular, larger than `limit` states, or accepts nothing.
    """
    unfolded = _Unfolded(read_gbnf(text), limit)
    table, accepting = _determined(unfolded, limit)
    kept = _live(table, accepting)
    if not kept[0]:
        msg = "the grammar accepts no text at all"
        raise NotRegularError(msg)
    return _minimal(*_restricted(table, accepting, kept))


class _Unfolded:
    """A nondeterministic automaton (Thompson 1968), built from its end to its start."""

    def __init__(self, rules: dict[str, Node], limit: int) -> None:
        self._rules = rules
        self._limit = limit
        self.free: list[list[int]] = []
        """By state: where one can go without a byte."""
        self.steps: list[list[tuple[int, int, int]]] = []
        """By state: (lowest byte, highest byte, next state)."""
        self._known: dict[tuple[str, int], int] = {}
        self._open: dict[str, int] = {}
        self.end = self._state()
        try:
            self.start = self._before(Ref("root"), self.end)
        except RecursionError:
            msg = "the grammar's rules lie too deep inside one another"
            raise NotRegularError(msg) from None

    def _state(self) -> int:
        if len(self.free) >= self._limit:
            msg = f"the grammar unfolds to more than {self._limit} states"
            raise NotRegularError(msg)
        self.free.append([])
        self.steps.append([])
        return len(self.free) - 1

    def _before(self, node: Node, then: int) -> int:
        """The state that reads the node and goes on at `then`."""
        if isinstance(node, Ref):
            return self._rule(node.name, then)
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                then = self._before(part, then)
            return then
        if isinstance(node, Literal):
            for byte in reversed(node.data):
                then = self._step(byte, byte, then)
            return then
        if isinstance(node, Repeat):
            return self._repeated(node, then)
        start = self._state()
        if isinstance(node, Choice):
            self.free[start] += [self._before(part, then) for part in node.parts]
        else:
            self._chars(node, start, then)
        return start

    def _rule(self, name: str, then: int) -> int:
        key = (name, then)
        if key in self._known:
            return self._known[key]
        if name in self._open:
            msg = f"rule {name} holds itself other than at its end: the grammar is not regular"
            raise NotRegularError(msg)
        start = self._known[key] = self._state()
        self._open[name] = then
        self.free[start].append(self._before(self._rules[name], then))
        del self._open[name]
        return start

    def _repeated(self, node: Repeat, then: int) -> int:
        if node.high is None:
            loop = self._state()
            self.free[loop] += [self._before(node.node, loop), then]
            start = loop
        else:
            start = then
            for _ in range(node.high - node.low):
                skip = self._state()
                self.free[skip] += [self._before(node.node, start), then]
                start = skip
        for _ in range(node.low):
            start = self._before(node.node, start)
        return start

    def _chars(self, node: Chars, start: int, then: int) -> None:
        for low, high in node.ranges:
            for path in byte_ranges(low, high):
                target = then
                for first, last in reversed(path[1:]):
                    target = self._step(first, last, target)
                self.steps[start].append((*path[0], target))

    def _step(self, first: int, last: int, then: int) -> int:
        state = self._state()
        self.steps[state].append((first, last, then))
        return state


def _determined(
    unfolded: _Unfolded, limit: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Sets of states as states."""

    def closed(states: Iterable[int]) -> frozenset[int]:
        found, todo = set(states), list(states)
        while todo:
            for state in unfolded.free[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(s for s in found if unfolded.steps[s] or s == unfolded.end)

    first = closed([unfolded.start])
    numbers = {first: 0}
    waiting = deque([first])
    rows: list[NDArray[np.int32]] = []
    while waiting:
        row = np.full(256, DEAD, dtype=np.int32)
        steps = [step for state in waiting.popleft() for step in unfolded.steps[state]]
        edges = sorted({e for low, high, _ in steps for e in (low, high + 1)})
        for low, after in pairwise(edges):
            targets = [t for first_, last, t in steps if first_ <= low <= last]
            if not targets:
                continue
            target = closed(targets)
            if target not in numbers:
                if len(numbers) >= limit:
                    msg = f"the grammar needs more than {limit} states"
                    raise NotRegularError(msg)
                numbers[target] = len(numbers)
                waiting.append(target)
            row[low:after] = numbers[target]
        rows.append(row)
    accepting = np.array([unfolded.end in states for states in numbers])
    return np.stack(rows), accepting


def _live(table: NDArray[np.int32], accepting: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which states lead to an end: from the ends backwards."""
    before: list[list[int]] = [[] for _ in table]
    for state, row in enumerate(table):
        for target in np.unique(row):
            if target != DEAD:
                before[target].append(state)
    live = accepting.copy()
    todo = np.flatnonzero(live).tolist()
    while todo:
        for state in before[todo.pop()]:
            if not live[state]:
                live[state] = True
                todo.append(state)
    return live


def _restricted(
    table: NDArray[np.int32], accepting: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Only the kept states, renumbered; the first stays the first."""
    names = np.append(np.where(kept, np.cumsum(kept) - 1, DEAD), [DEAD])
    return names[table[kept]].astype(np.int32), accepting[kept]


def _minimal(table: NDArray[np.int32], accepting: NDArray[np.bool_]) -> Automaton:
    """
    Merge states that no continuation tells apart.

    What lies on no loop is merged from the ends on in one walk (Revuz 1992); only what is left is refined in rounds.
    """
    groups = _merged_tails(table, accepting)
    columns = np.unique(table, axis=1)
    count = -1
    while count != (count := int(groups.max()) + 1):
        marks = np.column_stack((groups, np.append(groups, [DEAD])[columns]))
        plain = np.ascontiguousarray(marks.astype(np.int32))
        rows = plain.view(np.dtype((np.void, plain.shape[1] * 4))).ravel()
        groups = np.unique(rows, return_inverse=True)[1].astype(np.int32)
    _, first = np.unique(groups, return_index=True)
    order = np.argsort(np.argsort(first))  # groups in the order of their first states
    names = order[groups]
    chosen = np.sort(first)
    merged = np.append(names, [DEAD])[table[chosen]]
    return Automaton(merged.astype(np.int32), accepting[chosen])


def _merged_tails(
    table: NDArray[np.int32], accepting: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Groups to begin with: final for states that reach no loop, else one of two, ends and others."""
    before: list[list[int]] = [[] for _ in table]
    open_targets = np.zeros(len(table), dtype=np.int32)
    for state, row in enumerate(table):
        targets = np.unique(row[row != DEAD])
        open_targets[state] = len(targets)
        for target in targets:
            before[target].append(state)
    groups = np.append(accepting.astype(np.int32), [DEAD])
    known: dict[bytes, int] = {}
    todo = np.flatnonzero(open_targets == 0).tolist()
    while todo:
        state = todo.pop()
        mark = groups[table[state]].tobytes() + bytes([int(accepting[state])])
        groups[state] = known.setdefault(mark, len(known) + 2)
        for earlier in before[state]:
            open_targets[earlier] -= 1
            if open_targets[earlier] == 0:
                todo.append(earlier)
    found: NDArray[np.int32] = np.unique(groups[:-1], return_inverse=True)[1].astype(
        np.int32
    )
    return found
