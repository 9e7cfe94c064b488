"""A register under a template: placeholders, columns that are settings, rows that are evidence, and every bad row by its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import WorkbenchError
from workbench.runs.batch.planned import Planned, Wanted, plan_batch
from workbench.runs.batch.template import read_template

HEAD = ["评价编号", "项目名称", "主管部门", "预算数(元)", "执行数(元)", "计划座数", "完成座数", "完工日期", "是否通车"]
FIRST = ["C-01", "东沟涵洞", "交通局", 1000000, 800000, 4, 4, date(2025, 5, 3), "是"]
SECOND = ["c-02", "西沟涵洞", "水务局", 500000, None, 2, 1, None, None]


@pytest.fixture
def planned(workspace: Path, template: Callable[..., Path], sheet: Callable[..., Path]) -> Callable[..., Planned]:
    """``planned(rows, evaluation=None)``: the batch of a register with these rows and a template with these settings."""

    def make(rows: list[list[Any]], **settings: Any) -> Planned:
        sheet(rows)
        template(**settings)
        return plan_batch(Wanted(("项目库.xlsx",), "模板.yaml"), workspace)

    return make


def told(planned: Planned) -> dict[str, list[tuple[str, int | None, str | None]]]:
    return {o.task: [(p.code, p.place.row, p.place.field) for p in o.problems] for o in planned.refused}


def test_columns_fill_settings_by_title_and_placeholders_anywhere(planned: Callable[..., Planned]) -> None:
    rows = [
        ["2025年项目库"],
        [*HEAD, "年度", "基准日", "被评价单位"],
        [*FIRST, 2025, date(2025, 11, 30), "县交通局"],
        [],
        [*SECOND, 2024.0, "2025年10月31日", ""],
    ]
    found = planned(
        rows,
        evaluation=None,
        period="{年度}年度",
        notes=["{主管部门}:{{原文}}"],
        sources=[{"document": "{项目名称}自评表"}],
    )
    assert found.name == "项目库" and not found.refused
    assert [task.name for task in found.tasks] == ["项目库.xlsx 第3行", "项目库.xlsx 第5行"]
    one, two = (task.plan for task in found.tasks)
    assert isinstance(one, dict) and isinstance(two, dict)
    assert (one["evaluation"], one["title"], one["period"], one["as_of"]) == (
        *("c-01", "东沟涵洞", "2025年度", "2025-11-30"),
    )
    assert one["notes"] == ["交通局:{原文}"] and one["sources"] == [{"document": "东沟涵洞自评表"}]
    assert one["parties"] == {"evaluated": "县交通局"} and "parties" not in two
    assert (two["period"], two["as_of"]) == ("2024年度", "2025-10-31")


def test_a_row_is_evidence_in_the_packs_units_and_written_only_when_it_changes(
    workspace: Path, planned: Callable[..., Planned]
) -> None:
    found = planned([HEAD, FIRST, SECOND], evaluation=None)
    assert not (workspace / "runs").exists(), "while a batch runs, nobody else may write what it reads"
    found.write()
    folder = workspace / "runs/batch/项目库/evidence"
    texts = {p.relative_to(folder).as_posix(): p.read_text("utf-8-sig") for p in folder.rglob("*.csv")}
    assert texts == {
        "c-01/评价对象.csv": "对象编号*,对象名称*,主管部门,完工日期,是否通车\nc-01,东沟涵洞,交通局,2025-05-03,是\n",
        "c-01/项目资金.csv": "对象编号,预算数(万元)*,执行数(万元)\n,100,80\n",
        "c-01/工程量.csv": "对象编号,计划座数*,完成座数\n,4,4\n",
        "c-02/评价对象.csv": "对象编号*,对象名称*,主管部门,完工日期,是否通车\nc-02,西沟涵洞,水务局,,\n",
        "c-02/项目资金.csv": "对象编号,预算数(万元)*,执行数(万元)\n,50,\n",
        "c-02/工程量.csv": "对象编号,计划座数*,完成座数\n,2,1\n",
    }
    assert [task.plan["evidence"] for task in found.tasks] == [  # type: ignore[index]
        "runs/batch/项目库/evidence/c-01",
        "runs/batch/项目库/evidence/c-02",
    ]
    times = {p: p.stat().st_mtime_ns for p in folder.rglob("*.csv")}
    changed = [*SECOND[:5], None, None, *SECOND[7:]]
    planned([HEAD, FIRST, changed], evaluation=None).write()
    after = {p: p.stat().st_mtime_ns for p in folder.rglob("*.csv")}
    gone = folder / "c-02/工程量.csv"
    assert {p for p in times if times[p] != after.get(p)} == {gone}, "no line left in a table that need not be there"


def test_a_formula_in_a_cell_stays_text(workspace: Path, planned: Callable[..., Planned]) -> None:
    row = ["c-01", "东沟", "@SUM(1)", *FIRST[3:]]
    planned([HEAD, row], evaluation=None).write()
    assert "'@SUM(1)" in (workspace / "runs/batch/项目库/evidence/c-01/评价对象.csv").read_text("utf-8-sig")


def test_a_bad_row_is_refused_by_its_place_and_stops_no_other(planned: Callable[..., Planned]) -> None:
    rows = [
        [*HEAD, "评价阶段"],
        [*FIRST, "自评"],
        ["", *FIRST[1:], "自评"],
        ["c-03", *FIRST[1:4], "很多", *FIRST[5:], "自评"],
        ["c-04", *FIRST[1:], "自我评价"],
        ["c-05", *FIRST[1:], ""],
        ["C-06", *FIRST[1:], "自评"],
        ["c-06", *FIRST[1:], "自评"],
        ["东沟", *FIRST[1:], "自评"],
        ["合计", *[""] * 9],
        ["#DIV/0!", *FIRST[1:], "自评"],
    ]
    found = planned(rows, evaluation=None, stage=None)
    assert [task.name for task in found.tasks] == ["项目库.xlsx 第2行"]
    assert told(found) == {
        "项目库.xlsx 第3行": [("blank_cell", 3, "评价编号")],
        "项目库.xlsx 第4行": [("not_a_number", 4, "执行数(元)")],
        "项目库.xlsx 第5行": [("literal_error", 5, "评价阶段")],
        "项目库.xlsx 第6行": [("missing", 6, "评价阶段")],
        "项目库.xlsx 第7行": [("repeated", 7, "评价编号")],
        "项目库.xlsx 第8行": [("repeated", 8, "评价编号")],
        "项目库.xlsx 第9行": [("string_pattern_mismatch", 9, "评价编号")],
        "项目库.xlsx 第10行": [("total_row", 10, "评价编号")],
        "项目库.xlsx 第11行": [("excel_error", 11, "评价编号")],
    }
    assert all(p.place.file == "项目库.xlsx" and p.place.sheet == "Sheet1" for o in found.refused for p in o.problems)


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"title": "{项目名}自评"}, "missing_header", "项目名称"),
        ({"title": "{项目名称自评"}, "brace", "两个"),
        ({"title": "{}"}, "brace", "列名"),
        ({"title": "{本行}"}, "row_marker", "evidence"),
        ({"title": {"项目名称": None}}, "yaml_quote", "加引号"),
        ({"stage": "自我评价"}, "literal_error", "自评"),
        ({"titel": "x"}, "unknown_key", "title"),
        ({"pack": "self-evaluation", "variant": "caiyu10"}, "row_too_small", "绩效指标"),
        ({"pack": "culvert"}, "not_installed", "culverts"),
    ],
)
def test_what_no_row_can_mend_is_told_at_once(
    planned: Callable[..., Planned], settings: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(WorkbenchError) as error:
        planned([HEAD, FIRST, SECOND], evaluation=None, **settings)
    assert code in {problem.code for problem in error.value.problems}
    assert said in str(error.value)


def test_a_message_names_the_header_as_written_and_its_unit(planned: Callable[..., Planned]) -> None:
    row = ["c-01", "东沟涵洞", "交通局", "三十万块", 800000, *FIRST[5:]]
    [bad] = planned([[*HEAD[:3], " 预算数(元)", *HEAD[4:]], row], evaluation=None).refused
    assert str(bad.problems[0]).startswith(
        "项目库.xlsx [Sheet1] 第2行 “预算数(元)”:数字栏里是文字;实际为“三十万块”;应为数字(单位:元)"
    )
    assert (bad.evaluation, bad.title) == ("c-01", "东沟涵洞"), "as the register calls it"


def test_a_blank_cell_that_the_pack_asks_for_is_told_by_the_row(planned: Callable[..., Planned]) -> None:
    found = planned(
        [HEAD, [*FIRST[:3], None, *FIRST[4:]], [*SECOND[:5], None, *SECOND[6:]], ["c-03", *FIRST[1:]]], evaluation=None
    )
    assert told(found) == {
        "项目库.xlsx 第2行": [("blank_cell", 2, "预算数(元)")],
        "项目库.xlsx 第3行": [("blank_cell", 3, "计划座数")],
    }
    assert "请补填" in str(found.refused[0].problems[0]) and len(found.tasks) == 1


def test_registers_of_one_name_keep_apart(
    workspace: Path, template: Callable[..., Path], sheet: Callable[..., Path], tmp_path: Path
) -> None:
    template(evaluation=None)
    names = []
    for folder in (workspace, workspace / "自评", workspace / "自评/乡镇", tmp_path / "别处"):
        folder.mkdir(exist_ok=True)
        found = plan_batch(Wanted((str(sheet([HEAD, FIRST], folder / "清单.xlsx")),), "模板.yaml"), workspace)
        names.append(found.name)
        assert found.tasks[0].plan["evidence"] == f"runs/batch/{found.name}/evidence/c-01"  # type: ignore[index]
    assert names[:3] == ["清单", "自评_清单", "自评_乡镇_清单"] and re.fullmatch("清单_[0-9a-f]{8}", names[3])


def test_evidence_may_stand_in_a_column(planned: Callable[..., Planned]) -> None:
    found = planned([["项目编号", "佐证资料"], ["X1", "a.xlsx"]], evaluation="zp-{项目编号}", evidence=None)
    assert [(t.plan["evaluation"], t.plan["evidence"]) for t in found.tasks] == [("zp-x1", "a.xlsx")]  # type: ignore[index]


def test_a_folder_of_tables_is_a_register_too(workspace: Path, template: Callable[..., Path]) -> None:
    (workspace / "清单").mkdir()
    (workspace / "清单/项目清单.csv").write_text("评价编号,项目名称\nx,甲\n", "utf-8")
    (workspace / "清单/其他.csv").write_text("a,b\n1,2\n", "utf-8")
    template(evaluation=None, evidence="x")
    found = plan_batch(Wanted(("清单",), "模板.yaml"), workspace)
    assert [task.plan["title"] for task in found.tasks] == ["甲"]  # type: ignore[index]


names = st.text(
    st.characters(codec="utf-8", exclude_characters="{}\r\n\x00", exclude_categories=["C", "Z"]), min_size=1
)
literals = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)


@given(st.lists(st.tuples(literals, names, literals), min_size=1, max_size=4))
def test_a_text_is_what_the_row_says_between_what_the_template_says(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str, str]]
) -> None:
    """Whatever stands around a placeholder, braces written twice, stays; whatever a cell holds is put in as it is."""
    doubled = [t.replace("{", "{{").replace("}", "}}") for t, _, _ in parts]
    path = tmp_path_factory.mktemp("t") / "t.yaml"
    text = "".join(f"{before}{{{name}}}" for before, (_, name, _) in zip(doubled, parts, strict=True))
    path.write_text(yaml.safe_dump({"plan": {"title": text}}, allow_unicode=True), "utf-8")
    try:
        template = read_template(path)
    except WorkbenchError:
        assert any(not re.sub(r"\s", "", n) or "本行" in n for _, n, _ in parts)
        return
    titles = list(template.columns)
    row = {title: f"{{{number}}}" for number, title in enumerate(titles)}
    expected = "".join(b + row[template.filled["title"][i]] for i, (b, _, _) in enumerate(parts))
    assert template.plan(row, {})["title"] == expected
