"""Charts: they say the result's numbers, fit their sheet, and are the same bytes everywhere."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from decimal import Decimal
from itertools import pairwise

import pytest
from figure_shapes import assert_legible, texts
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from workbench.reports import reading
from workbench.reports.charts.bonus import entries
from workbench.reports.charts.catalogue import CHARTS, alt_text
from workbench.reports.charts.evidence import WAIVED
from workbench.reports.charts.radar import axes_of
from workbench.reports.charts.waterfall import SHOWN_LOSSES, SHOWN_PENDING, way
from workbench.reports.save import png_bytes, save_png
from workbench.reports.style import REACHED


def said(figure):
    return [t.get_text() for t in texts(figure)]


@pytest.mark.parametrize("chart", list(CHARTS))
def test_no_text_is_cut_or_covers_another(chart, shaped, caplog):
    caplog.set_level(logging.WARNING)
    figure = CHARTS[chart](shaped)
    assert png_bytes(figure).startswith(b"\x89PNG")
    assert_legible(figure)
    assert not caplog.records


def test_level_bars_say_points_and_rates_of_the_result(shaped):
    lines = said(CHARTS["level_bars"](shaped))
    for level in shaped.levels:
        if Decimal(level.high) or Decimal(level.applicable):
            assert f"{reading.level_points_text(level)} / {level.weight}" in lines
        else:
            assert "不适用" in lines
        if level.rate is not None:
            assert any(line.startswith(f"得分率 {level.rate}%") for line in lines)


def test_waterfall_goes_without_a_gap_from_full_points_to_the_total(shaped):
    steps = way(shaped)
    assert steps[0].after == sum(Decimal(v.weight) for v in shaped.levels)
    for one, following in pairwise(steps[:-1]):
        assert following.before == one.after
    assert steps[-2].after == steps[-1].after == Decimal(shaped.total or shaped.interval[0])
    assert steps[-1].text == reading.total_text(shaped)
    assert all(s.label != "其他调整" for s in steps)


def test_waterfall_puts_the_largest_loss_first_and_merges_the_rest(make):
    steps = way(make("complete"))
    assert [s.label for s in steps[1:4]] == ["服务对象满意度", "受益农户增收", "预算执行率"]
    assert [s.text for s in steps[1:4]] == ["−10.00", "−3.50", "−2.07"]
    steps = way(make("long_names"))
    lost, pending = ([s for s in steps if s.kind == kind] for kind in ("lost", "pending"))
    subject = make("long_names")
    count = sum(Decimal(i.final) < Decimal(i.weight) for i in subject.indicators if i.final)
    assert len(lost) == SHOWN_LOSSES + 1 and lost[-1].label == f"其余{count - SHOWN_LOSSES}项"
    assert len(pending) == SHOWN_PENDING + 1 and all(s.text.startswith("待补 ") for s in pending)
    assert sum(s.before - s.after for s in lost + pending) == steps[0].after - steps[-1].after


def test_waterfall_shows_bonus_deduction_and_rescaling(make):
    labels = {s.label: s.text for s in way(make("extras"))}
    assert (
        labels["加分:获省级表彰"] == "+3.00" and labels["扣分:违反财经纪律"] == "−1.00" and labels["总分"] == "101.50"
    )
    assert {s.label: s.text for s in way(make("incomplete"))}["不适用折算"] == "−0.83"


def test_waterfall_merges_a_bonus_the_block_limit_cut(make):
    subject = make("extras")
    steps = [s.model_copy(update={"points": "2.00"}) if s.step == "bonus" else s for s in subject.steps]
    labels = {s.label: s.text for s in way(subject.model_copy(update={"steps": steps, "total": "100.50"}))}
    assert labels["加分合计"] == "+2.00"


@pytest.mark.parametrize(
    ("name", "level", "axes"),
    [
        ("complete", "一级指标", 4),
        ("twelve_levels", "一级指标", 12),
        ("single_level", "二级指标", 4),
        ("single", "一级指标", 1),
    ],
)
def test_radar_takes_level_2_where_level_1_is_too_few(make, name, level, axes):
    found, rates = axes_of(make(name))
    assert (found, len(rates)) == (level, axes)


def test_radar_says_the_rates_of_the_result(shaped):
    lines = said(CHARTS["radar"](shaped))
    assert all(rate.text in lines for rate in axes_of(shaped)[1])


def opened(subject, *names):
    """The subject with some levels unscored altogether."""
    levels = [
        v.model_copy(update={"points": None, "rate": None, "low": "0.00", "high": v.weight}) if v.name in names else v
        for v in subject.levels
    ]
    return subject.model_copy(update={"levels": levels})


def test_a_radar_draws_no_line_to_a_level_nobody_scored(make):
    subject = make("complete")
    name = subject.levels[2].name
    figure = CHARTS["radar"](opened(subject, name))
    low, high = axes_of(opened(subject, name))[1][2].low, axes_of(opened(subject, name))[1][2].high
    assert (low, high) == (0, 100) and "待定(得分率区间)" in said(figure)
    surfaces = [a for a in figure.findobj(Polygon) if a.get_fill() and a.get_alpha()]
    assert not surfaces and [a for a in CHARTS["radar"](subject).findobj(Polygon) if a.get_fill() and a.get_alpha()]
    dark = [a for a in figure.findobj(Line2D) if a.get_color() == REACHED.edge]
    assert len(dark) == len(subject.levels) - 2  # two of the sides of the closed figure meet at the open level


def test_a_radar_with_fewer_than_three_known_levels_is_bars(make):
    subject = make("complete")
    unknown = opened(subject, *[v.name for v in subject.levels[1:]])
    assert alt_text("radar", unknown).startswith("横向条形图") and "0%" in said(CHARTS["radar"](unknown))
    assert alt_text("radar", subject).startswith("雷达图")


def test_evidence_status_counts_every_indicator(shaped):
    lines = said(CHARTS["evidence_status"](shaped))
    states = {}
    for indicator in shaped.indicators:
        waived = indicator.status == "not_applicable"
        states.setdefault(WAIVED if waived else indicator.evidence_status, []).append(indicator)
    for state, own in states.items():
        assert state in lines and str(len(own)) in lines and str(sum(Decimal(i.weight) for i in own)) in lines


def test_a_cut_axis_shows_places_and_no_lengths(make):
    """0.20 of 100 points lost: a bar from 90 would show a fiftieth as lost where it is a five-hundredth."""
    subject = make("complete")
    full = way(subject)[0].after
    patches = CHARTS["lost_points"](subject).findobj(Rectangle)
    assert full == 100 and any("满分和总分只标位置" in line for line in said(CHARTS["lost_points"](subject)))
    dark = [p.get_width() for p in patches if p.get_facecolor() == to_rgba("#1F4E79")]
    assert dark == pytest.approx([4.0, 4.0])


def test_ledger_sets_every_item_against_its_limit(make):
    subject = make("extras")
    found = [(e.label, e.points, e.limit, e.texts) for e in entries(subject)]
    assert found == [
        ("获省级表彰", Decimal("3.00"), Decimal("3.00"), ("+3.00 / 限 3.00", "触发")),
        ("改革试点", Decimal("0.00"), Decimal("2.00"), ("0.00 / 限 2.00", "已核查未触发")),
        ("加分合计", Decimal("3.00"), None, ("+3.00", "")),
        ("违反财经纪律", Decimal("1.00"), Decimal("5.00"), ("−1.00 / 限 5.00", "触发")),
        ("扣分合计", Decimal("1.00"), None, ("−1.00", "")),
    ]
    assert {t for e in entries(subject) for t in e.texts if t} <= set(said(CHARTS["bonus_ledger"](subject)))


def test_ledger_shows_what_the_cap_cuts_off_and_what_is_open(make):
    subject = make("extras")
    waiting = subject.bonus[1].model_copy(update={"points": None, "state": "未核查"})
    steps = [s.model_copy(update={"points": "2.00"}) if s.step == "bonus" else s for s in subject.steps]
    subject = subject.model_copy(update={"bonus_cap": "2", "bonus": [subject.bonus[0], waiting], "steps": steps})
    [item, unchecked, total, *_] = entries(subject)
    assert (item.points, unchecked.points, unchecked.texts) == (Decimal("3.00"), None, ("待定 / 限 2.00", "未核查"))
    # 3.00 reached, 2 counted
    assert (total.points, total.over, total.cap) == (Decimal("2.00"), Decimal("1.00"), Decimal(2))
    assert total.texts == ("+2.00", "上限 2,超限不计 1.00,1项待定")
    assert "合计上限" in said(CHARTS["bonus_ledger"](subject)) and "上限 2,超限不计 1.00" in alt_text(
        "bonus_ledger", subject
    )


def test_ledger_without_items_says_so(make):
    assert "没有可画的数据:本指标包没有加分、扣分项。" in said(CHARTS["bonus_ledger"](make("complete")))


@pytest.mark.parametrize("chart", list(CHARTS))
def test_alt_text_is_one_sentence_with_the_numbers(chart, shaped):
    text = alt_text(chart, shaped)
    assert text.endswith("。") and text.count("。") == 1 and shaped.name in text
    if chart == "lost_points":
        assert reading.total_text(shaped) in text
    if chart == "level_bars":
        assert all(reading.level_points_text(v) in text for v in shaped.levels)


def test_no_alt_text_for_a_chart_that_does_not_exist(make):
    with pytest.raises(KeyError):
        alt_text("pie", make("single"))


PROGRAM = """
import hashlib, json, sys
from workbench.reports.charts.catalogue import CHARTS
from workbench.reports.save import png_bytes
from workbench.scoring.result import SubjectResult
subjects = [SubjectResult.model_validate(s) for s in json.load(open(sys.argv[1], encoding="utf-8"))]
print(json.dumps([hashlib.sha256(png_bytes(c(s))).hexdigest() for s in subjects for c in CHARTS.values()]))
"""


def test_png_bytes_are_the_same_in_every_process(make, tmp_path):
    subjects = [make(n) for n in ("complete", "incomplete", "extras", "nothing")]
    file = tmp_path / "subjects.json"
    file.write_text(json.dumps([s.model_dump() for s in subjects]), encoding="utf-8")
    answers = []
    for seed, zone, lang in (("1", "Asia/Shanghai", "C"), ("2", "America/New_York", "zh_CN.UTF-8")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LANG": lang, "LC_ALL": lang, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM, str(file)],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout))
    here = [hashlib.sha256(png_bytes(c(s))).hexdigest() for s in subjects for c in CHARTS.values()]
    assert answers[0] == answers[1] == here


def test_png_names_no_software(make, tmp_path):
    path = save_png(CHARTS["radar"](make("complete")), tmp_path / "radar.png")
    assert b"Software" not in path.read_bytes() and b"tEXt" not in path.read_bytes()
