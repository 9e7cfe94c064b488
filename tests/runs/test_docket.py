"""An evaluation under review: computed as the run was, rescored by corrections, refused when it has moved on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import workbench as wb
from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, PlanError, ReviewError, SchemeError, WorkbenchError
from workbench.evidence.corrections import correctable
from workbench.review.docket import Docket
from workbench.review.events import Attachment, Correction
from workbench.runs.docket import RunDocket, docket_of
from workbench.runs.store import run_folder, seal_folder, write_files
from workbench.scoring.result import IndicatorResult

Workspace = Callable[..., Path]
PLAN = "params/plan.yaml"
BOOK = "params/基础数据.xlsx"


def opened(root: Path) -> RunDocket:
    return RunDocket(wb.open(PLAN, workspace=root))


def finished(root: Path) -> Path:
    """The folder of a run, without the notebook."""
    evaluation = wb.open(PLAN, workspace=root)
    folder = run_folder(evaluation)
    write_files(evaluation, folder)
    seal_folder(folder, evaluation.digest)
    return folder


def correction(change: dict[str, Any], **more: Any) -> Correction:
    content = {"kind": "correction", "subject": "P01", "change": change, "reason": "现场核实"} | more
    return Correction.model_validate(content)


def cell(field: str, old: str | None, new: str | None, table: str = "绩效指标", **more: Any) -> Correction:
    return correction({"target": "cell", "table": table, "field": field, "old": old, "new": new}, **more)


def proof(indicator: str, status: str, value: str | None = None, **more: Any) -> Correction:
    change = {"target": "proof", "indicator": indicator, "status": status, "verified_value": value}
    return correction(change, **more)


def indicator(docket: RunDocket, code: str) -> IndicatorResult:
    return next(i for i in docket.result.subjects[0].indicators if i.code == code)


def test_it_says_what_the_run_says(workspace: Workspace) -> None:
    docket: Docket = opened(workspace())  # mypy: it keeps the promise
    subject = docket.result.subjects[0]
    # hand: rate 184/200 = 92 % → 9.20; 25 % × 92 twice; 15 × 92 % twice; 10 × 92 %
    assert (subject.total, subject.grade) == ("92.00", "优")
    outlook = docket.outlook("P01", {})
    assert (str(outlook.total), outlook.grade, outlook.levels) == (subject.total, subject.grade, subject.levels)
    assert outlook.down is not None and (outlook.down.grade, str(outlook.down.points)) == ("良", "2.01")


def test_points_of_other_subjects_do_not_count(workspace: Workspace) -> None:
    docket = opened(workspace())
    points = {("P01", "I03"): Decimal("15"), ("P02", "I01"): Decimal(0)}
    assert str(docket.outlook("P01", points).total) == "93.20"  # hand: 15 in place of 13.80


def test_only_qualitative_indicators_leave_room(workspace: Workspace) -> None:
    docket = opened(workspace())
    codes = [i.code for i in docket.result.subjects[0].indicators]
    assert [code for code in codes if docket.judged(code)] == ["I03"]


def test_the_rule_is_told_in_words_with_its_points_and_source(workspace: Workspace) -> None:
    docket = opened(workspace())
    said = docket.rule_text("I03")
    # 财预〔2020〕10号 第十六条: 100%–80%(含) of 15 points is 12 to 15
    assert said.startswith("定性分档:按评定的达成比例得分:“达成年度指标”80%—100%得12—15分;")
    assert said.endswith("(财预〔2020〕10号 第十六条)")
    assert docket.rule_text("I03", "P01") == f"{said}。本对象:按评定比例得分"
    for asked in (("I9",), ("I03", "P9")):
        with pytest.raises(KeyError):
            docket.rule_text(*asked)


def test_points_nobody_may_give_are_refused(workspace: Workspace) -> None:
    docket = opened(workspace())
    for points, said in (({("P01", "I01"): Decimal(26)}, "0至25.00"), ({("P01", "I9"): Decimal(1)}, "没有这个指标")):
        with pytest.raises(ReviewError, match=said):
            docket.outlook("P01", points)
    with pytest.raises(ReviewError, match="是否想写“P01”"):
        docket.outlook("P1", {})


def test_a_corrected_line_of_the_sheet_is_rescored(workspace: Workspace) -> None:
    docket = opened(workspace())
    made = docket.corrected([(12, cell("I01.actual", "92", "80%")), (15, cell("I03.degree", "92%", "70"))])
    # hand: 25 × 80 % = 20.00; 15 × 70 % = 10.50; 92.00 − 3.00 − 3.30
    assert (indicator(made, "I01").computed, indicator(made, "I03").computed) == ("20.00", "10.50")
    assert made.result.subjects[0].total == "85.70"
    assert indicator(made, "I01").evidence[0].place.endswith("(评审台账第12号数据更正)")
    assert docket.result.subjects[0].total == "92.00"


def test_a_cell_read_by_a_derived_table_moves_what_is_made_from_it(workspace: Workspace) -> None:
    made = opened(workspace()).corrected([(7, cell("全年执行数", "184", "1600000元", table="项目资金"))])
    rate = next(i for i in made.result.subjects[0].indicators if i.level1 == "预算执行率")
    assert (rate.value, rate.computed) == ("80.00", "8.00")  # hand: 160/200
    assert rate.substituted is not None and "〔评审台账第7号数据更正〕" in rate.substituted
    assert any("含评审台账第7号数据更正" in e.place for e in rate.evidence)


def test_every_column_offered_for_correction_is_one(workspace: Workspace) -> None:
    docket = opened(workspace())
    offered = correctable(docket.scheme.pack, docket.scheme.tree)
    assert ("indicators", "I03.degree", "效益指标1:评定比例") in offered
    assert ("funds", "executed", "项目资金:全年执行数") in offered
    for table, field, _ in offered:
        with pytest.raises(ReviewError) as caught:
            docket.corrected([(12, cell(field, "没有的值", "9", table))])
        assert [p.code for p in caught.value.problems] == ["stale_correction"]


def test_a_corrected_proof_settles_what_was_provisional(workspace: Workspace) -> None:
    docket = opened(workspace())
    before = indicator(docket, "I02")
    scan = Attachment(name="验收单.pdf", sha256="b" * 64, size=10)
    made = docket.corrected([(9, proof("I02", "核实不符", "90", attachments=[scan]))])
    after = indicator(made, "I02")
    assert (before.status, before.computed) == ("provisional", "23.00")
    assert (after.status, after.computed, after.value) == ("scored", "22.50", "90.00")  # hand: 25 × 90 %
    document = after.evidence[-1]
    assert (document.document, document.sha256) == ("验收单.pdf", "b" * 64)
    assert document.place == "基础数据.xlsx [佐证清单] A3(评审台账第9号数据更正)"


def test_what_identifies_the_files_stays_that_of_the_files(workspace: Workspace) -> None:
    docket = opened(workspace())
    made = docket.corrected([(12, cell("I01.actual", "92", "80.125%"))])
    assert made.scheme.digest != docket.scheme.digest  # the indicator now has three decimals
    for name in ("scheme_digest", "evidence_digest", "pack"):
        assert getattr(made.result, name) == getattr(docket.result, name)
    assert made.run == docket.run


def test_a_correction_that_does_not_fit_is_refused_with_its_number(workspace: Workspace) -> None:
    docket = opened(workspace())
    with pytest.raises(ReviewError) as caught:
        docket.corrected([(12, cell("I01.actual", "91", "80%")), (13, proof("I99", "核实一致", evidence="函"))])
    assert [(p.code, p.place.key) for p in caught.value.problems] == [
        ("stale_correction", "评审台账第12号数据更正"),
        ("unknown_indicator", "评审台账第13号数据更正"),
    ]


def test_a_replay_keeps_what_still_fits(workspace: Workspace) -> None:
    entries = [(12, cell("I01.actual", "91", "80%")), (13, cell("I02.actual", "92", "80%"))]
    docket, stale = opened(workspace()).replayed(entries)
    assert {n: [p.code for p in problems] for n, problems in stale.items()} == {12: ["stale_correction"]}
    assert [indicator(docket, c).computed for c in ("I01", "I02")] == ["23.00", "20.00"]


def test_attachments_named_in_the_evidence_open_and_nothing_else(workspace: Workspace) -> None:
    root = workspace()
    docket = opened(root)
    path = root / "params" / "附件" / "决算报表.txt"
    data = path.read_bytes()
    assert docket.attachment(digest(data)) == ("决算报表.txt", data)
    assert docket.attachment(digest((root / BOOK).read_bytes())) is None  # the workbook itself is no attachment
    assert docket.attachment("0" * 64) is None
    corrected = docket.corrected([(9, proof("I01", "已提供未核实"))])
    assert corrected.attachment(indicator(corrected, "I01").evidence[-1].sha256 or "") == ("决算报表.txt", data)
    path.write_bytes(data + b"!")
    assert docket.attachment(digest(data)) is None


def test_a_file_that_left_opens_from_the_runs_copy(workspace: Workspace) -> None:
    root = workspace()
    folder = finished(root)
    docket = docket_of(folder, root)
    path = root / "params" / "附件" / "决算报表.txt"
    data = path.read_bytes()
    path.unlink()
    assert docket.attachment(digest(data)) == ("决算报表.txt", data)
    next((folder / "evidence").glob("*.txt")).write_bytes(b"other")
    assert docket.attachment(digest(data)) is None


def test_a_finished_run_is_opened_as_it_was(workspace: Workspace) -> None:
    root = workspace()
    folder = finished(root)
    docket = docket_of(folder, root)
    assert json.loads((folder / "result.json").read_bytes()) == docket.result.model_dump()
    assert docket.run == json.loads((folder / "manifest.json").read_bytes())["digest"]


def changed_evidence(root: Path, folder: Path) -> None:
    (root / "params" / "附件" / "决算报表.txt").write_text("另一份", encoding="utf-8")


def changed_engine(root: Path, folder: Path) -> None:
    result = json.loads((folder / "result.json").read_bytes())
    result["engine"]["version"] = "1.1.0"
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    seal_folder(folder, "0" * 64)


def changed_scheme(root: Path, folder: Path) -> None:
    result = json.loads((folder / "result.json").read_bytes())
    result["scheme_digest"] = "0" * 64
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    seal_folder(folder, "0" * 64)


def changed_result(root: Path, folder: Path) -> None:
    path = folder / "result.json"
    path.write_bytes(path.read_bytes().replace(b'"92.00"', b'"95.00"'))


def lost_plan(root: Path, folder: Path) -> None:
    (folder / "plan.json").unlink()


def lost_evidence(root: Path, folder: Path) -> None:
    (root / BOOK).rename(root / "params" / "搬走.xlsx")


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (changed_evidence, "佐证资料在这次运行之后改过;实际为“params/附件/决算报表.txt”"),
        (changed_engine, "计分程序的版本与这次运行不同"),
        (changed_scheme, "计分规则集“caiyu-2020-10”或地区办法“national-default”在这次运行之后改过"),
        (changed_result, "result.json:文件内容与清单不符"),
        (lost_plan, "plan.json:运行文件夹缺少文件"),
        (lost_evidence, "已不能照原样打开"),
    ],
)
def test_what_moved_is_named_with_the_next_step(
    workspace: Workspace, move: Callable[[Path, Path], None], said: str
) -> None:
    root = workspace()
    folder = finished(root)
    move(root, folder)
    with pytest.raises(WorkbenchError) as caught:
        docket_of(folder, root)
    assert said in str(caught.value) and "重新运行" in str(caught.value)
    assert isinstance(caught.value, CheckFailed) or move is lost_evidence


LEAD = {"id": "lead", "name": "李主评", "roles": ["lead"]}


def panel(**expert: Any) -> dict[str, Any]:
    return {"members": [LEAD, {"id": "e1", "name": "王专家", "roles": ["expert"]} | expert]}


def test_a_plan_may_name_its_panel(workspace: Workspace) -> None:
    conflict = {"subject": "P01", "indicator": "I01", "reason": "曾参与该项目"}
    root = workspace(panel=panel(indicators=["I01", "效益指标"], conflicts=[conflict]))
    found = wb.open(PLAN, workspace=root).plan.panel
    assert found is not None and found.lead.name == "李主评"


@pytest.mark.parametrize(
    ("expert", "key", "said"),
    [
        ({"indicators": ["I01", "I11"]}, "indicators[1]", "“王专家”分派的指标不在评价方案中;实际为“I11”"),
        ({"indicators": ["效益"]}, "indicators[0]", "是否想写“效益指标”?"),
        ({"conflicts": [{"subject": "P1", "reason": "同事"}]}, "conflicts[0]", "是否想写“P01”?"),
        ({"conflicts": [{"indicator": "I0", "reason": "同事"}]}, "conflicts[0]", "回避的指标不在评价方案中"),
    ],
)
def test_a_panel_names_what_there_is(workspace: Workspace, expert: dict[str, Any], key: str, said: str) -> None:
    root = workspace(panel=panel(**expert))
    with pytest.raises(SchemeError) as caught:
        wb.open(PLAN, workspace=root)
    [problem] = caught.value.problems
    assert said in str(problem)
    assert problem.place.key == f"plan.panel.members[1].{key}" and problem.place.file == "plan.yaml"
    line = (root / PLAN).read_text(encoding="utf-8").splitlines()[(problem.place.line or 1) - 1]
    assert line.strip().startswith("-")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"members": []}, "至少1项"),
        ({"members": [LEAD | {"roles": ["expert"]}]}, "须有且只有一名主评人"),
        ({"members": [LEAD, LEAD | {"roles": ["expert"]}]}, "编号不得重复"),
        ({"members": [LEAD | {"roles": ["lead", "reviewer"]}]}, "内部审核人不得是主评人或评价人员"),
        ({"members": [LEAD | {"name": ""}]}, "至少1个字"),
        ({"members": [LEAD | {"roles": ["boss"]}]}, "取值不在允许范围内"),
        ({"members": [LEAD | {"indicater": []}]}, "是否想写“indicators”"),
        ({"members": [LEAD], "merge": "avg"}, "trimmed_mean"),
    ],
)
def test_a_panel_that_does_not_hold_together(workspace: Workspace, content: dict[str, Any], said: str) -> None:
    root = workspace(panel=content)
    with pytest.raises(PlanError, match=said) as caught:
        wb.open(PLAN, workspace=root)
    for problem in caught.value.problems:
        assert problem.place.line is not None and "{" not in str(problem)


def test_the_panel_is_a_part_of_the_plan_and_so_of_the_run(workspace: Workspace) -> None:
    root = workspace()
    before = wb.open(PLAN, workspace=root).digest
    plan = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    plan["plan"]["panel"] = panel()
    (root / PLAN).write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    assert wb.open(PLAN, workspace=root).digest != before


def test_opening_a_review_imports_nothing_that_draws_or_tabulates(workspace: Workspace) -> None:
    root = workspace()
    folder = finished(root)
    code = (
        "import sys; from pathlib import Path; from workbench.runs.docket import docket_of\n"
        f"docket_of(Path({str(folder)!r}), Path({str(root)!r})).result\n"
        "print([m for m in ('pandas', 'matplotlib', 'IPython', 'sqlalchemy', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"
