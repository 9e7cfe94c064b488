"""Points against the rules, and reasons that are missing, empty or say something else."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from defect_tools import (
    BENEFITS,
    COST,
    COUNTS,
    HUNDRED,
    RATES,
    SATISFACTION,
    TIME,
    Changed,
    at,
    met,
    missed,
    mutation,
    spent,
)
from form_facts import Facts, half_up, plain


@mutation("met_but_deducted")
def met_but_deducted(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((*COUNTS, *RATES))
    facts = met(facts, n)
    less = Decimal(rng.choice(("1", "2", "0.5", "3")))
    facts = facts.item(n, points=facts.items[n].weight - less, remark="").settled()
    return Changed(facts, at(n, "points", "remark"))


@mutation("missed_but_full")
def missed_but_full(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    facts = missed(facts, n, rng)
    facts = facts.item(n, points=facts.items[n].weight).settled()
    return Changed(facts, at(n, "points"))


@mutation("missed_but_full")
def satisfaction_missed_but_full(facts: Facts, rng: Random) -> Changed:
    n = SATISFACTION
    facts = facts.item(
        n, value=Decimal(95), actual=Decimal("88.5"), remark="发放问卷200份,收回200份,满意177份。"
    ).settled()
    return Changed(facts, at(n, "points"))


@mutation("missed_but_full")
def cost_over_but_full(facts: Facts, rng: Random) -> Changed:
    item = facts.items[COST]
    facts = facts.item(
        COST,
        actual=plain((item.value * Decimal("1.2")).to_integral_value()),
        remark="材料价格上涨,单价超出目标20%左右。",
    )
    return Changed(facts.settled(), at(COST, "points"))


@mutation("missed_but_full")
def late_but_full(facts: Facts, rng: Random) -> Changed:
    year = facts.year
    facts = facts.item(
        TIME, value=f"{year}年9月底前", actual=f"{year}年{rng.choice((11, 12))}月", remark="因招标流标一次,工期顺延。"
    )
    return Changed(facts.settled(), at(TIME, "points"))


@mutation("points_rule")
def points_not_by_rule(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    facts = missed(facts, n, rng, 50, 80)
    item = facts.items[n]
    points = plain((item.weight * Decimal("0.95")).quantize(Decimal("0.1")))
    return Changed(facts.item(n, points=points).settled(), at(n, "points"))


@mutation("reason_blank")
def reason_blank(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    facts = missed(facts, n, rng).item(n, remark=rng.choice(("", "", "—"))).settled()
    return Changed(facts, at(n, "remark", "points"))


@mutation("reason_boilerplate", "reason_blank")
def reason_boilerplate(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    words = (
        "无",
        "无偏差",
        "加强管理",
        "客观原因",
        "下一步将加强管理,确保完成目标任务。",
        "今后将进一步加强预算绩效管理。",
        "基本完成",
        "按要求执行",
        "工作推进中",
        "由于各种原因未能完成",
        "今后加大工作力度,抓好落实。",
        "主观认识不足,将继续努力。",
        "继续推进",
        "/",
    )
    facts = missed(facts, n, rng).item(n, remark=rng.choice(words)).settled()
    return Changed(facts, at(n, "remark", "points"))


@mutation("remark_differs")
def remark_other_percent(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    facts = missed(facts, n, rng)
    item = facts.items[n]
    share = half_up(item.actual / item.value * 100)
    lost = item.weight - item.points
    text = rng.choice(
        (
            f"完成率{share + 7}%,因征地滞后未全部完成。",
            f"因征地滞后,仅完成目标的{share - 12}%。",
            f"因征地滞后未全部完成,扣{plain(lost + Decimal('0.6'))}分。",
            f"实际完成比例为{share + 5}%,受征地影响。",
            f"受征地影响,完成进度{share - 9}%。",
            f"受征地影响,扣减{plain(lost + Decimal('1.1'))}分",
            f"未完成部分扣分{plain(lost + Decimal('0.9'))}分,原因是征地滞后。",
        )
    )
    return Changed(facts.item(n, remark=text).settled(), at(n, "remark"))


@mutation("no_evidence_scored")
def no_evidence_but_points(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((*RATES, *BENEFITS))
    text = rng.choice(
        (
            "未提供佐证材料。",
            "无佐证资料",
            "缺少证明材料,暂按自报数填列。",
            "佐证材料未上传。",
            "支撑材料缺失",
            "无法提供原始记录,按经验填报。",
            "未附证明材料",
        )
    )
    return Changed(facts.item(n, remark=text), at(n, "remark", "points"))


@mutation("judged_differently")
def unaccepted_but_full(facts: Facts, rng: Random) -> Changed:
    facts = met(facts, 0)
    name = facts.items[0].name
    text = rng.choice(("工程尚未验收", "未验收,待下年度验收", "尚未组织竣工验收", "未通过验收"))
    facts = facts.item(3, name=f"{name}验收合格率", value=HUNDRED, actual=Decimal(0), points=Decimal(0), remark=text)
    return Changed(facts.settled(), at(0, "points", "level3") + at(3, "remark", "level3", "actual"))


@mutation("all_full")
def all_full(facts: Facts, rng: Random) -> Changed:
    for n in COUNTS:
        facts = met(facts, n)
    return Changed(spent(facts, Decimal(1)))
