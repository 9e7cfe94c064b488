"""Targets: number, direction, unit and day out of what people type under 年度指标值."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workbench.recheck.values import Sign, target_of

NUMBERS = [
    ("≥95%", "gte", "95", "%"),
    ("95%以上", "gte", "95", "%"),
    ("90%（含）以上", "gte", "90", "%"),
    ("不低于95%", "gte", "95", "%"),
    ("＞＝９５％", "gte", "95", "%"),
    ("百分之九十五", "gte", "95", "%"),
    ("达标率≥95%", "gte", "95", "%"),
    ("≥100百分比", "gte", "100", "%"),
    ("≥95", "gte", "95", ""),
    ("100%", "gte", "100", "%"),
    ("266米", "gte", "266", "米"),
    ("1.5万亩", "gte", "1.5", "万亩"),
    ("十万亩", "gte", "10", "万亩"),
    ("九个", "gte", "9", "个"),
    ("两次", "gte", "2", "次"),
    ("每年不少于2次", "gte", "2", "次"),
    ("建成高标准农田1.5万亩", "gte", "1.5", "万亩"),
    ("≥3000元/人/年", "gte", "3000", "元"),
    ("1,234.5元", "gte", "1234.5", "元"),
    ("≤20万元", "lte", "20", "万元"),
    ("20万元以内", "lte", "20", "万元"),
    ("控制在5%以内", "lte", "5", "%"),
    ("不超过（含）20万元", "lte", "20", "万元"),
    ("低于5%", "lte", "5", "%"),
    ("3个月内", "lte", "3", "个月"),
    ("15个工作日内", "lte", "15", "个工作日"),
    ("=1", "eq", "1", ""),
    ("零事故", "lte", "0", ""),
]


@pytest.mark.parametrize(("text", "sign", "number", "unit"), NUMBERS)
def test_numbers_with_sign_and_unit(text: str, sign: str, number: str, unit: str) -> None:
    target = target_of(text, name="完成情况")
    assert (target.sign, target.number, target.unit) == (Sign(sign), Decimal(number), unit)
    assert target.told == ()


@pytest.mark.parametrize(
    "text",
    [
        "有效提升",
        "长期",
        "按时完成",
        "优良",
        "不超过概算",
        "落实四项制度",
        "一次性",
        "推进5G建设",
        "争创3A级景区",
        "第3名",
        "无",
    ],
)
def test_words_are_qualitative(text: str) -> None:
    target = target_of(text, name="完成情况")
    assert target.sign is Sign.QUALITATIVE
    assert not target.numeric


def test_several_numbers_are_no_number() -> None:
    target = target_of("1部宣传片，2套方案")
    assert target.sign is Sign.QUALITATIVE
    assert target.several


def test_numbering_is_no_number() -> None:
    assert target_of("1.开展培训10次").number == 10


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"), [("10-20户", 10, 20, "户"), ("80%~90%", 80, 90, "%"), ("1至3次", 1, 3, "次")]
)
def test_ranges(text: str, low: int, high: int, unit: str) -> None:
    target = target_of(text)
    assert (target.sign, target.number, target.high, target.unit) == (Sign.BETWEEN, low, high, unit)


@pytest.mark.parametrize(
    ("text", "strict", "lenient"),
    [
        ("2022年11月底前", date(2022, 11, 30), date(2022, 11, 30)),
        ("2022年12月31日之前", date(2022, 12, 31), date(2022, 12, 31)),
        ("12月31日前完成", date(2023, 12, 31), date(2023, 12, 31)),
        ("9月前", date(2023, 8, 31), date(2023, 9, 30)),
        ("年底前", date(2023, 12, 31), date(2023, 12, 31)),
        ("2022年内完成", date(2022, 12, 31), date(2022, 12, 31)),
        ("次年2月底", date(2024, 2, 29), date(2024, 2, 29)),
        ("第三季度", date(2023, 9, 30), date(2023, 9, 30)),
        ("上半年", date(2023, 6, 30), date(2023, 6, 30)),
        ("2022年1月-12月", date(2022, 12, 31), date(2022, 12, 31)),
        ("2022.11.30", date(2022, 11, 30), date(2022, 11, 30)),
        ("2022-11", date(2022, 11, 30), date(2022, 11, 30)),
    ],
)
def test_deadlines(text: str, strict: date, lenient: date) -> None:
    target = target_of(text)
    assert target.sign is Sign.DEADLINE
    assert target.moment is not None
    assert target.moment.limits(2023) == (strict, lenient)


@pytest.mark.parametrize("text", ["6月/9月/11月节点", "2022年2月30日", "13月"])
def test_what_is_no_day(text: str) -> None:
    assert target_of(text).sign is not Sign.DEADLINE


@pytest.mark.parametrize(("text", "yes"), [("是", True), ("否", False), ("有", True)])
def test_yes_and_no(text: str, yes: bool) -> None:
    target = target_of(text)
    assert (target.sign, target.yes) == (Sign.YES_NO, yes)


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("≥", "gte"), ("正向指标", "gte"), ("＞=", "gte"), ("<=", "lte"), ("反向", "lte"), ("＝", "eq"), ("定量", "gte")],
)
def test_the_column_gives_the_sign(sign: str, expected: str) -> None:
    assert target_of("95", sign, "%", name="合格率").sign is Sign(expected)


def test_the_column_wins_and_disagreement_is_told() -> None:
    target = target_of("≥95%", "≤")
    assert target.sign is Sign.LTE
    assert target.told == ("指标性质为“≤”,指标值却写“≥95%”",)
    target = target_of("≥95%", "定性")
    assert target.sign is Sign.QUALITATIVE
    assert target.told == ("指标性质为“定性”,指标值却写“≥95%”",)
    assert target_of("有效", "≥").told == ("指标性质为“≥”,指标值“有效”却不是一个数",)


def test_a_unit_in_its_own_column_or_behind_the_name() -> None:
    assert target_of("≥20", "", "万元").unit == "万元"
    assert target_of("≥20", name="补助资金（万元）").unit == "万元"
    assert target_of("≥20", "", "/").unit == ""
    assert target_of("≥20人", "", "%").told == ("计量单位为“%”,指标值却写“≥20人”",)


def test_a_target_that_stands_in_the_name_only() -> None:
    target = target_of("", name="培训人数≥200人")
    assert target.from_name
    assert (target.sign, target.number, target.unit) == (Sign.GTE, 200, "人")
    assert target_of("", name="培训200人").blank
    assert not target_of("", name="培训200人").numeric


COST = "成本指标 经济成本指标"


@pytest.mark.parametrize(
    ("text", "name", "levels", "sign"),
    [
        ("20万元", "项目总成本", COST, Sign.LTE),
        ("100%", "生均补助标准达标率", COST, Sign.GTE),
        ("100%", "成本控制率", COST, Sign.UNKNOWN),
        ("5%", "成本节约率", COST, Sign.UNKNOWN),
        ("5次", "投诉次数", "产出指标 质量指标", Sign.LTE),
        ("1%", "事故发生率", "", Sign.LTE),
        ("100%", "投诉处理率", "", Sign.GTE),
        ("0起", "安全生产事故", "", Sign.LTE),
        ("0", "新增数", "", Sign.UNKNOWN),
        ("3%", "预算调整率", "", Sign.UNKNOWN),
        ("30天", "施工工期", "", Sign.UNKNOWN),
        ("50%", "投诉下降率", "", Sign.UNKNOWN),
        ("100个", "建设数量", "", Sign.GTE),
    ],
)
def test_the_direction_nobody_wrote(text: str, name: str, levels: str, sign: Sign) -> None:
    target = target_of(text, name=name, levels=levels)
    assert (target.sign, target.written) == (sign, False)


@pytest.mark.parametrize(
    "text", ["9" * 5000, "1," * 2000, "≥" * 3000, "1.1." * 900, "一" * 3000, "1万" * 900, "1-" * 2000, "2022年" * 500]
)
def test_nonsense_is_read_as_something(text: str) -> None:
    assert target_of(text).text == text
