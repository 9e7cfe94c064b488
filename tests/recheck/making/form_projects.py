"""Honest forms of made-up projects: sums that agree, points by 财预〔2020〕10号 第十六条, a reason for every point lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from form_facts import Facts, Fund, Item, half_up, plain
from form_words import CAUSES, FIELDS, GIVEN, MEASURES, PLACES, SURNAMES, Count, Field

OUTPUT = {10: ((10, 8, 7, 8, 7, 5, 5), (8, 8, 8, 8, 8, 6, 4), (10, 10, 5, 5, 5, 10, 5), (9, 9, 6, 8, 8, 5, 5)),
          20: ((8, 6, 6, 6, 4, 5, 5), (10, 5, 5, 5, 5, 5, 5), (6, 6, 6, 6, 6, 5, 5))}  # fmt: skip
BENEFIT = ((10, 10, 10), (8, 12, 10), (5, 15, 10), (10, 15, 5))


WEAK = 9
"""Every so-manieth form has a bad year: half the counts missed by far, money left."""


def clean(seed: int, execution: int = 10) -> Facts:
    """The honest form of one seed; ``execution`` is the weight of 预算执行率 (local forms have 20)."""
    rng = Random(seed)
    weak = seed % WEAK == WEAK // 2
    field = FIELDS[seed % len(FIELDS)]
    place = PLACES[seed // len(FIELDS) % len(PLACES)]
    year = rng.choice((2021, 2022, 2023, 2024))
    items = _items(rng, field, year, execution, weak)
    facts = Facts(
        project=f"{place}{rng.choice(field.project)}项目({_batch(seed)})",
        unit=f"{place}{field.unit}",
        department=f"{place}{field.department}",
        year=year,
        items=tuple(items),
        funds=_funds(rng, execution, weak),
        total_weight=Decimal(100),
        grade="优",
        extra=_signed(rng, year),
    )
    return _with_goals(rng, facts).settled()


def _batch(seed: int) -> str:
    return f"第{seed // (len(FIELDS) * len(PLACES)) + 1}批"


def _signed(rng: Random, year: int) -> dict[str, str]:
    def name() -> str:
        return rng.choice(SURNAMES) + rng.choice(GIVEN)

    return {
        "项目负责人": name(), "联系电话": f"0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}", "填报人": name(),
        "单位负责人": name(), "填报日期": f"{year + 1}年{rng.randint(1, 4)}月{rng.randint(1, 28)}日",
    }  # fmt: skip


# money


def _funds(rng: Random, execution: int, weak: bool) -> tuple[Fund, ...]:
    fiscal = Decimal(rng.randint(4000, 90000)) / 100
    carried = Decimal(rng.choice((0, 0, rng.randint(200, 3000)))) / 100
    other = Decimal(rng.choice((0, 0, 0, rng.randint(500, 5000)))) / 100
    changed = Decimal(rng.choice((0, 0, rng.randint(-900, 1800)))) / 100
    rows = [("fiscal", fiscal - changed, fiscal), ("carried", carried, carried), ("other", other, other)]
    spent = []
    for kind, initial, adjusted in rows:
        share = Decimal(rng.choice((10000, rng.randint(8600, 9990), rng.randint(9300, 9999)))) / 10000
        share = Decimal(rng.randint(5200, 7900)) / 10000 if weak else share
        spent.append(Fund(kind, plain(initial), plain(adjusted), half_up(adjusted * share)))
    if spent[0].executed == spent[0].adjusted:  # some money is left in every form, or there were only full marks
        spent[0] = replace(spent[0], executed=half_up(fiscal * rng.randint(930, 985) / 1000))
    initial, adjusted, executed = (
        plain(sum((getattr(f, name) for f in spent), Decimal(0))) for name in ("initial", "adjusted", "executed")
    )
    rate = half_up(executed / adjusted * 100)
    weight = Decimal(execution)
    return (Fund("total", initial, adjusted, executed, weight, rate, half_up(weight * rate / 100)), *spent)


# indicators


def _items(rng: Random, field: Field, year: int, execution: int, weak: bool) -> list[Item]:
    weights = iter(rng.choice(OUTPUT[execution]))
    out = "产出指标"
    items = [_count(rng, out, c, Decimal(next(weights)), weak) for c in rng.sample(field.counts, 3)]
    items += [_rate(rng, out, "质量指标", name, Decimal(next(weights))) for name in rng.sample(field.rates, 2)]
    items.append(_time(rng, rng.choice(field.times), year, Decimal(next(weights))))
    items.append(_cost(rng, rng.choice(field.cost), Decimal(next(weights))))
    shares = iter(rng.choice(BENEFIT))
    for level2, names in (
        ("经济效益指标", field.economic),
        ("社会效益指标", field.social),
        ("可持续影响指标", field.lasting),
    ):
        name, wanted = rng.choice(names)
        items.append(_quality(level2, name, wanted, Decimal(next(shares))))
    items.append(_satisfied(rng, field))
    return items


def _reason(rng: Random, what: str, rate: Decimal) -> str:
    return f"{rng.choice(CAUSES)},{what},完成目标的{rate}%;{rng.choice(MEASURES)}。"


def _count(rng: Random, level1: str, count: Count, weight: Decimal, weak: bool) -> Item:
    target = Decimal(rng.randint(count.low, count.high))
    missed = rng.random() < (0.8 if weak else 0.2)
    low = 40 if weak else 82
    share = Decimal(rng.randint(low, 98) if missed else rng.randint(100, 112)) / 100
    actual = max(Decimal(1), plain((target * share).to_integral_value()))
    if missed and actual >= target:
        missed = False
    item = Item(level1, "数量指标", count.name, "≥", target, count.unit, actual, weight, weight)
    if not missed:
        return replace(item, actual=max(actual, target))
    return replace(
        item,
        points=half_up(weight * actual / target),
        remark=_reason(rng, f"实际完成{actual}{count.unit}", half_up(actual / target * 100)),
    )


def _rate(rng: Random, level1: str, level2: str, name: str, weight: Decimal) -> Item:
    target = Decimal(rng.choice((90, 95, 98, 100)))
    top = Decimal(rng.choice((100, 100, 99, 98)))
    return Item(level1, level2, name, "≥", target, "%", max(top, target), weight, weight)


def _time(rng: Random, name: str, year: int, weight: Decimal) -> Item:
    month = rng.randint(8, 12)
    done = rng.randint(5, month)
    text, actual = rng.choice(
        ((f"{year}年{month}月底前", f"{year}年{done}月"), (f"{month}月底前完成", f"{done}月完成"))
    )
    return Item("产出指标", "时效指标", name, "", text, "", actual, weight, weight)


def _cost(rng: Random, name: str, weight: Decimal) -> Item:
    target = Decimal(rng.randint(200, 9000))
    actual = plain((target * Decimal(rng.randint(90, 100)) / 100).to_integral_value())
    return Item("产出指标", "成本指标", name, "≤", target, "元", actual, weight, weight)


def _quality(level2: str, name: str, wanted: str, weight: Decimal) -> Item:
    return Item("效益指标", level2, name, "定性", wanted, "", "达成预期指标", weight, weight)


def _satisfied(rng: Random, field: Field) -> Item:
    sent = rng.randint(100, 400)
    back = sent - rng.randint(1, 20)
    happy = back - rng.randint(1, back // 12)
    rate = half_up(Decimal(happy) / back * 100)
    remark = f"发放问卷{sent}份,收回有效问卷{back}份,满意{happy}份。"
    target = Decimal(rng.choice((85, 90)))
    return Item(
        "满意度指标", "服务对象满意度指标", f"{field.served}满意度", "≥", target, "%", rate, Decimal(10), Decimal(10), remark,
    )  # fmt: skip


def _with_goals(rng: Random, facts: Facts) -> Facts:
    counts = [item for item in facts.items if item.level2 == "数量指标"]
    aims = ",".join(f"{x.name}不少于{x.value}{x.unit}" for x in counts[: rng.randint(1, 3)])
    done = ",".join(f"{x.name}达到{x.actual}{x.unit}" for x in counts[: rng.randint(1, 3)])
    wanted = facts.items[-3].name
    served = facts.items[-1]
    return replace(
        facts,
        expected=f"{facts.year}年计划{aims},使{wanted}达到预期。",
        achieved=f"全年{done};经调查,{served.name}为{served.actual}%。",
    )
