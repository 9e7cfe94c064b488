"""The form as a document: its sentences beside its figures, prompts left standing, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import PROMPT, Reviewed, name_of, sentences, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.told import Told, told_of

_RESULT = r"(?:绩效)?自评(?:综合|总|最终|评价)*(?:得分|分数|评分|分值|结果|成绩|得|分)|自评总分|综合得分|总得分|自评(?=为|是)|自评共得"
_GENERAL = (
    r"(?:^|[,。;:、]|项目|本次)(?:最终|最后|综合评[价定]|绩效评价|评价|评分)(?:总|最终)?(?:得分|结果)"
    r"|(?:^|[,。;:、])(?:本|该|全年)?(?:项目|部门整体|整体支出)(?:支出|绩效|自评|评价|综合|总|最终|实际)*(?:得分|分值|评分)"
    r"|自评,?(?:本|该)?(?:项目|部门|单位)?(?:总|综合|最终|实际|绩效)*得分?"
)
_SCORED = re.compile(
    rf"(?:{_RESULT}|{_GENERAL})(?:为|是|达|共|得)?:?(\d{{1,3}}(?:\.\d+)?)分|(?:{_RESULT})(?:为|是|:)+(\d{{1,3}}(?:\.\d+)?)(?![\d.%])"
)


def total_noted(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A sentence of the form that names 自评得分 names the one of the table."""
    total, paper = form.total, form.form
    cells = (paper.achieved, *paper.notes, paper.labels.get("评价结论"), paper.labels.get("自评报告"))
    for cell, text in sentences(paper, *cells):
        for stated in (one or other for one, other in _SCORED.findall(text)):
            if total is not None and abs(Decimal(stated) - total) > params.number("tolerance"):
                yield Seen(cell, "文字说明", "", f"{trimmed(total)}分", f"自评得分{stated}分")
                return


def achieved_differs(form: Reviewed, params: Params) -> Iterator[Seen]:
    """实际完成情况 that tells the number of an indicator tells its actual."""
    told: list[Told] = told_of(form)
    for one in told:
        actual = one.typed.actual.number
        if actual is not None and not one.agrees(actual):
            shown = f"{trimmed(actual)}{one.typed.target.unit}"
            yield Seen(form.form.achieved, "实际完成情况", name_of(one.typed.row), shown, f"“{one.words}”")


def prompt_left(form: Reviewed, params: Params) -> Iterator[Seen]:
    """What the template asks for still stands where the answer belongs: (200字以内)."""
    paper = form.form
    cells = [("预期目标", paper.expected), ("实际完成情况", paper.achieved), *paper.labels.items()]
    cells += [("偏差原因分析及改进措施", typed.row.remark) for typed in form.rows]
    for field, cell in cells:
        if PROMPT.search(text_of(cell)):
            yield Seen(cell, field, "", "填写内容")


def signature_missing(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Who is to sign has signed; a form without such a line is not asked."""
    blank = [
        (name, cell)
        for name in params.words("labels")
        if (cell := form.form.labels.get(name)) is not None and cell.blank
    ]
    if blank:
        yield Seen(blank[0][1], "签字", "", "签字", f"{'、'.join(name for name, _ in blank)}空白")
