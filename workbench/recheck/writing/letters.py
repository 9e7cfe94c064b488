"""复核意见函: one letter per unit, with every problem of every form of that unit, its place and its ground, and room to answer."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.base.safetext import safe
from workbench.base.text import beginning, file_stem, plain
from workbench.recheck.model import FormKind
from workbench.recheck.outcome import Finding, Severity
from workbench.recheck.writing.rows import recheck_text
from workbench.recheck.writing.told import UNNAMED, Batch, Told, place_of, signed
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.paper import BLANK_DATE
from workbench.reports.papers.quick import QuickPaper

FOLDER, NAME = "复核意见函", "复核意见函"
BASES = {
    FormKind.PROJECT: "《项目支出绩效评价管理办法》（财预〔2020〕10号）第十九条（财政部门抽查复核）、第二十条（主管部门审核自评结果）",
    FormKind.DEPARTMENT: "财预〔2018〕167号第四部分第（一）项（财政部门对自评结果的真实性和准确性进行复核）",
}
"""Who may re-check which forms. 10号 is about projects only; whether the sender is a finance bureau or a department nobody says."""
DUTY = (
    "自评结果的真实性和准确性由部门本级和所属单位负责，自评中发现的问题要及时进行整改（财预〔2020〕10号第二十一条）。"
)
_COLUMNS = (
    Column("序号", 1, "center"),
    Column("位置", 2.4),
    Column("所写", 3.6),
    Column("应为", 3.6),
    Column("问题、依据和建议", 8.4),
    Column("你单位反馈", 4),
)
_LONGEST = 300
"""Characters of a cell's text that a letter repeats; the form has all of it."""
_KINDS = {
    Severity.P0: "自相矛盾或违反规定，请更正",
    Severity.P1: "可能有误，请说明并附佐证，或更正",
    Severity.P2: "填写质量，请今后改进",
}


def letter_name(number: int, unit: str) -> str:
    """``003-水利局.docx``: ``number`` is the unit's place in the batch, which it keeps when others have no problem."""
    return f"{number:03}-{file_stem(unit)}.docx"


def letter(batch: Batch, unit: str, forms: Sequence[Told]) -> bytes:
    """One letter, the same bytes for the same findings."""
    faulty = [told for told in forms if told.answerable]
    count = sum(len(told.answerable) for told in faulty)
    kinds = {told.form.kind for told in forms}
    paper = QuickPaper(f"{NAME} {unit[:100]}", f"{NAME} {unit[:40]}", landscape=True)
    paper.title("绩效自评表复核意见函")
    paper.text(f"{_short(unit) if unit != UNNAMED else '________________'}：")
    basis = "和".join(basis for kind, basis in BASES.items() if kind in kinds)
    paper.text(
        f"根据{basis}，我们对你单位报送的{len(forms)}份绩效自评表进行了复核，其中{len(faulty)}份有{count}个问题，逐条列后。"
        f"{DUTY if FormKind.PROJECT in kinds else ''}请逐条核实，在“你单位反馈”栏写明是否属实、如何更正，"
        f"不属实的附佐证，于{BLANK_DATE}前加盖公章反馈。"
    )
    for number, told in enumerate(faulty, 1):
        _form(paper, batch, number, told)
    paper.note(
        "规则复算得分由表中的指标值、完成值和分值按计分规则复算得出，没有佐证的复核，不是复核得分；区间表示规则不能得出唯一分数。"
    )
    clean = [told.project for told in forms if not told.answerable]
    if clean:
        paper.note(f"没有发现问题的自评表{len(clean)}份：{_short('、'.join(clean))}")
    paper.signature("复核单位（盖章）", "反馈单位（盖章）")
    return paper.data()


def _form(paper: QuickPaper, batch: Batch, number: int, told: Told) -> None:
    one, form = told.one, told.form
    own = "—" if told.own is None else f"{plain(told.own)} {one.self_grade}".strip()
    facts = [
        ("文件", f"{form.file}{f' 第{form.number}张' if form.number > 1 else ''}"),
        ("计分规则", one.ruleset or "—"),
        ("自评得分", own),
        ("规则复算得分", told.recomputed or f"—（{_short(told.lacking)}）"),
        ("复核得分", recheck_text(one)),
        ("偏差", "—" if told.difference is None else signed(told.difference)),
    ]
    paper.heading(f"{number}．{_short(told.project)}")
    paper.caption("　　".join(f"{name}：{text}" for name, text in facts))
    lines: list[Line] = []
    count = 0
    for severity, words in _KINDS.items():
        found = [f for f in told.answerable if f.severity == severity]
        if found:
            lines.append(Line([f"{severity} {words}（{len(found)}个）"], "group"))
        for finding in found:
            count += 1
            lines.append(_line(count, finding, batch))
    paper.table(_COLUMNS, lines)


def _line(number: int, finding: Finding, batch: Batch) -> Line:
    """A row of the table; the first may run on to the next page, or heading, head and row would leave half a page empty."""
    source = batch.basis_of(finding.code)
    name = f"（{_short(finding.indicator)}）" if finding.indicator else ""
    told = [f"{batch.title_of(finding.code)}{name}：{_short(finding.message)}"]
    told += [f"依据：{source}"] if source else []
    told += [f"建议：{_short(finding.suggestion)}"] if finding.suggestion else []
    where = "\n".join(filter(None, (place_of(finding) or "整张表", finding.field)))
    found = _short(finding.found) or "（空白）"
    return Line([str(number), where, found, _short(finding.expected), "\n".join(told), ""], splits=number == 1)


def _short(text: str) -> str:
    """A text, or its beginning, that turns nothing round beside it."""
    return safe(beginning(text, _LONGEST))
