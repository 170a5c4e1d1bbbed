"""
Measure the engine against the usual way to run a model with a grammar.

Strategy: the same prompts and the same GGUF, in turns within one run, one thread: what is compared are ratios, because the machine is shared. The
peer is llama-cpp-python's `create_completion`, with the grammar and without. Results go to `models/bench/`.
"""

from __future__ import annotations

import json
import platform
import random
import resource
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import track
from rich.table import Table

from sanso.agent import Engine
from sanso.agent.llama import library
from sanso.agent.prompt import PROMPT_VERSION, normalize, prompt
from sanso.grammars import PURIFIER, gbnf_grammar

from .corpus.lines import read_all
from .corpus.stream import validation

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS: Final = Path(__file__).parents[2] / "bench"
_MOST_TOKENS: Final = 64


def run(count: int = 200, model: Path | None = None, out: Path = RESULTS) -> Path:
    """
    Time `count` held-out sentences each way; write and show the figures.

    Raises:
        ModelError: the model cannot be used.
    """
    examples = [e for e in validation(read_all()) if not e.turns]
    chosen = random.Random(1).sample(examples, min(count, len(examples)))
    sentences = [normalize(example.sentence) for example in chosen]
    with Engine.open(model) as engine:
        ways = {"this engine": engine.decide, **_peers(engine.bundle.path)}
        for way in ways.values():
            way(sentences[0])
        spent: dict[str, list[float]] = {name: [] for name in ways}
        passes: list[int] = []
        for sentence in track(sentences, "timing", console=Console(stderr=True)):
            for name, way in ways.items():
                started = time.perf_counter()
                result = way(sentence)
                spent[name].append((time.perf_counter() - started) * 1000)
                if name == "this engine":
                    passes.append(result.evidence.passes)
        digest = engine.bundle.sha256
    figures = _figures(spent)
    facts = {
        "n": len(sentences),
        "model": digest,
        "prompt_version": PROMPT_VERSION,
        "machine": platform.processor() or platform.machine(),
        "passes_median": median(passes),
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ms": figures,
    }
    _show(facts)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "engine.json"
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return path


def _peers(path: Path) -> dict[str, Callable[[str], Any]]:
    """llama-cpp-python's own class, held by the grammar and free."""
    api = library()
    llama = api.Llama(
        str(path), n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False
    )
    grammar = api.LlamaGrammar.from_string(gbnf_grammar(PURIFIER), verbose=False)

    def complete(sentence: str, held: Any) -> Any:
        text = "".join(piece.text for piece in prompt(sentence))
        tokens = llama.tokenize(text.encode(), add_bos=False, special=True)
        return llama.create_completion(
            tokens, max_tokens=_MOST_TOKENS, temperature=0.0, grammar=held
        )

    return {
        "create_completion with grammar": lambda s: complete(s, grammar),
        "create_completion without": lambda s: complete(s, None),
    }


def _figures(spent: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    base = median(spent["this engine"])
    return {
        name: {
            "p50": median(times),
            "p95": quantiles(times, n=20)[-1],
            "ratio": median(times) / base,
        }
        for name, times in spent.items()
    }


def _show(facts: dict[str, Any]) -> None:
    table = Table("", "p50 ms", "p95 ms", "times this engine", title="Text to program")
    for name, row in facts["ms"].items():
        table.add_row(
            name, f"{row['p50']:.2f}", f"{row['p95']:.2f}", f"{row['ratio']:.1f}"
        )
    console = Console()
    console.print(table)
    console.print(
        f"n={facts['n']}, median passes {facts['passes_median']:.0f}, "
        f"resident {facts['resident_mb']:.0f} MB"
    )
