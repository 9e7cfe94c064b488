"""What differs between two evaluations, cause by cause, in words: the cells, weights, rules and experts' points that moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from workbench.analysis.comparison import Cause, Difference
from workbench.base.text import plain
from workbench.dossier.compare.sides import Mixable
from workbench.evidence.indicators import WIDE_NAME
from workbench.evidence.standard import INDICATOR_SHEET
from workbench.evidence.tables import Evidence, Proof, Table
from workbench.scheme.pack import Indicator

SHEET_TARGETS = ("code", "level1", "level2", "name", "direction", "target", "unit", "weight", "start")
"""Columns of a 绩效指标 sheet that are 目标与分值, not data."""
SHOWN = 12
"""Changes named of one cause; the rest is counted."""


def differences(old: Mixable, new: Mixable, differing: list[Cause]) -> list[Difference]:
    """Every cause with what differs; none for a cause in which the two are equal."""
    tellers: Mapping[Cause, Callable[[Mixable, Mixable], Iterator[str]]] = {
        "data": _data,
        "targets": _targets,
        "rules": _rules,
        "policy": _policy,
        "experts": _experts,
    }
    return [
        Difference(cause=cause, what=_shortened(list(tell(old, new))) if cause in differing else [])
        for cause, tell in tellers.items()
    ]


def _shortened(lines: list[str]) -> list[str]:
    lines = lines or ["内容有改动,不涉及上列各项"]
    rest = len(lines) - SHOWN
    return lines if rest <= 0 else [*lines[:SHOWN], f"……另有{rest}处"]


def _shown(value: object) -> str:
    return "空" if value is None else plain(value) if hasattr(value, "as_tuple") else str(value)  # type: ignore[arg-type]


# -- data -------------------------------------------------------------------------------------------------------------


def _data(old: Mixable, new: Mixable) -> Iterator[str]:
    before, after = old.evaluation.as_read, new.evaluation.as_read
    yield from _table(before.subjects, after.subjects)
    for name, table in before.tables.items():
        if name in after.tables:
            yield from _table(table, after.tables[name], SHEET_TARGETS if name == INDICATOR_SHEET.name else ())
        else:
            yield f"少了“{table.spec.title}”"
    yield from (f"多了“{t.spec.title}”" for n, t in after.tables.items() if n not in before.tables)
    yield from _proofs((old, new), before, after)
    if len(before.waivers) != len(after.waivers):
        yield f"不适用申请:{len(before.waivers)}项→{len(after.waivers)}项"
    facts = [{(f.subject, f.cap): f.state for f in e.cap_facts} for e in (before, after)]
    for key in sorted(facts[0].keys() | facts[1].keys()):
        if facts[0].get(key) != facts[1].get(key):
            yield f"情形核查 {key[0]} {key[1]}:{_shown(facts[0].get(key))}→{_shown(facts[1].get(key))}"
    if old.scheme.plan.as_of != new.scheme.plan.as_of:
        yield f"评价基准日:{old.scheme.plan.as_of}→{new.scheme.plan.as_of}"


def _table(old: Table, new: Table, left_out: Collection[str] = ()) -> Iterator[str]:
    if len(old) != len(new) or list(old.columns) != list(new.columns):
        yield f"“{old.spec.title}”:{len(old)}行→{len(new)}行"
        return
    for i in range(len(old)):
        for name in [c for c in old.columns if c not in left_out]:
            before, after = old.value(i, name), new.value(i, name)
            if before != after:
                yield f"{_row(new, i)}{new.field_spec(name).title}:{_shown(before)}→{_shown(after)}({new.cell(i, name)})"


def _row(table: Table, row: int) -> str:
    """What a row is about: the indicator of a 绩效指标 sheet, in other tables the subject where there are several."""
    if table.spec.name == INDICATOR_SHEET.name:
        code = table.value(row, "code")  # a sheet need not write one
        return f"{table.value(row, 'name')}{f'({code})' if code is not None else ''} "
    subjects = set(table.texts("subject")) if "subject" in table.columns else set()
    return f"{table.value(row, 'subject')} " if len(subjects) > 1 else ""


def _spot(side: Mixable, subject: str, code: str) -> str:
    """An indicator of a subject by name; what stands outside the tree by its code."""
    item = side.indicators.get(code)
    name = f"{item.name}({code})" if item is not None else code
    return f"{subject} {name}" if len(side.subjects) > 1 else name


def _proofs(sides: tuple[Mixable, Mixable], old: Evidence, new: Evidence) -> Iterator[str]:
    def of(proof: Proof) -> tuple[Any, ...]:
        return proof.status, proof.verified_value, proof.document, proof.attachment_sha256

    before = {(p.subject, p.indicator): of(p) for p in old.proofs}
    after = {(p.subject, p.indicator): of(p) for p in new.proofs}
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            first, second = (_proof_text(side.get(key)) for side in (before, after))
            spot = _spot(sides[1] if key[1] in sides[1].indicators else sides[0], *key)
            yield f"{spot} 佐证:{first}→{second}" if first != second else f"{spot} 佐证:资料有改动"


def _proof_text(found: tuple[Any, ...] | None) -> str:
    if found is None:
        return "无记录"
    status, value = found[:2]
    return f"{status}" + (f"(核定{plain(value)})" if value is not None else "")


# -- the other causes -------------------------------------------------------------------------------------------------


def _targets(old: Mixable, new: Mixable) -> Iterator[str]:
    before, after = old.indicators, new.indicators
    yield from (f"删去指标 {c} {i.name}({plain(i.weight)}分)" for c, i in before.items() if c not in after)
    yield from (f"增加指标 {c} {i.name}({plain(i.weight)}分)" for c, i in after.items() if c not in before)
    for code, first in before.items():
        if code in after:
            yield from _indicator(first, after[code])
    yield from _sheet_targets(old, new)


def _indicator(old: Indicator, new: Indicator) -> Iterator[str]:
    head = f"{new.code} {new.name}"
    if old.weight != new.weight:
        yield f"{head} 分值:{plain(old.weight)}→{plain(new.weight)}"
    targets = (old.target_text or old.target, new.target_text or new.target)
    if targets[0] != targets[1]:
        yield f"{head} 指标值:{_shown(targets[0])}→{_shown(targets[1])}"
    if old.direction != new.direction:
        yield f"{head} 指标性质改变"
    if (old.level1, old.level2) != (new.level1, new.level2):
        yield f"{head} 所属:{old.level1}/{old.level2 or '—'}→{new.level1}/{new.level2 or '—'}"
    if old.name != new.name:
        yield f"{new.code} 名称:{old.name}→{new.name}"


def _sheet_targets(old: Mixable, new: Mixable) -> Iterator[str]:
    """Targets that are written per subject in a 绩效指标 sheet and have no common wording."""
    for code in [c for c in new.indicators if c in old.from_sheet and c in new.from_sheet]:
        sides = [s.evidence.tables[WIDE_NAME] for s in (old, new)]
        column = (new.indicators[code].target or "").removeprefix(f"{WIDE_NAME}.")
        if not column or any(column not in t.columns for t in sides) or new.indicators[code].target_text is not None:
            continue
        values = [{t.texts("subject")[i]: t.value(i, column) for i in range(len(t))} for t in sides]
        moved = [s for s in values[1] if s in values[0] and values[0][s] != values[1][s]]
        yield from (f"{code} {s} 指标值:{_shown(values[0][s])}→{_shown(values[1][s])}" for s in moved)


def _rules(old: Mixable, new: Mixable) -> Iterator[str]:
    first, second = old.scheme, new.scheme
    if (first.ruleset.id, first.ruleset.version) != (second.ruleset.id, second.ruleset.version):
        yield f"计分规则集:{first.ruleset.id} {first.ruleset.version}→{second.ruleset.id} {second.ruleset.version}"
    if (first.pack.id, first.pack.version) != (second.pack.id, second.pack.version):
        yield f"指标包:{first.pack.id} {first.pack.version}→{second.pack.id} {second.pack.version}"
    ruled = [
        {r.item.code: r.rule.model_dump(include={"kind", "params"}) for r in s.indicators} for s in (first, second)
    ]
    yield from (f"{code} 计分规则改变" for code in ruled[1] if code in ruled[0] and ruled[0][code] != ruled[1][code])
    for code, item in new.indicators.items():
        other = old.indicators.get(code)
        if other is not None and code not in new.from_sheet and other.value != item.value:
            yield f"{code} {item.name} 计算公式改变"


def _policy(old: Mixable, new: Mixable) -> Iterator[str]:
    first, second = old.scheme.policy, new.scheme.policy
    if (first.id, first.version) != (second.id, second.version):
        yield f"地区办法:{first.title}({first.version})→{second.title}({second.version})"
    lines = [{b.label: plain(b.lower) for b in s.scheme.bands.items} for s in (old, new)]
    if lines[0] != lines[1]:
        words = ["、".join(f"{label}≥{lower}" for label, lower in side.items()) for side in lines]
        yield f"等级分数线:{words[0]}→{words[1]}"


def _experts(old: Mixable, new: Mixable) -> Iterator[str]:
    sides = [{(a.subject, a.indicator): plain(a.points) for a in s.adjustments} for s in (old, new)]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        if sides[0].get(key) != sides[1].get(key):
            first, second = (side.get(key, "计算得分") for side in sides)
            spot = _spot(new if key[1] in new.indicators else old, *key)
            yield f"{spot} 专家评审得分:{first}→{second}"
