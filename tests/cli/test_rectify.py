"""``workbench rectify``: from the problems of a report to what is overdue, what is proven, and what the next year is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from workbench.runs.opening import open_plan
from workbench.runs.store import run_folder

ROOT = Path(__file__).resolve().parents[2]
NAME = "huangshi_sponge_2022"
EVALUATION = "huangshi-sponge-2022"
PROBLEMS = [
    {
        "title": "预算执行偏慢",
        "finding": "综合得分{{ 总分 }}分",
        "cause": "前期准备不足",
        "suggestion": "按月调度",
        "responsible": "市住建局",
        "deadline": "2023年6月30日前",
    },
    {
        "title": "满意度调查样本少",
        "finding": "只调查了一个片区",
        "cause": "没有方案",
        "suggestion": "扩大样本",
        "responsible": "某街道办",
        "deadline": "收到报告后60日内",
    },
]


@pytest.fixture
def run(finished, workspace) -> Path:
    """A run of a published self-evaluation with two problems written for its report."""
    folder = finished(NAME)
    written(workspace, PROBLEMS)
    return folder


def written(workspace: Path, problems: list[dict[str, str]]) -> None:
    folder = workspace / "params" / "reports" / EVALUATION
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"report": {"problems": problems}}, allow_unicode=True)
    (folder / "report.yaml").write_text(text, "utf-8")


def test_from_problems_to_items_and_on(cli, run, workspace):
    before = (run / "result.json").read_bytes()
    assert "rectify open" in cli("rectify", "show", EVALUATION, "--as-of", "2023-09-30", code=2).stderr
    said = cli("rectify", "open", EVALUATION, code=2).stderr
    assert "report.problems[1]" in said and "--served" in said and "problems[0]" not in said
    told = cli.json("rectify", "open", EVALUATION, "--served", "2023-05-01")
    assert told["opened"] == [1, 2]
    again = cli.json("rectify", "open", EVALUATION)  # what is known keeps its date
    assert (again["opened"], again["known"], again["changed"]) == ([], [1, 2], [])

    proof = workspace / "整改报告.pdf"
    proof.write_bytes(b"%PDF-1.7")
    report = ("rectify", "report", EVALUATION, "1", "--text", "已按月调度", "--by", "张科长")
    assert "须附佐证材料" in cli(*report, "--done", code=2).stderr
    assert "打不开" in cli(*report, "--done", "--file", "没有.pdf", code=2).stderr
    cli(*report, "--done", "--file", str(proof), "--on", "2023-06-20", code=0)
    check = ("rectify", "check", EVALUATION, "1", "--accept", "--reason", "属实")
    assert "不能核实自己" in cli(*check, "--by", "张科长", code=2).stderr
    assert "核实通过" in cli(*check, "--by", "李核", "--on", "2023-06-25", code=0).stdout
    assert "不是日期" in cli(*check, "--by", "李核", "--on", "20230625", code=2).stderr

    shown = cli.json("rectify", "show", EVALUATION, "--as-of", "2023-09-30")
    first, second = shown["items"]
    assert (first["status"], first["due"], first["days_late"]) == ("核实通过", "2023-06-30", 0)
    assert first["finding"] == "综合得分99.55分"  # the published total: 黄石市公开的自评表
    # 2023-05-01 and 60 days: 30 left of May, 30 of June. From then to 2023-09-30: 31 + 31 + 30.
    assert (second["status"], second["due"], second["days_late"]) == ("待整改", "2023-06-30", 92)
    late = cli("rectify", "show", EVALUATION, "--as-of", "2023-09-30", "--overdue", code=0).stdout
    assert "满意度调查样本少" in late and "预算执行偏慢" not in late and "逾期92天" in late

    written(workspace, [PROBLEMS[0] | {"cause": "项目多"}, PROBLEMS[1] | {"suggestion": "样本不少于三百人"}])
    said = cli("rectify", "open", EVALUATION, code=0).stdout
    assert "与报告不同(原因):已核实通过,不再变更" in said and "与报告不同(整改要求):台账未改" in said
    amend = ("rectify", "open", EVALUATION, "--amend", "--due", "2023-12-31")
    assert "写明变更的理由" in cli(*amend, code=2).stderr
    assert "只与 --amend 同用" in cli("rectify", "open", EVALUATION, "--reason", "x", code=2).stderr
    told = cli.json(*amend, "--reason", "经批准延期")
    assert "按 --due 定为2023-12-31" in told["remarks"][0]["message"]
    assert (told["amended"], [c["item"] for c in told["changed"]]) == ([2], [1])
    assert "没有逾期" in cli("rectify", "show", EVALUATION, "--as-of", "2023-09-30", "--overdue", code=0).stdout

    cli("rectify", "out", EVALUATION, "--as-of", "2024-01-31", code=0)
    names = {p.name for p in (workspace / "reports" / EVALUATION / "整改").iterdir()}
    assert names == {"整改台账.xlsx", "整改情况报告.docx", "整改通知-02-某街道办.docx", "files.json"}
    carried = cli("rectify", "carry", EVALUATION, "huangshi-sponge-2023", "--as-of", "2024-01-31", code=0).stdout
    assert "核实通过1项,转入1项" in carried and "NOT_RECTIFIED" in carried and "逾期31天" in carried
    assert "核对通过" in cli("ledger", "verify", EVALUATION, code=0).stdout
    assert "登记整改事项" not in cli("ledger", "log", EVALUATION, code=0).stdout
    assert "报告整改情况" in cli("ledger", "log", EVALUATION, code=0).stdout
    assert (run / "result.json").read_bytes() == before
    after = open_plan(workspace / "params" / f"{NAME}.yaml", workspace=workspace)
    assert run_folder(after) == run and json.loads(before)["ledger_head"] == after.result().ledger_head == ""


def test_problems_that_cannot_be_registered(cli, run, workspace):
    written(workspace, [])
    assert "没有问题" in cli("rectify", "open", EVALUATION, "--due", "2023-12-31", code=2).stderr
    wrong = [PROBLEMS[0] | {"cause": ""}, PROBLEMS[1] | {"finding": "{{ 没有这个 }}"}, PROBLEMS[1], dict(PROBLEMS[1])]
    written(workspace, wrong)
    said = cli("rectify", "open", EVALUATION, "--due", "2023-12-31", code=2).stderr
    assert "缺少原因" in said and "没有这个" in said and "标题相同" in said
    written(workspace, [PROBLEMS[0] | {"finding": "总分为12.34分"}])
    assert "文字与结果不符" in cli("rectify", "open", EVALUATION, code=2).stderr
    written(workspace, [PROBLEMS[0] | {"title": "长" * 201}])
    assert "report.problems[0]" in cli("rectify", "open", EVALUATION, code=2).stderr


def test_one_item_is_put_off_or_withdrawn_and_the_report_does_not_bring_it_back(cli, run, workspace):
    served = ("--served", "2023-05-01")
    early = cli("rectify", "open", EVALUATION, *served, "--due", "2023-04-30", code=2).stderr
    assert "整改期限早于送达日期" in early
    cli("rectify", "open", EVALUATION, *served, code=0)
    extend = ("rectify", "extend", EVALUATION, "1", "--from", "2023-06-30", "--reason", "批准延期", "--due")
    shown = cli(*extend, "2023-12-31", code=0).stdout
    assert "由2023-06-30" in shown and "改为2023-12-31" in shown
    second = cli(*extend, "2023-09-30", code=2).stderr  # somebody who still knows the first date
    assert "应为2023-12-31(由2023-06-30变更:批准延期)" in second
    again = cli("rectify", "open", EVALUATION, *served, "--amend", "--reason", "照报告", code=0).stdout
    assert "变更0项" in again and "台账的期限2023-12-31" in again  # the report's own date is the older one
    cli("rectify", "withdraw", EVALUATION, "2", "--reason", "并入第1项", code=0)
    assert "台账中已撤销" in cli("rectify", "open", EVALUATION, *served, code=0).stdout
    show = ("rectify", "show", EVALUATION, "--as-of")
    assert [i["status"] for i in cli.json(*show, "2024-01-01")["items"]] == ["待整改", "已撤销"]
    overdue = cli(*show, "2023-12-31", "--overdue", code=0).stdout  # due today is in time
    assert "截至2023-12-31,没有逾期" in overdue
    assert "逾期1天" in cli(*show, "2024-01-01", "--overdue", code=0).stdout
    assert "不是日期" in cli(*show, "0001-01-01", code=2).stderr
    out = ("rectify", "out", str(run), "--as-of", "2024-01-01")
    assert "整改通知-01-市住建局.docx" in cli(*out, code=0).stdout
    assert (
        workspace / "reports" / EVALUATION / "整改" / "整改台账.xlsx"
    ).is_file()  # by the evaluation, not by the folder
    cli("rectify", "withdraw", EVALUATION, "1", "--reason", "不再需要", code=0)
    assert "请勿再用:整改通知-01-市住建局.docx" in cli(*out, code=0).stdout
    carry = ("rectify", "carry", EVALUATION, "huangshi-sponge-2023", "--as-of", "2024-01-01")
    assert "没有可转入" in cli(*carry, code=4).stderr


def test_an_unreadable_time_limit_is_asked_about(cli, run, workspace):
    """Never passed over for the policy's days: it is named with what was read."""
    written(workspace, [PROBLEMS[0] | {"deadline": "尽快"}])
    said = cli("rectify", "open", EVALUATION, "--served", "2023-05-01", code=2).stderr
    assert "report.problems[0]" in said and "认不出整改时限;实际为“尽快”" in said
    written(workspace, [PROBLEMS[0] | {"deadline": ""}])
    said = cli("rectify", "open", EVALUATION, "--served", "2023-05-01", code=2).stderr
    assert "国家默认没有规定整改天数" in said
    written(
        workspace, [PROBLEMS[0], PROBLEMS[1] | {"cause": "\u200b"}]
    )  # nothing to be seen: nothing of it is recorded
    assert "须写明原因" in cli("rectify", "open", EVALUATION, "--due", "2023-12-31", code=2).stderr
    assert "还没有整改事项" in cli("rectify", "show", EVALUATION, "--as-of", "2023-12-31", code=2).stderr
