"""Commands shown in the documentation exist, and the tutorial's way gives what the tutorial shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import walkthrough
import yaml
from typer.core import TyperGroup
from typer.main import get_command

from workbench.base.models import validated
from workbench.base.yamlio import parse_yaml
from workbench.cli.app import application
from workbench.scheme.panel import panel_problems
from workbench.scheme.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HAND_WRITTEN = [DOCS / "tutorial.md", DOCS / "pack-author.md", *sorted((DOCS / "howto").glob("*.md"))]
LINES = [
    pytest.param(line, id=f"{page.stem}: {line}")
    for page in HAND_WRITTEN
    for step in walkthrough.steps(page.read_text(encoding="utf-8"))
    if step.kind == "sh"
    for line in walkthrough.commands(step.body)
    if line.startswith("workbench ")
]


@pytest.mark.parametrize("line", LINES)
def test_command_and_options_exist(line):
    words = shlex.split(line)[1:]
    command, name = get_command(application()), "workbench"
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        if words[0] not in command.commands and hasattr(command, "default"):
            words.insert(0, command.default)
        name = words.pop(0)
        assert name in command.commands, f"no command {name}"
        command = command.commands[name]
    if words == ["--version"] or (isinstance(command, TyperGroup) and not words):
        return
    context = command.make_context(name, words, resilient_parsing=False)
    context.close()


def test_the_pages_show_enough_commands():
    wanted = {"new", "run", "show", "template", "packs", "lab", "review", "panel", "ledger", "rectify"}
    wanted |= {"seal", "keys", "sign", "verify", "rerun", "compare", "sample", "truth"}
    assert {p.values[0].split()[1] for p in LINES} >= wanted


BASE = {
    "evaluation": "x",
    "title": "x",
    "pack": "self-evaluation",
    "ruleset": "caiyu-2020-10",
    "policy": "kizilsu-2023",
    "period": "2022年度",
    "stage": "自评",
    "as_of": "2023-03-20",
    "evidence": "x.xlsx",
}


def changes_shown():
    page = (DOCS / "howto" / "changes.md").read_text(encoding="utf-8")
    return [step.body for step in walkthrough.steps(page) if step.kind == "yaml"]


@pytest.mark.parametrize("block", changes_shown())
def test_every_change_shown_is_one_a_plan_may_have(block):
    base = BASE | yaml.safe_load(block)
    document = parse_yaml(yaml.safe_dump({"plan": base}, allow_unicode=True), "changes.md")
    assert validated(Plan, document.data["plan"], document, ValueError, "plan").changes


def test_the_panel_shown_is_one_a_plan_may_have():
    page = (DOCS / "howto" / "review.md").read_text(encoding="utf-8")
    (block,) = (step.body for step in walkthrough.steps(page) if step.kind == "yaml")
    panel = validated(Plan, BASE | yaml.safe_load(block), None, ValueError, "plan").panel
    assert {"lead", "expert", "clerk", "checker", "reviewer", "unit"} <= {r for m in panel.members for r in m.roles}
    codes = {f"I0{n}" for n in range(1, 10)} | {"EXEC"}
    assert panel_problems(panel, sorted(codes), ["产出指标", "效益指标"], ["P01"], "plan.panel") == []


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory):
    page = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("tutorial")
    return [(step.body.strip(), printed.strip()) for step, printed in walkthrough.walk(page, folder)], folder


def test_the_tutorial_prints_what_it_shows(tutorial):
    blocks, _ = tutorial
    assert len(blocks) >= 6
    for body, printed in blocks:
        assert body == printed, "docs/tutorial.md is out of date: run python tests/docs/walkthrough.py docs/tutorial.md"


def test_the_tutorial_goes_from_errors_to_a_grade(tutorial):
    blocks, folder = tutorial
    printed = [text for _, text in blocks]
    assert "百分数疑似以小数填写" in printed[0]
    assert "指标分值合计不等于100" in printed[1]
    assert "总分区间" in printed[2]
    assert "触发情形" in printed[-2]
    assert len(list(folder.glob("school-meals-2022/runs/*/*/result.json"))) >= 4


def test_images_shown_are_there_and_small():
    kept = {image.name for image in (DOCS / "images").glob("*.png")}
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    assert set(re.findall(r"images/([\w-]+\.png)", pages)) == kept
    assert all((DOCS / "images" / name).stat().st_size < 150_000 for name in kept)
