"""Trees in which indicators weigh differently (``Variant.weights``), and the ranges a source allows a level 1."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workbench.base.errors import SchemeError
from workbench.evidence.template import write_template
from workbench.scheme.pack import Pack
from workbench.scheme.scheme import Scheme

Make = Callable[..., Scheme]
Refuse = Callable[..., SchemeError]
Weights = Callable[[Scheme], dict[str, Decimal]]

TREES = {
    # Hand: A 20 + B 50 + C 30; in the second tree A 40 + B 35 + D 25, C left out; D has no points of its own.
    "parent": {"title": "母基金", "level1": {"决策": 20, "产出": 50, "效益": 30}, "weights": {"D": 0}},
    "child": {"title": "子基金", "level1": {"决策": 40, "产出": 60}, "weights": {"A": 40, "B": 35, "C": 0, "D": 25}},
}
CLAUSE = {"document": "基金评价办法", "number": "闽财规〔2025〕14号", "clause": "第十条"}


@pytest.fixture
def tree(leaf: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    parts = [("A", "决策", "20"), ("B", "产出", "50"), ("C", "效益", "30"), ("D", "产出", "10")]
    return [leaf(*part) for part in parts]


def test_each_tree_has_its_own_points(frozen: Make, weights: Weights, tree: list[dict[str, Any]]) -> None:
    parent = frozen(tree, pack={"variants": TREES}, variant="parent")
    assert weights(parent) == {"A": 20, "B": 50, "C": 30}
    child = frozen(tree, pack={"variants": TREES}, variant="child")
    assert weights(child) == {"A": 40, "B": 35, "D": 25}
    assert child.level1 == ["决策", "产出"]
    assert parent.digest != child.digest
    assert "level1_weight" not in {f.code for f in (*parent.findings, *child.findings)}


def change(kind: str, code: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "indicator": code, "reason": "合同约定"} | more


def test_a_change_of_the_plan_comes_after_the_tree(frozen: Make, weights: Weights, tree: list[dict[str, Any]]) -> None:
    changes = [change("weight", "A", value="45"), change("weight", "B", value="30")]
    scheme = frozen(tree, pack={"variants": TREES}, variant="child", changes=changes)
    assert weights(scheme) == {"A": 45, "B": 30, "D": 25}
    assert "一级指标“决策”分值45,“子基金”原则上为40" in [f.message for f in scheme.findings]


def test_dropping_works_as_in_any_tree(frozen: Make, weights: Weights, tree: list[dict[str, Any]]) -> None:
    changes = [change("drop", "D"), change("weight", "B", value="60")]
    assert weights(frozen(tree, pack={"variants": TREES}, variant="child", changes=changes)) == {"A": 40, "B": 60}


def test_a_weight_puts_back_what_the_tree_leaves_out(
    frozen: Make, weights: Weights, tree: list[dict[str, Any]]
) -> None:
    changes = [change("weight", "C", value="10"), change("weight", "B", value="25")]
    scheme = frozen(tree, pack={"variants": TREES}, variant="child", changes=changes)
    assert weights(scheme) == {"A": 40, "B": 25, "C": 10, "D": 25}


@pytest.mark.parametrize("made", [change("drop", "C"), change("target", "C", value="90")])
def test_what_the_tree_leaves_out_cannot_be_changed(refused: Refuse, tree: list[dict[str, Any]], made: Any) -> None:
    error = refused(tree, pack={"variants": TREES}, variant="child", changes=[made])
    assert [p.code for p in error.problems] == ["not_in_tree"]
    assert "所选指标树“子基金”不设这个指标" in str(error)
    assert "plan.changes[0]" in str(error)


@pytest.mark.parametrize(
    ("weights", "said"), [({"AA": 5}, "是否想写“A”?"), ({"A": "-1"}, "分值小于0;实际为“-1”;应为0或正数")]
)
def test_wrong_weights_of_a_tree(refused: Refuse, tree: list[dict[str, Any]], weights: Any, said: str) -> None:
    trees = {"odd": {"title": "错的树", "level1": {}, "weights": weights}}
    error = refused(tree, pack={"variants": trees}, variant="odd")
    assert [p.code for p in error.problems] == ["variant_weight"]
    assert said in str(error)


def test_a_tree_that_does_not_add_to_100(refused: Refuse, tree: list[dict[str, Any]]) -> None:
    trees = {"odd": TREES["child"] | {"weights": {"A": 41, "B": 35, "C": 0, "D": 25}}}
    assert "多1分" in str(refused(tree, pack={"variants": trees}, variant="odd"))


@pytest.mark.parametrize(
    ("variant", "messages"),
    [
        # 闽财规〔2025〕14号: 政策性 40–50. Hand: 决策 weighs 20 and 40; 40 is the lower end and allowed.
        ("parent", ["一级指标“决策”分值20,不在闽财规〔2025〕14号 第十条规定的40—50之内"]),
        ("child", []),
    ],
)
def test_points_outside_the_range_of_a_source(
    frozen: Make, tree: list[dict[str, Any]], variant: str, messages: list[str]
) -> None:
    ranges = [{"level1": "决策", "low": 40, "high": 50, "clause": CLAUSE}]
    scheme = frozen(tree, pack={"variants": TREES, "weight_ranges": ranges}, variant=variant)
    found = [f for f in scheme.findings if f.code == "weight_range"]
    assert [f.message for f in found] == messages
    assert all(f.severity == "warning" and f.clause is not None for f in found)


def test_ranges_are_held_against_the_changed_tree(frozen: Make, tree: list[dict[str, Any]]) -> None:
    ranges = [{"level1": "决策", "low": 40, "high": 50, "clause": CLAUSE}]
    changes = [change("weight", "A", value="51"), change("weight", "B", value="24")]
    scheme = frozen(tree, pack={"variants": TREES, "weight_ranges": ranges}, variant="child", changes=changes)
    assert "一级指标“决策”分值51" in next(f.message for f in scheme.findings if f.code == "weight_range")


def guide(tmp_path: Path, tree: list[dict[str, Any]], variant: str | None) -> tuple[list[list[str]], list[str]]:
    """The lines of the guide about indicators, and the codes offered in the register."""
    head = {"id": "demo", "version": "1.0.0", "api_version": 1, "title": "示例", "object": "示例", "basis": []}
    pack = Pack.model_validate(head | {"ruleset": "x", "indicators": tree, "variants": TREES})
    path = tmp_path / "模板.xlsx"
    write_template(pack, path, variant=variant)
    book = openpyxl.load_workbook(path)
    rows = [[str(c.value) for c in row[:4]] for row in book["说明"].iter_rows()]
    columns = {str(c[0].value): [str(x.value) for x in c[1:] if x.value] for c in book["代码表"].columns}
    return [r for r in rows if r[0] in "ABCD"], columns["指标编码"]


@pytest.mark.parametrize(
    ("variant", "points"),
    [
        ("parent", {"A": "20", "B": "50", "C": "30"}),
        ("child", {"A": "40", "B": "35", "D": "25"}),
        (None, {"A": "20/40", "B": "50/35", "C": "30/——", "D": "——/25"}),
    ],
)
def test_the_template_shows_the_chosen_tree(
    tmp_path: Path, tree: list[dict[str, Any]], variant: str | None, points: dict[str, str]
) -> None:
    rows, codes = guide(tmp_path, tree, variant)
    assert {r[0]: r[3] for r in rows} == points
    assert codes == (list(points) if variant else ["A", "B", "C", "D"])
