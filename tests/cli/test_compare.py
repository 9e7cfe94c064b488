"""``workbench compare`` on runs made here: points by hand, runs that have moved on, files that were edited.

One project, three indicators in percent of their weight: D 80 % of 20, Q 75 % of 30, P 93.5 % of 50: 16.00 + 22.50 + 46.75 = 85.25.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from workbench.dossier.compare.opened import compared
from workbench.dossier.container import open_container, sign_container
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.signing import sign
from workbench.review.desk import Desk, start_review
from workbench.review.events import SignOff
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.store import run_folder, seal_folder, write_files
from workbench.scheme.panel import Panel

NAMES = {"D": "立项规范性", "Q": "社会效益", "P": "完成率"}
PLAN = {
    "evaluation": "small",
    "title": "对比示例",
    "pack": "small",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2024",
    "stage": "自评",
    "as_of": "2025-03-31",
    "evidence": "params/data",
}
EXPERTS = ("e1", "e2", "e3")


def pack(codes: str = "DQP") -> dict:
    """Three indicators that read one column each, under these codes."""
    fields = [{"name": f, "title": f"{f}栏", "type": "number", "unit": "%", "decimals": 2} for f in "dqp"]
    rules = [{"kind": "qualitative"}, {"kind": "qualitative"}, {"kind": "proportional"}]
    tree = [
        {
            "code": code,
            "level1": "产出",
            "name": NAMES[own],
            "weight": weight,
            "rule": rule,
            "value": f"data.{own.lower()}",
        }
        | {"unit": "%"}
        | ({"target": "100"} if own == "P" else {})
        for code, own, weight, rule in zip(codes, "DQP", (20, 30, 50), rules, strict=True)
    ]
    table = {"name": "data", "title": "基础数据", "per": "subject", "fields": fields}
    head = {"id": "small", "version": "1.0.0", "api_version": 1, "title": "示例", "object": "示例", "basis": []}
    return head | {"ruleset": "caiyu-2020-10", "tables": [table], "indicators": tree}


class Case:
    """A workspace whose evidence, pack and plan can be changed between two runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.opened: list[SqlLedger] = []
        (root / "packs" / "small").mkdir()
        (root / "params" / "data").mkdir()
        self.put("评价对象.csv", "对象编号,对象名称\nS1,第一小学\n")
        self.data("80", "75", "93.5")
        self.scheme()

    def put(self, name: str, text: str) -> None:
        (self.root / "params" / "data" / name).write_text(text, "utf-8")

    def data(self, d: str, q: str, p: str) -> None:
        self.put("基础数据.csv", f"对象编号,d栏(%),q栏(%),p栏(%)\nS1,{d},{q},{p}\n")

    def scheme(self, codes: str = "DQP", **plan: str) -> None:
        proofs = "".join(f"S1,{code},核实一致,决算报表\n" for code in codes)
        self.put("佐证清单.csv", f"对象编号,指标编码,佐证状态,资料名称\n{proofs}")
        (self.root / "packs" / "small" / "pack.yaml").write_text(yaml.safe_dump({"pack": pack(codes)}), "utf-8")
        (self.root / "params" / "small.yaml").write_text(yaml.safe_dump({"plan": PLAN | plan}), "utf-8")

    def run(self, evaluation: Evaluation | None = None) -> str:
        """A finished run of the plan as it is now, without the notebook."""
        opened = evaluation or open_plan(self.root / "params" / "small.yaml", workspace=self.root)
        folder = run_folder(opened)
        write_files(opened, folder)
        seal_folder(folder, opened.digest)
        return folder.relative_to(self.root).as_posix()

    def desk(self, person: str) -> Desk:
        docket = RunDocket(open_computed(self.root / "params" / "small.yaml", workspace=self.root))
        ledger = open_ledger(self.root, "small", create=True)
        self.opened.append(ledger)
        members = [{"id": e, "name": f"专家{e}", "roles": ["expert"]} for e in EXPERTS]
        lead = {"id": "lead", "name": "主评人", "roles": ["lead"]}
        start_review(ledger, docket, Panel.model_validate({"members": [lead, *members], "merge": "mean"}))
        return Desk(ledger, docket, person)


@pytest.fixture
def case(workspace) -> Iterator[Case]:
    made = Case(workspace)
    yield made
    for ledger in made.opened:
        ledger.close()


@pytest.fixture
def corrected(case) -> tuple[str, str]:
    """Two runs: Q 75 % and then 60 % of 30, so 22.50 and 18.00; 85.25 and 80.75 in all."""
    first = case.run()
    case.data("80", "60", "93.5")
    return first, case.run()


def test_it_says_what_moved_and_why(cli, corrected):
    said = cli("compare", *corrected, code=0).stdout
    assert "85.25 → 80.75,差异-4.50分,偏离度5.28%" in said
    assert "基础数据.csv" in said and "q栏:75.00→60.00" in said
    assert "社会效益-4.50分(佐证数据)" in said
    assert "示例,可改" in said


def test_a_run_whose_evidence_has_moved_on_is_compared_as_it_was(cli, case, corrected):
    before = cli.json("compare", *corrected)
    case.data("10", "10", "10")
    after = cli.json("compare", *corrected)
    assert before == after
    [subject] = after["subjects"]
    assert [(s["causes"], s["points"]) for s in subject["shares"]] == [(["data"], "-4.50")]


def test_a_run_whose_pack_is_gone_is_compared_as_it_was(cli, case, corrected):
    before = cli.json("compare", *corrected)
    (case.root / "packs" / "small" / "pack.yaml").unlink()
    assert cli.json("compare", *corrected) == before


def test_a_changed_run_folder_is_refused(cli, case, corrected):
    path = case.root / corrected[0] / "result.json"
    path.write_text(path.read_text("utf-8").replace("85.25", "95.25"), "utf-8")
    assert "文件内容与清单不符" in cli("compare", *corrected, code=4).stderr


def test_the_review_counts_up_to_the_runs_own_event(cli, case):
    """Mean of 10, 14, 18 is 14.00 for D: 16.00 → 14.00. What is said afterwards belongs to later runs."""
    first = case.run()
    for expert, points in zip(EXPERTS, ("10", "14", "18"), strict=True):
        desk = case.desk(expert)
        desk.opine("S1", "D", "adjust", Decimal(points), "现场核查")
        desk.opine("S1", "Q", "agree")
        desk.opine("S1", "P", "agree")
        desk.submit()
    case.desk("lead").merge()
    second = case.run()
    case.desk("lead").send(SignOff(kind="sign_off", statement="同意"))
    [subject] = cli.json("compare", first, second)["subjects"]
    assert [(s["causes"], s["points"]) for s in subject["shares"]] == [(["experts"], "-2.00")]
    assert (subject["old_total"], subject["new_total"]) == ("85.25", "83.25")
    assert compared(second, case.root).evaluation.result().ledger_head == compared(second, case.root).result.ledger_head


def test_an_evaluation_id_is_its_latest_run(cli, case, corrected):
    assert cli.json("compare", corrected[0], "small")["new"]["source"] == f"small/{Path(corrected[1]).name}"


def test_another_code_is_proposed_by_name_and_taken_once_confirmed(cli, case, tmp_path):
    first = case.run()
    case.scheme("DXP")
    second = case.run()
    said = cli("compare", first, second, code=0).stdout
    confirmed = tmp_path / "对应表.yaml"
    [line] = [text for text in said.splitlines() if text.startswith("Q: X")]
    confirmed.write_text(line, "utf-8")
    comparison = cli.json("compare", first, second, "--mapping", str(confirmed))
    assert comparison["matches"] == [{"old": "Q", "new": "X", "name": "社会效益", "confirmed": True}]
    assert comparison["subjects"][0]["difference"] == "0.00"


@pytest.mark.parametrize(
    ("text", "message"),
    [("- Q", "这不是指标对应表"), ("Q: [X]", "须为一个指标编码"), ("Q: true", "须为一个指标编码"), ("Z: P", "“Z”")],
)
def test_a_mapping_that_cannot_be_meant_is_refused(cli, corrected, tmp_path, text, message):
    path = tmp_path / "对应表.yaml"
    path.write_text(text, "utf-8")
    result = cli("compare", *corrected, "--mapping", str(path))
    assert result.exit_code in (2, 4) and message in result.stderr


@pytest.mark.parametrize(
    "given", [("--threshold-points", "-1"), ("--threshold-percent", "多"), ("--threshold-points", "1e3")]
)
def test_a_threshold_is_a_number(cli, corrected, given):
    assert "须为不小于 0 的数" in cli("compare", *corrected, *given, code=2).stderr


def test_thresholds_decide_what_is_large(cli, corrected):
    large = cli.json("compare", *corrected, "--threshold-points", "4.5")["subjects"][0]
    assert large["why_large"] == ["得分相差4.50分,达到4.5分"]
    percent = cli.json("compare", *corrected, "--threshold-points", "50", "--threshold-percent", "5")["subjects"][0]
    assert percent["why_large"] == ["偏离度达到5%"]


def test_the_files_are_written_and_an_edited_report_is_left_alone(cli, corrected, tmp_path):
    out = tmp_path / "结果"
    comparison = cli.json("compare", *corrected, "--out", str(out))
    assert json.loads((out / "comparison.json").read_text("utf-8")) == comparison
    charts = [f"{name}-S1.{kind}" for name in ("差异构成图", "指标变动图") for kind in ("png", "svg")]
    assert {p.name for p in out.iterdir()} == {"comparison.json", "复核表.xlsx", "再评价报告.docx", *charts}
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    cli("compare", *corrected, "--out", str(out), code=0)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    (out / "再评价报告.docx").write_bytes(b"filled in")
    refused = cli("compare", *corrected, "--out", str(out), code=2).stderr
    assert "文件没有写出" in refused and "已有同名而内容不同的文件" in refused
    assert (out / "再评价报告.docx").read_bytes() == b"filled in"
    cli("compare", *corrected, "--out", str(out), "--force", code=0)
    assert (out / "再评价报告.docx").read_bytes() == before["再评价报告.docx"]


def test_no_run_no_comparison(cli, corrected):
    assert "找不到这次运行" in cli("compare", corrected[0], "nothing", code=2).stderr


def test_two_projects_that_share_an_id_are_refused(cli, case):
    first = case.run()
    case.put("评价对象.csv", "对象编号,对象名称\nS1,第二小学\n")
    second = case.run()
    assert "加 --renamed" in cli("compare", first, second, code=4).stderr
    assert cli.json("compare", first, second, "--renamed")["subjects"][0]["name"] == "第二小学"


def test_a_dossier_is_verified_by_the_keys_one_trusts(cli, case, corrected, tmp_path):
    """Signed by one, checked with the key of another: the report says so."""
    dossier = str(tmp_path / "原.dossier.zip")
    cli("seal", corrected[0], "--out", dossier, code=0)
    signer = new_key("甲", "主评人")
    sign_container(Path(dossier), sign(open_container(Path(dossier)).manifest_bytes, signer))
    for name, key in (("甲", signer), ("乙", new_key("乙", "主评人"))):
        (tmp_path / f"{name}.pub").write_text(key.public.model_dump_json(), "utf-8")
    signed = cli("compare", dossier, corrected[1], "--trust", str(tmp_path / "甲.pub"), code=0).stdout
    assert "原评价的档案校验:\n  各项核对成立。\n  已证明:\n  · " in signed
    assert "核验未通过" in cli("compare", dossier, corrected[1], "--trust", str(tmp_path / "乙.pub"), code=0).stdout
    assert "不是档案" in cli("compare", *corrected, "--trust", str(tmp_path / "甲.pub"), code=2).stderr
