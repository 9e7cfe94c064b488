"""Targets and actuals: blank, copied, of another type, beyond what can be; satisfaction nobody was asked about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from defect_tools import BENEFITS, COUNTS, RATES, SATISFACTION, Changed, at, met, mutation
from form_facts import Facts, plain


@mutation("actual_blank")
def actual_blank(facts: Facts, rng: Random) -> Changed:
    n = rng.choice((*COUNTS, *RATES, *BENEFITS))
    item = facts.items[n]
    return Changed(facts.item(n, actual=None, points=item.weight, remark="").settled(), at(n, "actual"))


@mutation("target_blank")
def target_blank(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    return Changed(facts.item(n, value=None), at(n, "target"))


@mutation("target_in_name", "target_blank")
def target_in_name(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    item = met(facts, n).items[n]
    facts = met(facts, n).item(n, name=f"{item.name}≥{item.value}{item.unit}", value=None).settled()
    return Changed(facts, at(n, "target", "level3"))


@mutation("actual_signed")
def actual_signed(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    item = facts.items[n]
    text = rng.choice(("≥{}%", "大于等于{}%", "{}%以上", "不低于{}%", "{}%及以上", ">{}%", "高于{}%")).format(
        item.value
    )
    return Changed(facts.item(n, actual=text), at(n, "actual"))


@mutation("actual_type")
def actual_in_words(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    text = rng.choice(("已完成", "完成", "按计划完成", "全部完成", "达标", "已实施完毕", "圆满完成", "达到预期目标"))
    facts = facts.item(n, actual=text, points=facts.items[n].weight, remark="").settled()
    return Changed(facts, at(n, "actual"))


@mutation("actual_copied")
def words_copied(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(BENEFITS)
    text = rng.choice(
        (
            "建立健全长效管护机制并落实到村组",
            "群众获得感和安全感得到有效提升",
            "保障单位各项工作正常运转",
            "提升服务能力,改善办公环境",
        )
    )
    return Changed(facts.item(n, value=text, actual=text), at(n, "actual"))


@mutation("share_above_100")
def rate_beyond_whole(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(RATES)
    name = rng.choice(
        ("工程验收合格率", "任务达标率", "体检覆盖率", "资料合格率", "政策知晓率", "设备完好率", "优良率")
    )
    facts = facts.item(n, name=name, actual=Decimal(rng.choice(("105", "112.5", "120"))))
    return Changed(facts, at(n, "actual"))


@mutation("target_loose")
def target_loose(facts: Facts, rng: Random) -> Changed:
    n = rng.choice(COUNTS)
    item = facts.items[n]
    facts = facts.item(n, actual=plain(item.value * rng.choice((3, 4, 8))), points=item.weight, remark="").settled()
    return Changed(facts, at(n, "actual", "target"))


@mutation("achieved_copied")
def goal_copied(facts: Facts, rng: Random) -> Changed:
    done = facts.expected if rng.random() < 0.6 else f"已{facts.expected}"
    return Changed(replace(facts, achieved=done), (("achieved",),))


@mutation("satisfaction_no_survey")
def no_survey(facts: Facts, rng: Random) -> Changed:
    text = rng.choice(
        (
            "全年无投诉,视为满意。",
            "未开展问卷调查。",
            "未收到群众投诉",
            "未进行满意度调查,根据日常反馈填列。",
            "未组织满意度测评。",
            "以零投诉作为满意依据",
            "无投诉记录",
            "没有做问卷,由村干部估计。",
        )
    )
    return Changed(facts.item(SATISFACTION, remark=text), at(SATISFACTION, "remark", "actual"))


@mutation("satisfaction_own_staff")
def own_staff(facts: Facts, rng: Random) -> Changed:
    name = rng.choice(
        (
            "本单位职工满意度",
            "单位工作人员满意度",
            "本局干部职工满意度",
            "内部职工满意度",
            "局机关干部满意度",
            "项目组成员满意度",
            "职工对项目的满意度",
        )
    )
    return Changed(facts.item(SATISFACTION, name=name), at(SATISFACTION, "level3", "actual"))
