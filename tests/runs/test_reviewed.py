"""A run carries its review: replayed from the ledger, named by its head, written again after a merge.

One project, three indicators. Computed by hand: D 80 % of 20 = 16.00, Q 75 % of 30 = 22.50, P 93.5 % of 50 = 46.75; 85.25 in all.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from workbench.base.errors import CheckFailed, LedgerError, ReviewError
from workbench.reports.console import summary
from workbench.reports.csvfiles import review_csv, scorecard_csv
from workbench.review.desk import Desk, start_review
from workbench.review.events import CellCorrection, Correction, Event, Reopening, SignOff
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.runs.carried import reviewed_digest
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.position import HEAD_VARIABLE, position_at
from workbench.runs.reviewed import publish_run, unwritten
from workbench.runs.reviewing import open_review
from workbench.runs.store import StoredRun, find_run, result_bytes, run_folder
from workbench.runs.under_review import newer_than, run_under_review
from workbench.scheme.panel import Panel
from workbench.scoring.result import IndicatorResult, SubjectResult

INDICATORS = [
    {"code": "D", "level1": "决策", "name": "立项规范性", "weight": 20, "rule": {"kind": "qualitative"}},
    {"code": "Q", "level1": "效益", "name": "社会效益", "weight": 30, "rule": {"kind": "qualitative"}},
    {"code": "P", "level1": "产出", "name": "完成率", "weight": 50, "rule": {"kind": "proportional"}, "target": "100"},
]
PACK = {
    "id": "small",
    "version": "1.0.0",
    "api_version": 1,
    "title": "评审示例",
    "object": "示例",
    "basis": [],
    "ruleset": "caiyu-2020-10",
    "tables": [
        {
            "name": "data",
            "title": "基础数据",
            "per": "subject",
            "fields": [
                {"name": f, "title": f"{f}栏", "type": "number", "unit": "%", "decimals": 2} for f in ("d", "q", "p")
            ],
        }
    ],
    "indicators": [i | {"value": f"data.{str(i['code']).lower()}", "unit": "%"} for i in INDICATORS],
}
PLAN = {
    "evaluation": "small",
    "title": "评审示例",
    "pack": "small",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2024",
    "stage": "自评",
    "as_of": "2025-03-31",
    "evidence": "params/data",
}
EXPERTS = [f"e{n}" for n in range(1, 6)]
PANEL = {
    "members": [
        {"id": "lead", "name": "主评人甲", "roles": ["lead"]},
        *({"id": e, "name": f"专家{e[1]}", "roles": ["expert"], "specialty": "业务"} for e in EXPERTS),
    ],
    "merge": "trimmed_mean",
}
SAID = {"D": ("10", "14", "15", "18", "20"), "Q": ("25", "25", "25.5", "26", "30")}
"""Without the highest and the lowest: D (14+15+18)/3 = 15.67, Q (25+25.5+26)/3 = 25.50; P stays 46.75; 87.92 in all."""
REASON = "=现场核查<script>\u202e\nemoji😀"


class Case:
    """A workspace with one evaluation, and its ledger once somebody begins the review."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.plan = root / "params" / "small.yaml"
        self.opened: list[SqlLedger] = []
        (root / "packs" / "small").mkdir(parents=True)
        (root / "packs" / "small" / "pack.yaml").write_text(yaml.safe_dump({"pack": PACK}, allow_unicode=True), "utf-8")
        (root / "params" / "data").mkdir(parents=True)
        (root / "notebooks").mkdir()
        self.plan.write_text(yaml.safe_dump({"plan": PLAN}, allow_unicode=True), "utf-8")
        (root / "params" / "data" / "评价对象.csv").write_text("对象编号,对象名称\nS1,第一小学\n", "utf-8")
        proofs = "".join(f"S1,{c},核实一致,决算报表\n" for c in "DQP")
        head = "对象编号,指标编码,佐证状态,资料名称\n"
        (root / "params" / "data" / "佐证清单.csv").write_text(head + proofs, "utf-8")
        self.write(d="80", q="75", p="93.5")

    def write(self, d: str, q: str, p: str) -> None:
        """The evidence: three rates of S1."""
        text = f"对象编号,d栏(%),q栏(%),p栏(%)\nS1,{d},{q},{p}\n"
        (self.root / "params" / "data" / "基础数据.csv").write_text(text, "utf-8")

    def open(self) -> Evaluation:
        return open_plan(self.plan, workspace=self.root)

    def computed(self) -> Evaluation:
        return open_computed(self.plan, workspace=self.root)

    def subject(self) -> SubjectResult:
        return self.open().result().subjects[0]

    def ledger(self) -> SqlLedger:
        ledger = open_ledger(self.root, "small", create=True)
        self.opened.append(ledger)
        return ledger

    def desk(self, person: str) -> Desk:
        """A desk on the evaluation as its files are now; the review begins, or goes on, with it."""
        docket, ledger = RunDocket(self.computed()), self.ledger()
        start_review(ledger, docket, Panel.model_validate(PANEL))
        return Desk(ledger, docket, person)

    def judged(self) -> None:
        """Everybody says what SAID says, agrees to the rest and submits."""
        for n, expert in enumerate(EXPERTS):
            desk = self.desk(expert)
            for code, points in SAID.items():
                desk.opine("S1", code, "adjust", Decimal(points[n]), REASON)
            desk.opine("S1", "P", "agree")
            desk.submit()

    def merged(self) -> Event:
        self.judged()
        return self.desk("lead").merge()

    def signed(self) -> Event:
        return self.desk("lead").send(SignOff(kind="sign_off", statement="同意"))

    def correct(self, field: str, old: str, new: str) -> Event:
        change = CellCorrection(target="cell", table="基础数据", field=field, old=old, new=new)
        body = Correction(kind="correction", subject="S1", change=change, reason="合同载明", evidence="合同第3页")
        return self.desk("lead").send(body)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    for ledger in made.opened:
        ledger.close()


def indicator(subject: SubjectResult, code: str) -> IndicatorResult:
    return next(i for i in subject.indicators if i.code == code)


def finals(subject: SubjectResult) -> dict[str, str | None]:
    return {i.code: i.final for i in subject.indicators}


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))


# -- without a ledger ---------------------------------------------------------------------------------------------


def test_without_a_ledger_there_is_no_review(case: Case) -> None:
    result = case.open().result()
    assert (result.ledger_head, result.parent, result.review) == ("", None, None)
    assert result.subjects[0].computed is None and result.subjects[0].total == "85.25"
    assert case.open().digest == case.computed().digest
    assert "专家得分" not in case.open().scores().columns


def test_without_a_ledger_no_database_is_loaded(case: Case) -> None:
    # Asked in a fresh process: importing SQLAlchemy would cost every evaluation that has no review.
    code = (
        "import sys, workbench as wb\n"
        f"e = wb.open('params/small.yaml', workspace={str(case.root)!r}); e.result()\n"
        "print(sorted({'sqlalchemy', 'alembic', 'workbench.review.events'} & set(sys.modules)))"
    )
    environment = {k: v for k, v in os.environ.items() if k != "WORKBENCH_LEDGER"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", env=environment, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_ledger_nobody_wrote_in_changes_nothing(case: Case) -> None:
    before = result_bytes(case.open())
    case.ledger()
    assert result_bytes(case.open()) == before


@pytest.mark.parametrize("url", ["", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_ledger_that_cannot_be_read_is_never_passed_over(
    case: Case, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    # Computed points instead of the panel's would look like a result.
    if url:
        monkeypatch.setenv("WORKBENCH_LEDGER", url)
    else:
        (case.root / "reviews" / "small").mkdir(parents=True)
        (case.root / "reviews" / "small" / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError):
        case.open()


# -- what a merge does --------------------------------------------------------------------------------------------


def test_merged_points_stand_beside_the_computed_ones(case: Case) -> None:
    event = case.merged()
    subject = case.subject()
    assert finals(subject) == {"D": "15.67", "Q": "25.50", "P": "46.75"}
    assert {i.code: i.computed for i in subject.indicators} == {"D": "16.00", "Q": "22.50", "P": "46.75"}
    assert subject.total == "87.92" and subject.computed is not None and subject.computed.total == "85.25"
    found = indicator(subject, "D").review
    assert found is not None
    assert [(e.name, e.choice, e.points, e.reason) for e in found.experts] == [
        (f"专家{n}", "调整", f"{points}.00", REASON) for n, points in enumerate(SAID["D"], 1)
    ]
    assert (found.merged, found.rule, found.by, found.at, found.applied) == (
        "15.67",
        "去掉一个最高分和一个最低分后平均",
        "主评人甲",
        event.at,
        True,
    )
    agreed = indicator(subject, "P").review
    assert agreed is not None and {(e.choice, e.points) for e in agreed.experts} == {("认可", "46.75")}
    assert indicator(subject, "D").explanation.endswith(
        ";经5名专家评审(去掉一个最高分和一个最低分后平均)由16.00分调整为15.67分"
    )


def test_a_round_that_is_not_submitted_is_nobody_elses(case: Case) -> None:
    desk = case.desk("e1")
    desk.opine("S1", "D", "adjust", Decimal(3), "只有本人知道")
    result = case.open().result()
    assert "只有本人知道" not in result_bytes(case.open()).decode()
    assert result.review is not None and result.review.phase == "评审中"
    assert [f.message for f in result.subjects[0].findings if f.code == "review_unmerged"] == [
        "有1条专家意见尚未汇总,没有计入得分"
    ]
    assert finals(result.subjects[0])["D"] == "16.00"


# -- a plan that leaves the experts out ------------------------------------------------------------------------------


def test_a_plan_may_leave_the_experts_out_and_is_not_what_they_review(case: Case) -> None:
    case.computed().save()
    case.merged()
    case.open().save()
    reviewed = run_folder(case.open())
    assert (
        "experts" not in json.loads((reviewed / "plan.json").read_bytes())["plan"]
    )  # as before there was this setting
    case.plan.write_text(yaml.safe_dump({"plan": PLAN | {"experts": "ignored"}}, allow_unicode=True), "utf-8")
    evaluation = case.open()
    assert evaluation.subjects[0].total == "85.25" and evaluation.scheme_digest == case.computed().scheme_digest
    assert evaluation.result().ledger_head == case.ledger().head().hash
    evaluation.save()
    assert find_run("small", case.root).folder == run_folder(evaluation)  # the latest, and yet:
    assert run_under_review("small", case.root).folder == reviewed
    assert newer_than(StoredRun(reviewed), case.root) is None
    assert open_review("small", case.root).stored.folder == reviewed


def test_opinions_before_any_merge_are_left_out_too(case: Case) -> None:
    case.plan.write_text(yaml.safe_dump({"plan": PLAN | {"experts": "ignored"}}, allow_unicode=True), "utf-8")
    case.judged()
    result = case.open().result()
    assert [n.message for n in result.notes if n.code == "review_not_counted"] == [
        "本次评价不计专家评审:专家意见没有计入,得分都是计算得分"
    ]
    assert not [f for f in result.subjects[0].findings if f.code.startswith("review")]


# -- changed evidence ---------------------------------------------------------------------------------------------


def test_changed_evidence_takes_down_what_was_about_it_and_nothing_else(case: Case) -> None:
    case.merged()
    case.write(d="90", q="75", p="93.5")  # D is computed anew: 90 % of 20 = 18.00
    result = case.open().result()
    subject = result.subjects[0]
    assert finals(subject) == {"D": "18.00", "Q": "25.50", "P": "46.75"}
    assert subject.total == "90.25"  # 18.00 + 25.50 + 46.75
    found = indicator(subject, "D").review
    assert found is not None
    assert (found.merged, found.applied, found.why_not) == ("15.67", False, "计算得分由16.00变为18.00")
    assert result.review is not None
    assert [(f.code, f.indicator, f.message) for f in result.review.not_applied] == [
        (
            "review_not_applied",
            "D",
            "立项规范性(D)评审得分15.67分不再适用:计算得分由16.00变为18.00,现按计算得分18.00分计。请重新评定",
        )
    ]
    said = summary(result, "runs/small/x")
    assert "计算得分    87.25 分" in said and "评审后得分  90.25 分" in said  # 18.00 + 22.50 + 46.75
    assert "不再适用    立项规范性(D)评审得分15.67分" in said and "workbench review small" in said


def test_a_vanished_indicator_is_named(case: Case) -> None:
    case.merged()
    changes = [
        {"kind": "drop", "indicator": "D", "reason": "经批准取消"},
        {"kind": "weight", "indicator": "Q", "value": "50", "reason": "经批准"},
    ]
    case.plan.write_text(yaml.safe_dump({"plan": PLAN | {"changes": changes}}, allow_unicode=True), "utf-8")
    result = case.open().result()
    assert [n.message for n in result.notes if n.code == "review_not_applied"] == [
        "原有指标(D)评审得分15.67分不再适用:评价方案中已没有这个对象或指标。请重新评定"
    ]
    assert result.review is not None and len(result.review.not_applied) == 2  # D is gone, Q has other full points


def test_a_correction_holds_as_long_as_the_evidence_says_what_it_corrects(case: Case) -> None:
    event = case.correct("p", "93.5", "90")  # P: 90 % of 50 = 45.00
    subject = case.subject()
    assert finals(subject)["P"] == "45.00" and subject.total == "83.50"
    [finding] = [f for f in subject.findings if f.code == "review_correction"]
    assert finding.message.startswith(f"评审台账第{event.seq}号数据更正,基础数据:p栏由“93.5”改为“90”")
    assert any(f"评审台账第{event.seq}号数据更正" in ref.place for ref in indicator(subject, "P").evidence)
    assert case.open().result().evidence_digest == case.computed().result().evidence_digest
    case.write(d="80", q="75", p="90")  # the workbook was put right: there is nothing to correct any more
    result = case.open().result()
    assert finals(result.subjects[0])["P"] == "45.00"
    assert result.review is not None
    [fallen] = result.review.not_applied
    assert f"第{event.seq}号" in fallen.message
    assert "原值与现有资料不符;实际为“90”;应为更正所记的“93.5”" in fallen.message
    assert case.desk("lead").scope.computed(("S1", "P")) == Decimal("45.00")  # and the page still opens


# -- position and parent ------------------------------------------------------------------------------------------


def test_a_run_at_a_pinned_head_knows_nothing_of_what_came_later(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    event = case.merged()
    at_merge = case.open()
    first = result_bytes(at_merge)
    signed = case.signed()
    assert case.open().result().ledger_head == signed.hash
    monkeypatch.setenv(HEAD_VARIABLE, str(position_at(event)))
    assert result_bytes(case.open()) == first
    assert (case.open().digest, at_merge.result().ledger_head) == (at_merge.digest, event.hash)
    monkeypatch.setenv(HEAD_VARIABLE, str(case.computed().position))  # a run begun before the review
    assert case.open().result().review is None
    monkeypatch.setenv(HEAD_VARIABLE, "another 3 0123")  # what is pinned for another evaluation says nothing about this
    assert case.open().result().ledger_head == signed.hash


def test_a_pinned_head_that_is_not_in_the_ledger_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    event = case.merged()
    monkeypatch.setenv(HEAD_VARIABLE, f"small {event.seq} {'0' * 64}")
    with pytest.raises(LedgerError, match=f"第{event.seq}条"):
        case.open()


def test_every_run_names_the_one_before_it(case: Case) -> None:
    base = case.computed().digest
    case.judged()
    assert case.open().result().parent == base
    merge = case.desk("lead").merge()
    first = case.open()
    assert (first.digest, first.result().parent) == (reviewed_digest(base, merge.hash), base)
    signed = case.signed()
    second = case.open()
    assert (second.digest, second.result().parent) == (reviewed_digest(base, signed.hash), first.digest)
    case.write(d="90", q="75", p="93.5")
    third = case.open()  # only made to look at: its parent is a run that was written, not one of the new evidence
    assert third.result().parent == first.digest != third.digest
    changed = case.computed().digest
    lead = case.desk("lead")  # the review goes on with the new evidence
    assert lead.state.opened is not None and lead.state.opened.run == changed
    reopened = lead.send(Reopening(kind="reopening", reason="资料有变"))
    fourth = case.open()
    assert (fourth.digest, fourth.result().parent) == (reviewed_digest(changed, reopened.hash), second.digest)


def test_a_page_on_the_evidence_before_is_refused(case: Case) -> None:
    old = case.desk("lead")
    case.write(d="90", q="75", p="93.5")
    case.desk("lead")
    with pytest.raises(ReviewError) as caught:
        old.send(SignOff(kind="sign_off", statement="同意"))
    assert [p.code for p in caught.value.problems] == ["run_replaced"]


# -- files --------------------------------------------------------------------------------------------------------


def test_scorecard_and_opinions_as_files(case: Case) -> None:
    case.merged()
    result = case.open().result()
    cards = {row["指标编码"]: row for row in rows_of(scorecard_csv(result))}
    assert cards["D"]["专家得分"] == "专家1 10.00;专家2 14.00;专家3 15.00;专家4 18.00;专家5 20.00"
    assert (cards["D"]["计算得分"], cards["D"]["汇总得分"], cards["D"]["最终得分"]) == ("16.00", "15.67", "15.67")
    assert cards["D"]["调整人"] == "主评人甲" and cards["D"]["调整时间"].startswith("20")
    opinions = rows_of(review_csv(result))
    assert len(opinions) == 15 and {r["专家"] for r in opinions} == {f"专家{n}" for n in range(1, 6)}
    assert opinions[0]["理由"] == f"'{REASON}"  # inert: it would be a formula
    table = case.open().scores()
    row = dict(zip(table.columns, next(r for r in table.rows if "立项规范性" in r[2]), strict=True))
    assert (row["计算得分"], row["最终得分"]) == ("16.00", "15.67")
    assert row["汇总得分"] == "15.67(去掉一个最高分和一个最低分后平均)"
    assert "<script>" not in table.html()


def test_publishing_writes_the_run_of_its_event(case: Case) -> None:
    # A real kernel: the ledger moves on while it runs, and the run is still that of the merge.
    case.computed().save()
    run = find_run("small", case.root).folder
    merge = case.merged()
    at_merge = case.open()
    plan = json.loads((run / "plan.json").read_bytes())["plan"] | {"title": "改过的计划"}
    case.plan.write_text(yaml.safe_dump({"plan": plan}, allow_unicode=True), "utf-8")  # nobody judged this one
    told: list[str] = []

    def progress(text: str) -> None:
        told.append(text)
        if text.startswith("执行笔记本"):
            desk = Desk(case.ledger(), RunDocket(open_computed(PLAN, workspace=case.root)), "lead")
            desk.send(SignOff(kind="sign_off", statement="同意"))

    events = case.ledger().events()
    assert unwritten(run, at_merge.computed_digest, events) == [merge]
    outcome = publish_run(run, case.root, merge.hash, progress)
    assert unwritten(run, at_merge.computed_digest, events) == []
    assert unwritten(run, "another evidence", events) == []
    assert outcome.folder == run_folder(at_merge)
    assert (outcome.folder / "result.json").read_bytes() == result_bytes(at_merge)
    assert outcome.result.subjects[0].total == "87.92" and outcome.result.title == "评审示例"
    assert {"review.csv", "scorecard.csv"} <= {p.name for p in outcome.folder.iterdir()}
    StoredRun(outcome.folder).check()
    assert told[0] == "检查计划、方案与佐证资料" and len(told) == 2
    again = publish_run(outcome.folder, case.root, merge.hash)  # from the published run itself, and written once
    assert again.reused and again.folder == outcome.folder


def test_publishing_on_moved_evidence_is_refused(case: Case) -> None:
    case.computed().save()
    run = find_run("small", case.root).folder
    merge = case.merged()
    case.write(d="90", q="75", p="93.5")
    with pytest.raises(CheckFailed, match="佐证资料、评价方案或程序在评审开始之后改过"):
        publish_run(run, case.root, merge.hash)
    with pytest.raises(LedgerError, match="没有这条事件"):
        publish_run(run, case.root, "0" * 64)
