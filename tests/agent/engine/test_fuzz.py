"""Anything at all as a sentence, in a child process: no crash, no hang, no invalid program, no growing memory.

`SANSO_FUZZ` sets how many sentences; a long run takes 50,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine

COUNT = int(os.environ.get("SANSO_FUZZ", "500"))
CHILD = """
import json, os, random, sys
from sanso.agent import Engine, UtteranceError
from sanso.agent.prompt import Turn, normalize
from sanso.grammars import draw_program, parse

SPELLED = ["<s>", "</s>", "<was>", "<did>", "<wait>", "<say>", "<call>", "<unk>", "<0x00>", "<|im_end|>", "<|endoftext|>", "[INST]"]
SCRIPTS = [(0x20, 0x7e), (0xac00, 0xd7a3), (0x1100, 0x11ff), (0x3040, 0x30ff), (0x4e00, 0x9fff), (0x600, 0x6ff), (0x900, 0x97f), (0x1f300, 0x1faff), (0x300, 0x36f), (0xd800, 0xdfff), (0x2000, 0x206f), (0xe000, 0xe0ff), (0, 0x1f)]
WORDS = "바람 3단 으로 켜 꺼 줘 30분 뒤 에 습도 가 60 넘으면 turn off fan to max in two hours if co2 above 1000 모드 light 안 말고 ; -> set_power(state=on) reject( 취소".split()

def sentence(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return bytes(rng.randrange(256) for _ in range(rng.randrange(80))).decode("utf-8", "surrogateescape")
    if kind == 1:
        low, high = rng.choice(SCRIPTS)
        return "".join(chr(rng.randint(low, high)) for _ in range(rng.randrange(1, 320)))
    if kind == 2:
        return " ".join(rng.choice(SPELLED + WORDS) for _ in range(rng.randrange(1, 40)))
    if kind == 3:
        return rng.choice(["가", "a", "\\u0301", "0", " ", "<say>", "\\x00"]) * rng.choice([1, 299, 300, 301, 5000, 100000])
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 14)))

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

rng = random.Random(int(sys.argv[2]))
read = refused = 0
early = 0.0
with Engine.open() as engine:
    for number in range(int(sys.argv[1])):
        text = sentence(rng)
        try:
            said = normalize(text)
            turns = ()
            if rng.random() < 0.3:
                turns = (Turn(said[:100], draw_program(rng), waiting=rng.random() < 0.5),)
            decision = engine.decide(said, turns, runner_ups_below=rng.choice([0.0, 0.8, 2.0]))
        except UtteranceError:
            refused += 1
            continue
        read += 1
        assert parse(decision.program.render()) == decision.program
        for other in decision.evidence.runner_ups:
            parse(other.program)
        assert 0 < decision.evidence.confidence <= 1 + 1e-6
        if read == 200:
            early = resident()
print(json.dumps({"read": read, "refused": refused, "growth": resident() - early if early else 0.0, "resident": resident()}))
"""


def test_nothing_breaks_it() -> None:
    """Bytes, scripts, spellings of control tokens, giants, word salad: a legal program or a clear refusal."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(COUNT), "1"],
        capture_output=True,
        text=True,
        timeout=COUNT * 0.5 + 120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["read"] > COUNT / 3
    assert found["refused"]
    assert found["growth"] < 25
    if "SANSO_FUZZ" in os.environ:
        sys.stderr.write(done.stdout)
