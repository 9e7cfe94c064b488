"""What a batch consists of: plans are told from other YAML files without reading them whole, each content once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.base.errors import WorkbenchError
from workbench.runs.batch.last import recall, remember
from workbench.runs.batch.planned import Wanted, is_plan, plan_batch
from workbench.runs.batch.task import natural


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plan:\n  a: 1\n", True),
        ("\ufeff# 说明\n\n---\nplan: # x\n", True),
        ('"plan":\n  a: 1\n', True),
        ("plan: [\n", True),  # broken, and meant to be one: told as a failure
        ("{plan: {a: 1}}\n", True),
        ("\tplan:\n", True),  # no YAML at all: somebody has to be told
        ("facts:\n  plan: 1\n", False),
        ("计划: 1\n", False),
        ("planned: 1\n", False),
        ("- plan\n", False),
        ("", False),
    ],
)
def test_a_plan_is_known_by_its_first_key(tmp_path: Path, text: str, expected: bool) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    assert is_plan(path) is expected


def test_a_folder_gives_its_plans_and_says_what_it_left(workspace: Path, plans: Callable[..., list[Path]]) -> None:
    plans(2)
    (workspace / "params/facts.yaml").write_text("facts: 1\n", "utf-8")
    (workspace / "params/~c-1.yaml").write_text("plan: 1\n", "utf-8")
    planned = plan_batch(Wanted(("params",)), workspace)
    assert [task.name for task in planned.tasks] == ["params/c-1.yaml", "params/c-2.yaml"]
    assert planned.name == "params" and planned.folder == workspace / "runs/batch/params"
    assert ["1个 YAML 文件不是评价计划" in note.message for note in planned.notes] == [True]


def test_a_template_is_no_plan(
    workspace: Path, plans: Callable[..., list[Path]], template: Callable[..., Path]
) -> None:
    """In a folder it is passed over, and told; named as a plan it is refused. Braces in notes make no template."""
    plans(1, notes=["集合{甲}"], parties={"lead": "{}"})
    kept = template(title="{项目名称}自评").rename(workspace / "params/模板.yaml")
    planned = plan_batch(Wanted(("params",)), workspace)
    assert [task.name for task in planned.tasks] == ["params/c-1.yaml"]
    assert ["模板.yaml是计划模板,没有列入" in note.message for note in planned.notes] == [True]
    with pytest.raises(WorkbenchError, match="这是模板,请用 --template"):
        plan_batch(Wanted((str(kept),)), workspace)
    (workspace / "params/c-1.yaml").unlink()
    with pytest.raises(WorkbenchError, match="只找到计划模板"):
        plan_batch(Wanted(("params",)), workspace)


def test_folders_of_one_name_keep_apart(workspace: Path, plans: Callable[..., list[Path]]) -> None:
    path = plans(1)[0]
    for folder in (workspace / "甲/自评", workspace / "乙/自评"):
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_bytes(path.read_bytes())
    names = [plan_batch(Wanted((f"{unit}/自评",)), workspace).name for unit in "甲乙"]
    assert names == ["甲_自评", "乙_自评"]


def test_files_and_folders_may_overlap_and_each_content_counts_once(
    workspace: Path, plans: Callable[..., list[Path]]
) -> None:
    first, second = plans(2)
    (workspace / "params/twin.yaml").write_bytes(second.read_bytes())
    planned = plan_batch(Wanted((str(first), "params", "params/c-1.yaml")), workspace)
    assert [task.name for task in planned.tasks] == ["params/c-1.yaml", "params/c-2.yaml"]
    assert [note.code for note in planned.notes] == ["same_plan"]


@pytest.mark.parametrize(
    ("sources", "template", "code"),
    [
        (("param",), None, "file_missing"),
        ((os.devnull,), None, "not_a_file"),
        (("notebooks",), None, "no_plans"),
        (("项目库.csv",), None, "no_template"),
        (("params",), "模板.yaml", "template_alone"),
        (("项目库.csv", "params"), "模板.yaml", "several_registers"),
    ],
)
def test_a_request_that_makes_no_sense_is_told_at_once(
    workspace: Path, sources: tuple[str, ...], template: str | None, code: str
) -> None:
    (workspace / "项目库.csv").write_text("评价编号\n", "utf-8")
    with pytest.raises(WorkbenchError) as told:
        plan_batch(Wanted(sources, template), workspace)
    assert [problem.code for problem in told.value.problems] == [code]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are texts")
def test_a_file_whose_name_is_no_text_is_told_and_stops_no_other(
    workspace: Path, plans: Callable[..., list[Path]]
) -> None:
    plans(1)
    (workspace / "params" / os.fsdecode("甲.yaml".encode("gbk"))).write_text("plan: 1\n", "utf-8")
    planned = plan_batch(Wanted(("params",)), workspace)
    assert [task.name for task in planned.tasks] == ["params/c-1.yaml"]
    assert [(o.task, [p.code for p in o.problems]) for o in planned.refused] == [("甲.yaml", ["file_name"])]


def test_the_last_batch_is_remembered(workspace: Path) -> None:
    wanted = Wanted(("params", "x"), "模板.yaml", ("a=b",), "out")
    with pytest.raises(WorkbenchError, match="还没有批量运行过"):
        recall(workspace)
    remember(wanted, workspace)
    assert recall(workspace) == wanted
    (workspace / "runs/batch/last.json").write_text("{}", "utf-8")
    with pytest.raises(WorkbenchError, match="已损坏"):
        recall(workspace)


def test_rows_are_in_the_order_people_count() -> None:
    assert sorted(["清单 第10行", "清单 第9行", "a", "9"], key=natural) == ["9", "a", "清单 第9行", "清单 第10行"]
