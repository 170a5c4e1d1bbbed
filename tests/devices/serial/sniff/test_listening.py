"""Listening at a line, as a bystander and in the module's place."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sanso.devices import LinkLost
from sanso.devices.serial.asking import listen
from sanso.devices.serial.sniff import Draft, Recorder, parse_capture

if TYPE_CHECKING:
    from tests.devices.serial.sniff.conftest import Bench


@dataclass
class TwinLink:
    """A line whose other end is a twin, in scripted time."""

    bench: Bench
    name: str = "twin"
    closed: int = 0
    reads_left: int = 1_000_000

    def read(self, seconds: float) -> bytes:
        """Let the time pass and return what the twin said."""
        self.reads_left -= 1
        if not self.reads_left:
            msg = "the connection to twin is lost"
            raise LinkLost(msg, url="twin")
        self.bench.clock.advance(seconds)
        return self.bench.twin.poll()

    def write(self, data: bytes) -> None:
        """Hand it to the twin."""
        self.bench.twin.feed(data)

    def close(self) -> None:
        """Count it."""
        self.closed += 1


def test_asking_learns_everything(bench: Bench) -> None:
    """Played as the module, the listener learns all that the appliance reports, and records it."""
    link, stream, draft = TwinLink(bench), io.StringIO(), Draft()
    heard = listen(
        lambda _baud: link,
        (bench.profile.baud,),
        draft,
        recorder=Recorder(stream),
        clock=bench.clock,
        seconds=6,
        monotonic=bench.clock.now,
    )
    news = {address for item in heard for address in item.new}
    expected = {
        p.dp or (p.siid, p.piid)
        for p in bench.profile.attr.values()
        if p.access != "wo"
    }
    assert expected == news == set(draft.seen)
    assert (bench.profile.protocol, 1) == (draft.protocol, link.closed)
    assert bench.profile.baud == draft.baud
    directions = {p.direction for p in parse_capture(stream.getvalue().encode(), "x")}
    assert {"in", "out"} == directions


def test_listening_sends_nothing(bench: Bench) -> None:
    """Without a clock for the module nothing is ever written."""
    link, draft = TwinLink(bench), Draft()
    link.write = None  # type: ignore[assignment, method-assign]
    list(listen(lambda _: link, (9600,), draft, seconds=5, monotonic=bench.clock.now))
    expected = "miot" if bench.profile.protocol == "miot" else None
    assert expected == draft.protocol


def test_rates_are_tried_in_turn(make_bench: Callable[[str], Bench]) -> None:
    """As long as nothing makes sense, the next rate is tried; lines are closed."""
    bench = make_bench("kj-standard")
    tried: list[int] = []
    links: list[TwinLink] = []

    def opened(baud: int) -> TwinLink:
        tried.append(baud)
        links.append(TwinLink(bench))
        if baud != 115200:
            links[-1].write = lambda _: None  # type: ignore[method-assign, assignment]
        return links[-1]

    draft = Draft()
    list(
        listen(
            opened,
            (9600, 115200),
            draft,
            clock=bench.clock,
            seconds=12,
            monotonic=bench.clock.now,
        )
    )
    assert (tried, draft.baud) == ([9600, 115200], 115200)
    assert [link.closed for link in links] == [1, 1]


def test_a_lost_line_is_closed_and_told(make_bench: Callable[[str], Bench]) -> None:
    """What was learned before the line was lost stays."""
    bench = make_bench("zhimi-airp-mb4a")
    link, draft = TwinLink(bench, reads_left=100), Draft()
    with pytest.raises(LinkLost):
        list(listen(lambda _: link, (115200,), draft, monotonic=bench.clock.now))
    assert (link.closed, draft.protocol) == (1, "miot")
