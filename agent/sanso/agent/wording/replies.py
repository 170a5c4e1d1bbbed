"""Small replies: questions, small talk, refusals, and what was undone.

Strategy: one row of the tables a reply; this module only chooses the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sanso.grammars import SetLight, SetOption, Statement, Undo

from .acts import do, now, running, when
from .outcomes import word_outcome
from .timers import name_statement, word_cancelled, word_renewed
from .tongue import TONGUES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sanso.devices import Capabilities, Outcome, State
    from sanso.grammars import Program

    from .language import Language
    from .timers import PendingTimer
    from .tongue import Tongue

Slot = Literal["level", "mode", "time", "option", "item"]
Kind = Literal["greeting", "thanks", "goodbye", "help", "identity"]
Reason = Literal["off_topic", "unsupported", "noise"]
ErrorKind = Literal[
    "empty", "too_long", "no_grammar", "unclear", "too_slow", "cancelled"
]
"""Nothing said; too many characters; no program came out; too little evidence for the
one that did; the deadline passed; somebody stopped it."""


def word_ask(
    slot: Slot, lang: Language, capabilities: Capabilities | None = None
) -> str:
    """Return the question for a missing value, with the choices where known."""
    tongue = TONGUES[lang]
    if capabilities is None:
        return tongue.say(f"ask.{slot}")
    if slot == "level":
        top = capabilities.fan_levels
        return tongue.say("ask.level.known", level=tongue.level(top), number=top)
    if slot == "mode":
        return _among("mode", capabilities.modes, tongue)
    if slot == "option":
        return _among("option", capabilities.options, tongue)
    return tongue.say(f"ask.{slot}")


def _among(
    slot: Literal["mode", "option"], has: Collection[str], tongue: Tongue
) -> str:
    """Ask for one of those that the purifier has, in the order of the tables."""
    order = [key.partition(".")[2] for key in tongue.names if key.startswith(slot)]
    known = [name for name in order if name in has]
    names = [tongue.name(slot, name) for name in [*known, *sorted({*has} - {*known})]]
    if not names:
        return tongue.say(f"ask.{slot}")
    return tongue.say(f"ask.{slot}.known", choices=tongue.listed(names))


def word_did_you_mean(statement: Statement, lang: Language) -> str:
    """Return the question whether this is what was meant.

    What is no act (small talk, a question back, a refusal) cannot be meant: then the
    reply asks to say it another way.
    """
    tongue = TONGUES[lang]
    call = statement.call
    if not call.timed and not isinstance(call, Undo):
        return tongue.say("error.unclear")
    act = do(call, tongue)
    slots = {"do": act, "shall": tongue.shall(act)}
    if statement.trigger is None:
        return tongue.say("meant", **slots)
    return tongue.say("meant.timed", when=when(statement.trigger, tongue), **slots)


def word_meant(program: Program, lang: Language, *, guarded: bool = False) -> str:
    """Return the question whether this whole program was meant.

    `guarded` asks whether it is meant for now: a time was heard that the program lacks.
    """
    tongue = TONGUES[lang]
    guarded = guarded and all(s.trigger is None for s in program.statements)
    if len(program.statements) == 1:
        call = program.statements[0].call
        if not guarded or not call.timed:
            return word_did_you_mean(program.statements[0], lang)
        act = do(call, tongue)
        return tongue.say("meant.now", do=act, shall=tongue.shall(act))
    things = tongue.listed([name_statement(s, tongue) for s in program.statements])
    return tongue.say("meant.now.many" if guarded else "meant.many", things=things)


def word_answer(value: Literal["yes", "no"], lang: Language, *, asked: bool) -> str:
    """Return the reply to a yes or no; `asked` tells whether a question was open."""
    return TONGUES[lang].say(f"answer.{value}" if asked else "answer.unasked")


def word_chat(kind: Kind, lang: Language) -> str:
    """Return the one sentence for small talk."""
    return TONGUES[lang].say(f"chat.{kind}")


def word_reject(reason: Reason, lang: Language) -> str:
    """Return why a sentence is not acted on."""
    return TONGUES[lang].say(f"reject.{reason}")


def word_error(kind: ErrorKind, lang: Language) -> str:
    """Return what went wrong before there was a program."""
    return TONGUES[lang].say(f"error.{kind}")


def word_undo(
    outcome: Outcome | None,
    lang: Language,
    *,
    before: State | None = None,
    dropped: Sequence[PendingTimer] = (),
    renewed: Sequence[PendingTimer] = (),
    final: bool = False,
) -> str:
    """Return what undoing changed.

    `outcome` is that of `Purifier.restore`, None where no setting differed; `before` is
    the state from before undoing, without it that from before the outcome's call.
    `dropped` and `renewed` are the timers that undoing took away or set again. `final`
    tells that what was done last cannot be undone, where nothing else is there to undo.
    """
    tongue = TONGUES[lang]
    timers = [word_cancelled(dropped, lang)] if dropped else []
    timers += [word_renewed(renewed, lang)] if renewed else []
    if outcome is None:
        nothing = tongue.say("undo.final" if final else "undo.nothing")
        return " ".join(timers) or nothing
    if not outcome.done:
        text = tongue.say("undo.failed", result=word_outcome(outcome, lang))
    else:
        text = _undone(before or outcome.before, outcome.after, tongue)
    return " ".join([text, *timers])


def _undone(before: State, after: State, tongue: Tongue) -> str:
    """Say what is so now of all that differs."""
    old, new = before.settings(), after.settings()
    differing = {name for name, value in new.items() if old.get(name) != value}
    texts: list[str] = []
    if differing & {"power", "mode", "fan"}:
        texts.append(running(after, tongue))
    if "light" in differing:
        texts.append(now(SetLight(level="on"), after, tongue))
    for option in after.options:
        if f"option.{option}" in differing:
            call = SetOption.model_construct(option=option, state="on")
            texts.append(now(call, after, tongue))
    if not texts:
        return tongue.say("undo.same")
    return tongue.say("undo.done", now=" ".join(texts))
