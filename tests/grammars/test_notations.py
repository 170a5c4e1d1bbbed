"""The generated notations, and what the package shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lark import Lark

import sanso.grammars
from sanso.grammars import PURIFIER, CallSet, gbnf_grammar, lark_grammar

FOLDER = Path(__file__).parents[2] / "grammars"


@pytest.mark.parametrize(
    ("name", "make"), [("purifier.gbnf", gbnf_grammar), ("purifier.lark", lark_grammar)]
)
def test_files_are_up_to_date(name: str, make: object) -> None:
    """The files that others read are what the schema gives: `make grammars` writes them."""
    assert callable(make)
    text = (FOLDER / name).read_bytes().decode("ascii")
    assert make(PURIFIER) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_gbnf_rules_are_whole() -> None:
    """Every rule is defined once, used somewhere, and named as llama.cpp allows."""
    lines = gbnf_grammar(PURIFIER).splitlines()[1:]
    rules = dict(line.split(" ::= ", 1) for line in lines)
    assert len(lines) == len(rules)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in rules)
    bare = {
        name: re.sub(r'"[^"]*"|\[[^]]*\]', "", body) for name, body in rules.items()
    }
    used = {
        name for body in bare.values() for name in re.findall(r"[a-z][a-z0-9-]*", body)
    }
    assert set(rules) - {"root"} == used


def test_lark_needs_nothing_else() -> None:
    """The Lark grammar is complete: any Lark reads programs with it."""
    reader = Lark(lark_grammar(PURIFIER), start="program", parser="lalr")
    text = "at(time=23:00, repeat=daily) -> set_mode(mode=sleep); step_fan(by=-2)"
    tree = reader.parse(text)
    names = [[str(node.data) for node in part.children] for part in tree.children]  # type: ignore[union-attr]
    assert names == [["at__0", "set_mode__0"], ["step_fan__0"]]


def test_notations_do_not_change_by_themselves() -> None:
    """The same schema gives the same text, so that a digest means something."""
    assert gbnf_grammar(CallSet()) == gbnf_grammar(PURIFIER)
    assert lark_grammar(CallSet()) == lark_grammar(PURIFIER)


def test_exports() -> None:
    """`__all__` is sorted (constants, classes, functions) and names every public name once."""
    names = sanso.grammars.__all__

    def kind(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert names == sorted(names, key=kind)
    assert len(names) == len(set(names))
    public = {
        name
        for name, value in vars(sanso.grammars).items()
        if not name.startswith("_")
        and not name.startswith("annotations")
        and type(value).__name__ != "module"
    }
    assert public == set(names)
