"""整改台账 and runs: no item moves a result or a digest, with a review or without; what is left goes into next year's report."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from workbench.base.errors import CheckFailed, FileError, ReviewError, TextsError, WorkbenchError
from workbench.reports.document.blocks import Grid
from workbench.reports.document.content import content
from workbench.reports.document.earlier import EARLIER_FILE
from workbench.review.desk import Desk, start_review
from workbench.review.ledger.failures import NoLedger
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.review.rectification.bodies import Matter
from workbench.runs.carrying import carried
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.position import events_of
from workbench.runs.rectifying import rectification
from workbench.runs.reporting import report_source, report_texts
from workbench.runs.reviewing import open_review
from workbench.runs.store import StoredRun, result_bytes, run_folder
from workbench.runs.under_review import reviewed_base
from workbench.scheme.panel import Panel

PLAN = "params/plan.yaml"
PANEL = Panel.model_validate(
    {
        "members": [
            {"id": "lead", "name": "王敏", "roles": ["lead"]},
            {"id": "e1", "name": "专家1", "roles": ["expert"], "specialty": "业务"},
            {"id": "rev", "name": "刘审", "roles": ["reviewer"]},
        ]
    }
)
MATTER = Matter(
    title="验收资料不全",
    finding="缺少签字",
    cause="未落实双人验收",
    suggestion="补齐手续",
    responsible="某校",
    due="2024-06-30",
    basis="下达时指定",
)


def saved(evaluation: Evaluation) -> StoredRun:
    evaluation.save()
    return StoredRun(run_folder(evaluation))


@pytest.fixture
def root(workspace: Callable[..., Path]) -> Path:
    return workspace({"产出指标": 1, "效益指标": 1, "满意度指标": 1}, parties={"lead": "王敏"})


@pytest.fixture
def desk(root: Path) -> Iterator[Callable[[str], Desk]]:
    """``desk(person)`` on the review of the workspace's run."""
    opened: list[SqlLedger] = []

    def sit(person: str) -> Desk:
        ledger = open_ledger(root, "demo", create=True)
        opened.append(ledger)
        docket = RunDocket(open_computed(PLAN, workspace=root))
        start_review(ledger, docket, PANEL)
        return Desk(ledger, docket, person)

    yield sit
    for ledger in opened:
        ledger.close()


def reviewed(desk: Callable[[str], Desk]) -> None:
    """The whole review up to 定稿; the judged indicator gets points."""
    expert = desk("e1")
    for spot in expert.scope.assigned(expert.member):
        if expert.scope.computed(spot) is None:
            expert.opine(*spot, "abstain", reason="资料不足以判断")
        else:
            expert.opine(*spot, "agree")
    expert.submit()
    lead = desk("lead")
    lead.merge()
    lead.say("sign_off", statement="同意")
    lead.say("draft_issued", to=["某校"])
    desk("rev").say("internal_review", passed=True, text="通过")
    desk("lead").say("finalised")


def moved_on(root: Path) -> None:
    """An item opened, reported, rejected, reported again and accepted; another put off and withdrawn."""
    with rectification("demo", root, opening=True) as opened:
        register = opened.register
        item = register.say("item_opened", run="0" * 64, matter=MATTER, by=opened.member.name).seq
        for accepted in (False, True):
            proof = [("单.pdf", b"proof")]
            done = {"done": True, "text": "已补", "by": "张科长", "on": "2024-06-20"}
            report = register.say("item_reported", proof, item=item, **done)
            said = {"report": report.seq, "accepted": accepted, "reason": "已核", "on": "2024-06-20"}
            register.say("item_checked", item=item, by="李核", **said)
        other = MATTER.model_copy(update={"title": "登记有误"})
        item = register.say("item_opened", run="0" * 64, matter=other, by=opened.member.name).seq
        later = {"run": "0" * 64, "matter": other.model_copy(update={"due": "2024-09-30"})}
        register.say("item_amended", item=item, reason="延期", by="王敏", **later)
        register.say("item_withdrawn", item=item, reason="重复", by="王敏")


def test_without_a_review_a_run_is_what_it_was(root: Path) -> None:
    before = open_plan(PLAN, workspace=root)
    saved(before)
    with pytest.raises(NoLedger, match="rectify open demo"), rectification("demo", root):
        pass
    moved_on(root)
    after = open_plan(PLAN, workspace=root)
    assert (after.digest, result_bytes(after)) == (before.digest, result_bytes(before))
    assert after.result().review is None and str(after.position) == "demo 0 "
    assert reviewed_base(root, "demo") is None and events_of(root, "demo") == []
    opened = open_review("demo", root)  # and a review can still begin, on the same ledger
    assert [e.body.kind for e in opened.ledger.events()][-2:] == ["opened", "panel_set"]
    opened.ledger.close()
    assert open_plan(PLAN, workspace=root).result().review is not None


def test_after_a_review_the_final_run_is_what_it_was(root: Path, desk: Callable[[str], Desk]) -> None:
    computed = saved(open_plan(PLAN, workspace=root))
    reviewed(desk)
    final = open_plan(PLAN, workspace=root)
    stored = saved(final)
    with (
        pytest.raises(CheckFailed, match="不是评审台账最后一步之后的运行"),
        rectification(str(computed.folder), root, opening=True),
    ):
        pass
    moved_on(root)
    after = open_plan(PLAN, workspace=root)
    assert (after.digest, result_bytes(after)) == (final.digest, result_bytes(final))
    assert after.result().review == final.result().review
    report_source(stored, pictures=False)  # nothing of the run folder has moved either
    computed.folder.touch()
    with rectification("demo", root, opening=True) as opened:
        assert opened.stored.folder == stored.folder  # never the one that was merely run last
    lead = desk("lead")
    lead.say("reopening", reason="漏项")
    again = open_plan(PLAN, workspace=root)
    assert again.result().ledger_head == lead.state.head and again.digest != final.digest
    with pytest.raises(ReviewError, match="还没有定稿"):
        desk("lead").say("item_opened", run="0" * 64, matter=MATTER.model_copy(update={"title": "二"}), by="王敏")


# -- the year after ----------------------------------------------------------------------------------------------------


def next_year(root: Path, **plan: str) -> None:
    data = yaml.safe_load((root / PLAN).read_text("utf-8"))
    data["plan"] |= {"evaluation": "demo-2024", "period": "2024年度"} | plan
    (root / "params" / "next.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    saved(open_plan("params/next.yaml", workspace=root))


def test_what_is_left_stands_in_next_year_s_report(root: Path) -> None:
    saved(open_plan(PLAN, workspace=root))
    moved_on(root)
    with rectification("demo", root, opening=True) as opened:
        for title, subjects in (("目标不细", []), ("账目不清", ["P01"])):
            left = MATTER.model_copy(update={"title": title, "subjects": subjects})
            opened.register.say("item_opened", run="0" * 64, matter=left, by="王敏")
        listing = opened.listing(date(2024, 9, 30))
        early = carried(opened, listing, "demo-2024")
        assert early.remarks == ["demo-2024 还没有运行,没有核对是否同一对象"]
        next_year(root)
        done = carried(opened, listing, "demo-2024")
        assert done.remarks == [] and done.earlier == early.earlier
        with pytest.raises(CheckFailed, match="不能转入本评价自己"):
            carried(opened, listing, "demo")
    assert done.file == root / "params" / "reports" / "demo-2024" / EARLIER_FILE
    before = done.file.read_bytes()
    earlier = done.earlier
    assert [(i.title, i.status, i.days_late) for i in earlier.items] == [
        ("验收资料不全", "核实通过", 0),
        ("目标不细", "待整改", 92),  # 2024-06-30 to 2024-09-30
        ("账目不清", "待整改", 92),
    ]
    source = report_source(saved(open_plan("params/next.yaml", workspace=root)), pictures=False)
    texts = report_texts(root, "demo-2024")
    assert texts.earlier == [earlier]
    part = content(source, texts).parts["存在的问题及原因分析"]
    text = "".join(getattr(b, "text", "") for b in part)
    assert "共有整改事项3项，截至2024年9月30日核实通过1项，尚未核实通过2项，其中逾期未完成2项" in text
    [table] = [b for b in part if isinstance(b, Grid)]
    assert [line.cells[1] for line in table.lines] == ["验收资料不全", "目标不细", "账目不清"]
    assert [line.cells[5] for line in table.lines] == ["核实通过", "待整改\n逾期92天", "待整改\n逾期92天"]
    with rectification("demo", root) as opened:  # carried again: in its own place, not a second time
        carried(opened, opened.listing(date(2024, 9, 30)), "demo-2024")
    assert done.file.read_bytes() == before
    done.file.write_text("rectification: [{evaluation: x}]\n", "utf-8")
    with pytest.raises(TextsError):
        report_texts(root, "demo-2024")


def test_another_subject_s_evaluation_takes_nothing(root: Path, workspace: Callable[..., Path]) -> None:
    saved(open_plan(PLAN, workspace=root))
    moved_on(root)
    next_year(root)
    folder = root / "runs" / "demo-2024"
    [run] = folder.iterdir()
    result = run / "result.json"
    result.write_text(result.read_text("utf-8").replace("营养改善计划", "农村公路"), "utf-8")  # P01 there too
    with rectification("demo", root) as opened:
        listing = opened.listing(date(2024, 9, 30))
        with pytest.raises(CheckFailed, match="两项评价的对象不同"):
            carried(opened, listing, "demo-2024")
        renamed = result.read_text("utf-8").replace("农村公路", "2024年营养改善计划")
        result.write_text(renamed, "utf-8")
        assert carried(opened, listing, "demo-2024").earlier.left == []  # the one item was accepted
        shutil.rmtree(root / "params" / "reports")
        assert carried(opened, listing, "demo-2024", same=True).file.is_file()


def test_only_a_later_year_is_told_and_what_it_was_told_itself_is_named(root: Path) -> None:
    saved(open_plan(PLAN, workspace=root))
    with rectification("demo", root, opening=True) as opened:
        opened.register.say("item_opened", run="0" * 64, matter=MATTER, by="王敏")
        listing = opened.listing(date(2024, 9, 30))
        for wrong in ("../demo-2024", "", "下年"):
            with pytest.raises(WorkbenchError, match="编号写法不对"):
                carried(opened, listing, wrong)
        next_year(root, period=listing.period)
        with pytest.raises(CheckFailed, match="不是以后年度"):
            carried(opened, listing, "demo-2024")
        shutil.rmtree(root / "runs" / "demo-2024")
        next_year(root)
        carried(opened, listing, "demo-2024")
    with rectification("demo-2024", root, opening=True) as opened:
        opened.register.say("item_opened", run="0" * 64, matter=MATTER, by="王敏")
        done = carried(opened, opened.listing(date(2025, 9, 30)), "demo-2025")
    assert any("demo-2024 转入的 demo 还有1项未核实通过" in r for r in done.remarks)


def test_a_register_outlives_its_run_and_nobody_outside_the_panel_begins_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = saved(open_plan(PLAN, workspace=root))
    monkeypatch.setenv("JUPYTERHUB_USER", "stranger")
    with pytest.raises(ReviewError, match="不是该评价评审组的成员"), rectification("demo", root, opening=True):
        pass
    assert not (root / "reviews").exists()
    monkeypatch.delenv("JUPYTERHUB_USER")
    with rectification("demo", root, opening=True) as opened:
        opened.register.say("item_opened", run=opened.digest, matter=MATTER, by="王敏")
        assert opened.listing(date(2024, 9, 30)).remarks == []
    shutil.rmtree(stored.folder)
    with pytest.raises(FileError, match="台账没有丢"), rectification("demo", root):
        pass
    (root / PLAN).write_text((root / PLAN).read_text("utf-8").replace("title: ", "title: 新的"), "utf-8")
    saved(open_plan(PLAN, workspace=root))
    with rectification("demo", root) as opened:
        assert "又有新的运行" in opened.listing(date(2024, 9, 30)).remarks[0]
