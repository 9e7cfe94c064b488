"""The workbook as it is written: what may be changed, what is compared, how it prints, and texts that stay texts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import column_index_from_string

from workbench.base.errors import FileError
from workbench.reports import reading
from workbench.reports.scorebook import workbook
from workbench.reports.scorebook.conclusion import CONSISTENT
from workbench.reports.scorebook.layout import HELPERS, SHOWN, TITLES, Col
from workbench.reports.scorebook.terms import Terms
from workbench.reports.scorebook.workbook import SHEETS, scorebook
from workbench.reports.scorebook.xlsx import ACROSS, LONGEST
from workbench.scoring.result import (
    EvidenceRef,
    ExpertPoints,
    FindingLine,
    IndicatorReview,
    ReviewPerson,
    ReviewRecord,
    RunResult,
    SubjectResult,
)

Make = Callable[[str], SubjectResult]
Run = Callable[..., RunResult]
Book = Callable[..., Workbook]
HOSTILE = "=cmd|' /C calc'!A0"
NASTY = "@SUM(1)\x07\x1b[31m<script>alert(1)</script>\u202e"
LONG = "长" * 5000


def sheet_rows(book: Workbook, name: str) -> list[list[Any]]:
    return [[c.value for c in row] for row in book[name].iter_rows()]


def test_one_subject_and_its_companions(book: Book, run: Run, make: Make) -> None:
    made = book(run(make("complete")))
    assert made.sheetnames == ["评分表", "等级标准", "佐证", "调整", "问题", "说明"]
    rows = sheet_rows(made, "评分表")
    assert tuple(rows[2]) == (*TITLES, *HELPERS)
    assert rows[3][: Col.WEIGHT + 1] == ["决策", "项目立项", "立项依据充分性", 8]
    assert "示例权重,可改" in rows[4][Col.NAME]


def test_as_written_it_shows_the_result(book: Book, run: Run, shaped: SubjectResult) -> None:
    """Every shape a result can have; readers that do not compute formulas see the values written with them."""
    rows = sheet_rows(book(run(shaped), data_only=True), "评分表")
    assert rows[1][Col.WEIGHT] == f"总分 {reading.total_text(shaped)} 分"
    assert rows[1][Col.COMPUTED] == f"等级 {reading.grade_text(shaped, reading.FULL)}"
    assert rows[1][Col.REMARK] == CONSISTENT
    shown = {row[Col.NAME] for row in rows[3:] if row[Col.FULL] is not None and row[Col.NAME]}
    assert len(shown) == len({i.name for i in shaped.indicators})


def test_the_same_result_gives_the_same_bytes(terms: Callable[..., Terms], run: Run, make: Make) -> None:
    result = run(make("extras"), make("capped"))
    assert scorebook(result, terms(), "r") == scorebook(result, terms(), "r")


def test_several_subjects_have_a_sheet_each_and_an_overview(book: Book, run: Run, make: Make) -> None:
    subjects = [make("complete").model_copy(update={"id": id_}) for id_ in ("P1", "p1", "a/b:c*[d]'?", "超" * 60)]
    made = book(run(*subjects))
    names = [n for n in made.sheetnames if n.startswith("评分表")]
    assert len(names) == 4 and len({n.casefold() for n in names}) == 4 and all(len(n) <= 31 for n in names)
    links = [row[2] for row in sheet_rows(made, "汇总")[2:]]
    assert all(link.startswith(f"='{name}'!") for name, link in zip(names, links, strict=True))


def test_many_subjects_stand_on_one_sheet_each_on_its_own_paper(book: Book, run: Run, make: Make) -> None:
    one = make("single")
    made = book(run(*(one.model_copy(update={"id": f"P{n}"}) for n in range(SHEETS + 1))))
    assert [n for n in made.sheetnames if n.startswith("评分表")] == ["评分表"]
    assert len(made["评分表"].row_breaks.brk) == SHEETS
    assert sheet_rows(made, "汇总")[-1][0] == f"P{SHEETS}"


def test_more_than_a_sheet_holds_is_said(terms: Callable[..., Terms], run: Run, make: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(workbook, "ROWS", 20)
    with pytest.raises(FileError, match="一张评分表写不下"):
        scorebook(run(make("complete"), make("complete")), terms(), "r")


def test_inputs_are_coloured_and_checked(book: Book, run: Run, make: Make) -> None:
    sheet = book(run(make("extras")))["评分表"]
    entry = sheet.cell(4, Col.FINAL + 1)
    assert entry.fill.fgColor.rgb.endswith("FFF8DC") and not entry.protection.locked
    rules = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert "ROUND(H4,2)=H4" in rules["H4"] and '"不适用"' in rules["H4"]
    assert not sheet.protection.sheet
    hints = {str(v.sqref): v.prompt for v in sheet.data_validations.dataValidation if v.prompt}
    assert all("90%填90" in hint for hint in hints.values())
    shaded = {
        str(area.sqref): [r.formula[0] for r in rules] for area, rules in sheet.conditional_formatting._cf_rules.items()
    }
    flagged = [f for area, found in shaded.items() if area.startswith("M4:") for f in found]
    assert any("未计入" in formula for formula in flagged), "what is pasted and does not count stands out"


def test_switches_of_caps(book: Book, run: Run, make: Make) -> None:
    sheet = book(run(make("capped")))["评分表"]
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == 2 and all("触发" in v.formula1 for v in lists)


def test_official_numbers_stand_out_of_sight(book: Book, run: Run, make: Make) -> None:
    sheet = book(run(make("incomplete")))["评分表"]
    hidden = [d for d in sheet.column_dimensions.values() if d.hidden]
    assert {n for d in hidden for n in range(d.min, d.max + 1)} == set(range(SHOWN + 1, SHOWN + 1 + len(HELPERS)))
    complete = book(run(make("complete")))["评分表"]
    assert complete.column_dimensions["I"].hidden, "no interval to show"
    assert isinstance(sheet.cell(4, Col.KEPT_LOWEST + 1).value, int)


def test_paper(book: Book, run: Run, make: Make) -> None:
    made = book(run(make("long_names")))
    for sheet in made:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (None, 0)
        assert sheet.page_setup.fitToWidth in (None, 1), "one page wide"
        assert sheet.print_title_rows and sheet.freeze_panes
    assert made["评分表"].print_title_rows == "$1:$3" and made["评分表"].freeze_panes == "D4"
    assert made["评分表"].print_area.startswith("'评分表'!$A$1:$M$")


def test_all_sheets_print_at_one_scale(book: Book, run: Run, make: Make) -> None:
    """Fitting to a page only ever makes smaller: so the narrow sheets take the width of the others, with an empty column if need be."""
    for subject in (make("complete"), make("incomplete")):
        for sheet in book(reviewed(subject, run)):
            last = column_index_from_string(re.findall(r"\$([A-Z]+)\$", sheet.print_area)[-1])
            shown = [
                d.width
                for d in sheet.column_dimensions.values()
                for at in range(d.min, d.max + 1)
                if at <= last and not d.hidden
            ]
            assert sum(w * 7 for w in shown) == pytest.approx(ACROSS, abs=25), sheet.title


def test_a_short_sheet_is_one_page_and_a_long_one_keeps_its_conclusion_together(
    book: Book, run: Run, make: Make
) -> None:
    short = book(run(make("single")))["评分表"]
    assert short.page_setup.fitToHeight is None and not short.row_breaks.brk
    long = book(run(make("long_names")))["评分表"]
    (apart,) = (b.id for b in long.row_breaks.brk)
    assert long.page_setup.fitToHeight == 0 and long.cell(apart + 1, 1).value == "各一级指标得分、总分和等级"


def test_bands_can_be_tried(book: Book, terms: Callable[..., Terms], run: Run, make: Make) -> None:
    rows = sheet_rows(book(run(make("complete"))), "等级标准")
    assert [row[:3] for row in rows[2:]] == [["优", None, 90], ["良", None, 80], ["中", None, 60], ["差", None, 0]]
    named = terms("kizilsu-2023")
    assert named.names["优"] == "优秀" and named.labels == ["优", "良", "中", "差"]
    added = {"kind": "band", "label": "低", "lower": "50", "reason": "按办法"}
    assert "低" in terms("jilin-2025", changes=[added]).labels


def hostile() -> dict[str, Any]:
    refs = [EvidenceRef(title=HOSTILE, place=NASTY, status=None, document=LONG, sha256=None)]
    return {"name": HOSTILE, "level2": NASTY, "explanation": LONG, "evidence": refs, "shown": "+1", "target": "@A1"}


def reviewed(subject: SubjectResult, run: Run) -> RunResult:
    """Two experts on the first indicator, 8.00 computed, 7.00 merged, 6.50 after comments."""
    said = ExpertPoints(event=3, expert="e1", name=HOSTILE, choice="调整", points="6.00", reason=NASTY, evidence=LONG,
                        at="2025-03-01T00:00:00Z", round=1)  # fmt: skip
    other = said.model_copy(update={"expert": "e2", "name": "李四", "choice": "认可", "points": "8.00", "reason": ""})
    review = IndicatorReview(experts=[said, other], merged="7.00", rule="算术平均", revised="6.50", by="主评人",
                             at="2025-03-02T00:00:00Z", reason="=1+1", applied=True)  # fmt: skip
    first = subject.indicators[0].model_copy(
        update=hostile() | {"final": "6.50", "low": "6.50", "high": "6.50", "review": review}
    )
    people = [
        ReviewPerson(id="e1", name="张三", roles=["专家"], specialty=None, organisation=None, title=None, weight="1")
    ]
    record = ReviewRecord(
        events=9, phase="已定稿", round=1, merge_rule="算术平均", people=people, notes=[], not_applied=[]
    )
    found = [FindingLine(code="x", severity="warning", message=HOSTILE, indicator=first.code, clause=NASTY)]
    changed = subject.model_copy(update={"indicators": [first, *subject.indicators[1:]], "findings": found})
    return run(changed.model_copy(update={"name": HOSTILE})).model_copy(
        update={"review": record, "title": f"{HOSTILE}&A"}
    )


def test_evidence_stays_text(book: Book, run: Run, make: Make) -> None:
    made = book(reviewed(make("complete"), run))
    texts = [c for sheet in made for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    strange = [c for c in texts if any(word in c.value for word in ("cmd", "script", "@A1", "=1+1"))]
    assert len(strange) > 8 and all(c.data_type == "s" for c in strange if not c.value.startswith("=IF("))
    assert all("cmd" not in c.value for c in texts if c.data_type == "f")
    assert any(LONG in c.value for c in texts) and max(len(c.value) for c in texts) <= LONGEST
    assert any("[U+001B]" in c.value for c in texts)
    assert all(row.height is None or row.height <= 409 for sheet in made for row in sheet.row_dimensions.values())


def test_experts_and_how_points_came_about(book: Book, run: Run, make: Make) -> None:
    made = book(reviewed(make("complete"), run))
    said = sheet_rows(made, "专家")[2:]
    assert [row[4:7] for row in said] == [["调整", 6, "是"], ["认可", 8, "是"]]
    adjusted = sheet_rows(made, "调整")[2]
    assert adjusted[3] == 8 and adjusted[5:9] == [7, "算术平均", 6.5, 6.5]
    assert adjusted[-1] == "2025-03-02 08:00"


def test_what_it_rests_on_is_said(book: Book, run: Run, make: Make) -> None:
    text = "\n".join(f"{row[0]} {row[1]}" for row in sheet_rows(book(run(make("complete"))), "说明"))
    for word in ("0123456789abcdef", "财预〔2020〕10号计分方法", "示例权重,可改", "workbench verify", "sha256:abab"):
        assert word in text
    assert io.StringIO(text).readline().startswith("说明")
