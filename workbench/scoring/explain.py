"""Sentences on demand: the 评分说明 of one indicator, its formula with the numbers put in, and where each number stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from workbench.base.exact import from_units
from workbench.base.text import plain, with_unit
from workbench.evidence.dates import date_text
from workbench.evidence.tables import EvidenceStatus, Table
from workbench.scheme.expressions import Expression, parse_expression
from workbench.scheme.findings import cited
from workbench.scheme.pack import Indicator
from workbench.scoring.arithmetic import chosen, formula, shown, zero_denominators
from workbench.scoring.kinds import Case, input_column
from workbench.scoring.measures import Measures
from workbench.scoring.proofs import STATUSES
from workbench.scoring.result import EvidenceRef
from workbench.scoring.scorecard import IndicatorScores, Scorecard
from workbench.scoring.status import NOT_APPLICABLE, PROVISIONAL, UNSCORED, ZERO


def case_of(scores: IndicatorScores, row: int) -> Case:
    """One subject's numbers for the rule's sentence."""
    item, inputs = scores.ruled.item, scores.inputs
    settled = bool(scores.settled[row]) and not scores.only_adjusted(row)
    context = scores.kind.context(inputs, scores.ruled.params, row) if scores.kind.context is not None else {}
    return Case(
        name=item.name,
        weight=from_units(inputs.weight, inputs.decimals),
        points=from_units(scores.computed[row], inputs.decimals) if settled else None,
        branch=scores.kind.branch_name(int(scores.branch[row])),
        direction=inputs.direction,
        unit=item.unit,
        value=inputs.value.number(row) if inputs.value is not None else None,
        target=inputs.target.number(row) if inputs.target is not None else None,
        extra={name: column.number(row) for name, column in inputs.extra.items()} | dict(context),
        extra_titles={name: spec.title for name, spec in item.inputs.items()},
        extra_units={name: spec.unit for name, spec in item.inputs.items()},
    )


def explanation(card: Scorecard, scores: IndicatorScores, row: int) -> str:
    """The sentence for the 评分说明/扣分原因 column."""
    status = int(scores.status[row])
    if status == NOT_APPLICABLE:
        return _not_applicable(card, scores, row)
    if status == ZERO:
        return _zero(card, scores, row)
    evidence = STATUSES[int(card.proofs.status_of(scores.code)[row])]
    if status == UNSCORED:
        return _unscored(card, scores, row, evidence)
    if scores.only_adjusted(row):
        return f"{_unscored(card, scores, row, evidence)};{_adjusted(scores, row)}"
    sentence = scores.kind.explain(case_of(scores, row), scores.ruled.params)
    if scores.adjusted[row]:
        return f"{sentence};{_adjusted(scores, row)}"
    if evidence is EvidenceStatus.contradicted:
        sentence = f"{sentence}(按核定值计)"
    if status == PROVISIONAL and evidence in (EvidenceStatus.verified, EvidenceStatus.contradicted):
        return f"{sentence};计分的前提不成立(见发现的问题),只作拟得分"
    return sentence


def _adjusted(scores: IndicatorScores, row: int) -> str:
    """``经5名专家评审(算术平均)由8.00分调整为7.40分``; where the rule itself gave no points, there is nothing to adjust."""
    computed, final = (plain(from_units(u[row], scores.inputs.decimals)) for u in (scores.computed, scores.final))
    change = f"评定为{final}分" if scores.only_adjusted(row) else f"由{computed}分调整为{final}分"
    return f"经{scores.ways[row]}{change}"


def _not_applicable(card: Scorecard, scores: IndicatorScores, row: int) -> str:
    waiver = card.proofs.waivers.get((scores.code, row))
    if waiver is None:
        return f"{scores.ruled.item.name}对本对象不适用(指标包的适用条件不成立)"
    approved = f"{waiver.approver}于{waiver.approved_on.isoformat()}批准"
    return f"不适用:{waiver.reason};证明:{waiver.proof};{approved}"


def _zero(card: Scorecard, scores: IndicatorScores, row: int) -> str:
    proof = card.proofs.noticed[scores.code, row]
    late = card.scheme.ruleset.late_evidence
    source = cited(late.clause) or "示例规则,可改"
    return f"逾期未提供佐证(补充资料通知{proof.notice_number},{proof.notice_date}),按规则“{late.title}”得0分({source})"


def _unscored(card: Scorecard, scores: IndicatorScores, row: int, evidence: EvidenceStatus) -> str:
    if evidence is EvidenceStatus.overdue:
        return f"{scores.ruled.item.name}逾期未提供佐证,但没有有效的补充资料通知,未评分"
    if evidence is EvidenceStatus.contradicted and not _replaced(card, scores, row):
        return f"{scores.ruled.item.name}核实不符,没有可采用的核定值,未评分"
    sentence = scores.kind.explain(case_of(scores, row), scores.ruled.params)
    reasons = missing_reasons(card.measures, scores, row)
    return f"{sentence};{';'.join(reasons)}" if reasons else sentence


def missing_reasons(measures: Measures, scores: IndicatorScores, row: int) -> list[str]:
    """Why the inputs of an unscored indicator are missing: blank fields and zero denominators."""
    reasons: list[str] = []
    for sql, name in _expressions(scores):
        column = input_column(scores.inputs, name)
        needed = not scores.kind.needs or name in scores.kind.needs
        if column is None or column.valid[row] or not needed:
            continue
        expression = parse_expression(sql)
        lookup = measures.lookup(expression.refs, row)
        blank = [measures.origins[r] for r in expression.refs if lookup(r) is None]
        zero = zero_denominators(expression, lookup)
        # Nobody fills in a derived column; what it was made from is missing.
        reasons += [f"“{o.title}”{'未填报' if o.table is not None else '缺数据,无法计算'}" for o in blank]
        reasons += [f"分母“{_titled(measures, below)}”为0" for below in zero]
    return list(dict.fromkeys(reasons))


def zero_inputs(measures: Measures, scores: IndicatorScores, row: int) -> list[tuple[str, str]]:
    """Denominators of the value that are 0 for one subject: what is divided by, and where it stands."""
    item, value = scores.ruled.item, scores.inputs.value
    if item.value is None or value is None or value.valid[row]:
        return []
    expression = parse_expression(item.value)
    below = zero_denominators(expression, measures.lookup(expression.refs, row))
    return [(_titled(measures, b), (b in measures.origins and _place(measures, b, row)) or "") for b in below]


def _titled(measures: Measures, written: str) -> str:
    """A denominator as a reader knows it: of a sum as well, no field name stays."""

    def title(name: re.Match[str]) -> str:
        origin = measures.origins.get(name[0])
        return origin.title if origin else name[0]

    return re.sub(r"[A-Za-z_][\w.]*", title, written)


def _expressions(scores: IndicatorScores) -> list[tuple[str, str]]:
    item = scores.ruled.item
    found = [(item.value, "value")] if item.value else []
    if isinstance(item, Indicator) and item.target:
        found.append((item.target, "target"))
    return found + [(spec.expr, name) for name, spec in item.inputs.items()]


def _replaced(card: Scorecard, scores: IndicatorScores, row: int) -> bool:
    """Whether the 核定值 stands in the place of the value handed in."""
    return bool(card.proofs.replaced(scores.code, scores.inputs.value is not None)[row])


def measure_text(card: Scorecard, scores: IndicatorScores, row: int) -> tuple[str | None, str | None]:
    """The formula in field names, and with this subject's numbers put in and the result after the equals sign.

    A 核定值 is not what the numbers handed in come to; it is said beside them.
    """
    item, measures = scores.ruled.item, card.measures
    if item.value is None:
        return (item.formula if isinstance(item, Indicator) else None), None
    expression = parse_expression(item.value)
    written = item.formula if isinstance(item, Indicator) and item.formula else _in_titles(measures, expression)
    if expression.bare:
        return written, None
    lookup = measures.lookup(expression.refs, row)
    used = chosen(expression.root, lookup)
    with_numbers = formula(
        used, lambda name: f"{shown(lookup(name), measures.origins[name].unit)}{_corrected(measures, name, row)}"
    )
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    result = with_unit(value, item.unit) if value is not None else "缺"
    if _replaced(card, scores, row):
        return written, f"{with_numbers}(核实不符,按核定值{result}计)"
    return written, f"{with_numbers}={result}"


def _corrected(measures: Measures, name: str, row: int) -> str:
    """Behind a number that was corrected, or made from rows one of which was: by which event."""
    origin, subject = measures.origins[name], measures.ids[row]
    if origin.table is not None:
        cells = ((origin.field, i) for i in origin.table.records.get(subject, []))
        marks = [origin.table.corrected[cell] for cell in cells if cell in origin.table.corrected]
    else:
        sources = measures.engine.sources_of(name.partition(".")[0])
        marks = [mark for table in sources for mark in _marks(table, _records(table, subject))]
    return f"〔{'、'.join(dict.fromkeys(marks))}〕" if marks else ""


def _in_titles(measures: Measures, expression: Expression) -> str:
    return formula(expression.root, lambda name: measures.origins[name].title)


def value_text(scores: IndicatorScores, row: int) -> str | None:
    """The value as a reader sees it: ``97.75%``, 2022年12月31日, 是; None when it is missing."""
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    if value is None:
        return None
    if scores.inputs.direction == "deadline":
        return date_text(value)
    if scores.inputs.direction == "yes_no":
        return {0: "否", 1: "是"}.get(int(value), plain(value)) if value == int(value) else plain(value)
    return f"{plain(value)}{scores.ruled.item.unit or ''}"


def target_text(scores: IndicatorScores, row: int) -> str | None:
    """The target as a reader sees it: the approved wording, or the number with its unit."""
    item, target = scores.ruled.item, scores.inputs.target
    if isinstance(item, Indicator) and item.target_text is not None:
        return item.target_text
    number = target.number(row) if target is not None else None
    return None if number is None else with_unit(number, item.unit)


def evidence_refs(card: Scorecard, scores: IndicatorScores, row: int) -> list[EvidenceRef]:
    """Cells the value was read from, then the documents of the evidence register."""
    refs: dict[str, EvidenceRef] = {}
    for sql, _ in _expressions(scores):
        for name in parse_expression(sql).refs:
            place = _place(card.measures, name, row)
            if place is not None:
                refs[name] = EvidenceRef(title=card.measures.origins[name].title, place=place)
    documents = [
        EvidenceRef(
            title="佐证",
            place=proof.place,
            status=str(proof.status),
            document=" ".join(x for x in (proof.document, proof.number) if x) or None,
            sha256=proof.attachment_sha256,
        )
        for proof in card.proofs.proofs.get((scores.code, row), [])
    ]
    return [*refs.values(), *documents]


def _place(measures: Measures, name: str, row: int) -> str | None:
    """The cell of a direct column; for a derived one the rows of the tables it was made from."""
    origin = measures.origins[name]
    if origin.table is not None:
        found = origin.table.records.get(measures.ids[row])
        return origin.table.cell(found[0], origin.field) if found else None
    subject = measures.ids[row]
    places = []
    for table in measures.engine.sources_of(name.partition(".")[0]):
        records = _records(table, subject)
        if records:
            span = "" if table.spec.per == "shared" else f" {_span([int(table.rows[i]) for i in records])}"
            marks = "、".join(_marks(table, records))
            mark = f"(含{marks})" if marks else ""
            places.append(f"{PurePosixPath(table.file).name} [{table.sheet}]{span}{mark}")
    return ";".join(places) or None


def _records(table: Table, subject: str) -> Sequence[int]:
    """The records that say something about a subject: its own, or all of a shared table."""
    return range(len(table)) if table.spec.per == "shared" else table.records.get(subject, [])


def _span(rows: Sequence[int]) -> str:
    return f"第{rows[0]}行" if len(rows) == 1 else f"第{rows[0]}—{rows[-1]}行({len(rows)}行)"


def _marks(table: Table, records: Sequence[int]) -> list[str]:
    """By which events some of these records were corrected."""
    return list(dict.fromkeys(mark for (_, i), mark in table.corrected.items() if i in records))


def points_or_none(scores: IndicatorScores, units: int, row: int) -> str | None:
    """Points as text, None where there are none."""
    return plain(from_units(int(units), scores.inputs.decimals)) if scores.settled[row] else None
