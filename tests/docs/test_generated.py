"""Generated pages are what scripts/make_docs.py makes now, and every how-to link of the script's texts is there."""

from __future__ import annotations

from pathlib import Path

import make_docs
import pytest
from docpages.writing import matched

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return make_docs.pages()


NAMES = [
    "rules.md",
    "howto/commands.md",
    "reference/result-fields.md",
    "reference/pack-fields.md",
    "reference/panel-fields.md",
    "reference/expressions.md",
    "reference/findings.md",
    "reference/policy-tables.md",
    "reference/recheck-rules.md",
]


def test_the_script_makes_these_pages(made):
    assert sorted(made) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_page_in_the_project_is_what_the_script_makes(made, name):
    here = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert here == made[name], f"docs/{name} is out of date: run python scripts/make_docs.py"


def test_every_rule_kind_has_a_sentence_with_points(made):
    sentences = [line for line in made["rules.md"].splitlines() if line.startswith("> ")]
    kinds = made["rules.md"].count("\n## ")
    assert len(sentences) == kinds
    assert all("分" in s and "None" not in s for s in sentences)


def test_a_parameter_without_a_text_stops_the_script():
    with pytest.raises(SystemExit, match="lacks b"):
        matched("x", ["a", "b"], {"a": "甲"})
    with pytest.raises(SystemExit, match="no longer exists"):
        matched("x", ["a"], {"a": "甲", "b": "乙"})


def test_what_a_policy_does_not_say_is_shown_as_such(made):
    page = made["reference/policy-tables.md"]
    assert "本办法未规定,按国家默认" in page
    assert page.count("\n## ") == 7  # six built in, and that of the fund pack
