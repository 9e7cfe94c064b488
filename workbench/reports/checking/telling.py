"""What the checker says: for people, for programs, and as a list to work through in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.base.safetext import safe
from workbench.base.text import inert
from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.findings import Finding, Findings
from workbench.scoring.result import SEVERITY_WORDS

HEAD = (
    "序号",
    "文件",
    "级别",
    "代码",
    "问题",
    "位置",
    "内容",
    "实际",
    "应为(前后不一致的:对照位置所写)",
    "依据的算式",
    "对照位置",
    "要求",
)
_SHOWN = 5
_WIDTHS = (6, 24, 8, 16, 28, 40, 26, 14, 14, 40, 40, 40)


def text(answer: Findings) -> str:
    """One report: the findings with their place, then what was looked at and what could not be judged."""
    lines = [f"{answer.file}:{_verdict(answer)}"]
    for n, found in enumerate(answer.found, 1):
        lines.append(f"  {n}. [{SEVERITY_WORDS[found.rule.severity]} {found.rule.code}] {safe(str(found.spot))}")
        lines.append(f"     {safe(found.sentence())}")
    lines.append(f"  核对范围:{_looked_at(answer)}")
    lines += [*_some("请人核对", answer.questions), *_some("没有核对", answer.unjudged)]
    return "\n".join(lines)


def _some(word: str, sentences: Sequence[str]) -> Iterator[str]:
    """The first few, and how many more there are."""
    yield from (f"  {word}:{safe(sentence)}" for sentence in sentences[:_SHOWN])
    rest = len(sentences) - _SHOWN
    if rest > 0:
        yield f"  {word}:另有{rest}项,见 --json"


def _verdict(answer: Findings) -> str:
    if answer.found:
        return f"发现{len(answer.found)}处问题"
    if answer.judged and answer.questions:
        return f"没有发现问题,有{len(answer.questions)}处请人核对"
    return "没有发现问题" if answer.judged else "没有认出可以核对的得分或金额,不能说明没有问题"


def _looked_at(answer: Findings) -> str:
    return "、".join(f"{name}{count}" for name, count in answer.counts.items())


def as_dict(answer: Findings) -> dict[str, Any]:
    """One report as plain fields for ``--json``."""
    return {
        "file": answer.file,
        "findings": [_finding(f) for f in answer.found],
        "counts": answer.counts,
        "questions": list(answer.questions),
        "unjudged": list(answer.unjudged),
        "judged": answer.judged,
    }


def _finding(found: Finding) -> dict[str, Any]:
    content: dict[str, Any] = {"code": found.rule.code, "severity": found.rule.severity, "title": found.rule.title}
    content |= {"what": found.what, "found": found.found, "expected": found.expected, "how": found.how}
    content |= {"source": found.rule.source, "place": _spot(found.spot)}
    return content | ({"against": _spot(found.against)} if found.against is not None else {})


def _spot(spot: Spot) -> dict[str, Any]:
    content: dict[str, Any] = {"part": spot.part, "number": spot.number, "words": spot.title, "text": str(spot)}
    content |= {"row": spot.row} if spot.row is not None else {}
    return content | ({"column": spot.column} if spot.column else {})


def rows(answers: Sequence[Findings]) -> list[list[str]]:
    """The findings of all reports, one row each, under :data:`HEAD`."""
    made: list[list[str]] = []
    for answer in answers:
        for f in answer.found:
            row = [
                answer.file,
                SEVERITY_WORDS[f.rule.severity],
                f.rule.code,
                f.rule.title,
                str(f.spot),
                f.what,
                f.found,
            ]
            row += [f.expected, f.how, str(f.against) if f.against is not None else "", f.rule.source]
            made.append([str(len(made) + 1), *map(safe, row)])
    return made


def csv_bytes(answers: Sequence[Findings]) -> bytes:
    """The list as CSV: UTF-8 with BOM, no cell a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([inert(cell) for cell in row] for row in rows(answers))
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def xlsx_bytes(answers: Sequence[Findings]) -> bytes:
    """The list as a workbook, every cell a text; a second sheet says what was looked at."""
    from workbench.reports.sheets import Column, Sheet, workbook_bytes

    columns = [Column(title, width) for title, width in zip(HEAD, _WIDTHS, strict=True)]
    looked = [
        [safe(a.file), str(len(a.found)), _looked_at(a), safe("；".join(a.questions)), safe("；".join(a.unjudged))]
        for a in answers
    ]
    about = [
        Column("文件", 30),
        Column("问题数", 10),
        Column("核对范围", 60),
        Column("请人核对", 60),
        Column("没有核对", 60),
    ]
    sheets = [Sheet("问题清单", columns, rows(answers), fixed=2), Sheet("核对范围", about, looked, fixed=1)]
    return workbook_bytes("评价报告核对问题清单", sheets)
