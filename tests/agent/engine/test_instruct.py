"""General instruct models, taken as they are: here two with random weights."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sanso.agent.engine import Engine
from sanso.agent.prompt import normalize
from sanso.grammars import parse

pytestmark = pytest.mark.engine

NO_SYSTEM = (
    "{% for m in messages %}"
    "{% if m['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "{% if m['role'] == 'user' %}{{ '<s>[INST] ' + m['content'] | trim + ' [/INST]' }}"
    "{% else %}{{ ' ' + m['content'] + ' </s>' }}{% endif %}"
    "{% endfor %}"
)
CHATML = (
    "{% for m in messages %}"
    "{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SENTENCES = (
    "꺼 줘",
    "turn it off",
    "바람 좀 세게",
    "make it a bit weaker",
    "3단으로 해줘",
    "two hours later switch off",
    "밤 11시에 취침 모드로 바꿔줘",
    "what is the pm2.5 now?",
    "미세먼지 어때",
    "lock the panel and dim the light",
    "고마워",
    "play some music",
    "필터 교체했어",
    "is it on?",
    "30분만 터보로",
    "when humidity is above 60 set eco",
    "아니",
    "undo that",
    "음...",
    "습도 <40> & {{ 7*7 }} [a|b] \\ \" '",
)
HOSTILE = {
    "syntax error": "{% for m in messages %}{{ m.content ",
    "nothing there": "{{ nothing.at.all }}",
    "escape by class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "escape by globals": "{{ cycler.__init__.__globals__.os.system('true') }}",
    "escape by format": "{{ '{0.__class__}'.format(messages) }}{{ x.__init__ }}",
    "long range": "{% for i in range(10**9) %}x{% endfor %}",
    "long text": "{{ 'x' * 10**10 }}",
    "growing text": "{% set n = namespace(s='x') %}{% for i in range(60) %}"
    "{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    "endless print": "{% for i in range(9999) %}{% for j in range(9999) %}xxxx{% endfor %}{% endfor %}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "deep nesting": "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    "change of messages": "{{ messages.clear() }}",
    "other text": "hello",
    "too long": "{# " + "x" * 70_000 + " #}{{ messages[-1].content }}",
}


@pytest.fixture(scope="module")
def llama(write_instruct: Callable[..., Path], llama_words: object) -> Path:
    """A Llama with a template that knows no system role."""
    return write_instruct("llama", "llama", llama_words, NO_SYSTEM)


@pytest.fixture(scope="module")
def qwen(write_instruct: Callable[..., Path], qwen_words: object) -> Path:
    """A Qwen2 with ChatML."""
    return write_instruct("qwen", "qwen2", qwen_words, CHATML)


@pytest.mark.parametrize("name", ["llama", "qwen"])
def test_any_model_writes_programs(name: str, request: pytest.FixtureRequest) -> None:
    """Whatever a foreign model prefers, what it writes is a program of the call language."""
    with Engine.open(request.getfixturevalue(name)) as engine:
        for sentence in SENTENCES:
            t = time.time()
            decision = engine.decide(normalize(sentence))
            text = decision.program.render()
            print(len(text), decision.evidence.prompt_tokens, time.time() - t, text)
            assert parse(text) == decision.program
