"""
Write a call set as GBNF, the grammar notation of llama.cpp.

Strategy: one rule a call, arguments in line; values that several calls share get a rule of their own. Repetition is
nested options rather than a counted loop, which llama.cpp's sampler handles with the fewest stacks.
"""

from __future__ import annotations

from .call import Call, Case, Named, Trigger
from .callset import CallSet
from .form import Form, Text, gbnf
from .program import ARROW, MAX_STATEMENTS, SEPARATOR

HEADER = "# The call language of Sanso, made from its schema by `make grammars`.\n"


def gbnf_grammar(calls: CallSet) -> str:
    """The grammar of every program of the set; its root rule is `root`."""
    rules = _Rules(calls)
    lines = [HEADER.rstrip(), f"root ::= {_repeated()}"]
    timed = calls.timed_calls() if calls.triggers else ()
    untimed = tuple(cls for cls in calls.calls if cls not in timed)
    if timed:
        lines.append(f'statement ::= call | trigger "{ARROW}" timed')
        lines.append(f"trigger ::= {_names(calls.triggers)}")
        lines.append(f"timed ::= {_names(timed)}")
        rest = f" | {_names(untimed)}" if untimed else ""
        lines.append(f"call ::= timed{rest}")
    else:
        lines += ["statement ::= call", f"call ::= {_names(untimed)}"]
    triggers = calls.triggers if timed else ()
    lines += [rules.of_class(cls) for cls in (*triggers, *timed, *untimed)]
    return "\n".join([*lines, *rules.shared()]) + "\n"


def _repeated() -> str:
    tail = ""
    for _ in range(MAX_STATEMENTS - 1):
        tail = f'("{SEPARATOR}" statement{" " + tail if tail else ""})?'
    return f"statement {tail}"


def _rule(cls: type[Named]) -> str:
    """GBNF rule names have no underscores."""
    return cls.call_name().replace("_", "-")


def _names(classes: tuple[type[Call], ...] | tuple[type[Trigger], ...]) -> str:
    return " | ".join(_rule(cls) for cls in classes)


class _Rules:
    """Rules of calls, and those of values that two or more of them share."""

    def __init__(self, calls: CallSet) -> None:
        self._calls = calls
        uses: dict[Form, list[str]] = {}
        for cls, case in calls.forms():
            for name, form in case:
                if not isinstance(form, Text):
                    uses.setdefault(form, []).append(f"{cls.call_name()}-{name}")
        self._named: dict[Form, str] = {}
        taken = {_rule(cls) for cls in (*calls.calls, *calls.triggers)}
        for form, users in uses.items():
            if len(users) > 1:
                name = users[0].replace("_", "-")
                while name in taken:
                    name += "-too"
                taken.add(name)
                self._named[form] = name

    def of_class(self, cls: type[Named]) -> str:
        cases = " | ".join(self._case(cls, case) for case in self._calls.cases(cls))
        return f"{_rule(cls)} ::= {cases}"

    def shared(self) -> list[str]:
        return [f"{name} ::= {gbnf(form)}" for form, name in self._named.items()]

    def _case(self, cls: type[Named], case: Case) -> str:
        parts: list[str] = []
        text = cls.call_name() + "("
        for index, (name, form) in enumerate(case):
            text += f"{', ' if index else ''}{name}="
            if isinstance(form, Text):
                text += form.text
                continue
            parts += [f'"{text}"', self._named.get(form) or f"({gbnf(form)})"]
            text = ""
        return " ".join([*parts, f'"{text})"'])
