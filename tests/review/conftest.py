"""A small evaluation, a ledger in a file and desks of several people: everything a review needs, without a browser.

Seven indicators; S1 is evaluated, and S2 too where a test asks for both. Computed points of S1, by hand: D1 is open (a judgement nobody gave), D2 80 % of 10,
P1 93.5 % of 20, P2 80 % of 20, B1 75 % of 30; N1 does not apply, Z1 is zero by rule (supplement overdue).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.base.errors import ReviewError
from workbench.review.desk import Desk, start_review
from workbench.review.events import Attachment, Event
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_plan
from workbench.scheme.panel import Member, Panel
from workbench.scheme.policy import ReviewLimits


def _indicator(code: str, level1: str, name: str, weight: int, kind: str) -> dict[str, Any]:
    read = {} if kind == "judgement" else {"value": f"data.{code.lower()}", "unit": "%"}
    aim = {"target": "100"} if kind == "proportional" else {}
    return {"code": code, "level1": level1, "name": name, "weight": weight, "rule": {"kind": kind}} | read | aim


INDICATORS = [
    _indicator("D1", "决策", "立项规范性", 10, "judgement"),
    _indicator("D2", "决策", "目标合理性", 10, "qualitative"),
    _indicator("P1", "产出", "实际完成率", 20, "proportional"),
    _indicator("P2", "产出", "质量达标率", 20, "proportional"),
    _indicator("B1", "效益", "社会效益", 30, "qualitative"),
    _indicator("N1", "效益", "生态效益", 5, "proportional"),
    _indicator("Z1", "满意度", "服务对象满意度", 5, "proportional"),
]
COMPUTED = {"D1": None, "D2": "8.00", "P1": "18.70", "P2": "16.00", "B1": "22.50"}
CODES = list(COMPUTED)
"""Indicators of S1 there is something to judge on."""
FIELDS = [i["code"].lower() for i in INDICATORS if "value" in i]
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
            "fields": [{"name": f, "title": f"{f}栏", "type": "number", "unit": "%", "decimals": 2} for f in FIELDS],
        }
    ],
    "indicators": INDICATORS,
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
    "evidence": "data",
}
SHEETS = {
    "评价对象": "对象编号,对象名称\nS1,第一小学\nS2,第二小学\n",
    "基础数据": f"对象编号,{','.join(f'{f}栏(%)' for f in FIELDS)}\nS1,80,93.5,80,75,50,50\nS2,90,90,90,90,90,90\n",
    "佐证清单": "对象编号,指标编码,佐证状态,资料名称,补充资料通知文号,补充资料通知日期,补充期限\n"
    + "".join(f"S1,{c},核实一致,决算报表,,,\n" for c in ("D2", "P1", "B1", "N1"))
    + "S1,P2,已提供未核实,验收单,,,\nS1,Z1,逾期未提供,,财绩〔2025〕1号,2025-01-05,2025-01-31\n",
    "不适用申请": "对象编号,指标编码,不适用理由,证明材料,批准人,批准日期,绩效目标调整批复文号\n"
    "S1,N1,项目不涉及生态,情况说明,李主任,2024-12-01,财绩〔2024〕9号\n",
}


@pytest.fixture(scope="session")
def docket_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., RunDocket]:
    """``docket_with(stage="事前评估", adjust_limit_percent=10)``: the evaluation with other limits of review; computed once."""
    root = tmp_path_factory.mktemp("small")
    (root / "packs" / "small").mkdir(parents=True)
    (root / "packs" / "small" / "pack.yaml").write_text(yaml.safe_dump({"pack": PACK}, allow_unicode=True), "utf-8")
    opened: dict[str, Evaluation] = {}
    made: dict[str, RunDocket] = {}

    def evaluated(folder: str) -> Evaluation:
        if folder not in opened:
            (root / folder).mkdir()
            for title, text in SHEETS.items():
                kept = text if folder == "both" else "".join(x for x in text.splitlines(True) if not x.startswith("S2"))
                (root / folder / f"{title}.csv").write_text(kept, "utf-8")
            opened[folder] = open_plan(PLAN | {"evidence": folder}, workspace=root)
        return opened[folder]

    def docket(stage: str = "自评", *, both: bool = False, **limits: Any) -> RunDocket:
        key = f"{stage} {both} {limits}"
        if key not in made:
            evaluation = evaluated("both" if both else "data")
            scheme = evaluation.scheme
            policy = scheme.policy
            if limits:
                review = ReviewLimits.model_validate(limits)
                policy = policy.model_copy(update={"review": review})
            plan = scheme.plan.model_copy(update={"stage": stage})
            made[key] = RunDocket(replace(evaluation, plan=plan, scheme=replace(scheme, plan=plan, policy=policy)))
        return made[key]

    return docket


def _member(person: str, *roles: str, **more: Any) -> Member:
    """A member; the name tells who it is in messages."""
    return Member.model_validate({"id": person, "name": f"{person}先生", "roles": list(roles or ("expert",))} | more)


def _panel(experts: int | list[Member] = 3, **rules: Any) -> Panel:
    """Lead, so many experts e1, e2, …, and one person for each other task."""
    chosen = [_member(f"e{n}") for n in range(1, experts + 1)] if isinstance(experts, int) else experts
    lead = [] if any("lead" in m.roles for m in chosen) else [_member("lead", "lead")]
    roles = ("analyst", "clerk", "checker", "delegate", "reviewer", "unit", "observer")
    return Panel.model_validate({"members": [*lead, *chosen, *(_member(r, r) for r in roles)]} | rules)


@dataclass
class Review:
    """One review: desks by member id, made when asked for and brought up to date on every use."""

    ledger: SqlLedger
    docket: RunDocket
    desks: dict[str, Desk] = field(default_factory=dict)

    def __getitem__(self, person: str) -> Desk:
        if person not in self.desks:
            self.desks[person] = Desk(self.ledger, self.docket, person)
        self.desks[person].refresh()
        return self.desks[person]

    def judge(self, expert: str, **points: str) -> None:
        """Points where given, 认可 elsewhere, 不评 where nothing was computed."""
        desk = self[expert]
        for spot in desk.scope.assigned(desk.member):
            if spot[1] in points:
                desk.opine(*spot, "adjust", Decimal(points[spot[1]]), "现场核查")
            elif desk.scope.computed(spot) is None:
                desk.opine(*spot, "abstain", reason="资料不足以判断")
            else:
                desk.opine(*spot, "agree")

    def submit(self, *experts: str, **points: str) -> None:
        """Everybody named judges and submits."""
        for expert in experts:
            self.judge(expert, **points)
            self[expert].submit()

    def signed(self, **points: str) -> None:
        """All experts say the same, the lead merges and signs."""
        everyone = [m.id for m in self["lead"].panel.having("expert")]
        self.submit(*everyone, **({"D1": "9.00"} | points))
        self["lead"].merge()
        self.say("lead", "sign_off", statement="同意汇总结果")

    def consultation(self, **points: str) -> None:
        """Signed, and the draft is out."""
        self.signed(**points)
        self.say("lead", "draft_issued", to=["第一小学"])

    def say(self, person: str, kind: str, **fields: Any) -> Event:
        """Any other event."""
        return self[person].say(kind, **fields)

    def scan(self) -> Attachment:
        """A signed paper form, kept beside the ledger."""
        return self["clerk"].attach("打分表.pdf", b"%PDF-1.7 signed")

    def refused(self, codes: str | set[str], act: Callable[[], Any]) -> ReviewError:
        """The action is refused for these reasons and no other, leaves no event, and is in the access log."""
        before, logged = self.ledger.head(), len(self.ledger.refusals())
        with pytest.raises(ReviewError) as caught:
            act()
        wanted = {codes} if isinstance(codes, str) else codes
        assert {p.code for p in caught.value.problems} == wanted, caught.value
        assert self.ledger.head() == before
        entries = self.ledger.refusals()[logged:]
        assert len(entries) == 1 and {p["code"] for p in entries[0].problems} == wanted
        return caught.value


@pytest.fixture
def review(tmp_path: Path, docket_with: Callable[..., RunDocket]) -> Iterator[Callable[..., Review]]:
    """``review(panel_of(3), stage=…, both=True)``: a review begun for that panel."""
    opened: list[SqlLedger] = []

    def make(panel: Panel | None = None, **limits: Any) -> Review:
        ledger = open_ledger(tmp_path, f"small-{len(opened)}", create=True)
        opened.append(ledger)
        docket = docket_with(**limits)
        start_review(ledger, docket, panel or _panel())
        return Review(ledger, docket)

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture(scope="session")
def panel_of() -> Callable[..., Panel]:
    """``panel_of(5, blind=False)``, or ``panel_of([member("e1"), …])``: with a lead and one person for each other task."""
    return _panel


@pytest.fixture(scope="session")
def member() -> Callable[..., Member]:
    """``member("e1", "expert", weight="2")``; an expert when no role is given."""
    return _member
