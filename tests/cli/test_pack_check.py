"""The check behind the test kit: every departure from the worked example is said, and nothing else."""

from __future__ import annotations

from copy import deepcopy

import pytest

from workbench.base.yamlio import read_yaml
from workbench.cli.pack_check import check_pack, differences
from workbench.cli.packs_new import write_pack
from workbench.runs.opening import open_plan


@pytest.fixture
def result(roads):
    return open_plan(roads / "example" / "plan.yaml", workspace=roads).result()


@pytest.fixture
def expected(roads):
    # A copy: equal files are parsed once in a process and shared.
    return deepcopy(read_yaml(roads / "example" / "expected.yaml").data["expected"]["subjects"])


def test_a_new_pack_agrees_with_its_example(roads):
    assert check_pack(roads) == []


def test_agreement_means_no_difference(expected, result):
    assert list(differences(expected, result)) == []


def test_totals_grades_values_and_points_are_compared_as_text(expected, result):
    expected["P01"] |= {"total": "90.4", "grade": "良"}
    expected["P01"]["indicators"]["EXEC"] = {"value": "79.3", "points": "7.92"}
    found = list(differences(expected, result))
    assert found[:3] == [
        "对象 P01 总分:预期90.4,算得90.39",
        "对象 P01 等级:预期良,算得优",
        "对象 P01 指标 EXEC“预算执行率”完成值:预期79.3,算得79.27",
    ]
    assert found[3].startswith("对象 P01 指标 EXEC“预算执行率”得分:预期7.92,算得7.93(")
    assert len(found) == 4


def test_what_only_one_side_has_is_said(expected, result):
    del expected["P02"]
    expected["P09"] = {}
    del expected["P01"]["grade"]
    del expected["P01"]["indicators"]["TRAINED"]
    del expected["P01"]["indicators"]["EXEC"]["value"]
    expected["P01"]["indicators"]["OLD"] = {"points": "1.00"}
    assert list(differences(expected, result)) == [
        "对象 P09:预期文件中有,结果中没有",
        "对象 P01 等级:预期文件没有写 grade",
        "对象 P01 指标 TRAINED:结果中有(得分28.50),预期文件没有写",
        "对象 P01 指标 OLD:预期文件中有,结果中没有",
        "对象 P02:结果中有,预期文件没有写",
    ]


def test_a_missing_value_is_not_a_zero(expected, result):
    expected["P02"]["indicators"]["SATISFIED"] = {"value": "0.00", "points": "0.00"}
    found = list(differences(expected, result))
    assert "完成值:预期0.00,算得空" in found[0]
    assert "得分:预期0.00,算得空" in found[1]


def test_lint_errors_come_first(roads):
    path = roads / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("weight: 30", "weight: 3"), encoding="utf-8")
    assert check_pack(roads)[0].startswith("检查指标包:")


def test_an_example_that_cannot_be_opened_is_said(roads):
    path = roads / "example" / "evidence" / "funds.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("158.54", "many"), encoding="utf-8")
    found = check_pack(roads)
    assert len(found) == 1
    assert found[0].startswith("佐证资料有误:")


def test_another_pack_of_the_same_name_is_not_mistaken_for_it(roads, tmp_path):
    other = tmp_path / "other"
    write_pack(other, "roads", "另一个同名指标包")
    (other / "example" / "evidence").rename(roads.parent.parent / "evidence")
    plan = other / "example" / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("example/evidence", "evidence"), encoding="utf-8")
    found = check_pack(other, roads.parent.parent)
    assert len(found) == 1
    assert "同名指标包" in found[0]


def test_a_folder_without_a_pack_is_said(tmp_path):
    assert "没有这个路径的指标包" in check_pack(tmp_path)[0]
