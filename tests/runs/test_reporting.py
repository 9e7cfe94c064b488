"""A run folder as the source of its report: whole, with its own scheme and figures, and final after a whole review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.base.errors import CheckFailed
from workbench.reports.checking.check import check
from workbench.reports.checking.language.bands import policy_scale
from workbench.reports.document.blocks import Grid, Picture
from workbench.reports.document.chapters import CHAPTERS
from workbench.reports.document.content import content
from workbench.reports.document.starting import start
from workbench.reports.document.texts import Texts
from workbench.reports.document.word import word
from workbench.reports.gallery import drawn, gallery
from workbench.review.desk import Desk, start_review
from workbench.review.events import Comment, DraftIssued, Finalised, InternalReview, Reply, SignOff
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.reporting import report_folder, report_source, report_texts, texts_folder
from workbench.runs.store import StoredRun, run_folder
from workbench.scheme.panel import Panel

PANEL = {
    "members": [
        {"id": "lead", "name": "王敏", "roles": ["lead"]},
        *({"id": e, "name": f"专家{e[1]}", "roles": ["expert"], "specialty": "业务"} for e in ("e1", "e2")),
        {"id": "rev", "name": "刘审", "roles": ["reviewer"]},
    ],
    "merge": "mean",
}

DEFAULT = policy_scale([("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))], "第十八条")


def saved(evaluation: Evaluation) -> StoredRun:
    evaluation.save()
    return StoredRun(run_folder(evaluation))


@pytest.fixture
def root(workspace: Callable[..., Path]) -> Path:
    return workspace(parties={"client": "某市财政局", "evaluator": "某某咨询公司", "lead": "王敏", "evaluated": "某校"})


def test_a_run_brings_its_scheme_evidence_and_figures(root: Path) -> None:
    evaluation = open_computed("params/plan.yaml", workspace=root)
    evaluation.chart("level_bars")
    stored = saved(evaluation)
    told: list[str] = []
    source = report_source(stored, told.append)
    assert source.result == evaluation.result() and source.plan == evaluation.plan and source.run == evaluation.digest
    assert source.pack is not None and source.ruleset is not None and source.policy == evaluation.scheme.policy
    assert [f.path for f in source.evidence] == ["params/基础数据.xlsx", "params/附件/决算报表.txt"]
    bars = next(c for c in gallery(source.result) if c.name == "P01-level_bars")
    assert source.pictures["P01-level_bars"] == drawn(bars).png != evaluation.figures["P01-level_bars.png"]  # no title
    assert told[0] == "核对运行文件夹" and source.drawings["P01-level_bars"].startswith(b"<?xml")
    assert "P01-lost_points" in source.pictures and source.drawings.keys() == source.pictures.keys()
    made = content(source, Texts())
    shown = [b.name for blocks in made.parts.values() for b in blocks if isinstance(b, Picture)]
    assert set(shown) == set(made.pictures) and "P01-level_bars" in shown
    system = "".join(getattr(b, "text", "") for b in made.parts["评价原则方法和标准"])
    assert "90分及以上为“优”、80分及以上为“良”、60分及以上为“中”，以下为“差”（依据财预〔2020〕10号第十八条）" in system
    assert report_folder(root / "reports", source) == root / "reports" / "demo" / evaluation.short_digest


def test_a_run_of_an_earlier_version_kept_no_scheme(root: Path) -> None:
    stored = saved(open_computed("params/plan.yaml", workspace=root))
    source = report_source(stored)
    older = content(source.__class__(source.result, source.run, source.plan), Texts())
    assert older.fields["指标包"] == "self-evaluation 1.0.0" and older.fields["总分"] == source.subject.total


def test_a_changed_file_is_found_before_anything_is_said(root: Path) -> None:
    stored = saved(open_computed("params/plan.yaml", workspace=root))
    (stored.folder / "scorecard.csv").write_bytes(b"x")
    with pytest.raises(CheckFailed, match=r"scorecard\.csv"):
        report_source(stored)


def test_declared_changes_are_printed_with_their_reasons(workspace: Callable[..., Path]) -> None:
    changes = [{"kind": "weight", "indicator": "EXEC", "value": "10", "reason": "按批复执行"}]
    root = workspace(changes=changes)
    made = content(report_source(saved(open_computed("params/plan.yaml", workspace=root))), Texts())
    [table] = [b for b in made.parts["评价原则方法和标准"] if isinstance(b, Grid)]
    assert list(table.lines[0].cells) == ["调整分值", "预算执行率", "10", "按批复执行", "—"]


# -- a whole review -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(root: Path) -> Iterator[Callable[[str], Desk]]:
    """``desk(person)`` on the review of the workspace's run."""
    opened: list[SqlLedger] = []

    def sit(person: str) -> Desk:
        ledger = open_ledger(root, "demo", create=True)
        opened.append(ledger)
        docket = RunDocket(open_computed("params/plan.yaml", workspace=root))
        start_review(ledger, docket, Panel.model_validate(PANEL))
        return Desk(ledger, docket, person)

    yield sit
    for ledger in opened:
        ledger.close()


def written(folder: Path) -> None:
    """Texts with a word in every chapter and an answer to every problem."""
    text = (folder / "report.yaml").read_text("utf-8")
    text = text.replace("group: []", "group: [{name: 王敏}]").replace('not_sampled: ""', "not_sampled: 全部评价")
    for key in ("title", "cause", "suggestion", "responsible", "deadline"):
        text = text.replace(f'{key}: ""', f"{key}: 已写明")
    (folder / "report.yaml").write_text(text, "utf-8")
    for chapter in CHAPTERS:
        (folder / chapter.file).write_text("已写明。得分{{ 总分 }}分。", "utf-8")


def test_a_whole_review_makes_a_final_report(root: Path, desk: Callable[[str], Desk]) -> None:
    for expert, points in (("e1", "13"), ("e2", "14")):  # I03, 15 points, 定性: 92 % computed
        own = desk(expert)
        own.opine("P01", "I03", "adjust", Decimal(points), "=佐证不足")
        for code in ("EXEC", "I01", "I02", "I04", "I05"):
            own.opine("P01", code, "agree")
        own.submit()
    lead = desk("lead")
    lead.merge()
    lead.send(SignOff(kind="sign_off", statement="同意"))
    lead.send(DraftIssued(kind="draft_issued", to=["某校"]))
    heard = lead.send(Comment(kind="comment", source="某校", text="有效性应全部得分", subject="P01", indicator="I03"))
    source = report_source(saved(open_plan("params/plan.yaml", workspace=root)))
    assert content(source, Texts()).edition == "征求意见稿"
    lead.send(Reply(kind="reply", comment=heard.seq, accepted=False, reason="佐证不足"))
    desk("rev").send(InternalReview(kind="internal_review", passed=True, text="同意"))
    desk("lead").send(Finalised(kind="finalised"))
    source = report_source(saved(open_plan("params/plan.yaml", workspace=root)))
    start(source, texts_folder(root, "demo"))
    written(texts_folder(root, "demo"))
    made = content(source, report_texts(root, "demo"))
    assert (made.blocking, made.edition) == ([], "定稿")
    cells = [
        cell for b in made.parts["意见采纳情况表"] if isinstance(b, Grid) for line in b.lines for cell in line.cells
    ]
    assert {"有效性应全部得分", "不采纳", "佐证不足"} <= set(cells)
    assert "P01-dumbbell" in made.pictures and "P01-expert_spread" in made.pictures
    scores = next(b for b in made.parts["评分表"] if isinstance(b, Grid))
    [moved] = [line.cells for line in scores.lines if "效益指标1" in line.cells[2]]
    assert "13.50" in moved and "专家得分" not in [c.title for c in scores.columns]  # the mean of 13 and 14
    assert scores.note == "各专家得分按“算术平均”汇总。各专家的得分见附件“专家意见”。"
    points = next(b for b in made.parts["专家意见"] if isinstance(b, Grid) and b.title == "专家打分表")
    assert [list(x.cells) for x in points.lines if x.cells[0] == "效益指标1"] == [
        ["效益指标1", "15.00", "13.00", "14.00", "13.80", "13.50"]
    ]
    (root / "报告.docx").write_bytes(word(made))
    assert [
        f.sentence() for f in check(root / "报告.docx", DEFAULT).found
    ] == []  # points that experts moved are no contradiction
