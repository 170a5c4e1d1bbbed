"""The shortest use: one sentence in, and everything that came of it."""

from sanso.agent import Agent

with Agent.open("sim:") as agent:
    reply = agent.say("풍량 3단으로")

print("program  ", reply.program)
for outcome in reply.outcomes:
    print("outcome  ", outcome.code, "fan", outcome.before.fan, "->", outcome.after.fan)
print("words    ", reply.words)
if reply.evidence:
    print("evidence ", f"{reply.evidence.confidence:.3f}")
print("ms       ", f"{reply.milliseconds['total']:.1f}")
