from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanso.models.bench import run


# The peer's own warnings: a deprecated ctypes call, and files that it leaves open.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.engine
def test_every_way_is_timed_on_the_same_sentences(tmp_path: Path) -> None:
    """The engine and its peers all finish, and the figures and the picture are written."""
    run(2, out=tmp_path, larger=False, threads=(1,))
    (found,) = tmp_path.glob("*.json")
    facts = json.loads(found.read_text(encoding="utf-8"))
    text = json.dumps(facts)
    for way in ("engine", "create_completion", "llguidance"):
        assert way in text
    assert list(tmp_path.glob("*.png"))
