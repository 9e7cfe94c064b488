"""What sentences take from tables: a column's total under its own name, and the number of rows with it.

“投资金额7,179.58万元” is the total of the only column 投资金额; “5个子项目,预算资金合计3,091万元” has as many projects as the table has
rows, where its total is that amount. Where a sentence gives the amount of another thing, of a part, or of another year, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Paragraph
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in
from workbench.reports.checking.language.known import known
from workbench.reports.checking.language.numbers import closed, folded
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE
from workbench.reports.checking.tables.number_tables import NumberTable, number_table

_UNIT = re.compile(r"[(](?P<unit>亿元|万元|元)[)]")
_BEFORE = re.compile(r"单位[:：]\s*(?P<unit>亿元|万元|元)")
_CAPTION = re.compile(r"[(](?P<unit>亿元|万元|元)[)]\s*$")
_CORE = re.compile(r"[(].*?[)]|项目|基金|该|本|合计|总计|共计|总额|小计|累计|共|总|[为是:达到了约\s]|情况|规模")
_OTHER = re.compile(
    "上一?年|去年|20\\d\\d年|占|其中|分别|平均|部分|主要|仅|除|约|较|比|计划|目标|截至|年初|调整|追加|单个|每"
)
_COUNT = re.compile(
    r"(?P<count>\d{1,3})个(?P<thing>子项目|项目|乡镇|镇|街道|县区|区县|县|单位|部门|学校|企业|问题)|(?P<thing2>投资项目|子项目|问题)(?P<count2>\d{1,3})个"
)
_PERIOD = re.compile("20\\d\\d|上年|本年|当年|去年|年度|季度|半年|\\d月|第[一二三四]年|期$")
_LEAST = 3
"""Characters of a column's name that say what its amounts are of."""


def quoted(document: Document) -> Iterator[Finding]:
    """Every amount, and every number of things, that is not the table's it is taken from."""
    tables = [t for t in map(number_table, document.tables) if t is not None and t.total and not t.nested]
    words = known(document)
    found: list[Finding] = []
    for paragraph in document.paragraphs:
        plain = words.begins_plainly(paragraph.text)
        for match in FULL_STOP.finditer(closed(paragraph.text)) if not paragraph.contents else ():
            if len(match[0]) <= MAX_SENTENCE:
                found += [when(plain, f) for f in _sentence(match[0], paragraph, tables)]
    # The same words with several other amounts: each is of a part of it.
    others = {f.what: {o.found for o in found if o.what == f.what} for f in found}
    yield from (when(f.rule.code == "count" or len(others[f.what]) == 1, f) for f in found)


def _sentence(sentence: str, paragraph: Paragraph, tables: Sequence[NumberTable]) -> Iterator[Finding]:
    amounts = [a for a in amounts_in(sentence) if a.unit in SCALE]
    for amount in amounts:
        places = [(t, x) for t in tables if not by_year(t) for x in t.numeric if _named(t, x, amount)]
        if len(places) == 1 and not amount.rough and not _OTHER.search(amount.label):
            yield from _amount(amount, *places[0], paragraph)
    counts = list(_COUNT.finditer(sentence))
    if len(counts) == 1:
        yield from _count(counts[0], amounts, tables, paragraph)


def _named(table: NumberTable, x: int, amount: Amount) -> bool:
    core = _CORE.sub("", table.heads[x])
    return len(core) >= _LEAST and core == _CORE.sub("", amount.label) and column_total(table, x) is not None


def by_year(table: NumberTable) -> bool:
    """Whether its rows are years or parts of one: what a sentence tells is then one row's, and the total nobody's."""
    return any(_PERIOD.search(row.label) for row in table.rows)


def column_total(table: NumberTable, x: int) -> Fraction | None:
    """A column's total in 元, where the table says in what it is counted."""
    before = folded(table.table.before)
    unit = (
        _UNIT.search(table.heads[x])
        or _UNIT.search("".join(table.heads))
        or _BEFORE.search(before)
        or _CAPTION.search(before)
    )
    stated = table.total.values.get(x) if table.total else None
    if unit is None or stated is None or stated.number.percent or (table.mean and not table.both):
        return None
    return Fraction(stated.number.value) * SCALE[unit["unit"]]


def _agrees(table: NumberTable, x: int, amount: Amount) -> bool:
    total = column_total(table, x)
    return total is not None and abs(total - amount.value) <= amount.half


def _amount(amount: Amount, table: NumberTable, x: int, paragraph: Paragraph) -> Iterator[Finding]:
    if not any(_agrees(table, c, amount) for c in table.numeric) and table.total is not None:
        stated = table.total.values[x]
        what = f"“{table.heads[x]}”合计"
        yield finding("money_twice", paragraph.spot, what, amount, stated.number, "", stated.spot)


def _count(
    match: re.Match[str], amounts: Sequence[Amount], tables: Sequence[NumberTable], paragraph: Paragraph
) -> Iterator[Finding]:
    """The amount of the sentence is a table's total: then its things are the table's rows."""
    same = [
        t for t in tables if not by_year(t) and any(_agrees(t, x, a) for a in amounts for x in t.numeric if not a.rough)
    ]
    sizes = {len(t.rows) for t in same}
    thing = match["thing"] or match["thing2"]
    stated = int(match["count"] or match["count2"])
    counted = any(thing in t.heads[x] for t in same for x in t.numeric)
    if len(sizes) == 1 and stated not in sizes and not counted:
        [size] = sizes
        wrong = finding("count", paragraph.spot, f"“{match[0]}”", stated, size, f"金额与之相同的表有{size}行")
        # Rows are those things only where the table says so.
        yield when(all(any(thing in head for head in t.heads) for t in same), wrong)
