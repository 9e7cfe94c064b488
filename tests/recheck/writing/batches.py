"""Re-checked forms for the tests of what is written: published ones, and one whose every text is meant to do harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from cases import form_of, form_with, funds, indicator, written

from workbench.base.errors import Place, Problem
from workbench.plugins.manager import load_plugins
from workbench.recheck.model import Form, Spot
from workbench.recheck.outcome import Choice, Finding, Rechecked, Severity
from workbench.recheck.recompute import recompute, totals
from workbench.recheck.writing.told import Batch, RuleNote, told
from workbench.scheme.library import Library
from workbench.scheme.ruleset import Ruleset

RULES = {
    "points_sum": RuleNote("得分合计不符", "财预〔2020〕10号 附1"),
    "no_reason": RuleNote("扣分没有说明原因", "示例,可改"),
    "weak": RuleNote("数量指标写成≤", "示例,可改"),
}
HARM = "=cmd|'/c calc'!A0<script>alert(1)</script>&amp;\x1b[31m\u202e{{ 7*7 }}\""
LONG = "长" * 5000
"""A cell somebody has pasted a report into."""


@lru_cache(maxsize=1)
def _ruleset() -> Ruleset:
    return Library.of(load_plugins(code=False).folders).ruleset("caiyu-2020-10")


def found(
    form: Form, code: str = "points_sum", severity: Severity = Severity.P0, spot: Spot | None = None, **more: str
) -> Finding:
    """A finding made by hand; its words as a rule would put them."""
    words = {
        "field": "得分",
        "indicator": "",
        "found": "100",
        "expected": "97.93",
        "message": "各项得分合计97.93,表中写100",
    }
    words |= {"suggestion": "请核对各项得分"} | more
    return Finding(form.file, form.number, code, severity, spot, **words)


def rechecked(
    form: Form, findings: Sequence[Finding] = (), choices: Sequence[Choice] = (), **more: object
) -> Rechecked:
    """A form recomputed under 10号, with these findings."""
    (lines,) = recompute([form], _ruleset())
    total, low, high = totals(lines)
    one = Rechecked(form, _ruleset().title, lines, total, low, high, tuple(findings), tuple(choices))
    return replace(one, **more)  # type: ignore[arg-type]


def hostile(file: str = "甲/=1+1.xlsx") -> Form:
    """Every text of it is meant to do harm somewhere."""
    rows = (indicator(1, HARM, HARM, HARM, 50, 50, remark=LONG), indicator(2, LONG, "≥95%", "98%", 40, 40, remark=HARM))
    named = {"project": written(HARM, "C2"), "unit": written("CON/../" + HARM, "C3")}
    return form_with(rows, (funds(100, 100, 10, 10),), file=file, **named)


def shared() -> Form:
    """Three indicators of one weight with a sub-item between them, then one of its own."""
    rows = (
        indicator(1, "新建机井", "≥12眼", "12眼", 50, 48, group=1, remark="一眼出水不足"),
        indicator(2, "其中:深井", "≥3眼", "3眼", None, None, group=2, part=True),
        indicator(3, "修复水渠", "≥5公里", "4公里", None, None, group=1),
        indicator(4, "受益群众满意度", "≥95%", "97%", 40, 40, level1="满意度指标", level2="服务对象满意度指标"),
    )
    named = {
        "project": written("小型农田水利", "C2"),
        "unit": written("水利局", "C3"),
        "department": written("水利局", "C4"),
    }
    total = {"total_points": written(97, "H30"), "total_weight": written(100, "G30")}
    return form_with(
        rows, (funds(Decimal("210"), Decimal("166.47"), 10, 9),), file="水利局/机井.xlsx", **named, **total
    )


def decided() -> Rechecked:
    """:func:`shared` with every line decided by a reviewer."""
    form = shared()
    choices = (
        Choice(0, None, Decimal("7.93"), "按执行率计", "张三"),
        Choice(3, "4公里", Decimal(40), "水渠少修1公里", "张三", "验收单"),
        Choice(4, None, Decimal(40), "认可", "张三"),
    )
    spot = form.indicators[0].points.spot if form.indicators[0].points else None
    findings = [
        found(form, spot=spot, indicator="新建机井"),
        found(form, "no_reason", Severity.P1),
        found(form, "weak", Severity.P2),
    ]
    return rechecked(form, findings, choices, decided=Decimal("87.93"), self_grade="优", grade="良")


def batch(*more: Rechecked) -> Batch:
    """Two published forms, one decided, one hostile, one without anything; a project without a form."""
    first, second = form_of("liangping_forestry_2022"), form_of("changning_pig_2022")
    spot = first.indicators[0].points.spot if first.indicators[0].points else None
    harm = found(
        hostile(),
        HARM[:20],
        Severity.P0,
        Spot(HARM, 3, 3, HARM),
        **dict.fromkeys(("field", "indicator", "found", "expected", "message", "suggestion"), HARM),
    )
    forms = [
        rechecked(first, [found(first, spot=spot)], self_grade="优", grade="优"),
        rechecked(second, [found(second, "no_reason", Severity.P1)], self_grade="优", grade="良"),
        decided(),
        rechecked(hostile(), [harm, found(hostile(), message=LONG, found=LONG)]),
        rechecked(form_with(file="空/空表.docx")),
        *more,
    ]
    loose = Finding(
        "项目清单.xlsx",
        0,
        "missing",
        Severity.P1,
        Spot("项目清单", 4, 1, "B5"),
        "项目名称",
        "",
        "河道清淤",
        "有自评表",
        "应评未评:河道清淤",
        "请补报",
    )
    refused = Problem("file_macro", HARM, Place("乙/宏.xlsm"), fix="请另存为 .xlsx")
    return told(forms, [loose], RULES, [refused], "某县2022年度自评复核")
