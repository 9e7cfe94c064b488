"""Declared charts: what they say is what the analysis says, nothing is cut, and the bytes are the same everywhere."""

from __future__ import annotations

import decimal
import hashlib
import json
import logging
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from workbench.evidence.tables import EPOCH
from workbench.reports.canvas import Scale
from workbench.reports.plots.data import data_of, listed, shown
from workbench.reports.plots.draw import KINDS, chart_alt, chart_told, draw_chart, pictured
from workbench.reports.plots.frame import MOST_ROWS, date_text, date_ticks
from workbench.reports.plots.steps import way
from workbench.reports.save import png_bytes
from workbench.scheme.pack import ChartSpec
from workbench.scoring.lint_analyses import CHART_RULES

sys.path.insert(0, str(Path(__file__).parent))

from plot_shapes import BEFORE, COST, EMPTY, LABEL, MARKS, PLAIN, SHAPES, TOTAL, column, made

SUBJECT = "高标准农田建设项目"


@pytest.fixture
def who(make):
    """The evaluated subject the charts are shown for: P01."""
    return make("complete")


def said(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


def drawn(name, who):
    chart, analysis = SHAPES[name]()
    return draw_chart(chart, analysis, who)


@pytest.mark.parametrize("name", list(SHAPES))
def test_no_text_is_cut_or_covers_another(name, who, caplog):
    caplog.set_level(logging.WARNING)
    figure = drawn(name, who)
    assert png_bytes(figure).startswith(b"\x89PNG")
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure.findobj(Text) if t.get_text()]
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, text
    for (one, a), (other, b) in combinations(boxes[:200], 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or down <= 6, (one, other)
    assert not caplog.records


@pytest.mark.parametrize("name", list(SHAPES))
def test_alt_text_is_one_sentence(name, who):
    chart, analysis = SHAPES[name]()
    text = chart_alt(chart, analysis, who)
    assert text.endswith("。") and text.count("。") == 1 and "\n" not in text and chart.title in text


@pytest.mark.parametrize("name", list(EMPTY))
def test_nothing_to_draw_is_a_sheet_that_says_why(name, who):
    lines = "".join(said(drawn(name, who)))
    assert "没有可画的数据:" in lines
    assert ("需要的数都没有填" if name.endswith("all_null") else "成本明细、价格指数") in lines


def test_every_kind_is_declared_linted_and_drawn():
    kinds = ChartSpec.model_fields["kind"].annotation.__args__
    assert set(kinds) == set(KINDS) == set(CHART_RULES)
    assert all(any(name.startswith(kind) for name in PLAIN) for kind in kinds)


def test_what_has_no_data_is_said(who):
    assert "没有数据、未画出:丙小区。" in said(drawn("bars", who))
    assert "缺数据、空着:2021(净值)。" in said(drawn("lines", who))
    assert "缺数据、空着:材料(上年成本)。" in said(drawn("bars_of_three_series", who))


def test_title_unit_and_note(who):
    lines = said(drawn("waterfall", who))
    assert lines[0] == f"{SUBJECT}:成本构成" and "单位:万元" in lines
    assert any("价格、数量、结构影响之和等于总差异。" in line for line in lines)
    assert said(drawn("bars_side_by_side", who))[0] == "成本构成"


# ---------------------------------------------------------------------------------------------------------------------
# waterfall
# ---------------------------------------------------------------------------------------------------------------------


def steps_of(name, who):
    return way(data_of(*SHAPES[name](), who))


def test_waterfall_runs_from_level_to_level(who):
    steps, doubts = steps_of("waterfall", who)
    # 1180.50 + 23.61 − 60.20 + 0.00 = 1143.91
    assert [s.text for s in steps] == ["1,180.50", "+23.61", "−60.20", "0.00", "1,143.91"]
    assert [s.kind for s in steps] == ["level", "up", "down", "none", "level"] and doubts == []
    for one, following in pairwise(steps[:-1]):
        assert following.before == one.after
    assert {s.text for s in steps} <= set(said(drawn("waterfall", who)))
    assert any(line.startswith("横轴自1,120起") for line in said(drawn("waterfall", who)))


def test_waterfall_without_levels_ends_in_a_sum(who):
    steps, _ = steps_of("waterfall_without_levels", who)
    assert (steps[-1].label, steps[-1].text) == ("合计", "550.65")  # 320.00 + 150.25 + 80.40; 折旧 has no number


def test_waterfall_that_does_not_add_up_says_so(who):
    _, doubts = steps_of("waterfall_with_a_gap", who)
    assert doubts == ["“实际”与前面各步的累计相差−1.00。"]  # 100 − 20 = 80, stated 79
    assert any(doubts[0] in line for line in said(drawn("waterfall_with_a_gap", who)))
    assert "相差−1.00。" in chart_alt(*SHAPES["waterfall_with_a_gap"](), who)


def test_waterfall_of_many_steps(who):
    steps, _ = steps_of("waterfall_of_many", who)
    # −1.50+2.50−3.50+…+60.50: thirty pairs of +1
    assert len(steps) == 61 and steps[-1].text == "30.00"
    steps, doubts = steps_of("waterfall_beyond_the_sheet", who)
    assert len(steps) == MOST_ROWS + 1 and doubts == []
    assert (steps[-2].label, steps[-2].text) == (f"其余{300 - MOST_ROWS + 1}项", f"+{300 - MOST_ROWS + 1}.00")


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.booleans()), min_size=1, max_size=30))
def test_waterfall_never_jumps_unless_it_says_so(cells):
    rows = [["P01", f"第{i}项", f"{n}.00", total] for i, (n, total) in enumerate(cells)]
    chart, analysis = made("waterfall", [LABEL, COST, TOTAL], rows)
    steps, doubts = way(data_of(chart, analysis, SimpleNamespace(id="P01", name=SUBJECT)))
    gaps = 0
    for one, following in pairwise(steps):
        start = following.after if following.kind == "level" else following.before
        gaps += start != one.after
    assert gaps == len(doubts) and steps[-1].kind == "level"


# ---------------------------------------------------------------------------------------------------------------------
# bars and stacks
# ---------------------------------------------------------------------------------------------------------------------


def boxes_of(figure, face):
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    found = [p for p in figure.findobj(Rectangle) if to_hex(p.get_facecolor()).upper() == face]
    return [(p.get_x(), p.get_x() + p.get_width()) for p in found]


def test_negative_bars_stand_left_of_zero(who):
    plus, minus = boxes_of(drawn("bars", who), "#1F4E79")[:2]
    assert minus[1] == pytest.approx(plus[0]) and minus[0] < minus[1] < plus[1]
    # 12.50 to −3.20
    assert (plus[1] - plus[0]) / (minus[1] - minus[0]) == pytest.approx(12.5 / 3.2)


def test_the_own_bar_is_set_off_among_others(who):
    figure = drawn("bars_side_by_side", who)
    lines = said(figure)
    assert {"成本:本对象", "其他对象", "定额标准", "下限—上限", "13.20", "11.40", "12.90", "9.75"} <= set(lines)
    assert len(boxes_of(figure, "#EEF2F6")) == 1
    assert len(boxes_of(figure, "#1F4E79")) == 2  # the bar and its key
    assert "(定额标准12.00,区间11.00—13.00)" in chart_alt(*SHAPES["bars_side_by_side"](), who)


def test_sheets_grow_with_their_rows_and_end_where_they_are_no_picture(who):
    heights = {n: drawn(n, who).get_figheight() for n in ("bars", "bars_of_many", "bars_beyond_the_sheet")}
    assert heights["bars"] < heights["bars_of_many"] < heights["bars_beyond_the_sheet"]
    lines = said(drawn("bars_beyond_the_sheet", who))
    assert f"只画前{MOST_ROWS}行,其余{400 - MOST_ROWS}行见分析表。" in lines


def test_stack_shows_parts_and_their_sum(who):
    lines = said(drawn("stack", who))
    # 320.00+150.25+80.40+45.00+12.00−30.00; 280.00+95.10+60.00+14.50
    assert {"577.65", "449.60", "320.00", "95.10"} <= set(lines)
    assert "缺数据、空着:邻县(参照)(材料、调整)。" in lines
    assert "本对象合计577.65(其中人工320.00," in chart_alt(*SHAPES["stack"](), who)


def test_huge_and_tiny_numbers_are_written_out(who):
    assert {"987,654,321,098,765,432.10", "−0.01", "0.00"} <= set(said(drawn("bars_huge", who)))
    assert "0.000003" in said(drawn("bars_tiny", who))


# ---------------------------------------------------------------------------------------------------------------------
# lines and dots
# ---------------------------------------------------------------------------------------------------------------------


def strokes(figure):
    from matplotlib.lines import Line2D

    return [line for line in figure.findobj(Line2D) if line.get_marker() not in ("None", None)]


def test_a_line_breaks_where_a_number_is_missing(who):
    squares = [len(s.get_xdata()) for s in strokes(drawn("lines", who)) if s.get_marker() == "s"]
    assert sorted(squares) == [1, 2, 2]  # the key, 2019–2020, 2022–2023
    assert {"2019", "2021", "2023", "40.25", "120.00", "年度"} <= set(said(drawn("lines", who)))


def test_lines_over_dates_name_months(who):
    lines = said(drawn("lines_by_date", who))
    assert {"2023-03", "2023-07", "累计完成率(%)", "时间进度", "日期", "101.30"} <= set(lines)


def test_dots_are_named_where_there_is_room_and_the_own_one_always(who):
    assert {"本县", "第0县", "税收能力(亿元)", "实际税收(亿元)"} <= set(said(drawn("scatter", who)))
    crowded = said(drawn("scatter_crowded", who))
    assert any(t.startswith("本县") for t in crowded) and sum("县级" in t for t in crowded) < 60
    dots = strokes(drawn("scatter_crowded", who))
    assert len(dots) == 61 + 2 and sum(d.get_marker() == "D" for d in dots) == 2  # one dot and one key


def test_dots_on_one_spot_have_one_name_with_their_number(who):
    """Four schools of the same cost and the same rate, the subject's own among them, and one apart."""
    rows = [[f"P0{n}", name, "100", "2600"] for n, name in enumerate(("甲校", "乙校", "丙校", "丁校"))]
    axes = [column("x", "合格率", "percent", "%"), column("cost", "单位成本")]
    chart, analysis = made("scatter", [LABEL, *axes], [*rows, ["P09", "戊校", "97", "2600"]], per="all")
    names = [t for t in said(draw_chart(chart, analysis, who)) if "校" in t]
    assert names == ["乙校等4个", "戊校"]


ONE = ["P01", "单位成本"]


@pytest.mark.parametrize(
    ("kind", "columns", "rows", "worth"),
    [
        ("bars", [COST], [[*ONE, "0.00"]], False),
        ("bars", [COST], [[*ONE, "5.00"]], False),
        ("bars", [COST], [[*ONE, "0.00"], ["P01", "人均", "0.00"]], False),
        ("bars", [COST], [[*ONE, "5.00"], ["P01", "人均", "0.00"]], True),
        ("bars", [COST, MARKS[0]], [[*ONE, "5.00", "6.00"]], True),
        ("stack", [COST, BEFORE], [[*ONE, "5.00", None]], False),
        ("stack", [COST, BEFORE], [[*ONE, "5.00", "1.00"]], True),
        ("waterfall", [COST, TOTAL], [[*ONE, "5.00", False], ["P01", "合计", "5.00", True]], False),
        ("waterfall", [COST, TOTAL], [[*ONE, "5.00", True], ["P01", "年末", "5.00", True]], True),
        ("scatter", [column("x", "合格率"), COST], [[*ONE, "1", "5.00"]], False),
        ("lines", [column("x", "年度", "integer", None), COST], [[*ONE, "2020", "5.00"], [*ONE, "2021", "5.00"]], True),
    ],
)
def test_a_single_number_is_a_sentence_and_no_picture(kind, columns, rows, worth, who):
    chart, analysis = made(kind, [LABEL, *columns], rows)
    assert pictured(chart, analysis, who) == worth
    told = chart_told(chart, analysis, who)
    assert (
        told.startswith("高标准农田建设项目:成本构成") and told.endswith("。") and "单位成本" in told
    ) or kind == "lines"


def test_the_legend_of_a_stack_names_the_parts_there_are(who):
    chart, analysis = made("stack", [LABEL, COST, BEFORE], [["P01", "甲", "5.00", None], ["P01", "乙", "3.00", "0.00"]])
    lines = said(draw_chart(chart, analysis, who))
    assert "成本" in lines and "上年成本" not in lines


def test_where_the_axis_is_cut_a_level_has_no_length(who):
    """A bar from 1,120 to 1,180.50 beside one to 1,143.91 would look 2.5 times as long; only steps have a length of their own."""
    levels = [p for p in drawn("waterfall", who).findobj(Rectangle) if p.get_facecolor() == to_rgba("#1F4E79")]
    assert sorted(round(p.get_width(), 2) for p in levels) == [4.0, 4.0, 18.0]  # two levels and the key
    assert "合计只标位置" in "".join(said(drawn("waterfall", who)))


@pytest.mark.parametrize(
    ("first", "last", "said_"),
    [
        ("2023-01-10", "2023-12-31", ["2023-03", "2023-05", "2023-07", "2023-09", "2023-11"]),
        ("2019-06-01", "2024-02-01", ["2020-01", "2021-01", "2022-01", "2023-01", "2024-01"]),
        ("2024-03-01", "2024-03-11", ["2024-03", "2024-03-03", "2024-03-05", "2024-03-07", "2024-03-09", "2024-03-11"]),
    ],
)
def test_date_ticks_begin_with_months(first, last, said_):
    low, high = (Decimal((date.fromisoformat(d) - EPOCH).days) for d in (first, last))
    assert [date_text(t) for t in date_ticks(low, high)] == said_


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals("0.01", 10**9, places=2))
def test_ticks_are_round_and_inside_the_scale(low, reach):
    scale = Scale(low, low + reach, 0, 100)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 12 and all(scale.low <= t <= scale.high for t in ticks)


def test_numbers_are_written_with_separators_and_real_signs():
    assert [shown(Decimal(x)) for x in ("-1234.50", "0.00", "1000000")] == ["−1,234.50", "0.00", "1,000,000"]
    assert [shown(Decimal(x), signed=True) for x in ("5", "0", "-5")] == ["+5", "0", "−5"]
    assert listed(["甲", "乙", "丙"], 2) == "甲、乙等3项"


# ---------------------------------------------------------------------------------------------------------------------
# bytes
# ---------------------------------------------------------------------------------------------------------------------

PROGRAM = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from conftest import complete
from plot_shapes import PLAIN
from workbench.reports.plots.draw import draw_chart
from workbench.reports.save import png_bytes
print(json.dumps([hashlib.sha256(png_bytes(draw_chart(*PLAIN[n](), complete()))).hexdigest() for n in sys.argv[2:]]))
"""


def test_png_bytes_are_the_same_in_every_process_and_context(who):
    names = ["waterfall", "bars_side_by_side", "stack", "lines_by_date", "scatter"]
    env = os.environ | {"PYTHONHASHSEED": "3", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "1"}
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(Path(__file__).parent), *names]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    with decimal.localcontext(prec=6):  # as a notebook may have set
        here = [hashlib.sha256(png_bytes(drawn(n, who))).hexdigest() for n in names]
    assert json.loads(done.stdout) == here
