"""Every published form, rebuilt as xlsx and docx in every layout, reads back without loss and shows what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from cases import PUBLISHED
from form_canvas import Canvas, write
from form_cases import HONEST, facts, files, recorded
from form_compare import differences, read
from form_facts import Fund
from form_habits import HABITS, with_habit
from form_judge import judged
from form_layouts import BY_NAME, LAYOUTS, drawn
from form_projects import clean

from workbench.recheck.model import FormKind

TEN = Decimal(10)


@pytest.mark.parametrize("case", PUBLISHED)
def test_a_published_form_reads_back_and_shows_its_anomalies(case, tmp_path):
    half = list(PUBLISHED).index(case) % 2  # every layout comes as a document, in every other case
    for one in judged(files(tmp_path, facts(case), LAYOUTS[half::2])):
        place = f"{case} {one.drawn.path.name}"
        assert differences(one.reading, one.drawn.canvases) == [], place
        shown = {finding.code for finding in one.findings}
        wanted = recorded(case, one.drawn.layout)
        assert shown >= wanted, place
        if case in HONEST:
            assert {f.code for f in one.findings if f.severity != "P2"} == set(), place


@pytest.mark.parametrize("habit", ["shared_points", "consistent_parts", "chinese_numerals", "empty_rows_of_money"])
def test_local_peculiarities_read_back_in_every_layout(habit, tmp_path):
    for one in files(tmp_path, with_habit(clean(77), list(HABITS).index(habit)), LAYOUTS[::3]):
        assert differences(read(one.path), one.canvases) == [], one.path.name


def test_items_that_share_points_are_one_group_and_parts_have_none(tmp_path):
    shared = with_habit(clean(77), list(HABITS).index("shared_points"))
    (form,) = read(write(tmp_path / "a.xlsx", drawn([shared], BY_NAME["weighted"], "xlsx"))).forms
    assert len({row.group for row in form.indicators[:2]}) == 1
    assert len({row.group for row in form.indicators}) == len(form.indicators) - 1
    parted = with_habit(clean(77), list(HABITS).index("consistent_parts"))
    (form,) = read(write(tmp_path / "b.xlsx", drawn([parted], BY_NAME["official"], "xlsx"))).forms
    assert [row.part for row in form.indicators[:4]] == [False, True, True, False]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize(("how", "paper"), [("stacked", "xlsx"), ("sheets", "xlsx"), ("alone", "docx")])
def test_several_forms_in_one_file(layout, how, paper, tmp_path):
    canvases = drawn([clean(n) for n in (31, 132, 233)], layout, paper, how)
    assert differences(read(write(tmp_path / f"三份.{paper}", canvases)), canvases) == []


def test_a_department_says_that_it_is_one(tmp_path):
    canvases = drawn([facts("jinzhai_2023_dept")], BY_NAME["official"], "xlsx")
    (form,) = read(write(tmp_path / "整体.xlsx", canvases)).forms
    assert form.kind is FormKind.DEPARTMENT


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_two_cells_are_drawn_over_each_other(layout):
    for canvas in drawn([facts("xiaoxian_hexi_2023"), clean(5)], layout, "xlsx", "stacked"):
        assert _covered(canvas) == len(set(_spots(canvas)))


def _spots(canvas: Canvas):
    for (row, column), cell in canvas.cells.items():
        for down in range(cell.height):
            yield from ((row + down, column + across) for across in range(cell.width))


def _covered(canvas: Canvas) -> int:
    return sum(cell.height * cell.width for cell in canvas.cells.values())


def test_money_in_yuan_is_the_money_of_the_case():
    made = replace(clean(3), funds=(Fund("total", TEN, TEN, Decimal("9.5"), TEN, Decimal(95), Decimal("9.5")),))
    (canvas,) = drawn([made], BY_NAME["paged"], "xlsx")
    assert canvas.placed[1, "fund", "total", "executed"][1] == "95000"
