"""Due dates that nobody made up, and 整改台账 on paper: what somebody wrote stays text, the same ledger gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from matplotlib.figure import Figure
from openpyxl import load_workbook

from workbench.base.errors import CheckFailed, TextsError
from workbench.reports.document.earlier import EARLIER_FILE, Earlier, earlier_blocks, read_earlier
from workbench.reports.overview import requirements_table
from workbench.reports.rectification.carrying import earlier_of, file_text, merged
from workbench.reports.rectification.listing import Listing, late_text, proofs
from workbench.reports.rectification.notice import notices
from workbench.reports.rectification.standing import (
    CHARTED,
    by_unit,
    standing_alt,
    standing_chart,
    standing_of,
    totals,
)
from workbench.reports.rectification.summary import summary
from workbench.reports.rectification.terms import Terms, weekend
from workbench.reports.rectification.workbook import workbook
from workbench.reports.save import png_bytes
from workbench.review.events import Draft, chained
from workbench.review.rectification.bodies import ItemChecked, ItemOpened, ItemReported, ItemWithdrawn, Matter
from workbench.review.rectification.items import Item, items_of
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
        (
            "尽快整改",
            Terms(served=SERVED, rule=SIXTY),
            None,
        ),  # written and not read: never the policy's date in its place
        ("2024-02-30", Terms(served=SERVED, rule=SIXTY), None),
        ("3024-06-30", Terms(), None),  # a slip of the pen
        ("2024年底前完成", Terms(), "2024-12-31"),
        ("于2024年6月30日前整改到位", Terms(), "2024-06-30"),
        ("2024-06-30或2024-12-31", Terms(), None),
        ("30日内制订方案,60日内完成", Terms(served=SERVED), None),  # two of them
        ("项目验收后30日内", Terms(served=SERVED), None),  # not from service
        ("自2024年1月1日起60日内", Terms(served=SERVED), None),
        ("自收到评价报告之日起30日内完成整改", Terms(served=SERVED), "2024-03-31"),
        ("送达之日起30个自然日内", Terms(served=SERVED), "2024-03-31"),
        ("9999日内", Terms(served=date(9999, 1, 1)), None),  # no such date
        ("", Terms(rule=SIXTY), None),
        ("2024-06-30", Terms(due=date(2024, 5, 1)), "2024-05-01"),
    ],
)
def test_where_a_due_date_comes_from(deadline: str, terms: Terms, day: str | None) -> None:
    due = terms.due_of(deadline)
    assert (due.day.isoformat() if due else None) == day
    if due is None:
        said = str(terms.undated(deadline))
        assert (deadline or "未填写") in said and ("--served" in said or "--due" in said)
        assert ("请把时限留空" in said) == bool(deadline and terms.rule)  # the policy's date is there to be asked for


def test_what_a_due_date_has_to_be_told_with() -> None:
    terms = Terms(served=SERVED)
    assert terms.before_service(SERVED) is None
    assert "不早于2024-03-01" in str(terms.before_service(date(2024, 2, 29)))
    counted = Terms(served=SERVED, rule=SIXTY.model_copy(update={"days": 30})).due_of("")
    assert counted is not None and "2024-03-31是星期日" in str(
        weekend(counted, "验收")
    )  # 31 March 2024 was Easter Sunday
    named = terms.due_of("2024-03-31")
    assert named is not None and weekend(named, "验收") is None  # somebody chose that day
    assert named.basis.endswith(",2024-03-01送达")  # however the date came about, when it was served is on record
    chosen = Terms(served=SERVED, due=date(2024, 5, 1)).due_of("")
    assert chosen is not None and chosen.basis == "下达时指定,2024-03-01送达"
    assert "--served" in str(Terms().undated("收到报告后60日内")) and "--served" in str(Terms(rule=SIXTY).undated(""))
    assert "没有规定整改天数" in str(Terms(served=SERVED).undated(""))


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
        ItemChecked(kind="item_checked", item=1, report=4, accepted=True, reason="属实", by="李核", on="2024-07-15"),
        ItemReported(kind="item_reported", item=2, done=False, text=NASTY, by="赵", on="2024-09-01"),
    ]
    events = []
    for n, body in enumerate(bodies, 1):
        draft = Draft(actor="lead", client_id=f"client-{n:04}", body=body)
        before = events[-1].hash if events else ""
        events.append(chained(draft, "demo", n, "2024-07-15T02:00:00.000Z", before))
    items = items_of(events)
    return on(date(2024, 9, 30), items, len(events), events[-1].hash)


def on(day: date, items: Sequence[Item], events: int, head: str, **more: Any) -> Listing:
    about = {"evaluation": "demo", "title": "示例", "period": "2023年度", "events": events, "head": head}
    return Listing.on(day, items, **about, **more)


PICTURE = png_bytes(Figure(figsize=(1, 1)))


def test_the_workbook_holds_every_item_the_overdue_ones_and_every_step() -> None:
    made = listing()
    data = workbook(made, PICTURE)
    assert data == workbook(listing(), PICTURE)
    book = load_workbook(io.BytesIO(data))
    assert all(book[name].page_setup.fitToWidth in (None, 1) for name in ("整改台账", "逾期清单")), "one sheet of paper"
    assert book.sheetnames == ["整改台账", "逾期清单", "单位进度", "单位进度图", "办理记录", "说明"]
    rows = [[c.value for c in row] for row in book["整改台账"].iter_rows(min_row=2)]
    # Due 2024-06-30: done on 07-10 is 10 days late, still open on 09-30 is 92.
    assert [(r[0], r[9], r[10]) for r in rows] == [
        (1, "核实通过", "迟10天完成"),
        (2, "整改中", "逾期92天"),
        (3, "待整改", "逾期92天"),
    ]
    assert [row[0].value for row in book["逾期清单"].iter_rows(min_row=2)] == [2, 3]
    assert book["办理记录"].max_row == 4
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert all(c.data_type != "f" for c in cells) and len(rows[1][3]) == 5000
    assert made.count == "共3项:待整改1项,整改中1项,核实通过1项;逾期未完成2项" and not made.remarks
    assert all("计算日 2024-09-30" in sheet.oddHeader.left.text for sheet in book)
    # Of 第一小学 one accepted, one late; the other unit has one late.
    assert [[c.value for c in row] for row in book["单位进度"].iter_rows(min_row=2)] == [
        ["第一小学", 2, 1, 0, 0, 1],
        ["../第二/小学", 1, 0, 0, 0, 1],
        ["合计", 3, 1, 0, 0, 2],
    ]


def test_the_report_says_how_far_each_unit_is_and_shows_it() -> None:
    made = listing()
    data = summary(made, PICTURE)
    assert data == summary(listing(), PICTURE)
    document = Document(io.BytesIO(data))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "截至2024年9月30日：共3项:待整改1项,整改中1项,核实通过1项;逾期未完成2项" in text
    units = [[c.text for c in row.cells] for row in document.tables[0].rows]
    assert units[0] == ["责任单位", "事项数", "已完成", "待核实", "整改中", "逾期"]
    assert units[-1] == ["合计", "3", "1", "0", "0", "2"] and len(document.tables[1].rows) == 4
    alt = standing_alt(made)
    assert alt.startswith("各责任单位整改进度条形图,截至2024-09-30:第一小学共2项(已完成1,逾期1);")
    assert f'descr="{alt}"' in document.element.xml
    assert png_bytes(standing_chart(made)) == png_bytes(standing_chart(listing()))


def test_where_everything_was_withdrawn_there_is_no_empty_table_or_chart() -> None:
    made = listing()
    events = [item.opened for item in made.items]
    for n in (1, 2, 3):
        body = ItemWithdrawn(kind="item_withdrawn", item=n, reason="重复", by="王敏")
        draft = Draft(actor="lead", client_id=f"client-{n:04}w", body=body)
        events.append(chained(draft, "demo", 3 + n, "2024-07-16T02:00:00.000Z", events[-1].hash))
    empty = on(made.as_of, items_of(events), len(events), events[-1].hash)
    document = Document(io.BytesIO(summary(empty, PICTURE)))
    assert len(document.tables) == 1 and not document.inline_shapes
    assert any("登记的事项均已撤销" in p.text for p in document.paragraphs)


def test_what_was_reported_later_is_not_counted_and_what_is_lost_is_said() -> None:
    made = listing()
    early = on(date(2024, 7, 9), made.items, made.events, made.head, run="b" * 64, lost=frozenset({"0" * 64}))
    assert [standing_of(i, early) for i in early.items] == ["逾期", "逾期", "逾期"]
    assert [late_text(i, early.as_of) for i in early.items] == ["逾期9天"] * 3
    assert early.remarks == [
        "台账中有3条晚于计算日(2024-07-09)的报告、核实没有计入",
        "第1、2、3项登记以后又有新的运行,问题可能已有变动,请运行 workbench rectify open 核对",
    ]
    late = on(date(2024, 9, 30), made.items, made.events, made.head, lost=frozenset({"0" * 64}))
    assert "第1项的佐证材料缺失或被改动" in late.remarks[0]
    assert next(proofs(i, late.lost) for i in late.items)[0].endswith("(缺失或被改动)")


@pytest.mark.parametrize("count", [0, 1, CHARTED + 2])
def test_the_picture_holds_any_number_of_units(count: int) -> None:
    made = listing()
    [item] = [i for i in made.items if i.number == 3]
    items = [replace(item, matter=item.matter.model_copy(update={"responsible": f"单位{n}"})) for n in range(count)]
    many = replace(made, items=items)
    assert len(by_unit(many)) == totals(by_unit(many)).total == count
    assert png_bytes(standing_chart(many)) and ("其余2个单位见表" in standing_alt(many)) == (count > CHARTED)


def test_each_unit_gets_a_notice_of_what_it_has_left() -> None:
    found = dict(notices(listing()))
    assert list(found) == ["整改通知-01-第一小学.docx", "整改通知-02-___第二_小学.docx"]
    assert found == dict(notices(listing()))
    own = Document(io.BytesIO(found["整改通知-01-第一小学.docx"]))
    cells = [c.text for t in own.tables for row in t.rows for c in row.cells]
    assert "账目不清\n缺少签字" in cells and not any("资料不全" in c for c in cells)
    assert any("1项问题" in p.text and "财预〔2020〕10号" in p.text for p in own.paragraphs)


def test_what_is_carried_replaces_itself_and_leaves_others() -> None:
    made = listing()
    first = earlier_of(made, made.items)
    other = first.model_copy(update={"evaluation": "older", "as_of": "2023-09-30", "items": first.items[:1]})
    kept = merged([other, first.model_copy(update={"items": []})], first)
    assert kept == [other, first] and merged(kept, first) == kept
    assert file_text(kept) == file_text(merged(kept, first))
    texts = [getattr(b, "text", "") for b in earlier_blocks(kept)]
    assert texts[1].endswith("截至2023年9月30日均已核实通过。")
    assert list(earlier_blocks([])) == []
    assert isinstance(first, Earlier) and [i.overdue for i in first.items] == [False, True, True]
    for newer in ({"events": 99}, {"as_of": "2024-10-01"}):
        with pytest.raises(CheckFailed, match="以前转入的情况比这次的新"):
            merged([first.model_copy(update=newer)], first)


def test_what_was_carried_comes_back_as_it_is_or_not_at_all(tmp_path: Path) -> None:
    made = listing()
    first = earlier_of(made, made.items)
    file = tmp_path / EARLIER_FILE
    file.write_text(file_text([first]), "utf-8")
    assert read_earlier(file) == [first] and NASTY.strip() in first.items[1].title
    file.write_text(file_text([first]).replace("status: 整改中", "status: 核实通过"), "utf-8")
    with pytest.raises(TextsError, match="有人改过"):
        read_earlier(file)


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
