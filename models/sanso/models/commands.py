"""
The commands of this folder: train, evaluate, data. The command line of the agent finds them by their entry points.

Strategy: each command says what it is about to do, shows progress, and leaves its result where it says. What is slow to import is imported inside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from sanso.agent.errors import UsageError

from .calibrate import calibrate
from .data_commands import data

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .evaluation.cases import Case
    from .evaluation.score import Verdict

_CasesPath = Annotated[
    Path, typer.Argument(help="A .jsonl file of cases, or a folder.")
]
_ModelPath = Annotated[Path | None, typer.Option(help="A GGUF; else the shipped one.")]
_Corpus = Annotated[
    Path | None, typer.Option(help="Folder of public sentences to train on as well.")
]

_Threads = Annotated[int, typer.Option(help="Threads of torch; 0: all cores.")]


def evaluate(
    cases: _CasesPath,
    model: _ModelPath = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all verdicts as JSON.")
    ] = None,
    failures: Annotated[int, typer.Option(help="Show so many failures.")] = 0,
    *,
    readme: Annotated[
        bool,
        typer.Option("--readme", help="Write the table into the READMEs and the card."),
    ] = False,
) -> None:
    """Run the model over evaluation cases and report success, wrong acts and misses."""
    from .evaluation.report import as_json, show, show_failures, summarize

    console = Console()
    verdicts = _verdicts(cases, model)
    summary = summarize(verdicts)
    show(summary, console)
    if failures:
        show_failures(verdicts, console, failures)
    if out:
        text = json.dumps(as_json(summary, verdicts), ensure_ascii=False, indent=1)
        out.write_text(text + "\n", encoding="utf-8")
        console.print(f"wrote {out}")
    if readme:
        from .card import write_results

        for path in write_results(summary):
            console.print(f"wrote the results into {path}")


def refusals(
    corpus: Annotated[Path, typer.Argument(help="Folder of the public sentences.")],
    count: Annotated[int, typer.Option(help="How many to draw.")] = 2000,
    model: _ModelPath = None,
) -> None:
    """Count acts on held-out public sentences that are no request to a purifier."""
    from sanso.agent import Engine

    from .evaluation.refusals import held_out_refusals, judge_refusals

    console = Console()
    sentences = held_out_refusals(corpus, count)
    with Engine.open(model) as engine:
        errors = Console(stderr=True)
        found = judge_refusals(
            engine,
            sentences,
            lambda listed: track(list(listed), "deciding", console=errors),
        )
    console.print(f"acts {found.acts}, rejected {found.rejected}")
    for group, share in found.by_source.items():
        console.print(f"  {group}: acts {share}")
    for sentence, program in found.examples:
        console.print(f"  {sentence} -> {program}", markup=False)


def round_(
    cases: _CasesPath,
    report: Annotated[Path, typer.Argument(help="Where to write the report (.md).")],
    former: Annotated[
        Path | None, typer.Option(help="The JSON of a former `evaluate --out`.")
    ] = None,
    model: _ModelPath = None,
) -> None:
    """Evaluate, group the failures by cause, compare with a former run, say what to write next."""
    from .evaluation.rounds import write_round

    write_round(report, _verdicts(cases, model), former)
    typer.echo(f"wrote {report}")


def _verdicts(cases: Path, model: Path | None) -> list[Verdict]:
    from .evaluation.cases import read_cases

    return _judged(read_cases(cases), model)


def _judged(cases: Sequence[Case], model: Path | None) -> list[Verdict]:
    from sanso.agent import Engine

    from .evaluation.runner import ModelUnderstander, run

    with Engine.open(model) as engine:
        understander = ModelUnderstander(engine)
        return [
            verdict
            for case in track(cases, "evaluating", console=Console(stderr=True))
            for verdict in run([case], understander)
        ]


def _keys(cases: Iterable[Path]) -> frozenset[str]:
    """Keys of all sentences of these files: none of them may be drawn."""
    from .corpus.lines import key
    from .evaluation.cases import read_cases

    held = [t.text for path in cases for c in read_cases(path) for t in c.turns]
    return frozenset(key(text) for text in held)


def _prepare_training(corpus: Path | None, threads: int) -> None:
    import signal

    import torch

    if corpus is not None and not corpus.is_dir():
        msg = f"there is no folder {corpus}; give the public sentences' folder, or none"
        raise UsageError(msg)
    if threads:
        torch.set_num_threads(threads)
    # Asked to end, it writes a last checkpoint, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def train(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a .toml file.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; else runs/NAME.")
    ] = None,
    corpus: _Corpus = None,
    avoid: Annotated[
        list[Path] | None,
        typer.Option(help="Cases that must not be drawn by accident."),
    ] = None,
    quantization: Annotated[str, typer.Option(help="How small to make it.")] = "Q8_0",
    stop_at: Annotated[int | None, typer.Option(help="Stop at this step.")] = None,
    threads: _Threads = 0,
    *,
    compiled: Annotated[
        bool, typer.Option("--compile", help="Let torch compile the layers.")
    ] = False,
    ship: Annotated[
        bool, typer.Option("--ship", help="Make the result the shipped model.")
    ] = False,
) -> None:
    """Train a model by a recipe, from the sentences to the GGUF; a stopped training goes on."""
    from .recipe import load_recipe
    from .shipping import SHIPPED, make_bundle
    from .training import Trainer, load_corpus

    _prepare_training(corpus, threads)
    console = Console(stderr=True)
    plan = load_recipe(recipe)
    place = folder or Path("runs") / plan.name
    keys = _keys(avoid or ())
    trainer = Trainer(plan, place, load_corpus(plan, corpus, keys), compiled=compiled)
    size = sum(p.numel() for p in trainer.network.parameters())
    console.print(
        f"{plan.name}: {size / 1e6:.1f} million parameters on {trainer.device}, "
        f"step {trainer.step} of {plan.steps}, in {place}"
    )
    trainer.run(console, stop_at=stop_at)
    if trainer.step < plan.steps:
        console.print(f"stopped at step {trainer.step}; the same command goes on")
        return
    path = (SHIPPED if ship else place) / "sanso.gguf"
    paper = make_bundle(trainer, path, quantization)
    console.print(f"wrote {path}: {paper['bytes'] / 1e6:.1f} MB, {quantization}")
    if ship:
        _calibrate(path, console)


def _calibrate(path: Path, console: Console) -> None:
    from sanso.agent import Engine

    from .calibrate import measure, write_paper

    with Engine.open(path) as engine:
        try:
            stored, _ = measure(engine, console)
        except ValueError as reason:
            console.print(f"not calibrated: {reason}")
            return
    write_paper(path, stored)


def sweep(
    name: Annotated[str, typer.Argument(help="A sweep's name, or a .toml file.")],
    cases: Annotated[list[Path], typer.Option(help="Cases to judge every run on.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; else runs/NAME.")
    ] = None,
    corpus: _Corpus = None,
    threads: _Threads = 0,
) -> None:
    """Train a recipe in variations and judge each; a stopped sweep goes on."""
    from .evaluation.cases import read_cases
    from .sweep import load_sweep, run_sweep
    from .training import load_corpus

    _prepare_training(corpus, threads)
    keys = _keys(cases)
    listed = [case for path in cases for case in read_cases(path)]
    run_sweep(
        load_sweep(name),
        folder or Path("runs") / Path(name).stem,
        lambda recipe: load_corpus(recipe, corpus, keys),
        lambda model: _judged(listed, model),
        Console(stderr=True),
    )


def compare(
    cases: Annotated[list[Path], typer.Argument(help="Cases to judge all on.")],
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    former: Annotated[
        Path | None, typer.Option(help="A GGUF to compare with the shipped one.")
    ] = None,
    sweeps: Annotated[
        list[Path] | None, typer.Option(help="Folders of finished sweeps.")
    ] = None,
    examples: Annotated[
        int, typer.Option(help="Sentences that the baselines learn from.")
    ] = 60_000,
    corpus: _Corpus = None,
) -> None:
    """Put the shipped model beside a former one, the baselines and the runs of sweeps; write tables and pictures."""
    from .evaluation.cases import read_cases
    from .evaluation.gathering import write_comparison

    _prepare_training(corpus, 0)
    console = Console(stderr=True)
    listed = [case for path in cases for case in read_cases(path)]
    for path in write_comparison(
        listed,
        out,
        judge=lambda model: _judged(listed, model),
        former=former,
        sweeps=sweeps or (),
        examples=examples,
        corpus=corpus,
        keys=_keys(cases),
        tell=console.print,
    ):
        typer.echo(f"wrote {path}")


def bench(
    count: Annotated[int, typer.Option(help="How many sentences.")] = 200,
    model: _ModelPath = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the figures; else models/bench.")
    ] = None,
    *,
    larger: Annotated[
        bool, typer.Option(help="Time models of 40 million and 0.5 billion as well.")
    ] = True,
) -> None:
    """Time the engine against the other ways to hold a model in a grammar; write models/bench/."""
    from .bench import RESULTS, run

    typer.echo(f"wrote {run(count, model, out or RESULTS, larger=larger)}")


def main() -> Any:  # pragma: no cover - the module's own entry
    """Run the commands as `python -m sanso.models`."""
    app = typer.Typer(no_args_is_help=True)
    app.command()(evaluate)
    app.command()(train)
    app.command()(sweep)
    app.command()(compare)
    app.command()(bench)
    app.command("round")(round_)
    app.command()(refusals)
    app.command()(calibrate)
    app.add_typer(data, name="data")
    return app()
