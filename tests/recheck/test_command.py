"""``workbench recheck``: from a folder of forms to the files a reviewer works with."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from small_forms import ROWS, TITLES, small_form
from typer.testing import CliRunner

from workbench.base.yamlio import read_yaml
from workbench.cli.app import application
from workbench.cli.failure import INTERRUPTED, guarded
from workbench.recheck import work as work_module
from workbench.recheck.corrections import FILE as CORRECTIONS
from workbench.recheck.work import READ

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Any]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace, and the current folder."""
    for name in ("params", "notebooks"):
        (tmp_path / "工作区" / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "工作区")
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    return tmp_path / "工作区"


@pytest.fixture
def run(workspace: Path) -> Run:
    """Runs the command in this process, the files with one worker."""

    def recheck(*args: str, code: int = 0) -> Any:
        result = CliRunner().invoke(application(), ["recheck", *args, "--workers", "1"], prog_name="workbench")
        text = result.output if result.exception is None else f"{result.output}{result.exception}"
        ended = getattr(result.exception, "exit_code", result.exit_code)
        assert ended == code, text
        return text

    return recheck


def lines(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes it for another encoding"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def table(path: Path, *rows: tuple[object, ...]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("清单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_a_folder_of_forms_becomes_tables(run: Run, workspace: Path) -> None:
    small_form(workspace / "自评表" / "一.xlsx", rows=[(*ROWS[0][:6], 50, ""), *ROWS[1:]], total=99.8)
    small_form(workspace / "自评表" / "二.xlsx", project="乡村道路")
    (workspace / "自评表" / "坏.xlsx").write_bytes(b"")
    told = run("自评表", code=3)
    out = workspace / "rechecks" / "自评表"
    assert [(x["file"], x["project"], x["self_total"], x["recomputed_total"], x["difference"], x["self_grade"], x["recheck_grade"])
            for x in lines(out / "summary.csv")] == [
        ("一.xlsx", "农村公厕建设", "99.8", "89.80", "-10.00", "优", ""),
        ("二.xlsx", "乡村道路", "89.8", "89.80", "0.00", "良", ""),
    ]  # fmt: skip
    found = [x for x in lines(out / "findings.csv") if x["code"] == "missed_but_full"]
    assert [(x["file"], x["form"], x["sheet"], x["cell"], x["found"]) for x in found] == [
        ("一.xlsx", "1", "自评表", "G7", "50")
    ]
    assert [(x["文件"], x["结果"]) for x in lines(out / READ)] == [
        ("一.xlsx", "已复核"), ("二.xlsx", "已复核"), ("坏.xlsx", "没有读"),
    ]  # fmt: skip
    assert "自评表2张" in told and "读不了的文件1个,其余不受影响" in told and "0 字节" in told
    assert 'folder = "rechecks/自评表"' in told
    assert "没有改动,没有重读" in run("自评表", code=3)


def test_nothing_to_recheck_is_an_error(run: Run, workspace: Path) -> None:
    assert "找不到" in run("没有", code=2)
    table(workspace / "汇总.xlsx", ("单位", "金额"), ("甲", 3))
    assert "没有自评表的文件:汇总.xlsx" in run("汇总.xlsx", code=2)


def test_results_of_another_folder_are_not_replaced(run: Run, workspace: Path) -> None:
    small_form(workspace / "2022" / "自评表" / "一.xlsx")
    small_form(workspace / "2023" / "自评表" / "一.xlsx")
    run("2022/自评表")
    assert "已有另一处文件的复核结果" in run("2023/自评表", code=2)
    run("2023/自评表", "--out", "rechecks/2023")
    run("2022/自评表/")
    summary = workspace / "rechecks" / "2023" / "summary.csv"
    before = summary.read_bytes()
    assert "已有另一处文件的复核结果" in run("2022/自评表", "--out", "rechecks/2023", code=2), "named or not"
    assert summary.read_bytes() == before
    run("2022/自评表", "--out", "rechecks/2023", "--force")
    assert "实际为“2022/自评表”" in run("2023/自评表", "--out", "rechecks/2023", code=2)


def test_a_file_more_is_no_other_batch(run: Run, workspace: Path) -> None:
    for name in ("一", "二"):
        small_form(workspace / f"{name}.xlsx", project=name)
    run("一.xlsx", "--out", "结果")
    run("一.xlsx", "二.xlsx", "--out", "结果")
    assert len(lines(workspace / "结果" / "summary.csv")) == 2
    assert "另一处文件" in run("二.xlsx", "--out", "结果", code=2)


@pytest.mark.parametrize(
    ("name", "code"), [("10号", 0), ("101号", 0), ("caiyu-2021-101", 0), ("11号", 2), ("没有.yaml", 2)]
)
def test_the_ruleset_is_named_by_its_document(run: Run, workspace: Path, name: str, code: int) -> None:
    small_form(workspace / "一.xlsx")
    told = run("一.xlsx", "--ruleset", name, code=code)
    if code:
        assert "11号" not in name or "10号、101号" in told
    else:
        assert name[:3].removesuffix("号") in told or "101" in told


def test_a_ruleset_of_one_s_own(run: Run, workspace: Path) -> None:
    small_form(workspace / "一.xlsx")
    own = """\
ruleset:
  id: local
  version: 1.0.0
  title: 某县办法(示例)
  document: {document: 某县办法}
  points_decimals: 2
  classes:
    quantitative: {kind: banded, params: {bands: [{at: 100, share: 100}, {at: 80, share: 50}]}}
    satisfaction: {kind: proportional}
    execution_rate: {kind: proportional}
    qualitative: {kind: qualitative}
  late_evidence: {title: 逾期不得分}
  not_applicable_share: 20
"""
    (workspace / "本地.yaml").write_text(own, encoding="utf-8")
    told = run("一.xlsx", "--ruleset", "本地.yaml")
    assert "某县办法(示例)" in told
    (line,) = lines(workspace / "rechecks" / "一" / "summary.csv")
    assert line["recomputed_total"] == "74.80", "50 points in the band of 80 % give 25"


def test_grades_follow_the_bands_of_a_policy(run: Run, workspace: Path) -> None:
    """89.8 points: 良 by 财预〔2020〕10号 第十八条 (90, 80, 60), 合格 where a local policy knows only that line."""
    book = openpyxl.load_workbook(small_form(workspace / "一.xlsx"))
    book.active["H10"] = "良"
    book.save(workspace / "一.xlsx")
    clause = "{document: 某县办法, clause: 第八条}"
    bands = f"{{reads: base, items: [{{label: 优秀, lower: 95}}, {{label: 合格, lower: 60}}, {{label: 不合格, lower: 0}}], clause: {clause}}}"
    text = f'policy: {{id: local, version: 1.0.0, title: 某县办法, jurisdiction: 某县, dated: "2024-01-01", document: {{document: 某县办法}}, bands: {bands}}}'
    (workspace / "办法.yaml").write_text(text, encoding="utf-8")
    out = workspace / "rechecks" / "一"
    for option, grade, told in (([], "良", []), (["--policy", "办法.yaml"], "合格", [("H10", "合格")])):
        run("一.xlsx", *option)
        (line,) = lines(out / "summary.csv")
        assert (line["self_grade"], line["recheck_grade"]) == (grade, ""), "nobody has re-checked it"
        found = lines(out / "findings.csv")
        assert [(x["cell"], x["expected"]) for x in found if x["code"] == "grade_score"] == told
    assert "没有规定分数线,等级按国家办法" in run("一.xlsx", "--policy", "yibin-2018")
    assert "没有规定分数线" in run("一.xlsx", "--policy", "宜宾2018"), "as the README calls it"
    assert "可以是2个地区办法" in run("一.xlsx", "--policy", "吉林", code=2)
    assert "没有安装名为“某地”的地区办法" in run("一.xlsx", "--policy", "某地", code=2)


def test_forms_are_held_against_the_lists(run: Run, workspace: Path) -> None:
    small_form(workspace / "表" / "一.xlsx")
    register = table(
        workspace / "表" / "项目清单.xlsx",
        ("2022年度项目清单",),
        ("序号", "项目名称", "单位", "全年预算数(元)"),
        (1, "农村公厕建设", "某县农业农村局", 1_000_000),
        (2, "高标准农田", "某县农业农村局", 5_000_000),
        ("", "合计", "", 6_000_000),
    )
    approved = table(
        workspace / "批复.xlsx",
        ("项目名称", "一级指标", "二级指标", "三级指标", "指标值", "分值"),
        ("农村公厕建设", "产出指标", "数量指标", "建设公厕数量", "≥60座", 50),
        ("农村公厕建设", "产出指标", "质量指标", "验收合格率", "100%", 10),
    )
    run("表", "--register", str(register), "--approved", str(approved))
    found = {x["code"]: x for x in lines(workspace / "rechecks" / "表" / "findings.csv")}
    assert (found["not_evaluated"]["file"], found["not_evaluated"]["cell"]) == ("项目清单.xlsx", "B4")
    assert (found["target_lowered"]["file"], found["target_lowered"]["expected"]) == ("一.xlsx", "≥60座")
    assert found["indicator_dropped"]["found"] == "验收合格率"
    assert "register_amounts" not in found, "1,000,000 元 are 100 万元"
    without = table(workspace / "无标题.xlsx", ("名称", "金额"), ("甲", 3))
    assert "没有找到表头" in run("表", "--register", str(without), code=2)


def test_a_form_that_waits_or_cannot_be_read_is_not_missing(run: Run, workspace: Path) -> None:
    titles = [*TITLES[:6], "评定", "审定"]
    small_form(workspace / "表" / "一.xlsx", titles=titles, rows=[(*row[:7], row[6]) for row in ROWS])
    small_form(workspace / "表" / "二.xlsx", project="乡村道路", unit="某县交通局")
    (workspace / "表" / "某县水利局.xlsx").write_bytes(b"PK")
    listed = [
        ("农村公厕建设", "某县农业农村局"),
        ("乡村道路", "某县交通局"),
        ("水库加固", "某县水利局"),
        ("植树", "某县林业局"),
    ]
    register = table(workspace / "清单.xlsx", ("项目名称", "单位"), *listed)
    run("表", "--register", str(register), code=3)
    found = lines(workspace / "rechecks" / "表" / "findings.csv")
    assert [(x["code"], x["found"]) for x in found if x["file"] == "清单.xlsx"] == [
        ("not_evaluated", "植树"), ("register_waiting", "农村公厕建设"), ("register_waiting", "水库加固"),
    ]  # fmt: skip


def test_a_total_nobody_has_calculated_is_told(run: Run, workspace: Path) -> None:
    book = openpyxl.load_workbook(small_form(workspace / "一.xlsx"))
    book.active["G10"] = "=SUM(G7:G9)+H5"  # openpyxl writes no value with a formula
    book.save(workspace / "一.xlsx")
    run("一.xlsx")
    found = lines(workspace / "rechecks" / "一" / "findings.csv")
    assert [(x["code"], x["cell"]) for x in found if x["code"] == "number_unreadable"] == [("number_unreadable", "G10")]


def test_a_form_is_no_list(run: Run, workspace: Path) -> None:
    form = str(small_form(workspace / "一.xlsx"))
    for option in ("--register", "--approved"):
        assert "这是自评表,不是" in run("一.xlsx", option, form, code=2)


def test_rules_of_finding_are_switched(run: Run, workspace: Path) -> None:
    small_form(workspace / "一.xlsx", total=95)
    run("一.xlsx")
    out = workspace / "rechecks" / "一"
    assert "points_sum" in {x["code"] for x in lines(out / "findings.csv")}
    (workspace / "规则.yaml").write_text("findings:\n  points_sum: {enabled: false}\n", encoding="utf-8")
    run("一.xlsx", "--findings", "规则.yaml")
    assert "points_sum" not in {x["code"] for x in lines(out / "findings.csv")}


def test_what_is_asked_is_answered_once(run: Run, workspace: Path) -> None:
    titles = [*TITLES[:6], "评定", "审定"]
    for name in ("一", "二"):
        small_form(workspace / "表" / f"{name}.xlsx", titles=titles, rows=[(*row[:7], row[6]) for row in ROWS])
    told = run("表", code=2)
    asked = workspace / "rechecks" / "表" / "识别对照.yaml"
    assert "要请您回答的问题" in told and "识别对照.yaml" in told
    written = asked.read_text("utf-8")
    assert run("表", code=2) and asked.read_text("utf-8") == written
    edited = written.replace('"评定":', '"评定": 得分').replace('"审定":', '"审定": 不用') + "# 张三答\n"
    asked.write_text(edited, encoding="utf-8")
    run("表")
    assert len(lines(asked.parent / "summary.csv")) == 2
    assert asked.read_text("utf-8") == edited
    kept = asked.rename(workspace / "答案.yaml")
    run("表", "--out", "另外", "--mapping", str(kept))
    assert len(lines(workspace / "另外" / "summary.csv")) == 2


def test_corrections_are_remembered(run: Run, workspace: Path) -> None:
    small_form(workspace / "一.xlsx")
    text = "corrections:\n  - {form: 一.xlsx#1, indicator: 1, name: 建设公厕数量, points: 30, reason: 有10座未验收, reviewer: 张三}\n"
    text += "  - {form: 一.xlsx#1, indicator: 2, name: 改善人居环境, points: 30, reason: 抽查属实, reviewer: 张三}\n"
    text += "accepted:\n  - {form: 一.xlsx#1, reviewer: 张三}\n"
    (workspace / "更正.yaml").write_text(text, encoding="utf-8")
    run("一.xlsx", "--corrections", "更正.yaml")
    out = workspace / "rechecks" / "一"
    (workspace / "更正.yaml").unlink()
    for _ in range(2):
        (line,) = lines(out / "summary.csv")
        assert (line["recheck_total"], line["difference"]) == ("79.80", "-10.00")
        run("一.xlsx")
    small_form(workspace / "一.xlsx", rows=[("产出指标", "数量指标", "建设水厂数量", *ROWS[0][3:]), *ROWS[1:]])
    assert "现在是“建设水厂数量”" in run("一.xlsx")
    (workspace / "更正.yaml").write_text(text.replace("points: 30", "points: 31"), encoding="utf-8")
    assert "已有另一份复核更正" in run("一.xlsx", "--corrections", "更正.yaml", code=2)
    assert 'points: "30"' in (out / CORRECTIONS).read_text("utf-8")


def test_edited_results_are_kept(run: Run, workspace: Path) -> None:
    small_form(workspace / "一.xlsx")
    run("一.xlsx")
    path = workspace / "rechecks" / "一" / "summary.csv"
    path.write_text("我的批注", encoding="utf-8")
    assert "可能有人改过" in run("一.xlsx", code=2)
    assert path.read_text("utf-8") == "我的批注"
    run("一.xlsx", "--force")
    assert len(lines(path)) == 1


def test_who_stops_it_goes_on_later(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("一", "二", "三"):
        small_form(workspace / "表" / f"{name}.xlsx", project=name)
    read_all = work_module.read_all

    def stopped(*args: Any) -> Any:
        for count, one in enumerate(read_all(*args)):
            if count == 2:
                raise KeyboardInterrupt
            yield one

    with monkeypatch.context() as patched:
        patched.setattr(work_module, "read_all", stopped)
        arguments = ["recheck", "表", "--workers", "1"]
        code = guarded(lambda: application()(arguments, prog_name="workbench", standalone_mode=False))
    assert code == INTERRUPTED
    out = workspace / "rechecks" / "表"
    assert [path.name for path in out.iterdir()] == [".recheck"], "no half results"
    told = run("表")
    assert "其中2个没有改动" in told or "其中3个没有改动" in told
    assert len(lines(out / "summary.csv")) == 3


def test_a_program_gets_the_same_as_json(run: Run, workspace: Path) -> None:
    small_form(workspace / "一.xlsx", total=95)
    told = json.loads(run("一.xlsx", "--json"))
    assert (told["forms"], told["files"][0]["state"], told["ruleset"]) == (1, "已复核", "caiyu-2020-10")
    assert told["codes"]["points_sum"] == 1
    assert [Path(path).name for path in told["written"]][:2] == ["findings.csv", "summary.csv"]


def test_hostile_contents_become_no_formula(run: Run, workspace: Path) -> None:
    small_form(workspace / "=cmd|'x'.xlsx", project="@SUM(A1)", total=95)
    run("=cmd|'x'.xlsx")
    out = next((workspace / "rechecks").iterdir())
    (line,) = lines(out / "summary.csv")
    assert line["file"].startswith("'=") and line["project"] == "'@SUM(A1)"


def test_new_questions_go_into_a_file_of_their_own(run: Run, workspace: Path) -> None:
    for name, titles in (("一", ("评定", "审定")), ("二", ("评定分", "终评"))):
        rows = [(*row[:7], row[6]) for row in ROWS]
        small_form(workspace / "表" / f"{name}.xlsx", titles=[*TITLES[:6], *titles], rows=rows)
        run("表", code=2)
    out = workspace / "rechecks" / "表"
    first, second = ((out / name).read_text("utf-8") for name in ("识别对照.yaml", "识别对照-2.yaml"))
    assert '"评定":' in first and '"终评":' not in first
    assert '"终评":' in second and '"评定":' not in second


def test_papers_of_last_time_do_not_stay(run: Run, workspace: Path) -> None:
    small_form(workspace / "表" / "一.xlsx", total=95)
    small_form(workspace / "表" / "二.xlsx", total=95, unit="某县水利局")
    run("表")
    out = workspace / "rechecks" / "表"
    letters = sorted(out.rglob("*.docx"))
    assert len(letters) == 2
    (workspace / "表" / "二.xlsx").unlink()
    run("表")
    assert len(sorted(out.rglob("*.docx"))) == 1


def test_a_rule_that_fails_costs_what_the_others_find_nothing(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(reviewed: object, params: object) -> Any:
        raise ZeroDivisionError

    rules = tuple(
        replace(rule, check=broken) if rule.code == "all_full" else rule for rule in work_module.active_rules()
    )
    monkeypatch.setattr(work_module, "active_rules", lambda *args: rules)
    small_form(workspace / "表" / "一.xlsx", total=95)
    small_form(workspace / "表" / "二.xlsx", total=95)
    told = run("表")
    assert told.count("查错规则 all_full 运行出错(ZeroDivisionError)") == 1
    found = [x["file"] for x in lines(workspace / "rechecks" / "表" / "findings.csv") if x["code"] == "points_sum"]
    assert found == ["一.xlsx", "二.xlsx"]


def test_the_examples_are_made_from_their_facts() -> None:
    spec = importlib.util.spec_from_file_location("make_recheck_forms", ROOT / "scripts" / "make_recheck_forms.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for facts in read_yaml(script.FACTS).data["forms"]:
        assert (script.FORMS / facts["file"]).read_bytes() == script.form_bytes(facts)


def test_forms_without_a_total_are_told_with_the_reason(run: Run, workspace: Path) -> None:
    titles = [title for title in TITLES if title != "分值"]
    rows = [[*row[:5], *row[6:]] for row in ROWS]
    small_form(workspace / "表" / "一.xlsx", rows=rows, titles=titles)
    small_form(workspace / "表" / "二.xlsx", "改厕", unit="乙县农业农村局")
    text = run("表", "--out", "结果")
    assert "有复算总分的1张" in text
    assert (
        "没有复算总分的自评表1张:\n  1. 一.xlsx#1:“建设公厕数量”、“改善人居环境”、“群众满意度”分值为空或不是数" in text
    )
    assert [row["code"] for row in lines(Path("结果/findings.csv")) if row["severity"] == "P1"].count(
        "columns_missing"
    ) == 1
    assert "第1张没有复算总分" in Path("结果", READ).read_text("utf-8-sig")
    assert json.loads(run("表", "--out", "结果", "--json"))["without_total"].keys() == {"一.xlsx#1"}
