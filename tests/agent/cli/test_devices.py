from __future__ import annotations

from typing import Any

import pytest

from sanso.agent.cli.devices import profile_rows
from sanso.agent.cli.texts import TEXTS
from sanso.devices import KINDS, load_profile, profile_names


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_lists_everything(lang: str, sanso: Any) -> None:
    """Every kind of URL and every profile is listed, in both languages."""
    run = sanso("devices", "--lang", lang)
    assert (run.code, run.err) == (0, "")
    for name, kind in KINDS.items():
        assert f"{name}:" in run.out
        for option in kind.options:
            assert option in run.out
    for name in profile_names():
        assert f"  {name}\n" in run.out


def test_says_what_a_product_can_do() -> None:
    """A profile's features are told by their names, and nothing that it lacks."""
    rows = dict(profile_rows(load_profile("sim-basic"), TEXTS["ko"]))
    assert rows == {
        "풍량": "3단계",
        "모드": "자동 모드, 수동 모드, 수면 모드",
        "부가 기능": "버튼 잠금",
        "표시등": "켜짐, 꺼짐",
        "센서": "초미세먼지",
        "필터": "초기화할 수 없음",
    }
