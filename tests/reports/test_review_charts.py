"""Charts of a review, and every chart as SVG: the result's numbers, no names, nothing cut, the same bytes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from figure_shapes import assert_legible, texts
from review_shapes import opinions, reviewed, unscored, with_review

from workbench.reports.canvas import captioned
from workbench.reports.charts import dumbbell, spread
from workbench.reports.charts.catalogue import CHARTS, TITLES, alt_text, telling
from workbench.reports.gallery import drawn, gallery
from workbench.reports.save import png_bytes, svg_bytes
from workbench.scoring.result import SubjectResult

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
OF_A_REVIEW = ("dumbbell", "expert_spread")


def said(figure):
    return [t.get_text() for t in texts(figure)]


@pytest.fixture
def judged(make):
    """One subject: 立项依据 moved down by all, 绩效目标 as computed, 预算执行率 judged by people alone, one not counted."""
    subject: SubjectResult = make("complete")
    first, second, third, *rest = subject.indicators
    third = third.model_copy(update={"computed": None})
    items = [
        reviewed(first, ["7.00", "7.00", "8.00", None], "7.33"),
        reviewed(second, ["6.00", "6.0"], "6.00"),
        reviewed(third, ["7.50", "2.00"], "7.50", uncounted=(1,)),
    ]
    return subject.model_copy(update={"indicators": [*items, *rest]})


@pytest.mark.parametrize("chart", OF_A_REVIEW)
def test_no_text_is_cut_or_covers_another(chart, shaped):
    figure = CHARTS[chart](with_review(shaped))
    assert png_bytes(figure).startswith(b"\x89PNG")
    assert_legible(figure)


def test_the_dumbbell_says_what_the_review_changed(judged):
    assert [m.text for m in dumbbell.moves(judged)] == ["8.00 → 7.33(−0.67)", "未评分 → 7.50"]
    lines = said(CHARTS["dumbbell"](judged))
    assert {"8.00 → 7.33(−0.67)", "分值 8.00", "未评分 → 7.50"} <= set(lines)
    assert "横轴为得分占分值的比例。最终得分与计算得分相同的1项没有画出。" in lines
    assert "“立项依据充分性”8.00 → 7.33(−0.67)" in alt_text("dumbbell", judged)


def test_the_dumbbell_shows_the_largest_moves_in_the_order_of_the_result(make):
    subject = make("long_names")
    items = [
        reviewed(i, [], str(Decimal(i.computed) - Decimal(n % 40) / 100)) if i.computed else i
        for n, i in enumerate(subject.indicators)
    ]
    found = dumbbell.moves(subject.model_copy(update={"indicators": items}))
    shown = dumbbell.largest(found)
    assert len(shown) == dumbbell.SHOWN < len(found)
    assert [found.index(m) for m in shown] == sorted(found.index(m) for m in shown)
    least = min(abs(m.change) for m in shown)
    assert all(abs(m.change) <= least for m in found if m not in shown)


def test_the_spread_counts_experts_without_naming_them(judged):
    texts = [(s.text, s.outcome) for s in spread.said_of(judged)]
    assert texts == [
        ("专家 7.00—8.00(3人,1人未评)", "最终 7.33 / 8.00"),
        ("专家 6.00(2人)", "最终 6.00 / 7.00"),
        ("专家 7.50(1人,1人未计入)", "最终 7.50 / 10.00"),
    ]
    lines = said(CHARTS["expert_spread"](judged))
    assert {t for pair in texts for t in pair} <= set(lines) and "未计入汇总" in lines
    names = {e.name for e in opinions(["1"] * 5)}
    assert not any(name in text for name in names for text in (*lines, alt_text("expert_spread", judged)))


def test_a_review_nobody_has_spoken_in_yet_says_so(make):
    subject = make("complete")
    untouched = subject.model_copy(
        update={"indicators": [reviewed(i, [], i.final) for i in subject.indicators if i.computed == i.final]}
    )
    count = len(untouched.indicators)
    assert f"没有可画的数据:评审没有改变得分,{count}项指标的最终得分都是计算得分。" in said(
        CHARTS["dumbbell"](untouched)
    )
    assert "没有可画的数据:本次评价没有专家评审。" in said(CHARTS["expert_spread"](untouched))


def test_only_what_has_something_to_show_is_told(make, judged):
    assert telling(make("complete")) == ["level_bars", "lost_points", "radar", "evidence_status"]
    assert telling(make("extras"))[-1] == "bonus_ledger"
    assert telling(judged)[-2:] == [*OF_A_REVIEW]
    assert set(TITLES) == set(CHARTS)


def test_the_gallery_names_charts_as_run_folders_do(make, run):
    several = run(make("extras"), make("single").model_copy(update={"id": "P 02"}))
    names = [c.name for c in gallery(several)]
    assert names[0] == "P01-level_bars" and len(names) == len(set(names)) == 7
    assert next(gallery(several)).title == "市县财政高质量发展评价:各一级指标得分"
    assert next(gallery(run(make("single")))).title == "各一级指标得分"


def test_nothing_is_drawn_where_nothing_is_scored(make, run):
    names = [c.name for c in gallery(run(unscored(make("complete"))))]
    assert names == ["P01-evidence_status"]


def test_a_review_that_moved_nothing_is_told_and_not_drawn(make, run):
    subject = make("complete")
    items = [reviewed(i, [], i.final) for i in subject.indicators if i.computed == i.final]
    names = {c.name for c in gallery(run(subject.model_copy(update={"indicators": items})))}
    assert "P01-level_bars" in names and "P01-dumbbell" not in names


def test_a_report_prints_titles_as_captions_and_pictures_repeat_none(make, run):
    for chart in gallery(run(make("complete"))):
        alone = chart.draw()
        with captioned():
            put = chart.draw()
        (title, *_), shown = said(alone), said(put)
        assert title.startswith(make("complete").name) and title not in shown and set(shown) < set(said(alone))
        assert put.get_figheight() < alone.get_figheight()
        assert_legible(put)


def test_every_chart_is_an_svg_of_the_same_bytes_without_fonts_or_dates(make, run):
    hostile = make("complete").model_copy(update={"name": "甲\x1b<b>&]]>乙😀"})
    result = run(with_review(hostile))
    names = [c.name for c in gallery(result)]
    both = {c.name: drawn(c) for c in gallery(result)}
    assert list(both) == names and both == {c.name: drawn(c) for c in gallery(result)}
    made = {name: chart.svg for name, chart in both.items()}
    for name, data in made.items():
        root = ET.fromstring(data)  # well-formed whatever the subject is called
        assert root.find("{http://www.w3.org/2000/svg}title").text.startswith(
            ("横向", "瀑布", "雷达", "堆积", "哑铃", "散点")
        )
        assert b"<text" not in data and b"font-family" not in data and b"<dc:date>" not in data, name
        assert b"Matplotlib" not in data and b"[U+001B]" in data


def test_a_letter_is_outlined_once_and_stands_as_wide_as_it_was_measured(make):
    root = ET.fromstring(svg_bytes(CHARTS["level_bars"](make("complete")), "图"))
    defined = [e.get("id") for e in root.iter(f"{SVG}path") if (e.get("id") or "").startswith("letter-")]
    assert len(defined) == len(set(defined)) > 10
    lines = [[e.get("x") for e in g if e.tag == f"{SVG}use"] for g in root.iter(f"{SVG}g")]
    used = {e.get(LINK)[1:] for e in root.iter(f"{SVG}use") if e.get(LINK).startswith("#letter-")}
    assert used == set(defined)
    assert ["0", "100", "200", "300"] in [line[:4] for line in lines]  # Chinese letters are as wide as the line is high


def test_an_svg_does_not_depend_on_what_was_drawn_before(make):
    subject = with_review(make("complete"))
    first = svg_bytes(CHARTS["dumbbell"](subject), "图")
    for chart in CHARTS.values():
        svg_bytes(chart(subject), "别的图")
    assert svg_bytes(CHARTS["dumbbell"](subject), "图") == first
