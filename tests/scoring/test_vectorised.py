"""Two hundred subjects, a hundred under each ruleset, scored together are the same subjects scored alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workbench.evidence.tables import CapFact, EvidenceStatus, Proof, Waiver
from workbench.scoring.result import SubjectResult
from workbench.scoring.sandbox import connect
from workbench.scoring.scorecard import Scorecard
from workbench.scoring.status import STATUS
from workbench.scoring.totals import Totals, total

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
Item = Callable[..., dict[str, Any]]
CELLS = ("computed", "final", "low", "high", "status", "branch", "ruled_scored", "adjusted")
LEVEL_CELLS = ("weight", "applicable", "low", "high", "rescaled_low", "rescaled_high", "open")
TOTAL_CELLS = ("base_low", "base_high", "bonus", "deducted", "low", "high", "read", "complete", "provisional", "grade")
TYPES = {"done": {"type": "date"}, "ok": {"type": "bool"}}


@pytest.fixture(scope="module")
def tree(ind: Ind) -> list[dict[str, Any]]:
    """Every way to a value: bare, quotient, condition, date, yes and no, several inputs, judged by the ruleset, claimed."""
    bands = {"kind": "banded", "params": {"bands": [{"at": "90", "share": "100"}, {"at": "60", "share": "50"}]}}
    completed = {"completed": {"expr": "data.ok", "title": "是否完成", "decimals": 0}}
    return [
        ind(
            "A",
            "10",
            "预算执行率",
            judged="execution_rate",
            value="data.x / data.y * 100",
            inputs=completed,
            target="100",
        ),
        ind("B", "20", "产出指标", judged="quantitative", value="data.b", target="data.t", claimed="data.c"),
        ind("C", "15", "产出指标", value="CASE WHEN data.x / data.y * 100 >= 50 THEN data.b ELSE 0 END"),
        ind("D", "15", "产出指标", direction="lte", value="data.t / nullif(data.b, 0) * 50", target="80"),
        ind("E", "10", "效益指标", rule={"kind": "yes_no"}, target=None, value="data.done <= '2023-12-31'"),
        ind("F", "20", "效益指标", rule=bands, target=None, value="least(data.x, data.b)", applies="data.t > 20"),
        ind("G", "10", "满意度指标", judged="satisfaction", value="data.b", target="90", approved=True),
    ]


def row_of(rng: random.Random) -> dict[str, Any]:
    def number(high: int) -> str | None:
        return None if rng.random() < 0.08 else str(Decimal(rng.randrange(0, high)) / rng.choice([1, 4, 8, 100]))

    return {
        "x": number(130),
        "y": rng.choice(["100", "80", "0", "7", number(100)]),
        "b": number(130),
        "t": rng.choice(["100", "95.5", "20", "0", None, "-5"]),
        "c": number(30),
        "done": rng.choice(["2023-12-30", "2023-12-31", "2024-01-01", None]),
        "ok": rng.choice([True, False, None]),
        "z": number(12),
        "m": rng.choice(["0", "1", "3", None]),
    }


def records(rng: random.Random, subject: str) -> tuple[list[Proof], list[Waiver], list[CapFact]]:
    proofs, waivers, facts = [], [], []
    for code in "ABCDEFG":
        if rng.random() < 0.7:
            status = rng.choice(list(EvidenceStatus))
            value = Decimal(rng.randrange(0, 12000)) / 100 if rng.random() < 0.5 else None
            notice = {"notice_number": "补1号", "notice_date": date(2024, 1, 5)} if rng.random() < 0.6 else {}
            proofs.append(Proof(subject, code, status, verified_value=value, **notice))
        if rng.random() < 0.15:
            waivers.append(Waiver(subject, code, "本年度无此内容", "说明", "李四", date(2024, 2, 1)))
    for cap in ("AUDIT_FINDING", "FALSE_SELF_EVALUATION"):
        state = rng.choice(["触发", "已核查未触发", "未核查"])
        facts.append(CapFact(subject, cap, state, "审计报告", date(2024, 1, 1)))
    return proofs, waivers, facts


@pytest.fixture
def one_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One engine emptied each time, and no clocks: starting those is most of the cost of scoring one subject."""
    engine = connect()

    def emptied() -> Any:
        for (name,) in engine.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            engine.execute(f'DROP TABLE "{name}"')
        return engine

    monkeypatch.setattr("workbench.scoring.engine.connect", emptied)
    for module in ("measures", "sandbox"):
        monkeypatch.setattr(f"workbench.scoring.{module}.limited", lambda *_: nullcontext())
    yield
    engine.close()


@pytest.mark.usefixtures("one_engine")
@pytest.mark.parametrize("ruleset", ["caiyu-2020-10", "caiyu-2021-101"])
def test_together_as_alone(engage: Engage, item: Item, tree: list[dict[str, Any]], ruleset: str) -> None:
    rng = random.Random(ruleset)
    rows = {f"P{i:03d}": row_of(rng) for i in range(100)}
    written = {s: records(rng, s) for s in rows}
    rules = {
        "ruleset": ruleset,
        "policy": "kizilsu-2023",
        "types": TYPES,
        "status": None,
        "bonus": {"cap": "5", "items": [item("Z", "8")]},
        "deductions": {"floor": "0", "items": [item("M", "2", "deduction")]},
    }

    def engaged(names: list[str]) -> Any:
        proofs, waivers, facts = ([r for s in names for r in written[s][k]] for k in range(3))
        return engage(tree, {s: rows[s] for s in names}, proofs=proofs, waivers=waivers, facts=facts, **rules)

    made = engaged(list(rows))
    card, together = made.card(), made.results()
    totals = total(card)
    assert list(together) == list(rows)
    # The mix must be worth testing: every status, several grades, rescaled, moved and open levels.
    assert {i.status for r in together.values() for i in r.indicators} == set(STATUS)
    assert {r.score_grade for r in together.values()} >= {"中", "差", None}
    assert any(s.step == "rescaled" for r in together.values() for s in r.steps)
    for row, subject in enumerate(rows):
        alone = engaged([subject])
        one = alone.card()
        assert numbers(one, total(one), 0) == numbers(card, totals, row)
        if row % 5 == 0:
            assert bare(alone.one()) == bare(together[subject])


def numbers(card: Scorecard, totals: Totals, row: int) -> list[Any]:
    """Everything the arrays say of one subject."""
    columns = (*card.indicators, *card.bonus, *card.deductions)
    found = [[getattr(c, n)[row] for n in CELLS] for c in columns]
    found += [[getattr(level, n)[row] for n in LEVEL_CELLS] for level in totals.levels]
    return [*found, [getattr(totals, n)[row] for n in TOTAL_CELLS]]


def bare(result: SubjectResult) -> dict[str, Any]:
    """All of a result but where its values stand: alone, every subject stands in row 3."""
    plain = result.model_dump(exclude={"indicators": {"__all__": {"evidence"}}})
    for finding in plain["findings"]:
        finding["message"] = re.sub(r"(\[data表\] [A-Z]+)\d+", r"\1", finding["message"])
    return plain


def test_large_neighbours_change_nothing(engage: Engage, ind: Ind) -> None:
    # A column that needs Python integers, or a quotient beyond 2^52, must not round its neighbours differently.
    tree = [ind("A", "60", value="data.x / data.y * 100"), ind("B", "40", value="data.x", unit="元")]
    rows = {"P1": {"x": "0.285", "y": "1"}, "P2": {"x": "1.005", "y": "1"}}
    alone = {s: bare(engage(tree, {s: r}).results()[s]) for s, r in rows.items()}
    large = {"Q1": {"x": "123456789012", "y": "0.000001"}, "Q2": {"x": None, "y": "0"}, "Q3": {"x": "1", "y": "3"}}
    together = engage(tree, rows | large).results()
    for subject, result in alone.items():
        assert bare(together[subject]) == result
