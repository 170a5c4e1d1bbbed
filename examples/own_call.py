"""
A call of one's own: a class says how it is written, a function carries it out.

The shipped model knows only the calls that it was trained on, so nothing is said here; the program is given
as text. A general instruct GGUF understands such calls by their explanation:
`Agent.open("sim:", model="some-instruct.gguf", calls=CALLS)`, then `on` and `say` as ever.
"""

from typing import Annotated

from pydantic import Field

from sanso.agent import Agent
from sanso.devices import open_purifier
from sanso.grammars import PURIFIER, Call, CallSet, gbnf_grammar, parse


class SetScent(Call):
    """Set how strongly the scent is given off; 0 is none."""

    strength: Annotated[int, Field(ge=0, le=3)]


def spray(call: SetScent) -> str:
    """Turn the valve; the returned words are the answer."""
    return f"향을 {call.strength}단계로 맞췄어요."


CALLS: CallSet = PURIFIER.adding(SetScent)

grammar = gbnf_grammar(CALLS)
print("\n".join(line for line in grammar.splitlines() if line.startswith("set-scent")))

agent = Agent(None, open_purifier("sim:"))  # None: no model, programs only
agent.on(SetScent, spray)
program = parse("set_mode(mode=sleep); set_scent(strength=2)", CALLS)
print(agent.carry_out(program).words)
agent.close()
