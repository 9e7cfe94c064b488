"""The rule in words: complete, in Chinese, and true to what the rule gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from workbench.base.text import trimmed
from workbench.evidence.dates import date_text
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library
from workbench.scheme.pack import Extra, Indicator
from workbench.scoring.describing import terms_of
from workbench.scoring.kinds import Terms
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
TEXTS = yaml.safe_load((Path(__file__).resolve().parents[3] / "docs" / "texts.yaml").read_text(encoding="utf-8"))
CALLED = {"value": "完成值", "target": "目标值"}


def described(kind: str, params: dict[str, Any], terms: Terms) -> str:
    return KINDS[kind].described(terms, KINDS[kind].params.model_validate(params))


def terms(weight: Any = 10, direction: Any = "gte", unit: str | None = "%", decimals: int = 2, **around: Any) -> Terms:
    """An indicator with value, target and what ``around`` says of its further inputs."""
    titles, units = CALLED | around.get("titles", {}), dict.fromkeys(CALLED, unit) | around.get("units", {})
    numbers = {name: Decimal(str(number)) for name, number in around.get("numbers", {}).items()}
    return Terms(Decimal(str(weight)), decimals, direction, titles, units, numbers)


# ---------------------------------------------------------------------------------------------------------------------
# everything that is shipped
# ---------------------------------------------------------------------------------------------------------------------


def shipped() -> Iterator[tuple[str, str, dict[str, Any], Terms]]:
    """(where, kind, params, terms) of every item of every pack, class of every ruleset and documented sample."""
    library = Library.of(load_plugins(code=False).folders)
    for name in library.packs:
        pack = library.pack(name)
        items: list[Indicator | Extra] = [*pack.indicators, *pack.bonus.items, *pack.deductions.items]
        yield from ((f"{name} {i.code}", i.rule.kind, i.rule.params, terms_of(i, 2)) for i in items if i.rule)
    for name in library.rulesets:
        classes = library.ruleset(name).classes
        yield from ((f"{name} {judged}", rule.kind, rule.params, terms(20)) for judged, rule in classes.items())
    for kind, texts in TEXTS["rules"].items():
        s = texts["sample"]
        own = terms(s["weight"], s.get("direction", "gte"), s.get("unit"), titles=s.get("titles", {}))
        yield f"sample of {kind}", kind, s.get("params", {}), own


def terms_titles(shown: Terms) -> list[str]:
    return sorted([*shown.titles.values(), *(u for u in shown.units.values() if u)], key=len, reverse=True)


def numbers_of(model: Any, direction: str) -> Iterator[Decimal]:
    """Numbers of the parameters that change what somebody gets."""
    if isinstance(model, BaseModel):
        rule = getattr(model, "checked", None)
        if rule is not None:  # an inner rule keeps its parameters unread
            yield from numbers_of(rule(), getattr(model, "direction", None) or direction)
            return
        idle = {"flag_over", "overshoot"} if direction != "gte" else set()
        for name, inner in model:
            yield from () if name in idle else numbers_of(inner, direction)
    elif isinstance(model, dict):
        for inner in model.values():
            yield from numbers_of(inner, direction)
    elif isinstance(model, (list, tuple)):
        for inner in model:
            yield from numbers_of(inner, direction)
    elif isinstance(model, (Decimal, int)) and not isinstance(model, bool):
        yield Decimal(model)


def test_whatever_is_shipped_is_described_in_full() -> None:
    found = 0
    for where, kind, params, shown in shipped():
        found += 1
        text = own = described(kind, params, shown)
        assert text != KINDS[kind].summary, where
        for title in terms_titles(shown):
            own = own.replace(title, "")
        assert not re.search(r"[A-Za-z_]", own), f"{where}: a reader knows no English names: {text}"
        assert not text.endswith("。"), where
        said = set(re.findall(r"-?\d+(?:\.\d+)?", text))
        for number in numbers_of(KINDS[kind].params.model_validate(params), shown.direction):
            # All and nothing are said as 得满分 and 不得分.
            assert trimmed(number) in said or number in (0, 100), f"{where}: {number} is not in {text}"
    assert found > 200  # nine packs, two rulesets and the samples: none of them was passed over


def test_every_built_in_kind_describes_itself() -> None:
    assert [k.name for k in BUILTIN_KINDS if k.describe is None] == []


# ---------------------------------------------------------------------------------------------------------------------
# sentences written by hand
# ---------------------------------------------------------------------------------------------------------------------

SATISFACTION = {"bands": [{"at": 90, "share": 100}, {"at": 80, "share": 80}, {"at": 60, "share": 50}]}


@pytest.mark.parametrize(
    ("kind", "params", "shown", "text"),
    [
        # 财预〔2020〕10号 第十六条: 完成的得满分, otherwise in proportion.
        (
            "proportional",
            {},
            terms(10, numbers={"target": 90}),
            "完成值达到目标值90%得满分10分;未达到的得10×(完成值÷目标值)",
        ),
        (
            "proportional",
            {},
            terms("7.5", "lte", "万元"),
            "完成值不超过目标值得满分7.5分;超过的得7.5×(目标值÷完成值)",
        ),
        # 财预〔2021〕101号 附件1 三(七)2: below 60 % nothing, from there (rate − 60 %)/(1 − 60 %).
        (
            "proportional",
            {"pass_at": 60, "flag_over": 130},
            terms(10),
            "完成值达到目标值得满分10分;未达到的按完成率(完成值÷目标值),≥60%得10×(完成率−60%)÷(1−60%),<60%不得分;"
            "完成率超过130%的须分析原因,此项只提示、不扣分",
        ),
        # The same, 4: ≥90 % → 10, [80,90) → 8, [60,80) → 5, below → 0 of 10.
        (
            "banded",
            SATISFACTION,
            terms(10),
            "完成值≥90%得满分10分,≥80%且<90%得80%即8分,≥60%且<80%得50%即5分,<60%不得分",
        ),
        (
            "banded",
            {"bands": [{"at": 0, "share": 100}, {"at": "1.50", "share": "33.3"}], "better": "lower", "exclusive": True},
            terms(5, "lte", "处"),
            "完成值<0处得满分5分,≥0处且<1.5处得33.3%即1.67分,≥1.5处不得分",  # 5 × 33.3 % = 1.665, half-up
        ),
        # The same, 2: 10, 7, 5, 0 of 10; what it does not cover stays open.
        (
            "execution_rate",
            {},
            terms(10),
            "项目完成且执行率不超过100%的得满分10分;尚未完成的,执行率≥80%且<100%得70%即7分,≥60%且<80%得50%即5分,<60%不得分;"
            "完成而超过100%、尚未完成而达到100%的,文件未规定,不评分",
        ),
        # 财预〔2020〕10号 第十六条: 100%–80%(含), 80%–60%(含), 60%–0%.
        (
            "qualitative",
            {},
            terms(10, "qualitative", None),
            "按评定的达成比例得分:“达成年度指标”80%—100%得8—10分;“部分达成年度指标并具有一定效果”60%—80%得6—8分;"
            "“未达成年度指标且效果较差”0%—60%得0—6分;各档含下限、不含上限,最高一档含100%",
        ),
        # 在职人员控制率: full up to 100 %, 0.5 of 5 off per point over.
        (
            "step_deduction",
            {"threshold": 100, "step": 1, "per_step": "0.5", "max_deduction": 3},
            terms(5, "lte"),
            "完成值不超过100%得满分5分;每超1个百分点扣0.5分,不足一步的按比例扣,最多扣3分(至少得2分)",
        ),
        # 建成面积: 1 off per 1 % below the task.
        (
            "step_deduction",
            {"step": 1, "per_step": 1, "relative": True, "partial": "begun_step"},
            terms(8, unit="亩", numbers={"target": 1200}),
            "完成值不低于目标值1200亩得满分8分;每低目标值的1%扣1分,不足一步的按一步扣,扣完为止",
        ),
        (
            "element_count",
            {"shares": {"plan": 40, "law": 60}, "requires": {"law": ["plan"]}, "veto": ["plan"]},
            terms(4, titles={"plan": "编制方案", "law": "依法设立"}),
            "符合“编制方案”得40%即1.6分、符合“依法设立”得60%即2.4分,合计得分,全部符合得满分4分;"
            "“依法设立”须先符合“编制方案”才计;不符合“编制方案”的整项不得分",
        ),
        (
            "element_count",
            {},
            terms(4, titles={"a": "甲", "b": "乙", "c": "丙"}),
            "“甲”、“乙”、“丙”共3项要点,每符合一项得4×1/3分,全部符合得满分4分",
        ),
        (
            "element_count",
            {},
            terms(3, titles={"a": "甲", "b": "乙"}),
            "“甲”、“乙”共2项要点,每符合一项得1.5分,全部符合得满分3分",
        ),
        ("element_count", {}, terms(4), "没有可判断的要点,不评分"),
        (
            "defects",
            {"per_case": 1, "counts": {"major": "2.50"}, "max_deduction": 6},
            terms(6, "lte", "处", titles={"major": "重大问题"}, units={"major": "项"}),
            "未发现问题得满分6分;每处扣1分、“重大问题”每项扣2.5分,最多扣6分",
        ),
        ("defects", {"per_percent": "0.5"}, terms(6, "lte"), "未发现问题得满分6分;问题占比每1%扣0.5分,扣完为止"),
        (
            "benchmark",
            {"against": "history", "bands": [{"within": 5, "share": 80}], "otherwise": 20},
            terms(4, "lte", "元", titles={"standard": "上年成本"}, units={"standard": "元"}, numbers={"standard": 80}),
            "完成值不高于历史水平(上年成本80元)得满分4分;高于历史水平的,相差≤5%得80%即3.2分,>5%得20%即0.8分",
        ),
        (
            "benchmark",
            {"against": "peers", "otherwise": 30},
            terms(4, "two_sided"),
            "完成值等于同类水平得满分4分;偏离同类水平的得30%即1.2分",
        ),
        (
            "two_sided",
            {"step": "0.5", "per_step": 1, "partial": "full_step"},
            terms(6, "two_sided", None, titles={"standard": "最佳比值"}, numbers={"standard": 2}),
            "完成值等于最佳比值2得满分6分;向两端偏离每0.5个单位扣1分,不足一步的不扣,扣完为止",
        ),
        ("yes_no", {"no_share": 40}, terms(5, "yes_no", None), "符合要求得满分5分,不符合的得40%即2分"),
        (
            "deadline",
            {},
            terms(5, "deadline", None),
            "不晚于计划时间完成的得满分5分;延迟的文件未规定扣分办法,在0至5分之间评议计分",
        ),
        (
            "deadline",
            {"late": "proportional"},
            terms(5, "deadline", None, numbers={"target": 19173}),  # 2022-06-30 in days since 1970-01-01
            f"不晚于计划时间{date_text(Decimal(19173))}完成的得满分5分;延迟的得5×计划工期÷实际工期(工期自开始日期起算)",
        ),
        ("deadline", {"late": "zero"}, terms(5, "deadline", None), "不晚于计划时间完成的得满分5分;延迟的不得分"),
        (
            "range_normalised",
            {"minimum": -5},
            terms(10, titles={"group": "县区类别"}),
            "得10×(完成值−(-5%))÷(最大值−(-5%)),不劣于最大值得满分10分,不优于-5%不得分;最大值取自各比较对象(含参照对象);"
            "只与“县区类别”相同的比较",
        ),
        (
            "range_normalised",
            {"minimum": 20, "maximum": 80},
            terms(10, "lte"),
            "得10×(80%−完成值)÷(80%−20%),不劣于20%得满分10分,不优于80%不得分",
        ),
        (
            "rank_tiers",
            {"tiers": [{"upto": 1, "deduct": 0}], "otherwise_deduct": 9},
            terms(5, "lte"),
            "按完成值由小到大排名(并列取较前名次):第1名得满分5分,第2名起扣9分得0分",
        ),
        # 1–5 full, 6–10 0.5 off, from 11 on 1 off, nothing for a share of 0 (a county's notice, see peers.py).
        (
            "rank_tiers",
            {
                "tiers": [{"upto": 5, "deduct": 0}, {"upto": 10, "deduct": "0.5"}],
                "otherwise_deduct": 1,
                "zero_value_gets_zero": True,
            },
            terms(5),
            "按完成值由大到小排名(并列取较前名次):第1~5名得满分5分,第6~10名扣0.5分得4.5分,第11名起扣1分得4分;"
            "完成值为零或负的不得分",
        ),
        (
            "questionnaire",
            SATISFACTION | {"formula": "mean", "minimum_sample": 30, "minimum_valid_percent": 80},
            terms(10),
            "满意度取调查结果;满意度≥90%得满分10分,≥80%且<90%得80%即8分,≥60%且<80%得50%即5分,<60%不得分;"
            "发放份数少于30、有效份数占发放份数不足80%的照常计分并注明",
        ),
        (
            "product",
            {"factors": ["value", "passed"], "cap_factors": False},
            terms(20, titles={"passed": "抽检合格率"}),
            "得20×“完成值”×“抽检合格率”分,积超过100%的按100%计",
        ),
        (
            "gate",
            {"condition": "better", "closed_points": "2.00", "rule": {"kind": "yes_no"}, "previous": "last"},
            terms(10, "lte", titles={"current": "本期浓度", "last": "上年浓度"}),
            "须本期浓度低于上年浓度,否则得2分;符合的按是否判断,符合要求得满分10分,不符合的不得分",
        ),
        (
            "minimum",
            {"rules": [{"kind": "yes_no"}, {"kind": "proportional", "inputs": {"value": "ozone"}}]},
            terms(10, titles={"ozone": "臭氧浓度下降率"}, units={"ozone": "%"}),
            "按下列各项分别计分,取最低得分:(1)是否判断,符合要求得满分10分,不符合的不得分;"
            "(2)比例计分,臭氧浓度下降率达到目标值得满分10分;未达到的得10×(臭氧浓度下降率÷目标值)",
        ),
        # Weights of parts are steps of the rounded running total: 3.33, 6.67 of 10.
        (
            "parts",
            {
                "parts": [
                    {"title": "一", "share": "33.3333", "rule": {"kind": "yes_no", "params": {"no_share": 50}}},
                    {"title": "二", "share": "66.6667", "rule": {"kind": "judgement"}},
                ]
            },
            terms(10),
            "各部分得分相加:(1)一占33.3333%即3.33分,按是否判断,符合要求得满分3.33分,不符合的得50%即1.67分;"
            "(2)二占66.6667%即6.67分,按专家评议,不自动计分,由专家在0至6.67分之间评议计分并写明理由",
        ),
        (
            "bonus",
            {"bands": [{"at": 20, "points": 3}, {"at": 10, "points": "1.50"}]},
            terms(2),
            "完成值达到的最高一档:≥20%加2分,≥10%加1.5分;未达到的不加分",  # not above the limit of 2
        ),
        ("bonus", {"per_unit": "0.2"}, terms(2), "每1个百分点加0.2分,最多加2分"),
        (
            "deduction",
            {"classes": {"big": 10}, "steps": {"start": 3, "step": 1, "per_step": "0.5", "partial": "full_step"}},
            terms(15, "none", titles={"big": "重大事故"}),
            "从总分中扣:“重大事故”每起扣10分;完成值超过3%的部分每1个百分点扣0.5分,不足一步的不扣;最多扣15分",
        ),
    ],
)
def test_sentences_written_by_hand(kind: str, params: dict[str, Any], shown: Terms, text: str) -> None:
    assert described(kind, params, shown) == text
