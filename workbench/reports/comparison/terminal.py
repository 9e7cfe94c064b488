"""What ``workbench compare`` prints: plain text in columns that also line up under Chinese characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.analysis.comparison import Comparison, SubjectChange
from workbench.base.lines import pad, width, wrap
from workbench.reports.comparison import tables, words
from workbench.reports.comparison.words import NEW, OLD
from workbench.reports.console import WIDTH, clean, clip, entry
from workbench.reports.table import Table

DETAILED, LISTED = 5, 20
"""Subjects described one by one, and subjects listed at all."""
NAMED_LINES = 12
"""What differs in one respect is named up to so many lines."""
_WIDEST = {"指标": 22, "评价对象": 24, "完成值": 18, "等级": 16, "事项": 30}
_LAST = 25
"""Columns the last column of a table is left at least."""
_LONGEST = 160
"""Columns of a line of a cell; names and values in full stand in 复核表."""


_NARROW = {
    "编码": "编码",
    "指标": "指标",
    "完成值": "完成值",
    f"{OLD}得分": "原得分",
    f"{NEW}得分": "现得分",
    "差异": "差异",
    "原因及其得分变化": "原因及其得分变化",
}
"""Columns of the lines that changed, and what they are called where there is little room."""


def comparison_text(comparison: Comparison) -> str:
    """Both sides, what differs, totals and grades, what moved and why, and what the reader should know about it."""
    old, new = comparison.old, comparison.new
    lines = entry(OLD, f"{old.title}({old.stage},{old.period}) {old.source}")
    lines += entry(NEW, f"{new.title}({new.stage},{new.period}) {new.source}")
    lines += ["", *_differences(comparison)]
    if len(comparison.subjects) > 1:
        lines += ["", *_overview(comparison)]
    shown = comparison.subjects if len(comparison.subjects) == 1 else words.moved_most(comparison, DETAILED)
    for subject in shown:
        lines += ["", *_subject(subject)]
    lines += [f"\n{line}" for line in _left_out(comparison, len(shown))]
    return "\n".join(line.rstrip() for line in [*lines, "", *_notes(comparison)])


def _differences(comparison: Comparison) -> Iterator[str]:
    yield "不同之处"
    same = [d for d in comparison.differences if not d.what]
    for difference in comparison.differences:
        for number, what in enumerate(difference.what[:NAMED_LINES]):
            yield from entry("" if number else words.causes_text([difference.cause]), what)
    if same:
        yield from entry("相同", "、".join(words.causes_text([d.cause]) for d in same))
    for joined in comparison.joined:
        yield from entry("合并", f"{words.causes_text(joined.causes)}不能分开:{joined.why}")


def _overview(comparison: Comparison) -> Iterator[str]:
    table = tables.summary_table(comparison)
    first = Table(table.caption, table.columns[:-1], [r[:-1] for r in table.rows[:LISTED]], numeric=table.numeric)
    yield from grid(first)
    if len(table.rows) > LISTED:
        yield f"……另有{len(table.rows) - LISTED}个评价对象,共{len(table.rows)}个。"


def _left_out(comparison: Comparison, shown: int) -> Iterator[str]:
    moved = len(words.moved_most(comparison, len(comparison.subjects)))
    if moved > shown:
        yield f"以上为变动最大的{shown}个对象,其余{moved - shown}个有变动的对象见 --out 写出的复核表。"
    elif not shown:
        yield f"{len(comparison.subjects)}个对象都没有变动。"
    elif shown < len(comparison.subjects):
        yield f"其余{len(comparison.subjects) - shown}个对象没有变动。"


def _subject(subject: SubjectChange) -> Iterator[str]:
    yield from wrap(f"【{clip(subject.name, _LONGEST)}】", WIDTH)
    old, new = words.totals_text(subject)
    deviation = words.deviation_text(subject.deviation)
    if not subject.complete:
        first, second = words.scored_sums(subject)
        new += f"(按已评分的指标{first} → {second})"
    yield from entry("总分", f"{old} → {new},差异{words.signed(subject.difference)}分,偏离度{deviation}")
    yield from entry("等级", words.grade_change(subject))
    yield from entry("差异较大", words.large_text(subject))
    if subject.main_reasons:
        yield from entry("主要原因", clip(subject.main_reasons, 4 * _LONGEST))
    others = (tables.shares_table(subject), tables.alone_table(subject), tables.consequences_table(subject))
    for table in (_moved(subject), *others):
        if table.rows:
            yield ""
            yield from grid(replace(table, caption=table.caption.removeprefix(f"{subject.name}:")))


def _moved(subject: SubjectChange) -> Table:
    """The lines that changed as narrow as a terminal; weight and target are named only where they differ."""
    whole = tables.lines_table(subject)
    rows = []
    for row in whole.rows:
        cells = dict(zip(whole.columns, row, strict=True))
        notes = [f"({name}{cells[name]})" for name in ("分值", "指标值") if "→" in cells[name]]
        if cells.get(words.CLAIMED, "—") not in ("", "—", cells[f"{OLD}得分"]):
            notes.append(f"(单位填报{cells[words.CLAIMED]}分)")
        cells["指标"] = "\n".join([cells["指标"], *notes])
        rows.append([cells[c] for c in _NARROW])
    return replace(
        whole, columns=[_NARROW[c] for c in _NARROW], rows=rows, numeric=frozenset({"原得分", "现得分", "差异"})
    )


def _notes(comparison: Comparison) -> Iterator[str]:
    yield from entry("标准", words.thresholds_text(comparison))
    yield from entry("偏离度", words.DEVIATION.removeprefix("偏离度="))
    for note in comparison.notes:
        yield from entry("说明", note)
    for title, ids in (("只在原评价", comparison.only_old), ("只在再评价", comparison.only_new)):
        if ids:
            yield from entry(title, f"评价对象{'、'.join(ids)}没有对比")
    yield from _proposals(comparison)


def _proposals(comparison: Comparison) -> Iterator[str]:
    """Indicators of the same name under other codes, and the file that confirms them, to be copied as it stands."""
    import yaml

    proposed = [m for m in comparison.matches if not m.confirmed]
    if not proposed:
        return
    yield ""
    yield "下列指标名称相同、编码不同,现按不同指标对比。确为同一指标的,请把下面各行存为文件(如 对应表.yaml),"
    yield "再加 --mapping 对应表.yaml 重新对比:"
    yield ""
    for match in proposed:
        pair = yaml.safe_dump({match.old: match.new}, allow_unicode=True, width=10**6).strip()
        yield f"{pair}  # {clip(match.name, 40)}"


def grid(table: Table) -> list[str]:
    """A table in columns: long cells wrapped, numbers to the right, subtotals as they stand."""
    rows = [["\n".join(clip(line, _LONGEST) for line in cell.splitlines()) for cell in row] for row in table.rows]
    widths = _widths(table.columns, rows)
    right = [c in table.numeric for c in table.columns]
    lines = [*_row(table.columns, widths, right), "  ".join("-" * w for w in widths)]
    lines += [line for row in rows for line in _row(row, widths, right)]
    notes = [line for note in table.note.splitlines() for line in wrap(clean(note), WIDTH - 2)]
    return [clip(table.caption, WIDTH), *(f"  {line}" for line in lines), *(f"  {line}" for line in notes)]


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """What each column needs, up to its limit; the last one gets what is left of the line."""
    cells = [[line for row in [columns, *rows] for line in row[i].splitlines()] for i in range(len(columns))]
    needed = [max(map(width, column)) for column in cells]
    found = [min(n, _WIDEST.get(c, n)) for n, c in zip(needed, columns, strict=True)]
    left = WIDTH - 2 - sum(found[:-1]) - 2 * (len(found) - 1)
    return [*found[:-1], min(found[-1], max(left, _LAST))]


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    parts = [wrap(cell, room) for cell, room in zip(cells, widths, strict=True)]
    return [
        "  ".join(pad(p[n] if n < len(p) else "", w, r) for p, w, r in zip(parts, widths, right, strict=True))
        for n in range(max(map(len, parts)))
    ]
