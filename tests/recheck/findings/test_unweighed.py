"""Rows with neither 分值 nor 得分: sub-items where the others have all there is, else indicators that are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from found_in import findings, places
from small_forms import ROWS, small_form

from workbench.recheck.forms import Mappings, read_forms

SUB = ("产出指标", "数量指标", "其中一类公厕", "≥20座", "16座", "", "", "")


def read(path: Path, *rows: tuple[object, ...]):
    (form,) = read_forms(small_form(path / "一.xlsx", rows=rows), "一.xlsx", Mappings()).forms
    return form


@pytest.mark.parametrize("name", ["其中一类公厕", "一类公厕"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_sub_item_is_not_told(tmp_path: Path, name: str, place: int) -> None:
    rows = [*ROWS]
    rows.insert(place, (*SUB[:2], name, *SUB[3:]))
    form = read(tmp_path, *rows)
    assert [row.part for row in form.indicators] == [row[2] == name for row in rows]
    assert not {"weight_blank", "points_blank"} & {code for code, _ in places(findings(form))}


def test_an_indicator_without_weight_and_points_is_told(tmp_path: Path) -> None:
    """30 of 100 points are nowhere: 改善人居环境 was not filled in."""
    form = read(tmp_path, ROWS[0], (*ROWS[1][:5], "", "", ""), ROWS[2])
    assert not any(row.part for row in form.indicators)
    assert ("weight_blank", "F8") in places(findings(form))
