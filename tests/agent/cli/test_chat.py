from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sanso.agent.cli.chat import Conversation, slash_words
from sanso.agent.cli.line import LineEditor
from sanso.agent.cli.texts import TEXTS
from sanso.devices import DeviceError, ScriptedClock

PROGRAMS = {
    "10분 뒤 꺼 줘": "after(hours=0, minutes=10) -> set_power(state=off)",
    "켜 줘": "set_power(state=on)",
}


class Talk:
    """A conversation on paper."""

    def __init__(self, agent: Any, lang: str, width: int = 80) -> None:
        """Begin."""
        self._paper = io.StringIO()
        console = Console(file=self._paper, width=width, highlight=False)
        self.agent = agent
        self.conversation = Conversation(agent, TEXTS[lang], console)

    def take(self, line: str) -> str:
        """Say a line; what was printed since the last one."""
        assert self.conversation.take(line)
        return self.printed()

    def printed(self) -> str:
        """Return what was printed since the last time."""
        text = self._paper.getvalue()
        self._paper.seek(0)
        self._paper.truncate()
        return text


@pytest.fixture
def talk(make_agent: Any) -> Talk:
    """Begin a conversation in Korean."""
    return Talk(make_agent(PROGRAMS, fan=3, pm25=12), "ko")


def test_answers_with_the_program(talk: Talk) -> None:
    """A sentence is answered, and its program stands below."""
    answer, program, *_ = talk.take("켜 줘\n").splitlines()
    assert answer == "이미 켜져 있어요."
    assert program.startswith("set_power(state=on) · ")


def test_the_state_stands_above_the_prompt(talk: Talk) -> None:
    """Before a prompt stands how the purifier is now."""
    talk.conversation.before_prompt()
    assert talk.printed().strip() == "켜짐 · 수동 모드 3단 · 초미세먼지 12"


def test_due_timers_are_told_between_inputs(talk: Talk, clock: ScriptedClock) -> None:
    """A timer that came due is told before the next prompt, once."""
    talk.take("10분 뒤 꺼 줘")
    talk.conversation.before_prompt()
    assert "예약 1개" in talk.printed()
    clock.advance(600)
    talk.conversation.before_prompt()
    told, state = talk.printed().strip().splitlines()
    assert told.startswith("예약한 시간이에요.")
    assert state.startswith("꺼짐")
    talk.conversation.before_prompt()
    assert "예약한 시간" not in talk.printed()


def test_due_timers_are_told_before_the_answer(
    talk: Talk, clock: ScriptedClock
) -> None:
    """What came due while a sentence was typed is told before its answer."""
    talk.take("10분 뒤 꺼 줘")
    clock.advance(600)
    told, answer, *_ = talk.take("켜 줘").splitlines()
    assert told.startswith("예약한 시간이에요.")
    assert answer == "공기청정기를 켰어요."


@pytest.mark.parametrize("word", ["/why", "/이유", " /WHY ", "/ why"])
def test_why(word: str, talk: Talk) -> None:
    """`/why` shows every choice with its probability and the runner-up."""
    assert talk.take(word).strip() == "아직 판단한 것이 없어요."
    talk.take("켜 줘")
    shown = talk.take(word)
    for part in ("확률", "95.0%", "93.0%", "90.0%", "query(item=", "시간 확인"):
        assert part in shown
    assert "\x1b" not in shown


def test_why_fits_into_40_columns(make_agent: Any) -> None:
    """A narrow terminal breaks the table's words, not its lines."""
    talk = Talk(make_agent(PROGRAMS), "en", width=40)
    talk.take("켜 줘")
    assert max(map(len, talk.take("/why").splitlines())) <= 40


def test_state(talk: Talk) -> None:
    """`/state` and `/상태` show everything that is known."""
    shown = talk.take("/state")
    assert "풍량" in shown
    assert "3단" in shown
    assert shown == talk.take("/상태")


@pytest.mark.parametrize(("lang", "word"), [("ko", "/도움말"), ("en", "/help")])
def test_help(lang: str, word: str, make_agent: Any) -> None:
    """`/help` names every word there is behind a slash."""
    shown = Talk(make_agent(PROGRAMS), lang).take(word)
    for name in slash_words(TEXTS[lang]):
        assert f"/{name}" in shown


def test_unknown_slash_word(talk: Talk) -> None:
    """An unknown word behind a slash is said to be unknown, and is not said to the agent."""
    assert talk.take("/nope").startswith("/nope 명령은 없어요.")
    assert talk.take("/").startswith("/ 명령은 없어요.")


@pytest.mark.parametrize("word", ["/quit", "/끝"])
def test_quit(word: str, talk: Talk) -> None:
    """`/quit` ends the conversation, in both languages."""
    assert not talk.conversation.take(word)


def test_blank_lines_say_nothing(talk: Talk) -> None:
    """A blank line is not said to the agent."""
    assert talk.take("  \n") == ""


def test_survives_errors(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the purifier refuses is one line, and the conversation goes on."""

    def lost() -> None:
        raise DeviceError("the line is cut; check it")

    with monkeypatch.context() as patch:
        patch.setattr(talk.agent.purifier, "state", lost)
        assert talk.take("켜 줘").startswith("sanso: 공기청정기와 연결할 수 없어요")
        assert talk.take("/state").startswith("sanso: 공기청정기와 연결할 수 없어요")
        talk.conversation.before_prompt()
        talk.printed()
    assert talk.take("켜 줘").startswith("이미 켜져 있어요.")


def test_timers_come_due_while_the_prompt_waits(
    talk: Talk, clock: ScriptedClock
) -> None:
    """What came due meanwhile is done at once, and told once, with the state after it."""
    talk.take("10분 뒤 꺼 줘")
    talk.conversation.collect_due()
    assert talk.conversation.told_meanwhile() == ""
    clock.advance(600)
    talk.conversation.collect_due()
    assert not talk.agent.purifier.state().power
    told, state = talk.conversation.told_meanwhile().splitlines()
    assert told == "예약한 시간이에요. 공기청정기를 껐어요."
    assert state.startswith("꺼짐")
    assert (talk.conversation.told_meanwhile(), talk.printed()) == ("", "")


def test_trouble_is_told_once(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purifier that stays out of reach is not complained of each second."""

    def lost() -> list[str]:
        raise DeviceError("the line is cut; check it")

    with monkeypatch.context() as patch:
        patch.setattr(talk.agent, "tick", lost)
        talk.conversation.collect_due()
        assert "the line is cut" in talk.conversation.told_meanwhile()
        talk.conversation.collect_due()
        assert talk.conversation.told_meanwhile() == ""
    talk.conversation.collect_due()
    with monkeypatch.context() as patch:
        patch.setattr(talk.agent, "tick", lost)
        talk.conversation.collect_due()
        assert talk.conversation.told_meanwhile()


def test_parting_names_what_ends(talk: Talk) -> None:
    """Who leaves hears how many timers nobody keeps now, and else nothing."""
    talk.conversation.part()
    assert talk.printed() == ""
    talk.take("10분 뒤 꺼 줘")
    talk.conversation.part()
    assert talk.printed() == "예약 1개는 여기서 끝나요\n"


def test_tables_end_without_blanks(talk: Talk) -> None:
    """No line of a table is filled up with blanks."""
    talk.take("켜 줘")
    for word in ("/state", "/why", "/help"):
        assert not [line for line in talk.take(word).splitlines() if line[-1:] == " "]


def test_completion() -> None:
    """Tab completes what stands behind a slash, and nothing else."""
    editor = LineEditor(slash_words(TEXTS["ko"]))
    assert editor.complete("/w", 0) == "/why"
    assert None is editor.complete("/w", 1)
    assert editor.complete("/상", 0) == "/상태"
    assert None is editor.complete("why", 0)
    words = {editor.complete("/", index) for index in range(8)}
    assert {f"/{word}" for word in slash_words(TEXTS["ko"])} == words


def test_history_is_kept(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history lies under XDG_STATE_HOME, readable by its owner alone."""
    readline = pytest.importorskip("readline")
    readline.clear_history()
    with LineEditor([]):
        readline.add_history("켜 줘")
    path = tmp_path / "state" / "sanso" / "history"
    assert "켜 줘" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    readline.clear_history()
    with LineEditor([]):
        assert readline.get_current_history_length() == 1
    monkeypatch.setenv("XDG_STATE_HOME", str(path))
    with LineEditor([]):
        assert environment  # a folder that cannot be made is no reason to fail


@pytest.mark.engine
def test_down_a_pipe(random_gguf: Path, sanso: Any) -> None:
    """Without a terminal there is no prompt; bytes that are no text do not end it."""
    lines = b"turn it on\n\xff\xfe\n/state\n/quit\n/help\n"
    run = sanso("chat", "--model", str(random_gguf), given=lines)
    assert (run.code, run.err) == (0, "")
    assert ">" not in run.out.replace("->", "")
    assert "power" in run.out
    assert "/quit" not in run.out
