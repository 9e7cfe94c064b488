"""The tables of a comparison, as notebooks and the terminal show them."""

from __future__ import annotations

from decimal import Decimal

from workbench.analysis.comparison import CAUSE_WORDS, Comparison, SubjectChange
from workbench.base.safetext import isolated
from workbench.base.text import plain
from workbench.reports.comparison import words
from workbench.reports.comparison.words import NEW, OLD
from workbench.reports.reading import total_of
from workbench.reports.table import RowKind, Table

_OLD_TOTAL, _NEW_TOTAL = f"{OLD}得分", f"{NEW}得分"
_NUMBERS = frozenset({_OLD_TOTAL, _NEW_TOTAL, "差异", "偏离度", "得分变化", "总分变化"})


def sides_table(comparison: Comparison) -> Table:
    """What the two sides are."""
    rows = [[name, isolated(old), isolated(new)] for name, old, new in words.side_rows(comparison.old, comparison.new)]
    return Table("对比双方", ["项目", OLD, NEW], rows)


def differences_table(comparison: Comparison) -> Table:
    """What differs, cause by cause."""
    rows = [[CAUSE_WORDS[d.cause], isolated("\n".join(d.what)) or "相同"] for d in comparison.differences]
    return Table("不同之处", ["方面", "内容"], rows)


def summary_table(comparison: Comparison) -> Table:
    """汇总: every subject with both totals and grades, the deviation, and whether the difference is large."""
    rows = []
    for s in comparison.subjects:
        old, new = words.totals_text(s)
        large = "是" if s.large else "否"
        cells = [isolated(s.name), old, new, words.signed(s.difference), words.deviation_text(s.deviation)]
        rows.append([*cells, words.grade_change(s), large, isolated(s.main_reasons) or "—"])
    columns = ["评价对象", _OLD_TOTAL, _NEW_TOTAL, "差异", "偏离度", "等级", "差异较大", "主要原因"]
    note = f"{words.thresholds_text(comparison)}。{words.DEVIATION}。"
    return Table("再评价对比汇总", columns, rows, numeric=_NUMBERS, note="\n".join([note, *comparison.notes]))


def lines_table(subject: SubjectChange) -> Table:
    """The lines that changed: values, points, difference, and what each cause answers for."""
    rows: list[list[str]] = []
    claimed = words.any_claimed(subject)
    for x in filter(words.changed, subject.lines):
        value = words.pair(x.old_value, x.new_value)
        target = words.pair(x.old_target, x.new_target)
        points = [x.old_claimed or "—"] if claimed else []
        points += [words.old_points(x), words.new_points(x), words.signed(x.difference)]
        cells = [x.code or "—", words.line_name(x), words.weight_text(x), target, value, *points]
        rows.append([*cells, words.shares_text(x.shares, "\n") or "—"])
    kinds: list[RowKind] = ["plain"] * len(rows)
    if rows:
        old, new = map(plain, words.scored_sums(subject))
        shares = words.shares_text(subject.shares, "\n") or "—"
        own = [words.claimed_text(subject)] if claimed else []
        rows.append(["", "合计(含未变动的指标)", "", "", "", *own, old, new, words.signed(subject.difference), shares])
        kinds.append("total")
    columns = ["编码", "指标", "分值", "指标值", "完成值", *([words.CLAIMED] if claimed else [])]
    columns += [_OLD_TOTAL, _NEW_TOTAL, "差异", "原因及其得分变化"]
    numbers = _NUMBERS | {"分值", words.CLAIMED}
    return Table(f"{subject.name}:有变动的指标", columns, rows, kinds, numbers, "(没有变动)", rounding_note(subject))


def rounding_note(subject: SubjectChange) -> str:
    """What printed shares of the lines lack to the printed share of the whole; empty where nothing does."""
    found = [(b, words.rounding(subject, b)) for b in words.blocks([subject])]
    said = "、".join(f"{words.causes_text(b)}{words.signed(r)}" for b, r in found if r)
    return f"各项原因逐项取两位小数,与合计的尾差:{said}。" if said else ""


def shares_table(subject: SubjectChange) -> Table:
    """差异构成: what each cause answers for; the parts add up to the difference."""
    rows = [[words.causes_text(s.causes), words.signed(s.points), s.exact] for s in subject.shares]
    kinds: list[RowKind] = ["plain"] * len(rows)
    if rows:
        rows.append(["合计", words.signed(subject.difference), ""])
        kinds.append("total")
    note = "各原因先后次序的影响取全部次序的平均(Shapley值);精确值为分数。"
    columns = ["原因", "得分变化", "精确值"]
    numbers = _NUMBERS | {"精确值"}
    return Table(f"{subject.name}:差异构成", columns, rows, kinds, numbers, "(得分没有变化)", note)


def alone_table(subject: SubjectChange) -> Table:
    """One change at a time: how the total moves when only this is put into the first evaluation."""
    causes = words.blocks([subject])
    found = {tuple(s.causes): s.points for s in subject.alone}
    rows = [[words.causes_text(b), words.signed(found.get(b, "0.00"))] for b in causes if "environment" not in b]
    apart = plain(total_of(found.values()))
    equal = Decimal(apart) == Decimal(subject.difference)
    note = f"各项单独改变之和为{words.signed(apart)}分,与差异{words.signed(subject.difference)}分不必相等:各项改变相互影响。"
    columns = ["只改变这一项", "总分变化"]
    return Table(
        f"{subject.name}:逐项单独改变", columns, rows, [], _NUMBERS, "(没有)", note if rows and not equal else ""
    )


def consequences_table(subject: SubjectChange) -> Table:
    """Caps, vetoes and events whose state differs, and what follows for the use of the result."""
    rows = [[c.text, c.old or "办法未规定", c.new or "办法未规定", c.clause] for c in subject.caps]
    if subject.old_consequences != subject.new_consequences:
        sides = ["\n".join(x) or "—" for x in (subject.old_consequences, subject.new_consequences)]
        rows.append(["结果应用", *sides, ""])
    return Table(f"{subject.name}:限级情形与结果应用变化", ["事项", OLD, NEW, "依据条款"], rows, empty="(没有变化)")


def matches_table(comparison: Comparison) -> Table:
    """Indicators matched under different codes: confirmed, or proposed because their names are the same."""
    rows = [[m.old, m.new, isolated(m.name), "已确认" if m.confirmed else "待确认"] for m in comparison.matches]
    return Table("编码不同的指标", [f"{OLD}编码", f"{NEW}编码", "指标", "对应关系"], rows)
