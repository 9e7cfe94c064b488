"""整改台账 as events: who may say what when, where an item stands, how late it is, and that no result moves.

Days by hand: due 2024-06-30; 2024-07-10 is 10 days later, 2024-09-30 is 31 + 31 + 30 = 92.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.base.errors import ReviewError
from workbench.review.events import Draft, Event, chained
from workbench.review.ledger.jsonl import sound_export, write_export
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.review.ledger.verify import RunHead, verify
from workbench.review.ledger.words import action_word
from workbench.review.rectification.bodies import ItemChecked, ItemOpened, ItemReported, ItemWithdrawn, Matter
from workbench.review.rectification.items import Item, items_of, without_rectification
from workbench.review.rectification.register import Register
from workbench.review.rectification.rules import ROLES
from workbench.review.state import folded
from workbench.review.who import DOORS
from workbench.scheme.panel import Member, Panel

RUN = "a" * 64
PROOF = [("../验收单.pdf", b"%PDF-1.7 proof")]
JULY = datetime(2024, 7, 1, 1, tzinfo=UTC)


def matter(title: str = "验收资料不全", **more: Any) -> Matter:
    said = {"finding": "缺少签字", "cause": "未落实双人验收", "suggestion": "补齐手续", "responsible": "第一小学"}
    return Matter.model_validate({"title": title, "due": "2024-06-30", "basis": "下达时指定"} | said | more)


def person(name: str, *roles: str) -> Member:
    return Member.model_validate({"id": name, "name": f"{name}先生", "roles": list(roles or (name,))})


PANEL = Panel(members=[person("lead"), person("unit"), person("observer"), person("analyst"), person("e1", "expert")])


class Bench:
    """A ledger with nothing but items in it, and everybody at it."""

    def __init__(self, ledger: SqlLedger) -> None:
        self.ledger = ledger

    def __getitem__(self, who: str) -> Register:
        return Register(self.ledger, PANEL, who)

    def open(self, title: str = "验收资料不全", who: str = "lead", **more: Any) -> Event:
        return self[who].say("item_opened", run=RUN, matter=matter(title, **more), by=f"{who}先生")

    def report(self, number: int = 1, who: str = "lead", by: str = "张科长", files: Any = PROOF, **said: Any) -> Event:
        register = self[who]
        fields = {"done": True, "text": "已补齐", "by": by} | said
        return register.say("item_reported", files, item=register.item(number).seq, **fields)

    def check(self, number: int = 1, who: str = "lead", by: str = "李核", accepted: bool = True, **said: Any) -> Event:
        register = self[who]
        item = register.item(number)
        report = said.pop("report", item.report.seq if item.report else item.seq)
        fields = {"accepted": accepted, "reason": "已看原件", "by": by, "report": report} | said
        return register.say("item_checked", item=item.seq, **fields)

    @property
    def item(self) -> Item:
        return items_of(self.ledger.events())[0]

    def refused(self, code: str, act: Callable[[], Any]) -> str:
        """Refused for this reason, leaves no event, and is in the access log."""
        before, logged = self.ledger.head(), len(self.ledger.refusals())
        with pytest.raises(ReviewError) as caught:
            act()
        assert [p.code for p in caught.value.problems] == [code]
        assert self.ledger.head() == before and len(self.ledger.refusals()) == logged + 1
        return str(caught.value)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_ledger(tmp_path, "demo", create=True, clock=lambda: JULY) as ledger:
        yield Bench(ledger)


# -- the way of an item ----------------------------------------------------------------------------------------------


def test_from_open_to_accepted_and_back(bench: Bench) -> None:
    opened = bench.open()
    statuses = [bench.item.status]
    bench.report(done=False, text="已制订方案", files=[])
    statuses.append(bench.item.status)
    bench.report()
    statuses.append(bench.item.status)
    bench.check(accepted=False, reason="缺少制度文件")
    statuses.append(bench.item.status)
    bench.report(text="已补制度文件")
    bench.check()
    statuses.append(bench.item.status)
    bench.check(accepted=False, reason="回头看发现又停了")  # accepted is not for ever
    statuses.append(bench.item.status)
    assert statuses == ["open", "under_way", "reported", "rejected", "accepted", "rejected"]
    assert (bench.item.number, bench.item.seq, bench.item.opened_by) == (1, opened.seq, "lead先生")
    [sheet] = {a.name for x in bench.item.answers for a in x.attachments}
    assert sheet == "验收单.pdf"  # without the path


@pytest.mark.parametrize(
    ("steps", "as_of", "late", "overdue"),
    [
        ([], "2024-06-30", 0, False),  # the due day itself is in time
        ([], "2024-07-10", 10, True),
        ([("report", {"done": False, "files": []})], "2024-09-30", 92, True),
        ([("report", {"on": "2024-06-30"})], "2024-09-30", 0, False),  # done in time and waiting for a check
        ([("report", {"on": "2024-07-10"})], "2024-09-30", 10, False),
        ([("report", {})], "2024-09-30", 1, False),  # recorded on 2024-07-01, 9 in the morning in Beijing
        ([("report", {"on": "2024-06-01"}), ("check", {"accepted": False})], "2024-09-30", 92, True),
        ([("report", {"on": "2024-07-10"}), ("check", {})], "2024-09-30", 10, False),
    ],
)
def test_how_late_an_item_is(bench: Bench, steps: Any, as_of: str, late: int, overdue: bool) -> None:
    bench.open()
    for act, said in steps:
        getattr(bench, act)(**said)
    day = date.fromisoformat(as_of)
    assert (bench.item.days_late(day), bench.item.overdue(day)) == (late, overdue)


def test_an_item_goes_on_with_what_the_report_says_now(bench: Bench) -> None:
    seq = bench.open().seq
    later = matter(due="2024-09-30", basis="经批准延期")
    said = {"item": seq, "run": RUN, "by": "lead先生"}
    bench["lead"].say("item_amended", matter=later, reason="汛期不能施工", **said)
    assert bench.item.matter == later and bench.item.days_late(date(2024, 9, 30)) == 0
    bench.refused("nothing_changed", lambda: bench["lead"].say("item_amended", matter=later, reason="x", **said))
    bench.refused("reason_missing", lambda: bench["lead"].say("item_amended", matter=matter(), reason="\u3000", **said))


# -- who may ---------------------------------------------------------------------------------------------------------


def test_no_date_before_the_result_was_served(bench: Bench) -> None:
    bench.open(basis="报告所定时限“收到后60日内”,2024-05-01送达")
    moved = {"item": 1, "run": RUN, "reason": "延期", "by": "lead先生"}

    def move(due: str, basis: str) -> Event:
        return bench["lead"].say("item_amended", **moved, matter=matter(due=due, basis=basis))

    bench.refused("due_before_served", lambda: move("2024-04-30", "由2024-06-30变更:笔误"))
    # A reason is nobody's date of service.
    bench.refused("due_before_served", lambda: move("2024-04-30", "由2024-06-30变更:2024-01-01送达"))
    move("2024-05-01", "由2024-06-30变更:提前")
    bench.refused("due_before_served", lambda: move("2024-04-30", "下达时指定"))


def test_each_role_has_its_part(bench: Bench) -> None:
    bench.open(who="observer")
    for who in ("unit", "analyst", "e1"):
        bench.refused("wrong_role", lambda who=who: bench.open("另一问题", who=who))
    bench.refused("wrong_role", lambda: bench.report(who="e1"))
    bench.refused("not_yours", lambda: bench.report(who="unit", by="张科长"))  # they speak in their own name
    bench.report(who="unit", by="unit 先生")
    for who in ("unit", "analyst", "e1"):
        bench.refused("wrong_role", lambda who=who: bench.check(who=who))
    bench.refused("not_yours", lambda: bench.check(who="observer", by="李核"))
    bench.check(who="observer", by="observer先生")
    bench.refused("not_a_member", lambda: bench["stranger"].say("item_opened", run=RUN, matter=matter("三"), by="某"))
    assert {action_word(r.action) for r in bench.ledger.refusals()} == {
        "登记整改事项",
        "报告整改情况",
        "核实整改情况",
    }


def test_nobody_checks_themself(bench: Bench) -> None:
    bench.open()
    bench.report(by="张科长", done=False, files=[])
    bench.report(by="王主任")
    for name in ("王主任", "张 科长", "第一小学"):  # who reported at any time, and the unit itself
        assert "核实" in bench.refused("checked_self", lambda name=name: bench.check(by=name))
    bench.check(by="李核")


def test_what_cannot_be_said_now(bench: Bench) -> None:
    bench.open()
    assert "已登记为第1项" in bench.refused("item_known", lambda: bench.open(title=" 验收资料 不全"))
    bench.open(subjects=["S2"])  # the same words about another subject are another problem
    bench.refused("nothing_reported", bench.check)
    assert "--file" in bench.refused("proof_missing", lambda: bench.report(files=[]))
    bench.refused("reason_missing", lambda: bench.report(text=" \u200b"))
    bench.refused("attachment_size", lambda: bench.report(files=[("空.pdf", b"")]))
    first = bench.report()
    bench.refused("waiting_for_check", lambda: bench.report(done=False, files=[]))
    bench.report(text="补充材料")
    bench.refused("report_replaced", lambda: bench.check(report=first.seq))
    bench.refused("reason_missing", lambda: bench.check(reason="\u200b"))
    bench.check()
    bench.refused("item_closed", bench.check)
    bench.refused("item_closed", bench.report)
    with pytest.raises(ReviewError, match="台账中有第1至2项"):
        bench.report(number=3)


def test_nobody_is_another_by_a_blank_or_among_others(bench: Bench) -> None:
    bench.open()
    bench.report(by="张科长、李主任")
    for name in ("张\u200b科长", "李主任;王核", "张 科 长", "第一小学王校长"):
        bench.refused("checked_self", lambda name=name: bench.check(by=name))
    bench.check(by="李核")


def test_days_come_in_order(bench: Bench) -> None:
    bench.open()
    bench.refused("day_ahead", lambda: bench.report(on="2099-01-01"))
    bench.report(on="2024-06-20")
    bench.refused("day_order", lambda: bench.check(on="2024-06-19"))
    bench.check(on="2024-06-20", accepted=False)
    bench.refused("day_order", lambda: bench.report(on="2024-06-19"))
    bench.report(on="2024-06-20")


def test_a_unit_answers_for_itself_alone(tmp_path: Path) -> None:
    member = {"id": "unit", "name": "赵", "roles": ["unit"], "organisation": "第二小学"}
    panel = Panel(members=[person("lead"), Member.model_validate(member)])
    with open_ledger(tmp_path, "demo", create=True, clock=lambda: JULY) as ledger:
        lead, unit = Register(ledger, panel, "lead"), Register(ledger, panel, "unit")
        for title, owner in (("一", "第一小学"), ("二", "第二 小学、县教育局")):
            lead.say("item_opened", run=RUN, matter=matter(title, responsible=owner), by="王")
        unit = Register(ledger, panel, "unit")
        with pytest.raises(ReviewError, match="不由本单位整改"):
            unit.say("item_reported", item=1, done=False, text="x", by="赵")
        unit.say("item_reported", item=2, done=False, text="x", by="赵")


def test_an_item_that_is_none_is_withdrawn_and_can_come_back(bench: Bench) -> None:
    bench.open()
    withdraw = {"item": 1, "by": "lead先生"}
    bench.refused("wrong_role", lambda: bench["analyst"].say("item_withdrawn", reason="x", **withdraw))
    bench.refused("reason_missing", lambda: bench["lead"].say("item_withdrawn", reason="\u200b", **withdraw))
    bench["lead"].say("item_withdrawn", reason="重复登记", **withdraw)
    item, day = bench.item, date(2024, 9, 30)
    assert (item.status, item.finished, item.overdue(day), item.days_late(day)) == ("withdrawn", True, False, 0)
    bench.refused("item_closed", lambda: bench["lead"].say("item_withdrawn", reason="x", **withdraw))
    bench.refused("item_closed", bench.report)
    bench["lead"].say("item_amended", run=RUN, matter=matter(), reason="并非重复", **withdraw)
    assert (bench.item.status, bench.item.overdue(day)) == ("open", True)


def test_two_amendments_at_once_the_second_is_told(bench: Bench) -> None:
    bench.open()
    one, other = bench["lead"], bench["observer"]  # both have read the same
    one.say("item_amended", item=1, run=RUN, matter=matter(due="2024-09-30"), reason="批准延期", by="lead先生")
    late = {"item": 1, "run": RUN, "matter": matter(due="2024-12-31"), "reason": "延期", "by": "observer先生"}
    said = bench.refused("item_moved", lambda: other.say("item_amended", **late))
    assert "lead先生 变更整改事项" in said and bench.item.matter.due == "2024-09-30"
    bench["observer"].say("item_amended", **late)  # having read it
    assert (bench.item.matter.due, bench.item.earlier_dues) == ("2024-12-31", {"2024-06-30", "2024-09-30"})


def test_what_is_asked_now_is_what_is_checked(bench: Bench) -> None:
    bench.open()
    bench.report()
    more = {"item": 1, "run": RUN, "reason": "要求不够", "by": "lead先生"}
    bench["lead"].say("item_amended", matter=matter(due="2024-12-31"), **more)
    bench["lead"].say("item_amended", matter=matter(due="2024-12-31", suggestion="补齐并公示"), **more)
    assert "--reject" in bench.refused("asked_anew", bench.check)
    bench.report(text="已公示")
    bench.check()


def test_proof_that_is_gone_proves_nothing(bench: Bench) -> None:
    bench.open()
    bench.report(files=[*PROOF, *PROOF])
    [proof] = bench.item.proofs  # the same file twice is one
    [file] = bench.ledger.attachments.folder.iterdir()
    whole = file.read_bytes()
    for damage in (lambda: file.write_bytes(b"other"), file.unlink):
        damage()
        assert bench["lead"].lost() == {proof.sha256}
        assert "验收单.pdf" in bench.refused("proof_lost", bench.check)
    file.write_bytes(whole)
    assert not bench["lead"].lost()
    bench.check()


def test_an_item_as_of_a_day_knows_nothing_later(bench: Bench) -> None:
    bench.open()
    bench.report(on="2024-07-10")
    bench.check(on="2024-07-12")
    days = {d: bench.item.until(date(2024, 7, d)) for d in (9, 10, 12)}
    assert {d: i.status for d, i in days.items()} == {9: "open", 10: "reported", 12: "accepted"}
    assert [days[9].overdue(date(2024, 7, 9)), days[9].days_late(date(2024, 7, 9))] == [True, 9]


def test_two_at_once_open_one_item(bench: Bench) -> None:
    one, other = bench["lead"], bench["observer"]
    one.say("item_opened", run=RUN, matter=matter(), by="lead先生")
    bench.refused("item_known", lambda: other.say("item_opened", run=RUN, matter=matter(), by="observer先生"))
    other.say("item_opened", run=RUN, matter=matter("第二个问题"), by="observer先生")
    assert [i.number for i in items_of(bench.ledger.events())] == [1, 2]


# -- with a review ---------------------------------------------------------------------------------------------------


def finished(bench: Any) -> None:
    bench.consultation()
    bench.say("reviewer", "internal_review", passed=True, text="通过")
    bench.say("lead", "finalised")


def test_items_come_after_the_review_and_stand_on_its_page(review: Any) -> None:
    bench = review()
    said = {"run": RUN, "matter": matter(), "by": "lead先生"}
    assert "还没有定稿" in str(bench.refused("not_final", lambda: bench.say("lead", "item_opened", **said)))
    finished(bench)
    moved, buttons = bench["lead"].state.moved, bench["lead"].heading("S1").can
    opened = bench.say("lead", "item_opened", **said)
    assert bench["lead"].heading("S1").next_step == "报告已定稿;整改台账有1项尚未核实通过(workbench rectify show)。"
    assert "整改台账有1项问题待整改" in bench["unit"].heading("S1").next_step
    proof = bench["lead"].ledger.keep("单.pdf", b"x")
    report = {"item": opened.seq, "done": True, "text": "已补齐", "by": "unit先生"}
    lost = {"name": "丢.pdf", "sha256": "0" * 64, "size": 1}
    bench.refused("attachment_missing", lambda: bench.say("unit", "item_reported", attachments=[lost], **report))
    kept = {"name": "单.pdf", "sha256": proof, "size": 1}
    reported = bench.say("unit", "item_reported", attachments=[kept], **report)
    assert "待核实" in bench["lead"].heading("S1").next_step
    check = {"item": opened.seq, "report": reported.seq, "accepted": True, "reason": "属实"}
    bench.refused("checked_self", lambda: bench.say("lead", "item_checked", by="unit先生", **check))
    bench.say("lead", "item_checked", by="lead先生", **check)
    assert bench["lead"].heading("S1").next_step == "报告已定稿。"
    assert (bench["lead"].state.moved, bench["lead"].heading("S1").can) == (moved, buttons)
    texts = [h.text for h in bench["unit"].history()][:3]
    assert texts[::-1] == [
        "lead先生登记第1项整改事项:验收资料不全,责任单位第一小学,期限2024-06-30(下达时指定)",
        "第1项整改事项报告整改完成(unit先生):已补齐",
        "第1项整改事项核实通过(lead先生):属实",
    ]
    bench.say("lead", "item_opened", **(said | {"matter": matter("第二个问题")}))
    bench.say("lead", "reopening", reason="漏项")  # the review can go on; what was registered stays
    assert [i.status for i in items_of(bench.ledger.events())] == ["accepted", "open"]
    second = items_of(bench.ledger.events())[1].seq
    amend = {"item": second, "run": RUN, "reason": "x", "by": "lead先生"}
    bench.refused("not_final", lambda: bench.say("lead", "item_amended", matter=matter("改了"), **amend))
    bench.say(
        "lead", "item_amended", matter=matter("第二个问题", due="2024-12-31"), **amend
    )  # time goes on all the same


def test_ledger_is_whole_and_travels(review: Any, tmp_path: Path) -> None:
    bench = review()
    finished(bench)
    final = bench.ledger.head()
    bench.say("lead", "item_opened", run=RUN, matter=matter(), by="lead先生")
    found = verify(bench.ledger, [RunHead("demo/x", final.hash)])
    assert found.passed and (found.covered, found.head.seq) == (final.seq, final.seq + 1)
    write_export(bench.ledger, tmp_path / "copy.jsonl")
    rows = sound_export(tmp_path / "copy.jsonl", bench.ledger.name).rows
    with open_ledger(tmp_path / "other", bench.ledger.name, create=True) as copy:
        copy.fill(rows)
        assert [i.matter for i in items_of(copy.events())] == [matter()]


# -- no result moves -------------------------------------------------------------------------------------------------

BODIES = st.one_of(
    st.builds(lambda n: ItemOpened(kind="item_opened", run=RUN, matter=matter(f"问题{n}"), by="甲"), st.integers(0, 3)),
    st.builds(
        lambda n, done: ItemReported(kind="item_reported", item=n, done=done, text="x", by="乙"),
        st.integers(1, 60),
        st.booleans(),
    ),
    st.builds(
        lambda n, ok: ItemChecked(kind="item_checked", item=n, report=n, accepted=ok, reason="x", by="丙"),
        st.integers(1, 60),
        st.booleans(),
    ),
    st.builds(lambda n: ItemWithdrawn(kind="item_withdrawn", item=n, reason="x", by="丁"), st.integers(1, 60)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_rectification_anywhere_moves_nothing_of_the_review(final_events: list[Event], data: st.DataObject) -> None:
    """Any bodies, allowed or not, put in anywhere: the review's own state is what it was; at the end, so is what counts."""
    bodies = [e.body for e in final_events]
    tail = data.draw(st.lists(BODIES, max_size=5))
    inside = data.draw(st.lists(st.tuples(st.integers(1, len(bodies)), BODIES), max_size=3))
    assert without_rectification(_chain([*bodies, *tail])) == _chain(bodies)
    mixed = list(bodies)
    for at, body in sorted(inside, key=lambda x: -x[0]):
        mixed.insert(at, body)
    own, with_items = folded(_chain(bodies)), folded(_chain([*mixed, *tail]))
    for name in ("opened", "panel", "phase", "round", "corrections", "challenges", "replies", "spoken"):
        if not inside or name in ("opened", "panel", "phase", "round", "spoken"):
            assert getattr(own, name) == getattr(with_items, name)
    assert {k: v.points for k, v in own.settled.items()} == {k: v.points for k, v in with_items.settled.items()}
    items_of(with_items.events)  # and a forged order is read all the same


def _chain(bodies: list[Any]) -> list[Event]:
    events: list[Event] = []
    for number, body in enumerate(bodies, 1):
        draft = Draft(actor="lead", client_id=f"client-{number:04}", body=body)
        before = events[-1].hash if events else ""
        events.append(chained(draft, "small", number, "2024-07-01T00:00:00.000Z", before))
    return events


@pytest.fixture
def final_events(review: Any) -> list[Event]:
    bench = review()
    finished(bench)
    return bench.ledger.events()


def test_rectification_opens_no_door_of_the_review() -> None:
    assert not set(ROLES) & set(DOORS)
