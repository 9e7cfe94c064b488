"""The rule in words (评分规则): how an indicator is scored, with its own points, limits and source, before any value is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from workbench.base.exact import Exact
from workbench.scheme.findings import cited
from workbench.scheme.pack import Extra, Indicator, RuleRef
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.kinds import CALLED, RuleKind, Terms
from workbench.scoring.scorecard import IndicatorScores, Scorecard, named
from workbench.scoring.status import NOT_APPLICABLE, ZERO

EXAMPLE_RULE = "示例,可改"
_NUMBER = re.compile(r"\s*-?\d+(\.\d+)?\s*")


def terms_of(item: Indicator | Extra, decimals: int, numbers: Mapping[str, Decimal] | None = None) -> Terms:
    """What a rule is told of its indicator.

    Args:
        decimals: decimals of points.
        numbers: inputs whose number is fixed, by name; without them those a pack writes as plain numbers (``target: "90"``).
    """
    sqls = {"value": item.value, "target": item.target if isinstance(item, Indicator) else None}
    titles = {n: CALLED[n] for n, sql in sqls.items() if sql is not None}
    if numbers is None:
        written = {n: sql for n, sql in sqls.items() if sql} | {n: spec.expr for n, spec in item.inputs.items()}
        numbers = {n: Decimal(sql.strip()) for n, sql in written.items() if _NUMBER.fullmatch(sql)}
    return Terms(
        weight=item.limit if isinstance(item, Extra) else item.weight,
        decimals=decimals,
        direction=item.direction if isinstance(item, Indicator) else "none",
        titles=titles | {n: spec.title for n, spec in item.inputs.items()},
        units=dict.fromkeys(CALLED, item.unit) | {n: spec.unit for n, spec in item.inputs.items()},
        numbers=numbers,
    )


def in_words(kind: RuleKind[Any], params: Any, terms: Terms, code: str) -> str:
    """The kind's title, then the rule with its parameters: “分档计分:完成值≥90%得满分10分,…”; without a full stop.

    Raises:
        ExpressionError: a plugin's kind fails to describe itself, or answers with something that is no text.
    """
    with named(kind, code):
        text = kind.described(terms, params)
        if not isinstance(text, str) or not text.strip():
            raise TypeError("describe 没有返回文字")
    return f"{kind.title}:{text.strip().rstrip('。')}"


def basis_text(item: Indicator | Extra, rule: RuleRef, ruleset: Ruleset | None) -> str:
    """The clause the rule stands in, and that its steps are an example where nothing fixes them; empty when neither is known.

    Args:
        ruleset: the ruleset the rule is from; None for a rule of the pack's own.
    """
    clause = rule.clause or (ruleset.document if ruleset is not None else None)
    # Of a rule that cites nothing the indicator's own mark speaks; elsewhere that mark is about the weight.
    example = rule.example or (item.example and clause is None)
    if clause is None and not example:
        clause = item.clause
    text = cited(clause) or ""
    return ";".join(t for t in (text, EXAMPLE_RULE if example and "示例" not in text else "") if t)


def rule_text(card: Scorecard, code: str, row: int | None = None) -> str:
    """The rule of one indicator in words, with its source.

    Args:
        row: with a subject's row, its own target and the branch that applied to it; without one only what holds for all.

    Raises:
        KeyError: there is no such indicator.
        ExpressionError: a plugin's kind fails to describe itself.
    """
    scores = card.column(code)
    ruled, decimals = scores.ruled, card.scheme.ruleset.points_decimals
    terms = terms_of(ruled.item, decimals, dict(_numbers(scores, row)))
    basis = basis_text(ruled.item, ruled.rule, card.scheme.ruleset if ruled.from_ruleset else None)
    applied = "" if row is None else _applied(scores, row)
    return f"{in_words(scores.kind, ruled.params, terms, code)}{f'({basis})' if basis else ''}{applied}"


def _numbers(scores: IndicatorScores, row: int | None) -> Iterator[tuple[str, Decimal]]:
    """Target and further inputs: those of one row, or those that are the same in all."""
    inputs = scores.inputs
    for name, column in [("target", inputs.target), *inputs.extra.items()]:
        number = None if column is None else _one_number(column, row)
        if number is not None:
            yield name, number


def _one_number(column: Exact, row: int | None) -> Decimal | None:
    if row is not None:
        return column.number(row)
    same = len(column) > 0 and bool(column.valid.all()) and bool((column.units == column.units[0]).all())
    return column.number(0) if same else None


def _applied(scores: IndicatorScores, row: int) -> str:
    """The branch that gave one subject its points; nothing where no rule did."""
    if scores.status[row] in (NOT_APPLICABLE, ZERO):
        return ""
    kind = scores.kind
    return f"。本对象:{kind.branches[kind.branch_name(int(scores.branch[row]))]}"
