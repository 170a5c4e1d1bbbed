"""What was not understood is kept with consent only, within bounds, and becomes lines of training."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from sanso.agent.caution import Doing, Judgement, Thresholds
from sanso.agent.evidence import Choice, Evidence
from sanso.agent.kinds import kind_of
from sanso.agent.miss_lines import (
    iso,
    miss_name,
    training_line,
)
from sanso.agent.miss_watch import Miss, MissKind, MissWatch
from sanso.agent.misses import MissError, Misses
from sanso.agent.reply import Reply
from sanso.grammars import CallError, UnknownName, parse

NOW = 1_770_000_000.0


def reply(
    program: str, sentence: str = "멍멍이 털 좀", doing: Doing | None = None
) -> Reply:
    """Return a reply of the agent to a sentence."""
    parsed = parse(program)
    judgement = None
    if doing is not None:
        judgement = Judgement(
            kind_of(parsed), 0.4, Thresholds(0.9, 0.3), doing, meant=parsed
        )
    evidence = Evidence((Choice("x", 0.5, 0.9),))
    return Reply(
        utterance=sentence,
        lang="ko",
        words="",
        program=parsed,
        evidence=evidence,
        sentence=sentence,
        judgement=judgement,
    )


def miss(sentence: str = "멍멍이 털 좀", **changed: Any) -> Miss:
    """Return a miss."""
    given_ = {
        "at": NOW,
        "lang": "ko",
        "program": "set_mode(mode=auto)",
        "confidence": 0.5,
        "kind": MissKind.ASKED,
    }
    return Miss(sentence=sentence, **{**given_, **changed})


@pytest.fixture
def misses(tmp_path: Path) -> Misses:
    """Give a folder whose owner agreed."""
    found = Misses(tmp_path / "sanso")
    found.agree(NOW)
    return found


class TestWatch:
    """Which replies show a miss."""

    @pytest.mark.parametrize(
        ("program", "doing", "kind"),
        [
            ("set_power(state=on)", Doing.ASK, "asked"),
            ("set_power(state=on)", Doing.UNCLEAR, "refused"),
            ("reject(reason=unsupported)", Doing.DO, "refused"),
            ("reject(reason=noise)", None, "refused"),
            ("set_power(state=on)", Doing.DO, None),
            ("query(item=air)", Doing.DO, None),
            ("ask(slot=time)", Doing.DO, None),
        ],
    )
    def test_refused_and_asked(
        self, program: str, doing: Doing | None, kind: str | None
    ) -> None:
        """What was refused or doubted is a miss; what was done, or asked back for a value, is none."""
        found = MissWatch().noticed(reply(program, doing=doing), NOW)
        assert kind == (found and found.kind)
        if found:
            assert (found.program, found.confidence) == (program, 0.5)

    def test_undone_within_a_minute(self) -> None:
        """An act that its own source takes back within a minute was a miss, questions in between or not."""
        for later, source, kind in (
            (60.0, "a", "undone"),
            (60.1, "a", None),
            (5.0, "b", None),
            (-1.0, "a", None),
        ):
            watch = MissWatch()
            assert watch.noticed(reply("set_power(state=on)", "켜"), NOW, "a") is None
            assert watch.noticed(reply("query(item=air)", "공기"), NOW, "a") is None
            found = watch.noticed(reply("undo()", "아니"), NOW + later, source)
            assert kind == (found and found.kind)
            if found:
                assert (found.sentence, found.at) == ("켜", NOW)
                assert watch.noticed(reply("undo()", "아니"), NOW + 5, "a") is None

    def test_a_button_may_undo(self) -> None:
        """An undo that no model wrote counts, an act that no model wrote is never a miss."""
        watch = MissWatch()
        watch.noticed(reply("set_power(state=on)", "켜"), NOW)
        undo = Reply("", "ko", "", program=parse("undo()"))
        assert watch.noticed(undo, NOW + 1) is not None
        act = Reply("", "ko", "", program=parse("set_power(state=on)"))
        assert watch.noticed(act, NOW) is None
        assert watch.noticed(undo, NOW + 1) is None
        assert watch.noticed(Reply("", "ko", "", error="empty"), NOW) is None


class TestConsent:
    """Nothing is written that the owner did not agree to."""

    def test_nothing_without_it(self, tmp_path: Path) -> None:
        """Before consent, not even the folder is made."""
        found = Misses(tmp_path / "sanso")
        assert not found.keep(miss())
        found.notice(reply("reject(reason=noise)"), NOW)
        assert list(tmp_path.iterdir()) == []
        assert found.status().on is False

    def test_files_are_the_owners_alone(self, misses: Misses, tmp_path: Path) -> None:
        """Folder, consent and misses are readable by their owner only, after a change as well."""
        assert misses.keep(miss())
        folder = tmp_path / "sanso"
        misses.label(miss_name(miss()), "set_mode(mode=pet)")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}
        assert modes == {"misses.consent": 0o600, "misses.jsonl": 0o600}

    def test_taken_back(self, misses: Misses, tmp_path: Path) -> None:
        """Without consent nothing more is kept; what was kept goes only where that is asked for."""
        misses.keep(miss())
        misses.withdraw()
        assert not misses.keep(miss("또 다른 말"))
        assert (misses.status().on, misses.status().kept) == (False, 1)
        misses.withdraw(delete=True)
        assert list((tmp_path / "sanso").iterdir()) == []
        Misses(tmp_path / "nowhere").withdraw(delete=True)

    @pytest.mark.parametrize("text", ["", "agreed", "yes", "agreed soon", "2026-01-01"])
    def test_a_damaged_consent_is_none(
        self, misses: Misses, tmp_path: Path, text: str
    ) -> None:
        """A consent that cannot be read is none."""
        (tmp_path / "sanso" / "misses.consent").write_text(text, "utf-8")
        assert misses.consent() == ""
        assert not misses.keep(miss())

    def test_agreeing_twice_keeps_the_first_date(self, misses: Misses) -> None:
        """Consent has the date on which it was given first."""
        misses.agree(NOW + 1e6)
        assert misses.consent() == misses.status().since == iso(NOW)


class TestKeeping:
    """What is kept, and how much."""

    def test_what_is_in_a_line(self, misses: Misses, tmp_path: Path) -> None:
        """A line has time, language, sentence, program, confidence, kind and label, and nothing else."""
        misses.notice(reply("reject(reason=unsupported)"), NOW, "mic:bedroom")
        (line,) = (tmp_path / "sanso" / "misses.jsonl").read_text("utf-8").splitlines()
        assert json.loads(line) == {
            "at": "2026-02-02T02:40:00Z",
            "lang": "ko",
            "sentence": "멍멍이 털 좀",
            "program": "reject(reason=unsupported)",
            "confidence": 0.5,
            "kind": "refused",
            "label": "",
        }

    def test_a_sentence_is_kept_once(self, misses: Misses) -> None:
        """The same sentence again is not kept again."""
        assert misses.keep(miss())
        assert not misses.keep(miss(kind=MissKind.UNDONE, at=NOW + 9))
        assert misses.keep(miss("다른 말"))
        assert misses.status().kept == 2

    def test_bounded_in_number(self, tmp_path: Path) -> None:
        """The oldest goes when there are too many, one with a label last."""
        found = Misses(tmp_path, most=16)
        found.agree(NOW)
        found.keep(miss("첫째"))
        found.label(miss_name(miss("첫째")), "undo()")
        for number in range(100):
            assert found.keep(miss(f"말 {number}"))
            assert len(found.kept()) <= 16
        sentences = [m.sentence for m in found.kept()]
        assert sentences[0] == "첫째"
        assert sentences[-1] == "말 99"
        assert "말 0" not in sentences

    def test_bounded_in_bytes(self, tmp_path: Path) -> None:
        """The file never passes its bound."""
        found = Misses(tmp_path, most_bytes=4096)
        found.agree(NOW)
        for number in range(60):
            assert found.keep(miss(f"말 {number} " + "가" * 90))
            assert (tmp_path / "misses.jsonl").stat().st_size <= 4096
        assert found.kept()[-1].sentence.startswith("말 59")

    def test_torn_and_foreign_lines(self, misses: Misses, tmp_path: Path) -> None:
        """After a torn line the next one is whole; what cannot be read is passed over."""
        misses.keep(miss("하나"))
        path = tmp_path / "sanso" / "misses.jsonl"
        with path.open("ab") as file:
            file.write(b'[]\nnull\n{"at": 3}\n\xff\xfe\n{"at": "2026-02-02')
        assert misses.keep(miss("둘"))
        assert [m.sentence for m in misses.kept()] == ["하나", "둘"]

    def test_a_disk_that_takes_nothing(
        self, misses: Misses, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where nothing can be written, nothing is kept and nobody is disturbed; who asks is told."""

        def full(*_: object, **__: object) -> int:
            raise OSError(28, "No space left on device")

        misses.keep(miss())
        monkeypatch.setattr("os.open", full)
        assert not misses.keep(miss("둘"))
        with pytest.raises(MissError, match="No space left on device"):
            misses.label(miss_name(miss()), "undo()")

    def test_no_folder(self) -> None:
        """Without a folder nothing is kept, and who agrees is told what to do."""
        nowhere = Misses(None)
        assert not nowhere.keep(miss())
        assert (nowhere.kept(), nowhere.export()) == ([], [])
        assert nowhere.status().size == 0
        with pytest.raises(MissError, match="set XDG_STATE_HOME"):
            nowhere.agree(NOW)


class TestLabels:
    """A person says what was right."""

    def test_a_label_is_a_program(self, misses: Misses) -> None:
        """A label is parsed and written as the language writes it; another text is refused and changes nothing."""
        misses.keep(miss())
        name = miss_name(miss())
        with pytest.raises(UnknownName, match="did you mean pet"):
            misses.label(name, "set_mode(mode=pett)")
        with pytest.raises(CallError):
            misses.label(name, "펫 모드")
        assert misses.kept()[0].label == ""
        assert misses.label(name, " set_mode(mode=pet) ").label == "set_mode(mode=pet)"
        assert misses.label(name, "undo()").label == "undo()"
        assert misses.status().labelled == 1

    def test_unknown_and_forgotten(self, misses: Misses) -> None:
        """A miss can be removed alone; one that is not there is told."""
        misses.keep(miss("하나"))
        misses.keep(miss("둘"))
        assert misses.forget(miss_name(miss("하나"))).sentence == "하나"
        assert [m.sentence for m in misses.kept()] == ["둘"]
        with pytest.raises(MissError, match="there is no miss 'x'; see `sanso misses"):
            misses.label("x", "undo()")


class TestExport:
    """Labelled misses are lines of training."""

    def test_only_labelled_once_each(self, misses: Misses) -> None:
        """A line has its label; what has none is left out, and twins of training are one line."""
        for sentence, label in (
            ("멍멍이 털 좀", "set_mode(mode=pet)"),
            ("3단으로 해 봐", "set_fan_level(level=3)"),
            ("4단으로, 해봐", "set_fan_level(level=4)"),
            ("그냥", ""),
        ):
            misses.keep(miss(sentence, label=label))
        assert misses.export() == [
            "멍멍이 털 좀 => set_mode(mode=pet)",
            "4단으로, 해봐 => set_fan_level(level=4)",
        ]

    @pytest.mark.parametrize(
        ("sentence", "line"),
        [
            ("# 3번 켜", "3번 켜 => undo()"),
            ("@ @집 켜", "집 켜 => undo()"),
            ("a => b", ""),
            ("a >> b", ""),
            ("=> b", ""),
            ("켜 {dur} 뒤", ""),
            ("켜 {뭐} 뒤", "켜 {뭐} 뒤 => undo()"),
            ("##", ""),
        ],
    )
    def test_sentences_that_look_like_lines(self, sentence: str, line: str) -> None:
        """What a line of training would read as something else is taken off, or left out."""
        assert line == training_line(miss(sentence, label="undo()"))

    def test_a_label_that_was_spoiled_by_hand(self) -> None:
        """A label that is no program any more gives no line."""
        assert training_line(miss(label="펫 모드")) == ""
