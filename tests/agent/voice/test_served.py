from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.service.client import Client
from sanso.agent.service.place import ServiceError
from sanso.agent.service.server import SocketServer
from sanso.agent.voice.answering import SOURCE
from sanso.agent.voice.push_socket import SocketSwitch
from sanso.agent.voice.served import ServedAgent
from sanso.agent.voice.voicing import is_question

ANSWER: dict[str, Any] = {
    "utterance": "풍량 3단",
    "lang": "ko",
    "program": ["set_fan_level(level=3)"],
    "words": "풍량을 3단으로 맞췄어요.",
    "ms": {"decide": 2.0, "act": 1.0, "total": 3.0},
    "judgement": None,
    "error": None,
    "told": [],
}
ASKS = {
    "kind": "act",
    "probability": 0.5,
    "do_from": 0.8,
    "ask_from": 0.2,
    "doing": "ask",
    "guard": None,
    "meant": "set_fan_level(level=3)",
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
    ("row", "asks"),
    [
        ({"judgement": ASKS}, True),
        ({"judgement": {**ASKS, "doing": "do", "meant": None}}, False),
        ({"program": ["ask(slot=level)"]}, True),
        ({"program": ["reset_filter()"]}, True),
        ({"program": ["set_scent(strength=2)"]}, False),
        ({"program": [], "error": "too_long"}, False),
    ],
)
def test_knows_its_questions(
    row: dict[str, Any],
    asks: bool,  # noqa: FBT001 - a column of the table
    served: ServedAgent,
    answers: dict[str, Any],
) -> None:
    """Whether the answer is a question is known without the results, and strange calls are no failure."""
    answers.update(row)
    assert asks == is_question(served.say("풍량 3단", source=SOURCE))


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
