"""
Measure the engine against the other ways to run a model inside a grammar, on the shipped model and on larger ones.

Strategy: the same prompts and the same GGUF, the ways in turns within one run: what is compared are ratios, because the machine is shared. The larger
models have random weights and the shipped vocabulary, since only their cost is looked at. Results and pictures go to `models/bench/`.
"""

from __future__ import annotations

import json
import os
import platform
import random
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import track
from rich.table import Table

from sanso.agent import Engine
from sanso.agent.bundle import shipped_model
from sanso.agent.prompt import PROMPT_VERSION, normalize
from sanso.grammars import PURIFIER

from .bench_ways import prepared, ways
from .corpus.lines import read_all
from .corpus.stream import validation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RESULTS: Final = Path(__file__).parents[2] / "bench"
_MOST_TOKENS: Final = 64
_SHAPES: Final = {
    "40 million, random": {"width": 512, "layers": 12, "heads": 8, "hidden": 1536},
    "0.5 billion, random": {"width": 1536, "layers": 18, "heads": 12, "hidden": 4096},
}
_FEWER: Final = {"40 million, random": 8, "0.5 billion, random": 20}
"""Of these so many times fewer sentences."""


def run(
    count: int = 200,
    model: Path | None = None,
    out: Path = RESULTS,
    *,
    larger: bool = True,
    threads: Sequence[int] = (1, 2),
) -> Path:
    """
    Time `count` held-out sentences each way; write and show the figures.

    Raises:
        ModelError: the model cannot be used.
        OSError: a file cannot be written.
    """
    examples = [e for e in validation(read_all()) if not e.turns]
    chosen = random.Random(1).sample(examples, min(count, len(examples)))
    sentences = [normalize(example.sentence) for example in chosen]
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = {"shipped": model or shipped_model()}
        if larger:
            for name, shape in _SHAPES.items():
                paths[name] = _random_model(Path(folder) / f"{len(paths)}.gguf", shape)
        for name, path in paths.items():
            part = sentences[: max(6, len(sentences) // _FEWER.get(name, 1))]
            for number in threads:
                results.append(_timed(name, path, part, number))
                _show(results[-1])
    facts = {
        "prompt_version": PROMPT_VERSION,
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "results": results,
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / "engine.json"
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    _plot(results, out / "engine.png")
    return path


def _timed(
    name: str, path: Path, sentences: Iterable[str], threads: int
) -> dict[str, Any]:
    before = _resident()
    with Engine.open(path, threads=threads) as engine:
        first = prepared(engine, "켜 줘")
        held = _resident() - before
        known = [prepared(engine, sentence) for sentence in sentences]
        each = ways(engine, threads, _MOST_TOKENS)
        for timed in each.values():
            timed(first)
        spent: dict[str, list[Any]] = {way: [] for way in each}
        title = f"{name}, {threads} thread{'s' * (threads > 1)}"
        for said in track(known, title, console=Console(stderr=True)):
            for way, timed in each.items():
                spent[way].append(timed(said))
        digest = engine.bundle.sha256
    return {
        "model": name,
        "sha256": digest,
        "bytes": path.stat().st_size,
        "threads": threads,
        "n": len(known),
        "engine_resident_mb": held,
        "ways": _figures(spent),
    }


def _figures(spent: dict[str, list[Any]]) -> dict[str, dict[str, float]]:
    base = median(one.seconds for one in spent["this engine"])
    found = {}
    for way, runs in spent.items():
        seconds = [one.seconds for one in runs]
        found[way] = {
            "p50_ms": median(seconds) * 1000,
            "p95_ms": quantiles(seconds, n=20, method="inclusive")[-1] * 1000,
            "ratio": median(seconds) / base,
            "passes": median(one.passes for one in runs),
            "tokens": median(one.tokens for one in runs),
        }
    return found


def _random_model(path: Path, shape: dict[str, int]) -> Path:
    """A model of this shape with random weights, quantized like the shipped one."""
    import torch

    from .export import quantize, write_gguf
    from .network import Network, Shape
    from .restoring import read_model

    _, vocabulary = read_model(shipped_model())
    torch.manual_seed(0)
    network = Network(Shape(len(vocabulary), **shape)).eval()
    whole = path.with_suffix(".f32")
    write_gguf(whole, network, vocabulary, {"grammar": PURIFIER.digest})
    del network
    try:
        quantize(whole, path, "Q8_0")
    finally:
        whole.unlink(missing_ok=True)
    return path


def _resident() -> float:
    """What this process holds, MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _show(facts: dict[str, Any]) -> None:
    title = f"{facts['model']}, {facts['threads']} thread(s), n={facts['n']}"
    table = Table("", "p50 ms", "p95 ms", "ratio", "passes", "tokens", title=title)
    for name, row in facts["ways"].items():
        table.add_row(
            name,
            f"{row['p50_ms']:.2f}",
            f"{row['p95_ms']:.2f}",
            f"{row['ratio']:.2f}",
            f"{row['passes']:.0f}",
            f"{row['tokens']:.0f}",
        )
    Console().print(table)


def _plot(results: Sequence[dict[str, Any]], path: Path) -> None:
    """How many times the engine's own time each way takes, by model and threads."""
    from .evaluation.pictures import figure

    names = list(results[0]["ways"])
    with figure(path, 9, 4.5) as axes:
        for place, name in enumerate(names):
            values = [facts["ways"][name]["ratio"] for facts in results]
            at = [i + (place - len(names) / 2) * 0.15 for i in range(len(results))]
            axes.bar(at, values, width=0.14, label=name)
        labels = [
            f"{facts['model']}\n{facts['threads']} thread(s)" for facts in results
        ]
        axes.set_xticks(range(len(results)), labels, fontsize=8)
        axes.set_ylabel("time, in that of this engine (p50)")
        axes.legend(fontsize=8)
        axes.grid(axis="y", alpha=0.3)
