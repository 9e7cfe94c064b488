"""Due dates that nobody made up, and 整改台账 on paper: what somebody wrote stays text, the same ledger gives the same bytes."""

from __future__ import annotations

import io
from dataclasses import is_dataclass, replace
from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook

from workbench.reports.document.earlier import Earlier, earlier_blocks
from workbench.reports.overview import requirements_table
from workbench.reports.rectification.carrying import earlier_of, file_text, merged
from workbench.reports.rectification.listing import Listing
from workbench.reports.rectification.notice import notices
from workbench.reports.rectification.terms import Terms
from workbench.reports.rectification.workbook import workbook
from workbench.review.events import Draft, chained
from workbench.review.rectification.bodies import ItemChecked, ItemOpened, ItemReported, Matter
from workbench.review.rectification.items import items_of
from workbench.scheme.basis import Source
from workbench.scheme.policy import Policy, Rectification

SIXTY = Rectification(days=60, since="收到评价结果之日", clause=Source(document="某市办法", clause="第三十条"))
POLICY = {
    "id": "somewhere",
    "version": "1.0.0",
    "title": "某市办法",
    "jurisdiction": "某市",
    "document": Source(document="某市办法"),
    "dated": "2024-01-01",
}
SERVED = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("deadline", "terms", "day"),
    [
        ("2024-06-30", Terms(), "2024-06-30"),
        ("2024年6月30日前", Terms(), "2024-06-30"),
        ("2024年2月底前", Terms(), "2024-02-29"),  # a leap year
        ("2024年2月30日", Terms(), None),
        ("尽快", Terms(), None),
        ("收到报告后60日内", Terms(), None),  # from what day on, nobody has said
        ("收到报告后60日内", Terms(served=SERVED), "2024-04-30"),  # 30 days left of March, and 30 of April
        ("收到报告后30天内", Terms(served=SERVED, rule=SIXTY), "2024-03-31"),  # its own limit comes before the policy's
        ("60个工作日内", Terms(served=SERVED), None),  # how those count is not ours to guess
        ("", Terms(served=SERVED, rule=SIXTY), "2024-04-30"),
        ("", Terms(rule=SIXTY), None),
        ("2024-06-30", Terms(due=date(2024, 5, 1)), "2024-05-01"),
    ],
)
def test_where_a_due_date_comes_from(deadline: str, terms: Terms, day: str | None) -> None:
    due = terms.due_of(deadline)
    assert (due.day.isoformat() if due else None) == day
    if due is None:
        wanted = "--served" if (terms.rule or ("日内" in deadline and "工作日" not in deadline)) else "没有规定整改天数"
        assert wanted in str(terms.undated(deadline))


def test_a_policy_says_its_days_with_its_clause() -> None:
    due = Terms(served=SERVED, rule=SIXTY).due_of("")
    assert due is not None
    assert due.basis == "某市办法 第三十条:收到评价结果之日起60日内,2024-03-01送达"
    national = Policy.model_validate(POLICY | {"rectification": SIXTY})
    assert requirements_table(national, national).rows == [["整改期限:收到评价结果之日起60日内", "某市办法 第三十条"]]
    assert SIXTY.text == "收到评价结果之日起60日内"


NASTY = '=cmd|"/c calc"!A1<b>\u202e{{ 总分 }}'


def listing() -> Listing:
    def matter(title: str, owner: str, finding: str = "缺少签字") -> Matter:
        said = {"cause": "未落实", "suggestion": "补齐", "due": "2024-06-30", "basis": "下达时指定"}
        return Matter.model_validate({"title": title, "finding": finding, "responsible": owner} | said)

    proof = [{"name": "单.pdf", "sha256": "0" * 64, "size": 1}]
    done = {"kind": "item_reported", "done": True, "text": "已补齐", "attachments": proof, "by": "张科长"}
    bodies = [
        ItemOpened(kind="item_opened", run="a" * 64, matter=matter("资料不全", "第一小学"), by="王敏"),
        ItemOpened(kind="item_opened", run="a" * 64, matter=matter(NASTY, "../第二/小学", "长" * 5000), by="王敏"),
        ItemOpened(kind="item_opened", run="a" * 64, matter=matter("账目不清", "第一小学"), by="王敏"),
        ItemReported.model_validate(done | {"item": 1, "on": "2024-07-10"}),
        ItemChecked(kind="item_checked", item=1, report=4, accepted=True, reason="属实", by="李核"),
        ItemReported(kind="item_reported", item=2, done=False, text=NASTY, by="赵"),
    ]
    events = []
    for n, body in enumerate(bodies, 1):
        draft = Draft(actor="lead", client_id=f"client-{n:04}", body=body)
        before = events[-1].hash if events else ""
        events.append(chained(draft, "demo", n, "2024-07-15T02:00:00.000Z", before))
    items = items_of(events)
    return Listing("demo", "示例", "2023年度", date(2024, 9, 30), items, len(events), events[-1].hash)


def test_the_workbook_holds_every_item_the_overdue_ones_and_every_step() -> None:
    made = listing()
    data = workbook(made)
    assert data == workbook(listing())
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["整改台账", "逾期清单", "办理记录", "说明"]
    rows = [[c.value for c in row] for row in book["整改台账"].iter_rows(min_row=2)]
    # Due 2024-06-30: done on 07-10 is 10 days late, still open on 09-30 is 92.
    assert [(r[0], r[8], r[9]) for r in rows] == [
        (1, "核实通过", "迟10天完成"),
        (2, "整改中", "逾期92天"),
        (3, "待整改", "逾期92天"),
    ]
    assert [row[0].value for row in book["逾期清单"].iter_rows(min_row=2)] == [2, 3]
    assert book["办理记录"].max_row == 4
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert all(c.data_type != "f" for c in cells) and len(rows[1][2]) == 5000
    assert made.count == "共3项:待整改1项,整改中1项,核实通过1项;逾期未完成2项" and not made.ahead


def test_each_unit_gets_a_notice_of_what_it_has_left() -> None:
    found = dict(notices(listing()))
    assert list(found) == ["整改通知-01-___第二_小学.docx", "整改通知-02-第一小学.docx"]
    assert found == dict(notices(listing()))
    own = Document(io.BytesIO(found["整改通知-02-第一小学.docx"]))
    cells = [c.text for t in own.tables for row in t.rows for c in row.cells]
    assert "账目不清\n缺少签字" in cells and not any("资料不全" in c for c in cells)
    assert any("1项问题" in p.text and "财预〔2020〕10号" in p.text for p in own.paragraphs)


def test_what_is_carried_replaces_itself_and_leaves_others() -> None:
    made = listing()
    first = earlier_of(made, made.items)
    other = first.model_copy(update={"evaluation": "older", "as_of": "2023-09-30", "items": []})
    kept = merged([other, first.model_copy(update={"opened": 9})], first)
    assert kept == [other, first] and merged(kept, first) == kept
    assert file_text(kept) == file_text(merged(kept, first))
    texts = [getattr(b, "text", "") for b in earlier_blocks(kept)]
    assert texts[1].endswith("截至2023年9月30日均已核实通过。")
    assert list(earlier_blocks([])) == []
    assert isinstance(first, Earlier) and [i.overdue for i in first.items] == [True, True]


def test_a_notice_says_why_something_was_rejected_and_nothing_about_its_own_form() -> None:
    made = listing()
    [item] = [i for i in made.items if i.number == 1]
    check = item.steps[-1]
    refused = (
        replace(check, body=check.body.model_copy(update={"accepted": False, "reason": "缺少制度文件"}))
        if is_dataclass(check)
        else (
            check.model_copy(
                update={"body": check.body.model_copy(update={"accepted": False, "reason": "缺少制度文件"})}
            )
        )
    )
    again = replace(made, items=[replace(item, steps=[*item.steps[:-1], refused]), *made.items[1:]])
    document = Document(io.BytesIO(dict(notices(again))["整改通知-01-第一小学.docx"]))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    assert any("核实不通过\n理由：缺少制度文件" in c for c in cells)
    assert not any("可改" in p.text for p in document.paragraphs)
