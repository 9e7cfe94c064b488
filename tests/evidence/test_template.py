"""Templates: what they offer, that they read back the same, and that their bytes never change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from evidence_workbooks import PACK
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.base.errors import EvidenceError, FileError
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import EvidenceStatus
from workbench.evidence.template import write_template, write_workbook
from workbench.scheme.pack import Pack

CAPS = [("audit", "审计发现重大问题"), ("fraud", "自评弄虚作假")]
ROWS: dict[str, list[dict[str, Any]]] = {
    "subjects": [
        {"subject": "001", "name": "=HYPERLINK(1)", "published_total": Decimal("99.55"), "region": "+86"},
        {"subject": "P2", "name": "乙", "role": "参照"},
    ],
    "funds": [
        {
            "subject": "001",
            "budget": Decimal("1234.567891"),
            "executed": 0,
            "rate": Decimal("0.5"),
            "people": 30,
            "started": date(2022, 3, 1),
            "done": True,
            "kind": "中央",
            "score": 2.67,
            "remark": "-1\n@二行",
        },
        {"subject": "P2", "budget": Decimal("123456789012.345678"), "rate": Decimal("102.59"), "done": False},
    ],
    "payments": [{"subject": "P2", "voucher": "0007", "amount": Decimal("-12.50")}],
    "register": [
        {
            "subject": "001",
            "indicator": "A1",
            "document": "决算报表",
            "status": "核实一致",
            "verified_on": date(2023, 4, 1),
        },
        {"subject": "P2", "indicator": "A1"},
    ],
    "waivers": [
        {
            "subject": "P2",
            "indicator": "B1",
            "reason": "无",
            "proof": "说明",
            "approver": "王",
            "approved_on": date(2023, 1, 2),
        }
    ],
    "cap_facts": [{"subject": "001", "cap": "audit", "state": "触发", "document": "审〔2023〕5号"}],
}


def read_back(path: Path, pack: Pack) -> dict[str, Any]:
    """Everything read from a workbook, as plain values."""
    evidence = read_evidence(
        path, pack.tables, subject_fields=pack.subject_fields, indicator_sheet=bool(pack.indicator_sheet)
    )
    tables = {"subjects": evidence.subjects} | evidence.tables
    values = {name: [{f: t.value(i, f) for f in t.columns} for i in range(len(t))] for name, t in tables.items()}
    return values | {"proofs": evidence.proofs, "waivers": evidence.waivers, "caps": evidence.cap_facts}


def test_two_writes_are_the_same_bytes(tmp_path: Path, pack: Pack) -> None:
    write_template(pack, tmp_path / "a.xlsx", caps=CAPS)
    write_template(pack, tmp_path / "b.xlsx", caps=CAPS)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_round_trip(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "基础数据.xlsx"
    write_workbook(path, pack, ROWS, caps=CAPS)
    found = read_back(path, pack)
    for name in ("subjects", "funds", "payments"):
        for written, row in zip(ROWS[name], found[name], strict=True):
            for key, value in written.items():
                expected = Decimal(str(value)) if isinstance(value, float) else value
                assert row[key] == expected, (name, key)
            blank = {k for k in row if k not in written and k != "role"}
            assert all(row[k] is None for k in blank)
    assert [p.status for p in found["proofs"]] == [EvidenceStatus.verified, EvidenceStatus.missing]
    assert found["waivers"][0].approved_on == date(2023, 1, 2)
    assert [(c.cap, c.state) for c in found["caps"]] == [("audit", "触发")]


VALUES = st.fixed_dictionaries(
    {
        "budget": st.decimals(min_value=0, max_value=10**9, places=6),
        "rate": st.one_of(st.none(), st.decimals(min_value=0, max_value=200, places=4)),
        "remark": st.one_of(st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF), max_size=20)),
        "started": st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2199, 12, 31))),
        "done": st.one_of(st.none(), st.booleans()),
    }
)


@settings(max_examples=40, deadline=None)
@given(values=VALUES)
def test_round_trip_of_any_values(tmp_path_factory: pytest.TempPathFactory, pack: Pack, values: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("w") / "a.xlsx"
    write_workbook(path, pack, {"subjects": [{"subject": "P", "name": "甲"}], "funds": [{"subject": "P"} | values]})
    (row,) = read_back(path, pack)["funds"]
    text = values["remark"]
    expected = values | {"remark": (text.strip() or None) if text else None}
    if expected["remark"] is not None and expected["remark"].upper() in {"#N/A"}:
        return
    assert {k: row[k] for k in values} == expected


def test_filled_values_are_never_formulas(tmp_path: Path, pack: Pack) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "a.xlsx"
    write_workbook(path, pack, ROWS)
    book = load_workbook(path)
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert book["评价对象"]["B2"].value == "=HYPERLINK(1)" and book["评价对象"]["B2"].data_type == "s"


def test_what_the_template_offers(tmp_path: Path, pack: Pack) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "a.xlsx"
    write_template(pack, path, caps=CAPS)
    book = load_workbook(path)
    assert book.sheetnames == [
        "说明",
        "评价对象",
        "项目资金",
        "支付明细",
        "佐证清单",
        "不适用申请",
        "情形核查",
        "代码表",
    ]
    funds = book["项目资金"]
    titles = [c.value for c in funds[1]]
    assert titles[:4] == ["对象编号", "全年预算数(万元)*", "全年执行数(万元)", "执行率(%)"]
    assert "调整后" in funds["B1"].comment.text
    assert funds.freeze_panes == "B2"
    assert funds.page_setup.orientation == "landscape" and funds.print_title_rows == "$1:$1"
    rules = {str(v.sqref).split(":")[0]: v for v in funds.data_validations.dataValidation}
    assert rules["A2"].type == "list" and "评价对象" in rules["A2"].formula1
    assert rules["B2"].type == "decimal" and rules["B2"].formula1 == "0"
    assert rules["D2"].formula2 == "200" and "执行率" in rules["D2"].error
    assert rules["E2"].type == "whole" and rules["F2"].type == "date" and rules["G2"].type == "list"
    assert rules["H2"].type == "list"
    letter, first, last = rules["H2"].formula1.replace("$", "!").split("!")[2], 2, 4
    codes = [book["代码表"][f"{letter}{r}"].value for r in range(first, last + 1)]
    assert codes == ["中央", "地方", "自筹"]
    guide = "\n".join(str(c.value) for row in book["说明"].iter_rows() for c in row if c.value)
    for text in ("决算报表、支付凭证", "财预〔2020〕10号", "第九条", "未提供(待补)", "审计发现重大问题", "必填"):
        assert text in guide
    facts = [[c.value for c in row[:4]] for row in book["情形核查"].iter_rows(min_row=2)]
    assert facts == [[None, "audit", "审计发现重大问题", "未核查"], [None, "fraud", "自评弄虚作假", "未核查"]]
    assert book.properties.created.year == 2020


def test_empty_template_reads_once_a_subject_is_named(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, pack, {"subjects": [{"subject": "P1", "name": "甲"}]}, caps=CAPS)
    found = read_back(path, pack)
    assert [(c.subject, c.cap, c.state) for c in found["caps"]] == [
        ("P1", "audit", "未核查"),
        ("P1", "fraud", "未核查"),
    ]
    assert found["funds"] == []


def test_indicator_sheet_lists_the_levels_of_its_variant(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    pack = Pack.model_validate(
        PACK
        | {
            "indicators": [],
            "indicator_sheet": {"level2": {"产出指标": ["数量指标"], "成本指标": ["经济成本指标"]}},
            "variants": {
                "plain": {"title": "不含成本", "level1": {"产出指标": 90}},
                "cost": {"title": "含成本", "level1": {"产出指标": 70, "成本指标": 20}},
            },
        }
    )
    path = tmp_path / "a.xlsx"
    write_template(pack, path, variant="plain")
    book = load_workbook(path)
    codes = [[c.value for c in column if c.value] for column in book["代码表"].columns]
    assert ["一级指标", "产出指标"] in codes and ["二级指标", "数量指标"] in codes
    assert any("≥" in column for column in codes)
    assert "不含成本" in str(book["说明"]["A2"].value)
    write_template(pack, path)
    codes = [[c.value for c in column if c.value] for column in load_workbook(path)["代码表"].columns]
    assert ["一级指标", "产出指标", "成本指标"] in codes


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({"fund": []}, "unknown_table"),
        ({"funds": [{"budgets": 1}]}, "unknown_field"),
        ({"funds": [{"remark": "x" * 40000}]}, "cell_too_long"),
    ],
)
def test_rows_that_do_not_fit(tmp_path: Path, pack: Pack, rows: dict[str, Any], code: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        write_workbook(tmp_path / "a.xlsx", pack, rows)
    assert [p.code for p in caught.value.problems] == [code]
    assert caught.value.problems[0].fix


def test_unknown_variant(tmp_path: Path, pack: Pack) -> None:
    with pytest.raises(EvidenceError) as caught:
        write_template(pack, tmp_path / "a.xlsx", variant="x")
    assert caught.value.problems[0].code == "unknown_variant"


@pytest.mark.parametrize("title", ["a/b", "说明", "x" * 32, "佐证清单"])
def test_titles_that_are_no_sheet_names(tmp_path: Path, title: str) -> None:
    tables = [PACK["tables"][0] | {"title": title}]
    with pytest.raises(EvidenceError) as caught:
        write_template(Pack.model_validate(PACK | {"tables": tables}), tmp_path / "a.xlsx")
    assert {p.code for p in caught.value.problems} == {"sheet_title"}


def test_a_folder_that_is_not_there(tmp_path: Path, pack: Pack) -> None:
    with pytest.raises(FileError) as caught:
        write_template(pack, tmp_path / "没有/a.xlsx")
    assert caught.value.problems[0].code == "file_not_written"


def test_rows_and_columns_have_room_and_wide_sheets_go_on_several_pages(tmp_path: Path, pack: Pack) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "a.xlsx"
    event = "虚报、冒领、挤占、挪用财政资金且在规定期限内拒不纠正的其他严重违反财经纪律的情形"
    write_template(pack, path, caps=[("A", event)])
    book = load_workbook(path)
    facts, guide = book["情形核查"], book["说明"]
    assert facts.column_dimensions["C"].width > 40
    assert facts.row_dimensions[2].height > 2 * 14.5
    assert book["代码表"].row_dimensions[2].height > 2 * 14.5
    assert max(d.height or 0 for d in guide.row_dimensions.values()) > 2 * 14.5
    assert guide.merged_cells.ranges
    assert facts.sheet_format.defaultRowHeight == 16.5
    assert (guide.page_setup.fitToWidth or 1, facts.page_setup.fitToWidth or 1) == (1, 1)
    assert facts.print_title_cols is None
    register = book["佐证清单"]
    assert register.page_setup.fitToWidth > 1 and register.print_title_cols == "$A:$A"
    assert facts.print_options.gridLines and not guide.print_options.gridLines
