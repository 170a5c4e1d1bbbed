"""
From a sentence to the confirmed state over a wire of 9600 baud: how long, and what takes the time.

    python examples/on_a_wire.py [ROUNDS]

The purifier is a twin on a pseudo-terminal whose bytes take the time that they take on a wire.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from sanso.agent import Agent
from sanso.devices import RealClock, load_profile
from sanso.devices.twin.controller import Controller
from sanso.devices.twin.pty_port import PtyPort
from sanso.devices.twin.runner import Runner, make_twin

SENTENCES = (
    "light off please",
    "음이온 켜 줘",
    "불 켜 줘",
    "turn the ionizer off",
    "자외선 살균 켜",
    "UV off",
)


def main(rounds: int) -> None:
    """Say the sentences in turn and print the times."""
    profile = load_profile("kj-standard")
    controller = Controller.open(profile, RealClock(), {"light": "on"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "purifier"
        twin = make_twin(controller)
        with (
            Runner(twin, PtyPort(path, paced_baud=profile.baud)),
            Agent.open(f"serial:{path}?profile=kj-standard") as agent,
        ):
            times: dict[str, list[float]] = {"decide": [], "act": [], "total": []}
            confirmed = 0
            for number in range(rounds * len(SENTENCES)):
                reply = agent.say(SENTENCES[number % len(SENTENCES)])
                confirmed += all(outcome.done for outcome in reply.outcomes)
                for stage, found in times.items():
                    found.append(reply.milliseconds[stage])
    print(f"{confirmed} of {rounds * len(SENTENCES)} confirmed")
    for stage, found in times.items():
        last = statistics.quantiles(found, n=20)[-1]
        print(f"{stage:7} p50 {statistics.median(found):6.1f} ms, p95 {last:6.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
