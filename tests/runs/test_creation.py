"""``workbench new``: what it makes opens, says what to fill in, and never overwrites."""

from __future__ import annotations

import json

import pytest

import workbench as wb
from workbench.base.errors import EvidenceError, PlanError
from workbench.base.yamlio import read_yaml
from workbench.runs.creation import create_workspace
from workbench.runs.opening import read_plan


def make(folder, **more):
    settings = {"pack": "self-evaluation", "name": "demo-2026", "title": None, "variant": None}
    return create_workspace(folder=folder, policy="kizilsu-2023", as_of="2026-11-22", **(settings | more))


def test_plan_is_valid_and_the_empty_workbook_says_what_is_missing(tmp_path):
    made = make(tmp_path / "w")
    plan = read_plan(made.plan, tmp_path / "w").plan
    assert (plan.variant, plan.ruleset, plan.policy) == ("caiyu10", "caiyu-2020-10", "kizilsu-2023")
    with pytest.raises(EvidenceError) as caught:
        wb.open("params/demo-2026.yaml", workspace=tmp_path / "w")
    assert "请至少填写一行" in str(caught.value)


def test_notebook_starts_with_the_new_plan(tmp_path):
    made = make(tmp_path / "w")
    cells = json.loads(made.notebook.read_text(encoding="utf-8"))["cells"]
    (parameters,) = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    assert "".join(parameters["source"]) == 'plan = "params/demo-2026.yaml"'


def test_caps_of_the_policy_are_on_the_sheet(tmp_path):
    import openpyxl

    book = openpyxl.load_workbook(make(tmp_path / "w").evidence)
    cells = [str(c.value) for row in book["情形核查"].iter_rows() for c in row]
    # 克州2023 三(三): two failed monitoring rounds without correction.
    assert "MONITOR_TWICE_FAILED" in cells


def test_a_second_evaluation_joins_the_workspace_and_nothing_is_overwritten(tmp_path):
    first = make(tmp_path / "w")
    second = make(tmp_path / "w", name="other-2026", variant="caiyu101_cost")
    assert second.notebook == first.notebook
    assert read_yaml(second.plan).data["plan"]["ruleset"] == "caiyu-2021-101"
    with pytest.raises(PlanError, match="文件已存在"):
        make(tmp_path / "w")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "学校"}, "评价编号格式不对"),
        ({"variant": "x"}, "没有这棵指标树"),
        ({"pack": "selfevaluation"}, "self-evaluation"),
    ],
)
def test_refusals_say_how_to_go_on(tmp_path, more, message):
    with pytest.raises(PlanError, match=message):
        make(tmp_path / "w", **more)
    assert not (tmp_path / "w").exists()


def test_a_pack_without_notebook_gets_the_general_one(tmp_path):
    from workbench.runs.notebooks import DEFAULT, find_notebook

    assert find_notebook(None, tmp_path).name == DEFAULT
