"""Lines of text: words and quotes, limits, and any bytes as a slow reader reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanso.devices.serial.counters import Counters
from sanso.devices.serial.miot_lines import (
    MOST_BYTES,
    MOST_WORDS,
    LineDecoder,
    make_line,
    quoted,
    split_words,
)

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)
tricky = st.text('"\\ ab1', max_size=14)
plain = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'),
    min_size=1,
    max_size=10,
)


def reference_words(line: str) -> list[str] | None:
    """Return the words by a walk over the characters."""
    words: list[str] = []
    rest = list(line)
    while rest:
        if rest[0] == " ":
            del rest[0]
            continue
        word = ""
        if rest[0] != '"':
            while rest and rest[0] != " ":
                word += rest.pop(0)
            if '"' in word:
                return None
            words.append(word)
            continue
        del rest[0]
        while rest and rest[0] != '"':
            if rest[0] == "\\":
                del rest[0]
            if not rest:
                return None
            word += rest.pop(0)
        if not rest or (len(rest) > 1 and rest[1] != " "):
            return None
        del rest[0]
        words.append(word)
    return words


def reference_lines(data: bytes) -> tuple[list[list[str]], int]:
    """Return the lines that a stream promises, and the bytes of the line that is coming."""
    lines = []
    *whole, coming = data.replace(b"\n", b"\r").split(b"\r")
    for raw in whole:
        if len(raw) >= MOST_BYTES or not all(0x20 <= byte < 0x7F for byte in raw):
            continue
        words = reference_words(raw.decode("ascii"))
        if words and len(words) <= MOST_WORDS:
            lines.append(words)
    return lines, len(coming)


@given(st.lists(st.one_of(tricky, printable), min_size=1, max_size=10))
def test_quoted_words_come_back(texts: list[str]) -> None:
    """Splitting is the inverse of quoting, whatever the texts hold."""
    assert texts == split_words(" ".join(quoted(text) for text in texts))


@given(st.lists(st.one_of(plain, tricky.map(quoted)), min_size=1, max_size=12))
def test_line_goes_through(words: list[str]) -> None:
    """A line that was made is read with the same words, whole and byte by byte."""
    data = make_line(*words)
    expected = [word if word[0] != '"' else split_words(word) for word in words]
    flat = [w if isinstance(w, str) else (w or [""])[0] for w in expected]
    assert [flat] == LineDecoder().feed(data)
    decoder = LineDecoder()
    assert [flat] == [line for byte in data for line in decoder.feed(bytes((byte,)))]
    assert [flat] == LineDecoder().feed(data + b"get_do")


@given(st.one_of(tricky, printable))
def test_any_line_as_the_slow_reader_says(line: str) -> None:
    """A quote that is open or out of place spoils the line; all else gives its words."""
    assert reference_words(line) == split_words(line)


@pytest.mark.parametrize(
    "line", ['a"b"', 'get_down"x"', '"a', 'a"', '"a"b', '"a""b"', '"a\\', 'a"b']
)
def test_quote_out_of_place(line: str) -> None:
    """A quote begins a word and ends one, or the line is no line."""
    assert split_words(line) is None


pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from((b"\r", b"\n", b"\r\n", b" ", b"get_down\r", b"result 2 1 0\r")),
    plain.map(str.encode),
    tricky.map(lambda text: quoted(text).encode() + b" "),
    st.integers(500, 520).map(lambda n: b"x" * n),
    st.integers(60, 70).map(lambda n: b"1 " * n),
)
noise = st.lists(pieces, max_size=12).map(b"".join)


@settings(deadline=None)
@given(data=noise, sizes=st.lists(st.integers(0, 30), max_size=20))
def test_any_bytes_in_any_cuts(data: bytes, sizes: list[int]) -> None:
    """Any bytes in any cuts give the lines that the slow reader finds."""
    decoder, lines, rest = LineDecoder(), [], data
    for size in sizes:
        lines += decoder.feed(rest[:size])
        rest = rest[size:]
    lines += decoder.feed(rest)
    expected, coming = reference_lines(data)
    assert expected == lines
    assert bool(coming) == bool(decoder.waiting)
    assert decoder.waiting < MOST_BYTES
    decoder.expire()
    assert decoder.waiting == 0
    assert decoder.feed(b"get_down\r") == [["get_down"]]


@settings(deadline=None)
@given(st.lists(noise, max_size=4))
def test_every_byte_is_accounted_for(stretches: list[bytes]) -> None:
    """Between two silences, each byte is in a good line, an end of a line, or junk."""
    counters = Counters()
    decoder = LineDecoder(counters)
    accounted = 0
    for data in stretches:
        decoder.feed(data)
        decoder.expire()
        *whole, _ = data.replace(b"\n", b"\r").split(b"\r")
        accounted += len(whole)
        for raw in whole:
            lines, _ = reference_lines(raw + b"\r")
            blank = not raw.strip(b" ") and len(raw) < MOST_BYTES
            accounted += len(raw) if lines or blank else 0
        assert counters.bytes_in == accounted + counters.junk


@pytest.mark.parametrize(
    ("data", "counter"),
    [
        (b"a\tb\r", "malformed"),
        (b"caf\xe9\r", "malformed"),
        (b'say "open\r', "malformed"),
        (b"1 " * 65 + b"\r", "malformed"),
        (b"x" * 512 + b"\r", "oversize"),
        (b"x" * 5000 + b"\r", "oversize"),
    ],
)
def test_bad_line_is_dropped_and_counted(data: bytes, counter: str) -> None:
    """A bad line is dropped whole, counted once, and costs nothing else."""
    decoder = LineDecoder()
    assert decoder.feed(data + b"get_down\r") == [["get_down"]]
    counts = decoder.counters.as_dict()
    assert counts[counter] == 1
    assert len(data) - 1 == counts["junk"]
    assert counts["good"] == 1


@pytest.mark.parametrize("data", [b"x", b"x" * 100, b"x" * 512, b'"', b"1 ", b"\xff"])
def test_memory_is_bounded(data: bytes) -> None:
    """However much comes without an end, less than a line waits."""
    decoder = LineDecoder()
    for _ in range(600):
        decoder.feed(data)
        assert decoder.waiting < MOST_BYTES
    assert decoder.counters.oversize == 1


def test_made_lines_have_limits() -> None:
    """The longest line passes; a byte or a word more is refused."""
    assert len(make_line("x" * 511)) == MOST_BYTES
    assert LineDecoder().feed(make_line("x" * 511)) == [["x" * 511]]
    assert LineDecoder().feed(make_line(*["1"] * 64)) == [["1"] * 64]
    for words in (("x" * 512,), ("1",) * 65):
        with pytest.raises(ValueError, match="a line has at most"):
            make_line(*words)


def test_booleans_and_numbers_are_spelled() -> None:
    """Booleans are small letters and numbers decimal."""
    line = make_line("down", "set_properties", 2, 1, *[True], 9, 3, -5)
    assert line == b"down set_properties 2 1 true 9 3 -5\r"
