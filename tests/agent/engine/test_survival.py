"""
What ends a llama.cpp process when it is called directly, and is an ordinary error here.

Each case runs in a process of its own: if a guard were missing, the process would die and the test would fail.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import sanso.agent

pytestmark = pytest.mark.engine

Child = Callable[..., str]

BAD_GRAMMARS = {
    "empty": "",
    "cut by a zero byte": "\0",
    "nothing but a comment": "# root",
    "open text": 'root ::= "a',
    "open class": "root ::= [a-z",
    "bad escape": r'root ::= "\xZZ"',
    "undefined rule": "root ::= undefined",
    "no root": 'other ::= "a"',
    "left recursion": 'root ::= root "a"',
    "repetition without end": 'root ::= ("")*',
    "too many repetitions": 'root ::= "a"{99999}',
    "deep nesting": "root ::= " + "(" * 60_000 + '"a"' + ")" * 60_000,
}


def test_llama_cpp_does_die(dying_child: Callable[..., int], random_gguf: Path) -> None:
    """Without our guards an illegal token aborts the process: these tests can fail."""
    script = """
model = Model(path, vocabulary_only=True)
grammar = Grammar(model, 'root ::= "a"')
library().llama_sampler_accept(grammar._state, model.eos)
"""
    assert dying_child(script, random_gguf) == -signal.SIGABRT


@pytest.mark.parametrize("name", BAD_GRAMMARS)
def test_bad_grammar(
    child: Child, random_gguf: Path, tmp_path: Path, name: str
) -> None:
    """A grammar that llama.cpp cannot read is refused, not used as a null pointer."""
    grammar = tmp_path / "bad.gbnf"
    grammar.write_text(BAD_GRAMMARS[name], encoding="utf-8")
    script = """
model = Model(path, vocabulary_only=True)
refused(lambda: Grammar(model, Path(sys.argv[2]).read_text(encoding="utf-8")))
"""
    assert child(script, random_gguf, grammar) == "ModelError"


def test_brackets_in_texts_are_not_depth(child: Child, random_gguf: Path) -> None:
    """Only parentheses of the grammar itself count: calls are full of others."""
    script = """
model = Model(path, vocabulary_only=True)
refused(lambda: Grammar(model, 'root ::= ' + '"(" [(] ' * 500 + "# " + "(" * 500))
"""
    assert child(script, random_gguf) == "accepted"


def test_illegal_tokens(child: Child, random_gguf: Path) -> None:
    """A token is taken only if the grammar has just named it, and only once."""
    script = """
model = Model(path)
grammar = Grammar(model, 'root ::= "undo("')
logits = np.zeros(model.size, np.float32)
first = model.program_tokens("undo()")[0]
refused(
    lambda: grammar.accept(first),  # nobody asked yet
    lambda: grammar.allows(model.size),
    lambda: grammar.allows(-1),
    lambda: grammar.legal(logits[:5]),
)
print(grammar.allows(model.eos), grammar.allows(first + 1), grammar.allows(first))
refused(lambda: grammar.accept(model.eos), lambda: grammar.accept(first))
refused(lambda: grammar.accept(first))  # the same once more
print(grammar.legal(logits).tolist() == [model.eos])
refused(lambda: grammar.accept(model.eos), lambda: grammar.accept(model.eos))
grammar.restart()
print(model.eos in grammar.legal(logits))
refused(lambda: grammar.accept(model.eos))
grammar.legal(logits)
grammar.restart()
refused(lambda: grammar.accept(first))  # named before the restart
"""
    expected = """\
LlamaError LlamaError LlamaError LlamaError
False False True
LlamaError accepted
LlamaError
True
accepted LlamaError
False
LlamaError
LlamaError"""
    assert expected == child(script, random_gguf)


def test_no_legal_token(child: Child, random_gguf: Path) -> None:
    """Logits that are no numbers, or a grammar without a way on, end in an empty list."""
    script = """
model = Model(path, vocabulary_only=True)
grammar = Grammar(model, 'root ::= "a"')
for value in (np.nan, -np.inf, np.inf):
    print(len(grammar.legal(np.full(model.size, value, np.float32))))
print(len(Grammar(model, "root ::= <[99999999]>").legal(np.zeros(model.size, np.float32))))
"""
    assert child(script, random_gguf).split() == ["0", "0", "0", "0"]


def test_batches(child: Child, random_gguf: Path) -> None:
    """No token, too many tokens and unknown tokens are refused, and the context works on."""
    script = """
model = Model(path)
context = Context(model, tokens=32)
before = context.run([1, 5, 6]).copy()
refused(
    lambda: context.run([]),
    lambda: context.run([1] * 33),
    lambda: context.run([1] * 100_000),
    lambda: context.run([model.size]),
    lambda: context.run([-1]),
    lambda: context.run([1, 2**31]),
    lambda: Context(model, tokens=0),
    lambda: Context(model, tokens=-5),
)
print(np.allclose(before, context.run([1, 5, 6]), atol=1e-5), len(context.run([1] * 32)) == model.size)
"""
    expected = "LlamaError " * 6 + "ModelError ModelError\nTrue True"
    assert expected == child(script, random_gguf)


def test_two_threads_in_one_context(child: Child, random_gguf: Path) -> None:
    """Of threads that enter one context together, one works and the others are refused."""
    script = """
import threading
model = Model(path)
context = Context(model, tokens=256)
seen = set()
start = threading.Barrier(4)
def work(seed):
    start.wait()
    for turn in range(100):
        seen.add(outcome(lambda: context.run([1] + [5 + (seed + turn) % 50] * 200)))
threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(seen == {"accepted", "LlamaError"})
"""
    assert child(script, random_gguf) == "True"


def test_threads_in_one_engine(child: Child, random_gguf: Path) -> None:
    """Callers of one engine wait for one another, and a close waits for the last of them."""
    script = """
import threading
engine = Engine.open(path)
texts, refusals = set(), set()
start = threading.Barrier(5)
def work():
    start.wait()
    for _ in range(30):
        try:
            texts.add(engine.decide("turn on").program.render())
        except SansoError as error:
            refusals.add(type(error).__name__)
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
start.wait()
while not texts:
    pass
engine.close()
[thread.join() for thread in threads]
print(len(texts), refusals)
"""
    assert child(script, random_gguf) in ("1 {'LlamaError'}", "1 set()")


def test_use_after_the_end(child: Child, random_gguf: Path) -> None:
    """What was closed refuses to work, and may be closed again."""
    script = """
model = Model(path)
context, grammar = Context(model, tokens=32), Grammar(model, 'root ::= "a"')
logits = context.run([1]).copy()
context.close()
grammar.close()
refused(
    lambda: context.run([1]),
    lambda: grammar.legal(logits),
    lambda: grammar.allows(1),
    lambda: grammar.accept(1),
    grammar.restart,
)
model.close()
refused(
    lambda: model.tokenize("on"),
    lambda: model.tokenize(""),
    lambda: model.piece(1),
    lambda: model.text(1),
    lambda: model.is_end(1),
    lambda: model.spelled([1]),
    lambda: model.control("<s>"),
    lambda: model.program_tokens("undo()"),
    lambda: Context(model, tokens=32),
    lambda: Grammar(model, 'root ::= "a"'),
)
for closed in (context, grammar, model) * 2:
    closed.close()
engine = Engine.open(path)
engine.close()
engine.close()
refused(lambda: engine.decide("turn on"))
"""
    expected = "\n".join(" ".join(["LlamaError"] * n) for n in (5, 10, 1))
    assert expected == child(script, random_gguf)


def test_model_closed_first(child: Child, random_gguf: Path) -> None:
    """Closing a model closes what was made with it: nothing is used after its memory is gone."""
    script = """
model = Model(path)
context, grammar = Context(model, tokens=32), Grammar(model, 'root ::= "a"')
model.close()
refused(lambda: context.run([1]), lambda: grammar.allows(1))
context.close()
grammar.close()
"""
    assert child(script, random_gguf) == "LlamaError LlamaError"


def test_end_of_the_process(child: Child, random_gguf: Path) -> None:
    """A process that forgot to close anything ends in peace."""
    script = """
engine = Engine.open(path)
other = Model(path, vocabulary_only=True)
print(len(engine.decide("turn on").evidence.choices) > 0)
"""
    assert child(script, random_gguf) == "True"


def test_vocabulary_only(child: Child, random_gguf: Path) -> None:
    """A model that was loaded without its weights gets no context."""
    script = """
model = Model(path, vocabulary_only=True)
print(len(model.tokenize("turn on")) > 0)
refused(lambda: Context(model, tokens=32))
"""
    assert child(script, random_gguf) == "True\nModelError"


def test_token_ids_out_of_range(child: Child, random_gguf: Path) -> None:
    """No question about a token that does not exist reaches llama.cpp."""
    script = """
model = Model(path, vocabulary_only=True)
for token in (-1, model.size, 2**31 - 1, -(2**31)):
    refused(
        lambda: model.piece(token),
        lambda: model.text(token),
        lambda: model.is_end(token),
        lambda: model.spelled([token]),
    )
refused(lambda: model.control("<nothing>"), lambda: model.control("on"))
"""
    expected = "\n".join(["LlamaError LlamaError LlamaError LlamaError"] * 4)
    assert expected + "\nLlamaError LlamaError" == child(script, random_gguf)


def test_odd_texts(child: Child, random_gguf: Path) -> None:
    """Any text becomes tokens that spell it: zero bytes, lone surrogates, long ones, other scripts."""
    script = """
model = Model(path, vocabulary_only=True)
for text in ("a\\0b", "\\ud800", "a" * 100_000, "가" * 50_000, "🌬️" * 1000, " ", "\\uffff", "<s></s><call>"):
    tokens = model.tokenize(text)
    spelled = b"".join(model.piece(token) for token in tokens)
    print(spelled.decode().removeprefix(" ") == text.encode("utf-8", "ignore").decode() or repr(text[:9]))
print(len(model.tokenize("")))
"""
    assert child(script, random_gguf).split("\n") == [*["True"] * 8, "0"]


def test_deadline(child: Child, random_gguf: Path) -> None:
    """A deadline in the past stops the writing, and the engine serves the next sentence."""
    script = """
engine = Engine.open(path)
refused(lambda: engine.decide("turn on", timeout_seconds=0.0))
refused(lambda: engine.decide("turn on", timeout_seconds=60.0))
refused(lambda: engine.decide("가" * 2000))
refused(lambda: engine.decide("turn on"))
"""
    expected = "DeadlineExceeded\naccepted\nUtteranceError\naccepted"
    assert expected == child(script, random_gguf)


@pytest.mark.parametrize(
    "name",
    [
        "llama_state_seq_load_file",  # aborts on a truncated file
        "llama_sampler_init_grammar_lazy",  # aborts on a bad pattern
        "llama_chat_apply_template",  # believes the file
        "llama_cpp.Llama",  # hides all of the above
        "LlamaGrammar",  # is checked by nobody
    ],
)
def test_calls_that_cannot_be_guarded(name: str) -> None:
    """What aborts on bad input and cannot be checked before is not used at all."""
    sources = list(Path(sanso.agent.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    assert not [path.name for path in sources if name in path.read_text("utf-8")]
