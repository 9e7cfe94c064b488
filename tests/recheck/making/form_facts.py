"""What a made-up or published form says, before it is drawn in any layout.

Values stand as a person would type them: numbers as Decimal, percentages as the number before the sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
SIGNS = {"gte": "≥", "lte": "≤", "eq": "=", "qualitative": "定性"}
FUND_NAMES = {"total": "年度资金总额", "fiscal": "其中:当年财政拨款", "carried": "上年结转资金", "other": "其他资金"}
Value = Decimal | str | None


def half_up(number: Decimal, step: Decimal = CENT) -> Decimal:
    """To two decimals as people round, without zeros at the end."""
    return plain(number.quantize(step, ROUND_HALF_UP))


def plain(number: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent."""
    short = number.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral() else short


@dataclass(frozen=True)
class Item:
    """One level-3 indicator; ``value`` and ``actual`` without sign and unit where they are numbers.

    ``together`` names the items that share one 分值 and 得分; ``parts`` are sub-items without points (name, target, actual).
    """

    level1: str
    level2: str
    name: str
    sign: str
    value: Value
    unit: str
    actual: Value
    weight: Value
    points: Value
    remark: str = ""
    together: int | None = None
    parts: tuple[tuple[str, Value, Value], ...] = ()


@dataclass(frozen=True)
class Fund:
    """One row of the money block, amounts in the form's unit of money."""

    kind: str
    initial: Value = None
    adjusted: Value = None
    executed: Value = None
    weight: Value = None
    rate: Value = None
    points: Value = None

    @property
    def name(self) -> str:
        return FUND_NAMES[self.kind]


@dataclass(frozen=True)
class Facts:
    """One form. ``extra`` holds what only some forms say: 填报人, 填报日期 …"""

    project: str
    unit: str
    year: int | None
    items: tuple[Item, ...]
    funds: tuple[Fund, ...] = ()
    department: str = ""
    whole: bool = False
    money: str = "万元"
    expected: str = ""
    achieved: str = ""
    total_weight: Value = None
    total: Value = None
    grade: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def item(self, number: int, **changes: Any) -> Facts:
        """With one indicator (from 0) changed."""
        items = list(self.items)
        old, new = items[number], replace(items[number], **changes)
        items[number] = new
        # What was reached is told once more in a sentence, which a careful person changes with the figure.
        told = (f"{one.name}达到{one.actual}{one.unit}" for one in (old, new))
        return replace(self, items=tuple(items), achieved=self.achieved.replace(*told))

    def fund(self, kind: str, **changes: Any) -> Facts:
        """With one row of the money block changed."""
        return replace(self, funds=tuple(replace(f, **changes) if f.kind == kind else f for f in self.funds))

    @property
    def first(self) -> Fund:
        """The total row of the money block."""
        return self.funds[0]

    def settled(self) -> Facts:
        """With the total and the grade that follow from the points."""
        points = [x.points for x in (*self.funds[:1], *self.items) if isinstance(x.points, Decimal)]
        shared = sum(
            (x.points for x in self._repeated() if isinstance(x.points, Decimal)), Decimal(0)
        )  # a shared score stands in every one of its items, and counts once
        total = plain(sum(points, Decimal(0)) - shared)
        return replace(self, total=total, grade=grade_of(total) if self.grade else "")

    def _repeated(self) -> list[Item]:
        seen: set[int] = set()
        return [x for x in self.items if x.together is not None and (x.together in seen or seen.add(x.together))]


def grade_of(total: Decimal) -> str:
    """财预〔2020〕10号 第十八条: 优 from 90, 良 from 80, 中 from 60."""
    return "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"


def facts_of(case: dict[str, Any]) -> Facts:
    """A published form; what its page does not show is blank."""
    budget = case["budget"]
    funds = []
    if budget["weight"] is not None:
        amounts = (_value(budget[k]) for k in ("initial_budget", "adjusted_budget", "executed"))
        rest = (_value(budget[k]) for k in ("weight", "published_rate_pct", "published_score"))
        funds.append(Fund("total", *amounts, *rest))
        part = budget.get("of_which_fiscal")
        if part:
            funds.append(Fund("fiscal", _value(part["initial"]), _value(part["adjusted"]), _value(part["executed"])))
    whole = "整体" in case["evaluation_type"]
    return Facts(
        project="" if whole else case["title"],
        unit=case["issuer"],
        year=case["year"],
        items=tuple(_item(x) for x in case["indicators"]),
        funds=tuple(funds),
        whole=whole,
        money=budget["unit"] or "万元",
        total=_value(case["published_total"]),
        grade=case["published_grade"] or "",
    )


def _value(raw: Any) -> Value:
    return Decimal(raw) if isinstance(raw, int | Decimal) else raw


def _item(x: dict[str, Any]) -> Item:
    sign = SIGNS.get(x["direction"] or "", "")
    actual = _value(x["actual_value"])
    if "目标与完成同写" in x.get("note", ""):  # the published cell repeats the demand
        actual = f"{sign}{actual}{x['unit']}"
    return Item(
        x["level1"], x["level2"] or "", x["level3"], sign, _value(x["target_value"]), x["unit"] or "", actual,
        _value(x["weight"]), _value(x["score"]),
    )  # fmt: skip
