"""Actuals: what is claimed, in the target's unit, and what claims no number at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.recheck.values import Actual, Claim, Says, actual_of, target_of
from workbench.recheck.values.quantities import quantities


def read(target: str, actual: str, name: str = "完成情况", unit: str = "") -> Actual:
    return actual_of(actual, target_of(target, "", unit, name=name), unit)


@pytest.mark.parametrize(
    ("target", "text", "number"),
    [
        ("≥95%", "98%", "98"),
        ("≥95%", "98", "98"),
        ("≥95%", "完成率98.5%", "98.5"),
        ("≥95%", "百分之九十八", "98"),
        ("≥95%", "98/100", "98"),
        ("≥95%", "满意度98%，发放问卷100份", "98"),
        ("≥50个", "已完成52个", "52"),
        ("≥50个", "五十二个", "52"),
        ("≥50个", "52项", "52"),
        ("≥50个", "培训3期，新建52个", "52"),
        ("≥735人次", "735", "735"),
        ("=100%", "100%", "100"),
    ],
)
def test_numbers(target: str, text: str, number: str) -> None:
    actual = read(target, text)
    assert (actual.says, actual.number) == (Says.NUMBER, Decimal(number))


@pytest.mark.parametrize(
    ("target", "text", "number"),
    [
        ("≤20万元", "195000元", "19.5"),
        ("≤200000元", "19.5万元", "195000"),
        ("≤20万元", "19.5万", "19.5"),
        ("1.5万亩", "15000亩", "1.5"),
        ("≥100公顷", "1500亩", "100"),
        ("266米", "0.266公里", "266"),
        ("≥1万人", "12000名", "1.2"),
        ("≤2年", "18个月", "1.5"),
    ],
)
def test_other_units_are_converted_and_told(target: str, text: str, number: str) -> None:
    actual = read(target, text)
    assert actual.number == Decimal(number)
    assert actual.number is None or actual.told == () or actual.told[0].startswith(f"“{text}”已换算为")


@pytest.mark.parametrize(
    ("target", "text"), [("≥50人次", "52户"), ("≥95%", "98分"), ("≥50个", "52人"), ("≥20万元", "20人")]
)
def test_units_that_say_nothing_about_one_another(target: str, text: str) -> None:
    actual = read(target, text)
    assert actual.number is None
    assert "不能换算" in actual.told[0]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("≥95%", "≥95%"),
        ("≥95%", ">=95%"),
        ("≥95%", "95%以上"),
        ("≥50个", "不少于50个"),
        ("2022年11月底前", "2022年11月底前"),
    ],
)
def test_a_demand_is_no_result(target: str, text: str) -> None:
    actual = read(target, text)
    assert actual.signed
    assert actual.number is None


def test_a_percentage_of_a_count() -> None:
    assert (read("≥50个", "完成100%").says, read("≥50个", "完成100%").share) == (Says.SHARE, 100)
    both = read("50", "100%")
    assert (both.number, both.share) == (100, 100)
    rate = read("95", "98%", name="验收合格率")
    assert (rate.number, rate.share) == (98, None)


def test_a_lost_percent_sign_is_read_and_told_where_only_one_reading_is_near() -> None:
    assert (read("≥95%", "0.98").number, read("≥95%", "0.98").told) == (98, ("“0.98”按98%计",))
    other = read("0.95", "98%", name="合格率")
    assert (other.number, other.told) == (Decimal("0.98"), ("指标值“0.95”按95%计",))
    assert read("≤5%", "0.98").number == Decimal("0.98")


@pytest.mark.parametrize("text", ["1", "0.3"])
def test_a_lost_percent_sign_is_not_guessed(text: str) -> None:
    assert read("≥95%", text).number is None
    assert "漏了百分号" in read("≥95%", text).told[0]


@pytest.mark.parametrize(
    ("target", "text", "number"),
    [
        ("≥1.2万人次", "11000", "1.1"),
        ("≥1.2万人次", "1.3", "1.3"),
        ("≥1.2万", "11000", "1.1"),
        ("≥12000", "1.25万", "12500"),
        ("12000", "1.3万人", "13000"),
        ("1.2", "1.25万", "1.25"),
        ("≥12000人次", "1.25万", "12500"),
        ("≥1.2万人次", "12500人次", "1.25"),
        ("≥一万二千人次", "1.25万", "12500"),
        ("≥20万元", "150000", "15"),
        ("≥5亿元", "48000万", "4.8"),
        ("≥1.2万人次", "0", "0"),
        ("≥3千人", "3200", "3.2"),
    ],
)
def test_the_wan_that_one_side_leaves_out(target: str, text: str, number: str) -> None:
    actual = read(target, text)
    assert actual.number == Decimal(number)
    assert actual.number == quantities(text)[0].number or actual.told


@pytest.mark.parametrize(
    ("target", "text", "unit"),
    [
        ("≥1.2万人次", "600", ""),
        ("≥12000", "300万", ""),
        ("1.2", "11000", "万人次"),
        ("≥12000人次", "1.25", ""),
        ("5000", "0.8", ""),
    ],
)
def test_a_wan_nobody_can_place_is_asked(target: str, text: str, unit: str) -> None:
    actual = read(target, text, unit=unit)
    assert actual.number is None
    assert "单位可能不一致" in actual.told[0]


def test_units_that_both_sides_write_are_taken_at_their_word() -> None:
    assert read("≥12000人次", "2人次").number == 2
    assert read("≥200万元", "2500万元").number == 2500


def test_an_amount_ten_thousandfold_apart_is_asked() -> None:
    apart = read("≤30万元", "276000万元")
    assert apart.number is None
    assert "近万倍" in apart.told[0]


def test_a_share_of_things_is_whole() -> None:
    assert read("≥20期", "95%").share == 95
    assert (read("≥12期", "95%").share, read("≥12期", "95%").says) == (None, Says.WORDS)
    assert read("≥12期", "完成率95%").share == 95


def test_a_rise_beside_a_fall() -> None:
    assert "一增一减" in read("下降10%", "上升12%").told[0]
    assert read("下降10%", "下降12%").number == 12


def test_rough_numbers_and_ranges() -> None:
    assert (read("≥500人", "约500人").number, read("≥500人", "500余人").rough) == (500, True)
    span = read("≥95%", "96%-98%")
    assert (span.says, span.number, span.high) == (Says.RANGE, 96, 98)


@pytest.mark.parametrize("text", ["无", "零", "0起", "未发生安全事故", "无投诉"])
def test_nothing_happened(text: str) -> None:
    assert read("0起", text, name="安全事故数").number == 0


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("达成预期指标", Claim.REACHED),
        ("已完成", Claim.REACHED),
        ("全部完成年度目标任务", Claim.REACHED),
        ("有效提升", Claim.REACHED),
        ("已有效提升", Claim.REACHED),
        ("按时完成", Claim.ON_TIME),
        ("基本完成", Claim.MOSTLY),
        ("部分达成年度指标并具有一定效果", Claim.PARTLY),
        ("部分完成", Claim.PARTLY),
        ("未完成", Claim.MISSED),
        ("未达成年度指标且效果较差", Claim.MISSED),
        ("未有效提升", None),
        ("明显改善了周边环境", None),
        ("已完成11项,1项未完成", None),
    ],
)
def test_claims(text: str, claim: Claim | None) -> None:
    assert read("有效提升", text).claim == claim


def test_words_for_a_number_claim_no_number() -> None:
    actual = read("≥12次", "已完成")
    assert (actual.says, actual.number, actual.claim) == (Says.CLAIM, None, Claim.REACHED)


def test_answers() -> None:
    assert [read("是", t).yes for t in ("是", "否", "已完成", "未完成", "正常")] == [True, False, True, False, None]
    assert read("否", "否").yes is False


@pytest.mark.parametrize("text", ["", "-", "——", " / "])
def test_blank(text: str) -> None:
    assert read("≥95%", text).blank


def test_an_error_value_is_no_actual() -> None:
    assert read("≥95%", "#DIV/0!").says is Says.ERROR
