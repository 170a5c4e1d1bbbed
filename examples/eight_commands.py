"""Eight sentences to a simulated purifier: what each became, changed, and was answered."""

from rich.console import Console
from rich.text import Text

from sanso.agent import Agent

SENTENCES = (
    "풍량 4단으로 맞춰 줘",  # a value
    "Could you turn it down a notch?",  # a step from where it is
    "고등어 구웠더니 온 집 안에 냄새가 진동해",  # a need, and no command word
    "Switch yourself off in an hour and a half",  # a timer
    "지금 초미세먼지 수치가 얼마야?",  # a question
    "비 오는 날에도 창문을 열어야 하나?",  # advice
    "Will it rain in Busan tomorrow?",  # not for a purifier
    "sleep mode로 바꾸고 display는 꺼 줘",  # two in one breath, in two languages
)


def settings(agent: Agent) -> dict[str, str]:
    """What an owner can see, and how many timers wait."""
    seen = agent.purifier.state().settings()
    seen["timers"] = len(agent.scheduler.snapshot())
    words = {"True": "on", "False": "off", "None": "by mode"}
    return {name: words.get(str(value), str(value)) for name, value in seen.items()}


def show(console: Console, number: int, sentence: str, agent: Agent) -> None:
    """Say one sentence, and print what came of it."""
    before = settings(agent)
    reply = agent.say(sentence)
    after = settings(agent)
    changed = [f"{n} {before[n]} -> {v}" for n, v in after.items() if v != before[n]]
    console.print(Text(f"{number}  {sentence}", style="bold"), soft_wrap=True)
    for name, text, style in (
        ("program", str(reply.program), "cyan"),
        ("changed", ", ".join(changed) or "nothing", "green"),
        ("reply", reply.words, ""),
        ("took", f"{reply.milliseconds['total']:.1f} ms", "dim"),
    ):
        line = Text.assemble((f"   {name:<9}", "dim"), (text, style))
        console.print(line, soft_wrap=True)


def main() -> None:
    """Run the demo."""
    console = Console(highlight=False)
    with Agent.open("sim:") as agent:
        for number, sentence in enumerate(SENTENCES, 1):
            show(console, number, sentence, agent)


if __name__ == "__main__":
    main()
