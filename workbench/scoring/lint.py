"""Lint: everything about an indicator pack that can be known to be wrong before anyone fills in evidence.

Errors make a pack unusable or leave points without a source; warnings are what a careful author would still mend.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbench.base.errors import PackError, Place, PlanError, Problem, WorkbenchError
from workbench.base.models import validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml
from workbench.evidence.indicators import WIDE_NAME
from workbench.evidence.standard import (
    CAP_FACTS,
    INDICATOR_SHEET,
    REGISTER,
    RESERVED_TITLES,
    SUBJECTS,
    WAIVERS,
    workbook_specs,
)
from workbench.evidence.tables import empty_table
from workbench.scheme.expressions import parse_expression
from workbench.scheme.library import load_pack, single_key
from workbench.scheme.pack import Derived, Extra, ExtraBlock, Indicator, Pack, RuleRef, TableSpec
from workbench.scheme.plan import Plan
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.derivations import Derivation, DerivedColumns
from workbench.scoring.kinds import RuleKind
from workbench.scoring.lint_analyses import lint_analyses
from workbench.scoring.lint_blanks import lint_blanks
from workbench.scoring.lint_weights import lint_weights
from workbench.scoring.measures import Measures, Request

SHEET_NAME_LIMIT = 31
RESERVED_TABLES = frozenset({s.name for s in (SUBJECTS, REGISTER, WAIVERS, CAP_FACTS, INDICATOR_SHEET)} | {WIDE_NAME})
EXAMPLE_WORD = "示例"


def lint_pack(
    path: Path,
    kinds: Mapping[str, RuleKind[Any]],
    derivations: Mapping[str, Derivation],
    rulesets: Mapping[str, Ruleset],
) -> list[Problem]:
    """Everything that is wrong with the pack at ``path`` (its ``pack.yaml``), errors before warnings.

    Args:
        kinds, derivations: what the plugin manager has found, by name.
        rulesets: the installed rulesets by id.
    """
    try:
        pack = load_pack(path)
    except WorkbenchError as error:
        return list(error.problems)
    found = [
        *lint_weights(pack),
        *_codes(pack),
        *_tables(pack),
        *_rules(pack, kinds, rulesets),
        *_expressions(pack, derivations),
        *_checks(pack),
        *_sources(pack),
        *_example(pack, path.parent),
    ]
    if passes(found):
        found += lint_blanks(pack)
    placed = [p if p.place.file else p.at(file=path.name) for p in found]
    return sorted(placed, key=lambda p: p.severity != "error")


def passes(problems: Iterable[Problem]) -> bool:
    """Whether a pack with these problems may be used: it has no error."""
    return all(p.severity != "error" for p in problems)


def _at(code: str, what: str = "指标") -> Place:
    return Place(key=f"{what} {code}")


def _items(pack: Pack) -> list[Indicator | Extra]:
    return [*pack.indicators, *pack.bonus.items, *pack.deductions.items]


def _codes(pack: Pack) -> Iterator[Problem]:
    for code, count in Counter(item.code for item in _items(pack)).items():
        if count > 1:
            yield Problem("duplicate_code", "指标编码重复", _at(code), code)


def _tables(pack: Pack) -> Iterator[Problem]:
    """Names of tables, sheets and fields: unique, not reserved, and fit to be a sheet's title."""
    names = Counter([*(t.name for t in pack.tables), *(d.name for d in pack.derived)])
    for name, count in names.items():
        if count > 1 or name in RESERVED_TABLES:
            yield Problem("table_name", "表名重复或已被占用", _at(name, "表"), name, fix="请换一个表名")
    titles = Counter([*(s.title for s in workbook_specs(pack)), *RESERVED_TITLES])
    for table in pack.tables:
        place = _at(table.name, "表")
        if titles[table.title] > 1:
            yield Problem("table_title", "工作表名称重复或已被占用", place, table.title, fix="请换一个名称")
        if len(table.title) > SHEET_NAME_LIMIT or re.search(r"[\[\]:*?/\\]", table.title):
            expected = f"不超过{SHEET_NAME_LIMIT}字且不含 [ ] : * ? / \\"
            yield Problem("table_title", "Excel 不接受这个工作表名称", place, table.title, expected)
        yield from _fields(table, place)


def _fields(table: TableSpec, place: Place) -> Iterator[Problem]:
    for attribute, what in (("name", "字段名"), ("title", "字段标题")):
        for text, count in Counter(getattr(f, attribute) for f in table.fields).items():
            if count > 1:
                yield Problem("field_twice", f"{what}重复", place, text)
    names = [f.name for f in table.fields]
    for key in table.key:
        if key not in [*names, *([] if table.per == "shared" else ["subject"])]:
            yield Problem("table_key", "key 引用了不存在的字段", place, key, fix=suggest(key, names))
    for spec in table.fields:
        if spec.type == "code" and not spec.codes:
            yield Problem("field_codes", f"代码型字段“{spec.title}”没有写 codes", place)
        if spec.type == "money" and spec.unit not in ("元", "万元", "亿元"):
            message = f"金额字段“{spec.title}”须写明单位"
            yield Problem("field_unit", message, place, spec.unit or "未填写", "元、万元或亿元")


def _rules(pack: Pack, kinds: Mapping[str, RuleKind[Any]], rulesets: Mapping[str, Ruleset]) -> Iterator[Problem]:
    """Each indicator has one rule, of a known kind, with valid parameters and the inputs it needs."""
    used = dict.fromkeys([pack.ruleset, *(v.ruleset for v in pack.variants.values() if v.ruleset)])
    for name in used:
        if name not in rulesets:
            message = "没有安装指标包所用的计分规则集"
            yield Problem("ruleset", message, Place(key="pack.ruleset"), name, fix=suggest(name, rulesets))
    installed = [rulesets[name] for name in used if name in rulesets]
    for item in _items(pack):
        judged = item.judged if isinstance(item, Indicator) else None
        if item.rule is not None and judged is not None:
            message = "计分规则写在两处:rule(指标包)与 judged(计分规则集)"
            yield Problem("two_homes", message, _at(item.code), fix="请只保留一处")
        elif item.rule is not None:
            yield from _rule(item, item.rule, kinds)
        elif judged is not None:
            for ruleset in installed:
                yield from _judged(item, judged, ruleset, kinds)
        else:
            yield Problem("no_rule", "没有写明计分规则", _at(item.code), fix="请填写 rule 或 judged")


def _judged(
    item: Indicator | Extra, judged: str, ruleset: Ruleset, kinds: Mapping[str, RuleKind[Any]]
) -> Iterator[Problem]:
    if judged in ruleset.classes:
        yield from _rule(item, ruleset.classes[judged], kinds)
    else:
        fix = suggest(judged, ruleset.classes)
        yield Problem("class", f"规则集“{ruleset.id}”没有“{judged}”一类", _at(item.code), judged, fix=fix)


def _rule(item: Indicator | Extra, rule: RuleRef, kinds: Mapping[str, RuleKind[Any]]) -> Iterator[Problem]:
    kind = kinds.get(rule.kind)
    if kind is None:
        yield Problem("kind", "没有这种计分规则", _at(item.code), rule.kind, fix=suggest(rule.kind, kinds))
        return
    try:
        validated(kind.params, rule.params, YamlDocument(None, f"指标 {item.code}"), PackError, "rule.params")
    except PackError as error:
        yield from error.problems
    given = {name for name in ("value", "target") if getattr(item, name, None) is not None} | set(item.inputs)
    missing = [name for name in kind.needs if name not in given]
    if missing:
        message = f"计分规则“{kind.title}”需要的 {'、'.join(missing)} 没有写,该指标将始终未评分"
        yield Problem("rule_inputs", message, _at(item.code), severity="warning")


def _expressions(pack: Pack, derivations: Mapping[str, Derivation]) -> Iterator[Problem]:
    """Derived tables and every expression, run on empty tables: syntax, allow-list, columns and types are all real."""
    usable: list[Derived] = []
    for derived in pack.derived:
        problems = list(_derived(pack, derived, usable, derivations))
        yield from problems
        if not problems:
            usable.append(derived)
    measures = _on_empty_tables(pack, usable)
    broken = {d.name for d in pack.derived} - {d.name for d in usable}
    unknown = broken if pack.indicator_sheet is None else {*broken, WIDE_NAME}
    requests = [Request(sql, 2, title) for title, sql in _formulas(pack)]
    yield from _failing(pack, measures, [r for r in requests if _runs(r, measures, unknown)])
    yield from lint_analyses(pack, measures, broken, derivations)


def _runs(request: Request, measures: Measures, unknown: Collection[str]) -> bool:
    """Whether a formula says something on empty tables: not one over an unknown table, nor a name that is only shown."""
    try:
        tables = {name.partition(".")[0] for name in parse_expression(request.sql).refs if "." in name}
        return not (tables & set(unknown) or (" show." in request.title and measures.worded(request.sql) is not None))
    except WorkbenchError:
        return True  # and fails


def _failing(pack: Pack, measures: Measures, requests: Sequence[Request]) -> Iterator[Problem]:
    """What is wrong with each formula. All run in one statement; when that fails, so does one of its halves, and so on."""
    try:
        measures.columns(requests)
    except WorkbenchError as error:
        if len(requests) == 1:
            yield from (p.at(key=requests[0].title) for p in _with_rows_hint(error.problems, pack))
            return
        half = len(requests) // 2
        yield from _failing(pack, measures, requests[:half])
        yield from _failing(pack, measures, requests[half:])


def _with_rows_hint(problems: Iterable[Problem], pack: Pack) -> Iterator[Problem]:
    per = {t.name: t.per for t in pack.tables if t.per != "subject"}
    for p in problems:
        table = (p.found or "").partition(".")[0]
        if p.code == "unknown_column" and table in per:
            many = "该表一个对象可有多行,请先用 derived 汇总成一行,再引用汇总表"
            shared = "该表各对象共用,没有对象列,请先用 derived 为每个对象取出所需的值"
            fix = shared if per[table] == "shared" else many
            yield Problem(p.code, "公式不能直接引用明细表", p.place, p.found, fix=fix)
        else:
            yield p


def _derived(
    pack: Pack, derived: Derived, earlier: list[Derived], derivations: Mapping[str, Derivation]
) -> Iterator[Problem]:
    place = Place(key=f"derived {derived.name}")
    if (derived.sql is None) == (derived.python is None):
        yield Problem("derived", "派生表须写 sql 或 python,且只写一个", place)
        return
    if derived.python is not None and derived.python not in derivations:
        fix = suggest(derived.python, derivations)
        yield Problem("derivation_missing", "派生表需要的计算程序没有安装", place, derived.python, fix=fix)
        return
    try:
        _on_empty_tables(pack, [*earlier, derived]).engine.require([derived.name])
    except WorkbenchError as error:
        yield from (p.at(key=place.key) for p in error.problems)


def _on_empty_tables(pack: Pack, derived: list[Derived]) -> Measures:
    subjects, *tables = (empty_table(spec, pack.id) for spec in workbook_specs(pack))
    named = {t.spec.name: t for t in tables if t.spec.name in {s.name for s in pack.tables}}
    # A plugin's function may not expect a workbook without a single row; here only the declared columns matter.
    stubs = {d.python: Derivation(d.python, "0.0.0", _no_rows, "lint") for d in derived if d.python is not None}
    return Measures(subjects, named, derived, stubs)


def _no_rows(*_: object) -> DerivedColumns:
    return defaultdict(list)


def _formulas(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every expression of the pack: (where it stands, its SQL)."""
    found: list[tuple[str, str | None]] = []
    for item in _items(pack):
        for role in ("value", "target", "claimed", "applies", "provisional"):
            found.append((f"指标 {item.code} {role}", getattr(item, role, None)))
        found += [(f"指标 {item.code} inputs.{name}", spec.expr) for name, spec in item.inputs.items()]
    for check in pack.checks:
        found.append((f"检查 {check.code} when", check.when))
        found += [(f"检查 {check.code} show.{name}", spec.expr) for name, spec in check.show.items()]
    yield from ((title, sql) for title, sql in found if sql is not None)


def _checks(pack: Pack) -> Iterator[Problem]:
    codes = [i.code for i in _items(pack)]
    for check in pack.checks:
        place = _at(check.code, "检查")
        if check.indicator is not None and check.indicator not in codes and pack.indicator_sheet is None:
            fix = suggest(check.indicator, codes)
            yield Problem("unknown_indicator", "检查引用了不存在的指标", place, check.indicator, fix=fix)
        left = re.search(r"\{[^}]*\}?|\}", check.filled(dict.fromkeys(check.show, "")))
        if left is not None:
            fix = f"花括号里只能写 show 中的名称:{'、'.join(check.show) or '(没有)'}"
            yield Problem("check_message", "检查的提示语里有不能代入的花括号", place, left[0], fix=fix)


def _sources(pack: Pack) -> Iterator[Problem]:
    """Nothing invented: every indicator, rule and block cites its clause or says that it is an example."""
    marked = False
    for indicator in pack.indicators:
        if not indicator.proof:
            message = "没有写明取证要求 proof:打分须有佐证"
            yield Problem("no_proof", message, _at(indicator.code), fix="请列出至少一种证明材料")
    for item in _items(pack):
        marked |= item.example or (item.rule is not None and item.rule.example)
        if item.clause is None and not item.example:
            yield _unsourced("指标(含分值)", item.code)
        if item.rule is not None and item.rule.clause is None and not (item.rule.example or item.example):
            yield _unsourced("计分规则", item.code)
    for name, block, setting in _blocks(pack):
        marked |= block.example
        if setting is not None and block.clause is None and not block.example:
            yield _unsourced(f"{name}的上下限", name)
    if marked and not any(EXAMPLE_WORD in text for text in [pack.title, *pack.notes]):
        fix = f"请在 notes 中写一句,例如“标为{EXAMPLE_WORD}的权重和步长没有文件依据,可改”"
        message = f"有标为 example 的项目,但标题和 notes 都没有“{EXAMPLE_WORD}”字样"
        yield Problem("example_label", message, Place(key="pack.notes"), fix=fix, severity="warning")


def _blocks(pack: Pack) -> Iterator[tuple[str, ExtraBlock, Decimal | None]]:
    yield "加分项", pack.bonus, pack.bonus.cap
    yield "扣分项", pack.deductions, pack.deductions.floor


def _unsourced(what: str, code: str) -> Problem:
    fix = "请填写 clause(文件与条款),或写 example: true 标为示例"
    return Problem("no_clause", f"{what}没有依据", _at(code), fix=fix)


def _example(pack: Pack, folder: Path) -> Iterator[Problem]:
    """The worked example: present, complete, and a plan for this very pack."""
    if pack.example is None:
        yield Problem("no_example", "没有算例 example", Place(key="pack.example"), fix="请附计划、预期得分和手算说明")
        return
    paths = pack.example.model_dump()
    for role, name in paths.items():
        if not (folder / name).is_file():
            yield Problem("example_file", "算例文件不存在", Place(key=f"pack.example.{role}"), str(name))
    if (folder / paths["plan"]).is_file():
        yield from _example_plan(pack, folder, paths["plan"])
    if (folder / paths["expected"]).is_file():
        yield from _example_expected(folder / paths["expected"])


def _example_plan(pack: Pack, folder: Path, name: str) -> Iterator[Problem]:
    try:
        document = read_yaml(folder / name)
        plan = validated(Plan, single_key(document, "plan", PlanError), document, PlanError, "plan")
    except WorkbenchError as error:
        yield from (p.at(file=name) for p in error.problems)
        return
    if plan.pack != pack.id:
        yield Problem("example_pack", "算例的计划用的是另一个指标包", Place(name, key="plan.pack"), plan.pack, pack.id)


def _example_expected(path: Path) -> Iterator[Problem]:
    try:
        expected = read_yaml(path).data
    except WorkbenchError as error:
        yield from error.problems
        return
    subjects = (expected.get("expected") or {}).get("subjects") if isinstance(expected, dict) else None
    if not isinstance(subjects, dict) or not all(isinstance(s, dict) and "total" in s for s in subjects.values()):
        shape = "expected: {subjects: {编号: {total: …, grade: …, indicators: {…}}}}"
        yield Problem("example_expected", "预期得分文件的结构不对", Place(path.name), expected=shape)
