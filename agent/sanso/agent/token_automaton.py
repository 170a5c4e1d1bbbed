"""
Which tokens may come next: the automaton of the grammar joined with the vocabulary of a model.

Strategy: the tokens' bytes stand sorted in a matrix; from a state, only tokens with a legal first byte are walked, all of them one column at a time.
A state is joined when it is first met, and kept. Where the model was trained here, only the canonical tokens of the call
language are joined: one spelling a program. Control tokens have no bytes, so their spelling matches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sanso.grammars import Automaton

_LONGEST: Final = 48
"""Bytes of a foreign token; a longer one is never needed, since single bytes spell the same."""
_DEAD: Final = -1
END: Final = -2
"""In the place of a next state: the program ends here."""


@dataclass(frozen=True)
class Moves:
    """What may come next in one state."""

    ids: NDArray[np.intp]
    """Legal tokens, ascending."""
    targets: tuple[int, ...]
    """The state behind each; END behind a token that ends the text."""

    def target(self, token: int) -> int:
        """The state behind a legal token."""
        return self.targets[int(np.searchsorted(self.ids, token))]


class TokenAutomaton:
    """An automaton over tokens."""

    def __init__(
        self,
        automaton: Automaton,
        pieces: Iterable[tuple[int, bytes]],
        ends: Iterable[int],
        *,
        tokenize: Callable[[str], list[int]] | None = None,
        name: str = "the model",
        joined: dict[str, NDArray[np.int64]] | None = None,
    ) -> None:
        """
        Join with these tokens (id and bytes); `ends` are those that end a text.

        With `tokenize`, bytes without an alternative are written in the model's own spelling. `joined` is what `saved` gave
        for the same grammar and tokens.

        Raises:
            ModelError: some program of the grammar could not be written in these tokens.
        """
        self.automaton = automaton
        self._tokenize = tokenize
        self._ends = tuple(sorted(ends))
        known = list(pieces)
        width = max((len(b) for _, b in known), default=1)
        width = width if tokenize is None else min(width, _LONGEST)
        listed = sorted((b, i) for i, b in known if 0 < len(b) <= width)
        self._ids = np.array([i for _, i in listed], dtype=np.intp)
        lengths = np.array([len(b) for b, _ in listed], dtype=np.intp)
        self._bytes = np.zeros((len(listed), width), dtype=np.uint8)
        for row, (data, _) in enumerate(listed):
            self._bytes[row, : len(data)] = np.frombuffer(data, dtype=np.uint8)
        self._lengths = lengths
        firsts = self._bytes[:, 0] if listed else np.zeros(0, np.uint8)
        self._begin = np.searchsorted(firsts, np.arange(257))
        self._moves: dict[int, Moves] = {}
        self._runs: dict[int, tuple[tuple[int, ...], int]] = {}
        if joined is not None:
            self._restore(joined)
            return
        spelled = {data for data, _ in listed}
        if not (self._ends and all(bytes([b]) in spelled for b in range(256))):
            self._prune(name)

    def moves(self, state: int) -> Moves:
        """The legal tokens of a state."""
        found = self._moves.get(state)
        if found is None:
            found = self._moves[state] = self._joined(state)
        return found

    def forced(self, state: int) -> tuple[tuple[int, ...], int]:
        """Tokens that need no choice from here on, and the state behind them; END where they end the text."""
        found = self._runs.get(state)
        if found is None:
            found = self._runs[state] = self._run(state)
        return found

    def states(self) -> int:
        """How many states were met so far."""
        return len(self._moves)

    def saved(self) -> dict[str, NDArray[np.int64]]:
        """What was joined so far, as flat arrays."""
        states = sorted(self._moves)
        moves = [self._moves[s] for s in states]
        ids = [m.ids for m in moves]
        return {
            "states": np.array(states, dtype=np.int64),
            "counts": np.array([len(i) for i in ids], dtype=np.int64),
            "ids": np.concatenate([*ids, np.zeros(0, np.intp)]).astype(np.int64),
            "targets": np.array([t for m in moves for t in m.targets], dtype=np.int64),
        }

    def _restore(self, arrays: dict[str, NDArray[np.int64]]) -> None:
        at = 0
        targets = arrays["targets"].tolist()
        ids = arrays["ids"].astype(np.intp)
        counts = arrays["counts"].tolist()
        for state, count in zip(arrays["states"].tolist(), counts, strict=True):
            self._moves[state] = Moves(
                ids[at : at + count], tuple(targets[at : at + count])
            )
            at += count

    def _joined(self, state: int) -> Moves:
        table = self.automaton.table
        legal = np.flatnonzero(table[state] != _DEAD)
        slices = [np.arange(self._begin[b], self._begin[b + 1]) for b in legal]
        rows = np.concatenate([*slices, np.zeros(0, np.intp)]).astype(np.intp)
        now = np.full(len(rows), state, dtype=np.int32)
        column = 0
        while True:
            going = self._lengths[rows] > column
            if not going.any():
                break
            moved = now.copy()
            moved[going] = table[now[going], self._bytes[rows[going], column]]
            kept = moved != _DEAD
            rows, now = rows[kept], moved[kept]
            column += 1
        ids, targets = self._ids[rows], now
        if self.automaton.accepting[state]:
            ids = np.concatenate([ids, np.array(self._ends, dtype=np.intp)])
            targets = np.concatenate([targets, np.full(len(self._ends), END, np.int32)])
        order = np.argsort(ids)
        return Moves(ids[order], tuple(targets[order].tolist()))

    def _run(self, state: int) -> tuple[tuple[int, ...], int]:
        if self._tokenize is not None:
            return self._spelled_run(state)
        run: list[int] = []
        while len(moves := self.moves(state).ids) == 1 and len(run) <= len(self._moves):
            token = int(moves[0])
            state = self.moves(state).target(token)
            if state == END:
                break
            run.append(token)
        return tuple(run), state

    def _spelled_run(self, state: int) -> tuple[tuple[int, ...], int]:
        """Bytes without an alternative, as the model would spell them; the last token is left open, a longer one could hold it."""
        data, behind = self.automaton.forced(state)
        last = (
            self.automaton.accepting[behind]
            and not (self.automaton.table[behind] != _DEAD).any()
        )
        try:
            tokens = self._tokenize(data.decode()) if self._tokenize and data else []
        except UnicodeDecodeError:
            tokens = []
        run: list[int] = []
        for token in tokens if last else tokens[:-1]:
            moves = self.moves(state)
            if token not in moves.ids:
                break
            run.append(token)
            state = moves.target(token)
        if self.automaton.accepting[state] and len(self.moves(state).ids) == len(
            self._ends
        ):
            state = END
        return tuple(run), state

    def _prune(self, name: str) -> None:
        """Join every state that tokens reach, and take away what leads to no end: `no` may begin `noise`, which then nothing completes."""
        before = self._reached()
        live, spread = {END}, [END]
        while spread:
            for state in before.get(spread.pop(), ()):
                if state not in live:
                    live.add(state)
                    spread.append(state)
        for state, moves in tuple(self._moves.items()):
            kept = [i for i, target in enumerate(moves.targets) if target in live]
            self._moves[state] = Moves(
                moves.ids[kept], tuple(moves.targets[i] for i in kept)
            )
        for state in before.keys() - live:
            self._moves.pop(state, None)
        if 0 not in live or not self._spells_all():
            msg = f"the vocabulary of {name} cannot spell the grammar; use a model whose vocabulary holds all bytes and an end"
            raise ModelError(msg, path="")

    def _spells_all(self) -> bool:
        """Whether every step of the automaton over bytes lies on some token that may come there."""
        table = self.automaton.table
        passed = np.zeros(table.shape, dtype=np.bool_)
        data = {
            int(i): bytes(self._bytes[r, : self._lengths[r]])
            for r, i in enumerate(self._ids)
        }
        for start, moves in self._moves.items():
            for token, target in zip(moves.ids.tolist(), moves.targets, strict=True):
                state = start
                for byte in data[token] if target != END else b"":
                    passed[state, byte] = True
                    state = int(table[state, byte])
        return bool((passed == (table != _DEAD)).all())

    def _reached(self) -> dict[int, set[int]]:
        """Join every state that tokens reach; by state, the states from which one comes there."""
        todo, before = [0], {0: set[int]()}
        while todo:
            state = todo.pop()
            for target in self.moves(state).targets:
                if target not in before:
                    before[target] = set()
                    if target != END:
                        todo.append(target)
                before[target].add(state)
        return before
