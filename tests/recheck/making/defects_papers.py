"""Dates, years, signatures, and sentences that say something else than the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import TIME, Changed, at, met, mutation
from form_facts import Facts, plain


@mutation("dates_order")
def filled_in_too_early(facts: Facts, rng: Random) -> Changed:
    year = facts.year
    facts = facts.item(TIME, value=f"{year}年12月底前", actual=f"{year}年11月")
    facts = replace(facts, extra=facts.extra | {"填报日期": f"{year}年{rng.randint(3, 8)}月16日"})
    return Changed(facts)


@mutation("dates_order")
def accepted_before_done(facts: Facts, rng: Random) -> Changed:
    year = facts.year
    facts = facts.item(
        4, level2="时效指标", name="工程竣工时间", sign="", value=f"{year}年12月前", unit="", actual=f"{year}年11月20日"
    )
    facts = facts.item(
        TIME, name="竣工验收时间", value=f"{year}年12月底前", actual=f"{year}年{rng.randint(6, 10)}月8日"
    )
    return Changed(facts, at(4, "actual") + at(TIME, "actual"))


@mutation("year_mismatch")
def deadline_of_another_year(facts: Facts, rng: Random) -> Changed:
    year = facts.year - rng.choice((1, 2))
    facts = facts.item(TIME, value=f"{year}年12月底前", actual=f"{year}年11月")
    return Changed(facts, at(TIME, "target", "actual"))


@mutation("year_mismatch")
def file_of_another_year(facts: Facts, rng: Random) -> Changed:
    name = f"{facts.year - 1}年度绩效自评表"
    return Changed(facts, file=name)


@mutation("signature_missing")
def unsigned(facts: Facts, rng: Random) -> Changed:
    blank = {"填报人": "", "单位负责人": ""}
    return Changed(replace(facts, extra=facts.extra | blank))


@mutation("total_noted")
def report_says_other_total(facts: Facts, rng: Random) -> Changed:
    other = plain(facts.total - Decimal("1.5"))
    text = rng.choice(
        (
            f"说明:本项目自评得分{other}分。",
            f"注:经自评,项目自评总分为{other}分。",
            f"说明:经综合评定,本项目自评得{other}分。",
            f"注:自评综合得分:{other}分",
        )
    )
    facts = replace(facts, extra=facts.extra | {"说明": text})
    return Changed(facts)


@mutation("parts_sum")
def parts_above_whole(facts: Facts, rng: Random) -> Changed:
    facts = met(facts, 0)
    item = facts.items[0]
    half = plain((item.actual * Decimal("0.6")).to_integral_value()) + 1
    wanted = plain((item.value / 2).to_integral_value())
    parts = tuple((f"其中:{season}{item.name}", wanted, half) for season in ("上半年", "下半年"))
    facts = facts.item(0, parts=parts).settled()
    return Changed(facts, at(0, "actual"))
