"""Tables that belong to no subject (``per: shared``): read, written, hashed, computed with and traced without one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from evidence_workbooks import PACK, Sheets, subjects, write_xlsx

from workbench.base.errors import EvidenceError
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import Evidence
from workbench.evidence.template import write_template, write_workbook
from workbench.runs.bulk import table_from_columns
from workbench.scheme.pack import Derived, Pack
from workbench.scoring.explain import _place
from workbench.scoring.measures import Measures, Request

PRICES = {
    "name": "prices",
    "title": "价格指数",
    "per": "shared",
    "required": False,
    "key": ["year"],
    "note": "各对象共用,上年=100。",
    "fields": [
        {"name": "year", "title": "年度", "type": "integer", "required": True},
        {"name": "index", "title": "指数", "type": "number", "decimals": 1},
    ],
}
SHARED = Pack.model_validate(PACK | {"tables": [*PACK["tables"], PRICES]})
LATEST = Derived.model_validate(
    {
        "name": "latest",
        "title": "最新指数",
        "sql": "SELECT s.subject, max(p.index) AS top FROM subjects s CROSS JOIN prices p GROUP BY s.subject",
        "columns": [{"name": "top", "title": "最高指数"}],
    }
)
SHEET = [["年度*", "指数"], [2022, 102.0], [2023, 100.2]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Sheets], Evidence]:
    def run(sheets: Sheets) -> Evidence:
        head = {"评价对象": subjects("P1", "P2"), "项目资金": [["对象编号", "全年预算数(万元)*"], ["P1", 1], ["P2", 2]]}
        path = write_xlsx(tmp_path / "资料.xlsx", head | sheets)
        return read_evidence(path, SHARED.tables, subject_fields=SHARED.subject_fields)

    return run


def test_rows_need_no_subject(read: Callable[[Sheets], Evidence]) -> None:
    table = read({"价格指数": SHEET}).tables["prices"]
    assert sorted(table.columns) == ["index", "year"]
    assert [table.value(i, "index") for i in range(2)] == [Decimal("102.0"), Decimal("100.2")]


def test_a_subject_column_is_one_nobody_asked_for(read: Callable[[Sheets], Evidence]) -> None:
    with_subject = [["对象编号", *SHEET[0]], *(["P1", *row] for row in SHEET[1:])]
    evidence = read({"价格指数": with_subject})
    assert "subject" not in evidence.tables["prices"].columns
    assert any(n.code == "unknown_column" and n.place.field == "对象编号" for n in evidence.notes)


def test_keys_hold_without_subject(read: Callable[[Sheets], Evidence]) -> None:
    with pytest.raises(EvidenceError) as caught:
        read({"价格指数": [*SHEET, [2022, 101]]})
    assert [(p.code, p.place.row) for p in caught.value.problems] == [("duplicate_key", 4)]


def test_an_absent_sheet_is_an_empty_table(read: Callable[[Sheets], Evidence]) -> None:
    evidence = read({})
    assert len(evidence.tables["prices"]) == 0
    measures = Measures(evidence.subjects, evidence.tables, [LATEST])
    assert measures.columns([Request("latest.top", 1, "x")])[0].numbers() == [None, None]


def test_the_digest_covers_it(read: Callable[[Sheets], Evidence]) -> None:
    assert read({"价格指数": SHEET}).digest == read({"价格指数": SHEET}).digest
    assert read({"价格指数": SHEET}).digest != read({"价格指数": [*SHEET[:2], [2023, 100.3]]}).digest


def test_every_subject_can_be_measured_by_it(read: Callable[[Sheets], Evidence]) -> None:
    evidence = read({"价格指数": SHEET})
    measures = Measures(evidence.subjects, evidence.tables, [LATEST])
    assert measures.columns([Request("latest.top", 1, "x")])[0].numbers() == [Decimal(102)] * 2
    assert {t.spec.name for t in measures.engine.sources_of("latest")} == {"subjects", "prices"}
    assert _place(measures, "latest.top", 1) == "资料.xlsx [评价对象] 第3行;资料.xlsx [价格指数]"


def test_its_columns_cannot_be_named_in_a_formula(read: Callable[[Sheets], Evidence]) -> None:
    evidence = read({"价格指数": SHEET})
    assert not any(name.startswith("prices.") for name in Measures(evidence.subjects, evidence.tables).origins)


def test_the_template_has_no_subject_column_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(SHARED, path)
    book = openpyxl.load_workbook(path)
    assert [c.value for c in book["价格指数"][1]] == ["年度*", "指数"]
    words = [str(c.value) for row in book["说明"].iter_rows() for c in row if c.value]
    assert "“价格指数”没有对象编号列。各对象共用,上年=100。" in words
    fields = [[c.value for c in row[:2]] for row in book["说明"].iter_rows()]
    assert ["价格指数", "年度"] in fields and ["价格指数", "对象编号"] not in fields


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "资料.xlsx"
    rows: dict[str, list[dict[str, Any]]] = {
        "subjects": [{"subject": "P1", "name": "甲"}],
        "funds": [{"subject": "P1", "budget": 1}],
        "prices": [{"year": 2023, "index": Decimal("100.2")}],
    }
    write_workbook(path, SHARED, rows)
    table = read_evidence(path, SHARED.tables, subject_fields=SHARED.subject_fields).tables["prices"]
    assert (table.value(0, "year"), table.value(0, "index")) == (2023, Decimal("100.2"))
    with pytest.raises(EvidenceError, match="表里没有这个字段"):
        write_workbook(path, SHARED, rows | {"prices": [{"subject": "P1", "year": 2023}]})


def test_columns_in_memory_get_no_subject() -> None:
    spec = SHARED.tables[-1]
    assert sorted(table_from_columns(spec, {"year": [2023]}).columns) == ["index", "year"]
    with pytest.raises(EvidenceError, match="表中没有这个字段"):
        table_from_columns(spec, {"subject": ["P1"], "year": [2023]})
