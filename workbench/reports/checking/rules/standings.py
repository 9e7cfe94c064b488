"""What a report says of all its subjects together: their mean score, the best and the worst, how many earned which grade."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Paragraph
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.bands import LABELS
from workbench.reports.checking.language.known import Known, known
from workbench.reports.checking.language.numbers import Number, cell_number, closed, numbers, says, text_of
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables.grid import Grid, Value, value_at
from workbench.reports.checking.tables.subjects import SubjectTable

_MEAN_ROW = re.compile(r"平均|均值|均分")
_MEAN = re.compile(r"(?:平均(?:得分|分数|分|成绩)|均分)(?:为|是|达|:)*\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分")
_OVERALL = re.compile(r"(?:总体|综合|整体|总)(?:评价)?(?:得分|评分)(?:为|是|:)*\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分")
_IS_MEAN = re.compile("(?:算术)?平均(?:值|数|分)?(?:作为|为|计算|确定)")
_OTHERS = re.compile(r"20\d\d年(?:度)?(?:的)?$|上一?年度?(?:的)?$|去年(?:的)?$|全[省市县区]|其余|其他|其中")
_EXTREME = re.compile(
    r"(?:最高|最低)(?:的|分)?(?:项目|单位|部门|地区)?(?:是|为|有)?[“\"]?(?P<name>[^,，。;；:(”\"\d]{2,40})[”\"]?"
    r"(?:[,，]?(?:得分)?(?:为|是)?|[(]|得分(?:为|是)?)\s*(?P<score>\d{1,3}(?:\.\d+)?)\s*分"
)
_GRADED = re.compile(
    rf"[“\"【]?(?P<label>{'|'.join(LABELS)})[”\"】]?(?:等级|等次|等|级|档)?(?:的)?(?:项目|单位|部门|资金|对象)?(?:共|有|共有|数量)?(?:为)?\s*(?P<count>\d{{1,3}})\s*[个家项所]"
)


def standings(document: Document, subjects: SubjectTable) -> Iterator[Finding]:
    """What sentences and the row 平均 say of the subjects of the report's only table of subjects."""
    yield from _mean_row(subjects)
    words = known(document)
    mean = any(_IS_MEAN.search(p.text) for p in document.paragraphs)
    for paragraph in document.paragraphs:
        if not paragraph.contents:
            yield from _mean(paragraph, subjects, words, overall=mean)
            yield from _extremes(paragraph, subjects)
            yield from _grades(paragraph, subjects)


def _mean_row(subjects: SubjectTable) -> Iterator[Finding]:
    """The row 平均 under the totals: their plain mean, or one weighted by another column."""
    grid, rows = Grid(subjects.table), subjects.table.rows
    last = max(r.row for r in subjects.rows)
    column = subjects.column
    for y in range(last + 1, len(rows)):
        stated = value_at(grid, rows, y, column, rows[0][column].text)
        said = any(_MEAN_ROW.search(tight(c.text)) for c in rows[y])
        if said and stated is not None and not _fits(subjects, stated.number):
            yield _wrong(subjects, stated)


def _wrong(subjects: SubjectTable, stated: Value) -> Finding:
    scores = [r.total.number for r in subjects.rows]
    return finding(
        "table_sum", stated.spot, "平均得分", stated.number, text_of(_plain(subjects)), f"{len(scores)}个得分的平均数"
    )


def _plain(subjects: SubjectTable) -> Fraction:
    scores = [Fraction(r.total.number.value) for r in subjects.rows]
    return sum(scores, Fraction(0)) / len(scores)


def _fits(subjects: SubjectTable, stated: Number) -> bool:
    """Whether it is the plain mean, or the mean weighted by the numbers of another column."""
    if says(stated, _plain(subjects)):
        return True
    rows = subjects.table.rows
    for x in range(subjects.table.width):
        weights = [cell_number(rows[r.row][x].text) for r in subjects.rows]
        values = [Fraction(w.value) for w in weights if w is not None]
        if x == subjects.column or len(values) != len(subjects.rows) or not sum(values):
            continue
        weighted = sum(
            (v * Fraction(r.total.number.value) for v, r in zip(values, subjects.rows, strict=True)), Fraction(0)
        )
        if says(stated, weighted / sum(values, Fraction(0))):
            return True
    return False


def _mean(paragraph: Paragraph, subjects: SubjectTable, words: Known, *, overall: bool) -> Iterator[Finding]:
    text = closed(paragraph.text)
    counts = set(re.findall(r"(\d{1,3})个(?:子?项目|单位|部门|对象)", text))
    for pattern in (_MEAN, _OVERALL) if overall else (_MEAN,):
        for match in pattern.finditer(text):
            before = re.split("[。;；,，]", text[: match.start()])[-1]
            of_all = str(len(subjects.rows)) in counts or pattern is _OVERALL
            stated = numbers(match["score"])[0].number
            if of_all and not _OTHERS.search(before) and not _fits(subjects, stated):
                how = f"{len(subjects.rows)}个得分的平均数"
                against = subjects.table.spot()
                mean = text_of(_plain(subjects))
                wrong = finding("total_twice", paragraph.spot, "平均得分", stated, mean, how, against)
                yield when(words.plain(before), wrong)


def _extremes(paragraph: Paragraph, subjects: SubjectTable) -> Iterator[Finding]:
    """“得分最高的是甲项目,为94.7分”: that subject's score in the table."""
    for match in _EXTREME.finditer(closed(paragraph.text)):
        named = [r for r in subjects.rows if tight(r.name) == tight(match["name"])]
        stated = numbers(match["score"])[0].number
        if len(named) == 1 and stated.value != named[0].total.number.value:
            row = named[0]
            yield finding(
                "total_twice", paragraph.spot, f"“{row.name}”得分", stated, row.total.number, "", row.total.spot
            )


def _grades(paragraph: Paragraph, subjects: SubjectTable) -> Iterator[Finding]:
    """“评为优的1个、评为良的4个”, where the sentence tells of two grades or more and the table grades every subject."""
    told = list(_GRADED.finditer(closed(paragraph.text)))
    if len({m["label"] for m in told}) < 2 or len(told) != len({m["label"] for m in told}):
        return
    given = Counter(r.grade for r in subjects.rows)
    if "" in given or not {m["label"] for m in told} <= {*LABELS} or not set(given) <= {*LABELS}:
        return
    for match in told:
        if int(match["count"]) != given[match["label"]]:
            how = f"第{subjects.table.number}张表中有{given[match['label']]}个"
            yield finding("count", paragraph.spot, f"“{match[0]}”", match["count"], given[match["label"]], how)
