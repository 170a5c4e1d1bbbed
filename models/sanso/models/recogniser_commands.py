"""
`sanso recogniser`: make, judge and use the recogniser for tests.

Strategy: as the other commands of this folder: each says what it does, shows progress, can be stopped and goes on
where it was. What is slow to import is imported inside.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from sanso.agent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .recogniser.recipe import Recipe

recogniser = typer.Typer(
    help="Make and judge the small speech recogniser that the tests use; not for people.",
    no_args_is_help=True,
)

_Threads = Annotated[int, typer.Option(min=1, help="Threads of torch.")]
_Folder = Annotated[
    Path | None, typer.Option(help="Where to work; else runs/recogniser/NAME.")
]
_HELD_SETS = {"commands": 1000, "numbers": 600, "written": 600}


@recogniser.command()
def train(
    recipe: Annotated[
        str, typer.Argument(help="A recipe's name, or a .toml file.")
    ] = "double",
    folder: _Folder = None,
    avoid: Annotated[
        list[Path] | None,
        typer.Option(help="Cases whose sentences must not be learned."),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="Folder of a former training to begin from; else nothing."),
    ] = None,
    stop_at: Annotated[int | None, typer.Option(help="Stop at this step.")] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes that speak.")] = 2,
    threads: _Threads = 1,
) -> None:
    """Speak the sentences, train on them, write the recogniser; a stopped run goes on."""
    import torch

    from .recogniser.export import write_recogniser
    from .recogniser.recipe import load_recipe
    from .recogniser.speech import Store
    from .recogniser.training import Training

    torch.set_num_threads(threads)
    plan = load_recipe(recipe)
    place = folder or Path("runs/recogniser") / plan.name
    console = Console(stderr=True)
    _speak_all(plan, place, list(_texts(avoid or ())), processes, console)
    training = Training(plan, place, Store(place / "speech"), start)
    training.run(console, stop_at=stop_at)
    if training.step < plan.steps:
        console.print(f"stopped at step {training.step}; the same command goes on")
    write_recogniser(training.averaged(), place / "recogniser")
    console.print(f"wrote {place / 'recogniser'}")


@recogniser.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a training.")],
    out: Annotated[Path, typer.Argument(help="Folder of the recogniser.")],
    quantization: Annotated[str, typer.Option(help="int8 or float32.")] = "int8",
) -> None:
    """Write the recogniser of a training's last checkpoint."""
    from .recogniser.export import write_recogniser
    from .recogniser.training import read_network

    if quantization not in ("int8", "float32"):
        raise UsageError(f"--quantization is int8 or float32, not {quantization!r}")
    network, step = read_network(folder)
    write_recogniser(network, out, quantization=quantization)
    size = sum(file.stat().st_size for file in out.iterdir()) / 1e6
    typer.echo(f"wrote {out} of step {step}: {size:.1f} MB")


@recogniser.command()
def evaluate(
    model: Annotated[Path, typer.Argument(help="Folder of a recogniser.")],
    speech: Annotated[
        Path, typer.Argument(help="Folder of a training: its held-out speech.")
    ],
    count: Annotated[
        int | None, typer.Option(min=1, help="Sentences of each set.")
    ] = None,
    noise: Annotated[float, typer.Option(help="Decibels over white noise.")] = 10.0,
    misses: Annotated[int, typer.Option(min=0, help="Show so many misses.")] = 0,
) -> None:
    """Judge a recogniser on unseen sentences in unseen voices, clean and in noise."""
    from .recogniser.evaluate import Recogniser, judge
    from .recogniser.speech import Store

    heard = Recogniser(model)
    for name in _HELD_SETS:
        store = Store(speech / f"held-{name}")
        for decibels in (None, noise):
            told = "clean" if decibels is None else f"at {decibels:g} dB"
            for lang, score in sorted(
                judge(heard, store, decibels=decibels, count=count).items()
            ):
                typer.echo(f"{name}, {lang}, {told}: {score.line()}")
                for said, written in score.misses[:misses]:
                    typer.echo(f"    {said} | {written}")


@recogniser.command()
def collect(
    model: Annotated[Path, typer.Argument(help="Folder of a recogniser.")],
    out: Annotated[
        Path,
        typer.Argument(help="File of lines `heard<TAB>said`; a longer one goes on."),
    ],
    count: Annotated[int, typer.Option(min=1, help="Sentences to speak.")] = 2000,
    seed: int = 1,
    sentences: Annotated[
        Path | None,
        typer.Option(
            help="File of sentences, one a line; else drawn from the hand-written ones."
        ),
    ] = None,
) -> None:
    """Speak sentences in noise to a recogniser and write down what it heard."""
    from .corpus.lines import language
    from .recogniser.collect import collect as pairs
    from .recogniser.evaluate import Recogniser

    drawn = (
        sentences.read_text(encoding="utf-8").splitlines()
        if sentences
        else _drawn(count, seed)
    )
    told = [(text, language(text)) for text in drawn[:count]]
    given = [(text, lang) for text, lang in told if lang != "mix"]
    console = Console(stderr=True)
    right = total = 0
    found = pairs(Recogniser(model), given, out, seed=seed)
    for heard, said in track(found, "listening", total=len(given), console=console):
        total += 1
        right += heard == said
    console.print(f"{total} sentences more in {out}, {right} heard as written")


@recogniser.command()
def hear(
    model: Annotated[Path, typer.Argument(help="Folder of a recogniser.")],
    count: Annotated[int, typer.Option(min=1, help="Sentences to speak.")] = 6000,
    seed: int = 1,
    pairs: Annotated[
        Path, typer.Option(help="What was heard so far; the same command goes on.")
    ] = Path("runs/heard.tsv"),
    out: Annotated[
        Path | None, typer.Option(help="Folder of what is misheard; else the data's.")
    ] = None,
) -> None:
    """Write what a recogniser mishears as training data of its own type."""
    from .corpus.heard import HEARD, draw_spoken
    from .corpus.lines import read_all
    from .recogniser.evaluate import Recogniser
    from .recogniser.hearing import hear_all, useful, write_heard

    pairs.parent.mkdir(parents=True, exist_ok=True)
    drawn = draw_spoken(read_all(), count, seed)
    console = Console(stderr=True)
    found = hear_all(Recogniser(model), drawn, pairs, seed=seed)
    for _ in track(found, "listening", total=len(drawn), console=console):
        pass
    counts = write_heard(list(useful(drawn, pairs)), out or HEARD)
    told = ", ".join(f"{lang} {number}" for lang, number in counts.items())
    console.print(f"{told} misheard sentences in {out or HEARD}")


@recogniser.command()
def speak(
    cases: Annotated[list[Path], typer.Argument(help="Files or folders of cases.")],
    out: Annotated[Path, typer.Option(help="Folder of what is spoken.")],
    voices: Annotated[int, typer.Option(min=1, help="Voices of each case.")] = 4,
    seed: int = 1,
) -> None:
    """Have cases spoken in unseen voices, for `sanso voice bench`."""
    from .recogniser.casting import cast, read_rows

    rows = read_rows(cases)
    console = Console(stderr=True)
    told = list(track(cast(rows, out, voices=voices, seed=seed), "speaking", len(rows)))
    count = sum(name is not None for name in told)
    console.print(f"{count} cases in {voices} voices each, in {out}")
    if left := len(told) - count:
        console.print(
            f"{left} cases hold both scripts, or what cannot be told in words"
        )


def _drawn(count: int, seed: int) -> list[str]:
    """Hand-written sentences, filled, in both languages."""
    from .corpus.lines import filled, read_all

    rng = random.Random(seed)
    lines = [line for line in read_all() if line.lang != "mix" and len(line.turns) == 1]
    return [
        filled(line.turns, line.lang, rng)[0][0] for line in rng.choices(lines, k=count)
    ]


def _texts(paths: Iterable[Path]) -> Iterable[str]:
    """The sentences of .jsonl files of cases, whatever else they hold."""
    from .evaluation.cases import case_files

    for path in paths:
        for file in case_files(path):
            for row in file.read_text(encoding="utf-8").splitlines():
                case = json.loads(row)
                yield from (turn["text"] for turn in case.get("turns", [case]))


def _speak_all(
    plan: Recipe, place: Path, avoid: list[str], processes: int, console: Console
) -> None:
    """Make the stores that a training needs, as far as they are not there."""
    from .recogniser.sentences import Sentences
    from .recogniser.speech import fill_store
    from .recogniser.voices import write_variants

    source = Sentences(avoid)
    for number, (name, count) in enumerate(_HELD_SETS.items()):
        held = list(source.stream(f"{plan.seed}:held", {name: 1.0}, count, held=True))
        for made in fill_store(
            place / f"held-{name}", held, seed=1000 + number, unseen=True
        ):
            console.print(f"spoke {made} held-out sentences ({name})")
    voices = place.resolve() / "voices" if plan.drawn_voices else None
    if voices is not None:
        write_variants(voices, plan.drawn_voices, plan.seed)
    drawn = list(
        source.stream(
            f"{plan.seed}", plan.shares.model_dump(), plan.utterances, held=False
        )
    )
    spoken = 0
    for made in fill_store(
        place / "speech",
        drawn,
        seed=plan.seed,
        unseen=False,
        processes=processes,
        drawn=voices,
    ):
        spoken += made
        console.print(f"spoke {spoken} of {len(drawn)} sentences")
