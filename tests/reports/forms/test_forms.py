"""自评表 in the official form and the brief of one page: numbers as the result prints them, blanks stay blank."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import CheckFailed
from workbench.evidence.tables import Evidence
from workbench.reports.document.content import content
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Material, Report, ReportedProblem, Texts
from workbench.reports.forms.brief import brief
from workbench.reports.forms.bundle import form_files
from workbench.reports.forms.entries import entries, has_form
from workbench.reports.forms.fitting import CUT, fitted, fitting
from workbench.reports.forms.selfform import self_form
from workbench.reports.forms.told import told
from workbench.runs.keptevidence import kept_evidence
from workbench.runs.opening import open_plan
from workbench.runs.reporting import report_source
from workbench.runs.store import StoredRun, run_folder, seal_folder, write_files

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "plugins" / "self-evaluation" / "src" / "workbench_pack_self_evaluation" / "example"
HEAD = [
    "项目名称",
    "主管部门",
    "实施单位",
    "项目资金\n（万元）",
    "年度总体目标",
    "预期目标",
    "实际完成情况",
    "绩效指标",
]
"""财预〔2020〕10号 附1."""


def kept(plan: Path, workspace: Path) -> tuple[ReportSource, Evidence, StoredRun]:
    evaluation = open_plan(plan, workspace=workspace)
    folder = run_folder(evaluation, workspace / "out")
    write_files(evaluation, folder)
    seal_folder(folder, evaluation.digest)
    stored = StoredRun(folder)
    return report_source(stored), kept_evidence(stored, workspace), stored


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportSource, Evidence, StoredRun]:
    """The invented example of the pack under 101号, with its level 1 of cost and a waived indicator (worked-example.md)."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "example")
    return kept(folder / "example" / "plan.yaml", folder)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportSource, Evidence, StoredRun]:
    """永德县明朗中学's published form of 2022, by 10号."""
    folder = tmp_path_factory.mktemp("published")
    for name in ("yongde_mingliang_school_2022.yaml", "evidence/yongde_mingliang_school_2022.xlsx"):
        (folder / "params" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "params" / name, folder / "params" / name)
    return kept(folder / "params" / "yongde_mingliang_school_2022.yaml", folder)


def cells(data: bytes) -> list[list[str]]:
    """The one table, row by row; a cell over several columns once."""
    [table] = Document(io.BytesIO(data)).tables
    rows = [row._tr.tc_lst for row in table.rows]
    return [["\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in c.p_lst) for c in row] for row in rows]


def test_the_official_form_of_10(published):
    source, evidence, _ = published
    rows = cells(self_form(source, evidence, []))
    flat = [cell for row in rows for cell in row]
    assert set(HEAD) <= set(flat)
    assert rows[0] == ["项目名称", "义务教育营养改善计划专项资金"]
    assert rows[1] == ["主管部门", "", "实施单位", "永德县明朗中学"], "the published form names no 主管部门"
    # 387,664.62 yuan of 387,664.62: the result prints the rate and the points, the workbook has the amounts
    assert rows[3] == ["", "年度资金总额", "", "38.77", "38.77", "10.00", "100.00%", "10.00"]
    assert rows[4:7] == [
        ["", name, "", "", "", "—", "", "—"] for name in ("其中：当年财政拨款", "上年结转资金", "其他资金")
    ]
    [aware] = [row for row in rows if "政策知晓率" in row]
    assert aware[3:] == ["政策知晓率", "=100%", "98.00%", "10.00", "9.80", ""]
    [burden] = [row for row in rows if "减轻贫困学生家庭经济负担" in row]
    assert burden[5] == "有效（评定100.00%）", "what was reached in words, and as the report has it"
    assert rows[-1] == ["总分", "100.00", source.subject.total, ""]
    assert not any("预算执行率" in cell for cell in flat), "its points stand in the money block"


def test_the_form_of_101_has_its_own_level_1_in_order(example):
    source, evidence, _ = example
    said = entries(source, source.subject, evidence, [])
    # 101号: cost is a level 1; lines of one level 2 stand together whatever their order in the sheet
    assert [(e.level1, e.level2) for e in said.indicators][:6] == [
        ("成本指标", "经济成本指标"),
        ("成本指标", "社会成本指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "质量指标"),
    ]
    assert (said.department, said.goal) == ("青溪县农业农村局(虚构)", "年内改造农村公共厕所80座并投入使用")
    assert said.amounts["年度资金总额"] == ["520.00", "500.00", "430.00"] and "上年结转资金" not in said.amounts
    assert said.execution == ("10.00", "86.00%", "7.00")
    [waived] = [e for e in said.indicators if e.name == "防冻改造达标率"]
    assert (waived.actual, waived.points) == ("", "不适用")
    assert "产出指标折算：28.98/35.00→33.12/40.00。" in said.notes
    [late] = [e for e in said.indicators if e.name == "改造完成座数"]
    assert late.deviation == "两个乡镇用地手续未办结,12座转入下年", "the unit's own words where no problem is linked"


def test_a_linked_problem_goes_before_the_unit_s_own_words(example):
    source, evidence, _ = example
    problem = ReportedProblem(indicators=["O1"], cause="用地未批。", suggestion="提前办理用地")
    other = ReportedProblem(indicators=["O2"], subjects=["P99"], cause="别的对象")
    said = {e.name: e for e in entries(source, source.subject, evidence, [problem, other]).indicators}
    assert said["改造完成座数"].deviation == "原因：用地未批；措施：提前办理用地"
    assert said["一次验收合格率"].deviation == ""


def test_what_the_folder_kept_must_still_make_the_run(example, tmp_path):
    source, _, stored = example
    assert has_form(source.pack) and not has_form(None)
    folder = tmp_path / "copy"
    shutil.copytree(stored.folder, folder)
    seal_folder(folder, "0" * 64)
    with pytest.raises(CheckFailed, match="与这次运行不符"):
        kept_evidence(StoredRun(folder), tmp_path)


def test_the_same_run_gives_the_same_papers(example):
    source, evidence, _ = example
    made = content(source, Texts())
    first, again = (dict(form_files(source, Texts(), made, evidence)) for _ in range(2))
    assert first == again and list(first) == ["评价结果简报-征求意见稿.docx", "项目支出绩效自评表.docx"]
    assert list(dict(form_files(source, Texts(), made, None))) == ["评价结果简报-征求意见稿.docx"]


# -- the brief ------------------------------------------------------------------------------------------------------


def test_a_brief_tells_the_three_largest_losses_with_cause_and_suggestion(example):
    source, _, _ = example
    problem = ReportedProblem(
        indicators=["B1"], cause="资料逾期", suggestion="补报名册。", responsible="农业农村局", deadline="年内"
    )
    said = told(source, content(source, Texts(Report(problems=[problem]))), [problem])
    # worked-example.md: B1 0.00 of 8.00, O1 9.38 of 15.00, B3 0.00 of 5.00
    assert [name for name, _ in said.lost] == ["受益农户数失8.00分", "改造完成座数失5.62分", "厕所日常使用率失5.00分"]
    assert said.lost[0][1] == "原因：资料逾期。建议：补报名册。（农业农村局，年内）"
    assert "（待填写）" in said.lost[1][1]
    assert "72.97分" in said.conclusion and "“中”" in said.conclusion and "暂定" in said.conclusion
    assert "财预〔2020〕10号第二十七条" in said.consequence
    assert said.open.endswith("报告尚未定稿，待完成评审和征求意见后定稿，以上数字以定稿为准。")
    assert said.rows[-1] == ["合计", "100.00", "72.97", "72.97%"] and said.chart is not None


def test_a_brief_of_several_subjects_counts_them(example, subjects: Callable[..., ReportSource]):
    said = told(subjects(30), content(subjects(30), Texts()), [])
    assert said.conclusion.startswith("共评价30个对象") and said.chart is None
    assert len(said.rows) == 16 and said.rows[-1][0] == "其余15个对象见评价报告"


@pytest.fixture
def subjects(example):
    def make(count: int) -> ReportSource:
        source, _, _ = example
        many = [source.subject.model_copy(update={"id": f"P{n}", "name": f"第{n}个"}) for n in range(count)]
        result = source.result.model_copy(update={"subjects": many})
        return ReportSource(result, source.run, source.plan)

    return make


def test_subjects_of_one_programme_are_told_apart(example, subjects: Callable[..., ReportSource]):
    whole = subjects(5)
    long = "某县乡村振兴战略示范区农村人居环境整治提升与义务教育薄弱环节改善综合试点中央财政专项补助资金项目"
    named = [s.model_copy(update={"name": f"{long}{n}期"}) for n, s in enumerate(whole.result.subjects, 1)]
    source = ReportSource(whole.result.model_copy(update={"subjects": named}), whole.run, whole.plan)
    document = Document(io.BytesIO(brief(source, content(source, Texts()), [])))
    names = [row.cells[0].text for row in document.tables[0].rows[1:]]
    assert len(set(names)) == 5 and all(n.startswith("某县乡村") and n.endswith("期") and CUT in n for n in names)
    [pending] = [p.text for p in document.paragraphs if p.text.startswith("四、待定事项。")]
    assert "各评价对象（5个）：" in pending and "报告尚未定稿" in pending and pending.endswith("。")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=400), st.integers(1, 6))
def test_a_fitted_text_takes_no_more_than_its_lines(text: str, most: int) -> None:
    cut = fitted(text, 39, most)
    whole = " ".join(text.split())
    assert fitting(cut, 39, most) == len(cut)
    assert cut == whole or (cut.endswith(CUT) and whole.startswith(cut.removesuffix(CUT)))


@given(
    st.lists(st.sampled_from(["得19.00—100.00分", "失8.00分，", "原因：资料逾期。", "12,345.60万元"]), max_size=60),
    st.integers(1, 4),
)
def test_no_number_is_cut_in_two(pieces: list[str], most: int) -> None:
    whole = "".join(pieces)
    kept = fitted(whole, 39, most).removesuffix(CUT)
    assert kept == whole or not (kept[-1:].isdigit() or kept.endswith(("—", "."))), (
        "the rest of a number, or its unit, would be gone"
    )


def test_a_brief_of_much_that_is_unscored_keeps_every_number(example):
    source, _, _ = example
    names = [f"第{n}项名称很长的三级绩效指标完成情况" for n in range(18)]
    items = [
        i.model_copy(update={"name": name, "status": "unscored", "final": None, "low": "0.00", "high": i.weight})
        for i, name in zip(source.subject.indicators * 4, names, strict=False)
    ]
    levels = [
        v.model_copy(update={"points": None, "low": "19.00", "high": "100.00", "rate": None})
        for v in source.subject.levels * 2
    ]
    subject = source.subject.model_copy(
        update={
            "indicators": items,
            "total": None,
            "grade": None,
            "interval": ["19.00", "100.00"],
            "levels": levels[:7],
        }
    )
    src = ReportSource(source.result.model_copy(update={"subjects": [subject]}), source.run, source.plan)
    document = Document(io.BytesIO(brief(src, content(source, Texts()), [])))
    said = [p.text for p in document.paragraphs]
    [verdict] = [t for t in said if t.startswith("一、评价结论。")]
    assert "18项指标尚未评分" in verdict and "等18项）" in verdict and "总分在19.00—100.00分之间" in verdict
    assert verdict.endswith("。")
    cells_ = [c.text for row in document.tables[0].rows for c in row.cells]
    assert cells_.count("19.00—100.00") == 8 and not any(CUT in c for c in cells_)


def test_a_loss_that_needs_no_problem_waits_for_no_words(example):
    source, _, _ = example
    whole = told(source, content(source, Texts()), [], Report(material=Material(points=Decimal("99"))))
    assert not any("待填写" in text for _, text in whole.lost)
    waived = told(source, content(source, Texts()), [], Report(not_material={"B1": "另行处理"}))
    assert ["待填写" in text for _, text in waived.lost] == [False, True, True]


def test_the_form_of_a_whole_department_is_called_so(tmp_path):
    shutil.copytree(ROOT / "params", tmp_path / "params")
    source, evidence, _ = kept(tmp_path / "params" / "liangping_forestry_2022.yaml", tmp_path)
    files = dict(form_files(source, Texts(), content(source, Texts()), evidence))
    form = Document(io.BytesIO(files["整体支出绩效自评表.docx"]))
    assert form.paragraphs[0].text == "整体支出绩效自评表" and form.core_properties.title.endswith(
        " 整体支出绩效自评表"
    )
