from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.policy_rules import load_rules
from sanso.agent.service.client import Client
from sanso.agent.service.place import ServiceError
from sanso.agent.service.server import SocketServer
from sanso.agent.voice.answering import SOURCE
from sanso.agent.voice.push_socket import SocketSwitch
from sanso.agent.voice.served import ServedAgent, for_voice
from sanso.agent.voice.speak_volume import QUIET, house_volume
from sanso.agent.voice.voicing import is_question, known_earcon
from sanso.grammars import parse

ANSWER: dict[str, Any] = {
    "utterance": "풍량 3단",
    "lang": "ko",
    "program": ["set_fan_level(level=3)"],
    "words": "풍량을 3단으로 맞췄어요.",
    "ms": {"decide": 2.0, "act": 1.0, "total": 3.0},
    "error": None,
    "told": [],
}


@pytest.fixture
def answers() -> dict[str, Any]:
    """Give the answer of the service, to be changed."""
    return dict(ANSWER)


@pytest.fixture
def served(tmp_path: Path, answers: dict[str, Any]) -> Iterator[ServedAgent]:
    """Give an agent whose service answers so."""
    path = tmp_path / "a.sock"

    def answer(request: dict[str, Any], _client: str) -> dict[str, Any]:
        assert request == {"say": "풍량 3단", "source": SOURCE}
        return answers

    server = SocketServer(path, answer)
    server.start()
    yield ServedAgent(lambda: Client(path))
    server.close()


def test_the_answer_is_that_of_the_service(served: ServedAgent) -> None:
    """Words, program, language and times come over the socket."""
    reply = served.say("풍량 3단", source=SOURCE)
    assert reply.words == ANSWER["words"]
    assert str(reply.program) == "set_fan_level(level=3)"
    assert (reply.lang, reply.error) == ("ko", "")
    assert reply.milliseconds == ANSWER["ms"]
    assert not is_question(reply)
    assert served.tick() == []


def test_what_came_due_there_is_said_first(
    served: ServedAgent, answers: dict[str, Any]
) -> None:
    """A timer of the service is told with the next answer."""
    answers["told"] = ["예약대로 껐어요."]
    assert served.say("풍량 3단", source=SOURCE).words.startswith(
        "예약대로 껐어요. 풍량"
    )


@pytest.mark.parametrize(
    ("row", "earcon"),
    [
        ({}, None),
        ({"earcon": "done"}, "done"),
        ({"earcon": "asked"}, "asked"),
        ({"earcon": "asked", "told": ["예약대로 껐어요."]}, "asked"),
        ({"earcon": "done", "told": ["예약대로 껐어요."]}, None),
        ({"earcon": "trumpet"}, None),
        ({"program": ["set_scent(strength=2)"]}, None),
        ({"program": [], "error": "too_long", "earcon": "missed"}, "missed"),
    ],
)
def test_its_earcon_is_what_the_service_says(
    row: dict[str, Any],
    earcon: str | None,
    served: ServedAgent,
    answers: dict[str, Any],
) -> None:
    """But where more is to be told than it says; a strange word or call is no failure."""
    answers.update(row)
    reply = served.say("풍량 3단", source=SOURCE)
    assert earcon == known_earcon(reply)
    assert is_question(reply) == (earcon == "asked")


def test_it_speaks_as_loud_as_the_service_allows(
    served: ServedAgent, answers: dict[str, Any]
) -> None:
    """Quiet hours are rules of the service; a service of before does not tell them."""
    served.say("풍량 3단", source=SOURCE)
    assert served.volume() == 1.0
    answers["volume"] = 0.3
    served.say("풍량 3단", source=SOURCE)
    assert served.volume() == 0.3


def test_the_hours_go_on_between_two_answers(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    """What is said by night without the service is as soft as its rules have it, and by day loud."""
    path, now = tmp_path / "a.sock", [100.0]
    server = SocketServer(path, lambda *_: answers)
    server.start()
    agent = ServedAgent(lambda: Client(path), lambda: now[0])
    assert agent.volume() == QUIET  # nobody knows the hours yet
    answers |= {"volume": 1.0, "volumes": [[0.0, 1.0], [3600.0, 0.3], [36000.0, 1.0]]}
    try:
        agent.say("풍량 3단", source=SOURCE)
    finally:
        server.close()
    told = []
    for hours in (0.0, 0.9, 1.0, 9.9, 10.0, 23.9, 25.5):
        now[0] = 100.0 + hours * 3600
        told.append(agent.volume())
    assert told == [1.0, 1.0, 0.3, 0.3, 1.0, 1.0, 0.3]


def test_a_service_tells_what_a_voice_needs(make_home: Callable[..., Any]) -> None:
    """Beside each answer stand its earcon and how loud it may be."""
    home = make_home()
    reply = home.agent.carry_out(parse("set_fan_level(level=3)"), lang="en")
    assert for_voice(lambda: 0.3)(reply) == {"earcon": "done", "volume": 0.3}
    midnight = house_volume(load_rules("house"), lambda: 1_770_000_000.0, UTC)
    ahead = for_voice(midnight)(reply)["volumes"]
    assert ahead == midnight.ahead()
    assert len(ahead) > 1


def test_a_service_that_has_ended(tmp_path: Path) -> None:
    """It is told with the cure; the next sentence may find it again."""
    path = tmp_path / "a.sock"
    agent = ServedAgent(lambda: Client(path))
    with pytest.raises(ServiceError, match="start it with: sanso run"):
        agent.say("풍량 3단", source=SOURCE)
    server = SocketServer(path, lambda *_: ANSWER)
    server.start()
    try:
        assert agent.say("풍량 3단", source=SOURCE).words == ANSWER["words"]
    finally:
        server.close()


def test_a_switch_moves_by_lines_of_a_socket(tmp_path: Path) -> None:
    """Presses and releases come in order; what is no push is told, and moves nothing."""
    path = tmp_path / "s.sock"
    with SocketSwitch(path) as switch, Client(path) as client:
        assert client.ask({"push": "press"}) == {"pressed": True}
        with pytest.raises(ServiceError, match="no push"):
            client.ask({"push": "__init__"})
        assert client.ask({"push": "toggle"}) == {"pressed": False}
        assert client.ask({"push": "release"}) == {"pressed": False}
        assert switch.pushes() == ["press", "release"]
    assert not path.exists()
