"""Opening a plan: everything is read and checked, nothing is computed yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.base.canon import digest
from workbench.base.errors import FileError, Place, PlanError, Problem, SchemeError
from workbench.base.models import validated
from workbench.base.yamlio import YamlDocument, parse_yaml, read_yaml
from workbench.evidence.indicators import WIDE_NAME, indicators_from_sheet
from workbench.evidence.reader import read_evidence
from workbench.evidence.standard import INDICATOR_SHEET, PEER
from workbench.evidence.tables import SUBJECT, Evidence
from workbench.runs.evaluation import Evaluation
from workbench.runs.foreign import Sources
from workbench.runs.kept import PACK_FILE, scheme_files
from workbench.runs.position import Position, events_of
from workbench.runs.sealed import attested_files, load_sources, origin_of
from workbench.runs.workspace import find_workspace, inside
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.pack import Indicator, Pack
from workbench.scheme.panel import panel_problems
from workbench.scheme.plan import Plan
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scheme.scheme import Scheme, freeze

HOMES: dict[str, str] = {
    **dict.fromkeys(Policy.model_fields, "地区办法(policy)"),
    **dict.fromkeys(Ruleset.model_fields, "计分规则集(ruleset)"),
    **dict.fromkeys(Pack.model_fields, "指标包(pack)"),
}
"""Settings that have another home than the plan."""


@dataclass(frozen=True)
class PlanFile:
    """A plan as read: validated, with the document for messages."""

    plan: Plan
    document: YamlDocument


def read_plan(source: str | Path | Mapping[str, Any], workspace: Path, overrides: Sequence[str] = ()) -> PlanFile:
    """A plan from a YAML file, or from the mapping papermill hands over.

    Args:
        overrides: ``key=value`` texts of ``--set``; keys may be dotted (``parties.lead=张三``).

    Raises:
        FileError, YamlError, PlanError: missing, not YAML, or not a plan.
    """
    if isinstance(source, Mapping):
        document = YamlDocument({"plan": dict(source)}, "计划")
    else:
        path = Path(source)
        document = read_yaml(path if path.is_absolute() or path.is_file() else workspace / path)
    data = document.data
    if not isinstance(data, dict) or list(data) != ["plan"] or not isinstance(data["plan"], dict):
        fix = "计划文件顶层须只有“plan:”一个键,其下为各项设置"
        raise PlanError(Problem("top_level", "这不是评价计划文件", Place(document.file), fix=fix))
    content = _overridden(data["plan"], overrides)
    try:
        _refuse_other_homes(content, document)
        return PlanFile(validated(Plan, content, document, PlanError, "plan"), document)
    except PlanError as error:
        raise PlanError(_from_set(p, overrides) for p in error.problems) from None


def _from_set(problem: Problem, overrides: Sequence[str]) -> Problem:
    """A problem with a setting of the command line does not stand in the plan's file."""
    keys = [f"plan.{text.partition('=')[0].strip()}" for text in overrides]
    given = any(f"{problem.place.key}.".startswith(f"{key}.") for key in keys)
    return problem.at(file="--set", line=None) if given else problem


def _overridden(content: Mapping[str, Any], overrides: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = dict(content)
    for text in overrides:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise PlanError(
                Problem("set_syntax", "--set 须写成 键=值", found=text, fix="例如 --set ruleset=caiyu-2021-101")
            )
        target = result
        *parents, last = key.strip().split(".")
        for parent in parents:
            inner = target.get(parent)
            target[parent] = dict(inner) if isinstance(inner, Mapping) else {}
            target = target[parent]
        target[last] = parse_yaml(value, "--set").data if last == "seed" else value
    return result


def _refuse_other_homes(content: Mapping[str, Any], document: YamlDocument) -> None:
    problems = []
    for key in content:
        if key not in Plan.model_fields and key in HOMES:
            place = Place(document.file, key=f"plan.{key}", line=document.line(f"plan.{key}"))
            fix = "每项设置只有一处归属:请在该文件中设置,或用 changes 声明调整及理由"
            problems.append(Problem("other_home", f"“{key}”属于{HOMES[key]},不能写在计划里", place, fix=fix))
    if problems:
        raise PlanError(problems)


def open_plan(
    source: str | Path | Mapping[str, Any],
    *,
    workspace: str | Path | None = None,
    overrides: Sequence[str] = (),
    upto: Position | None = None,
    sources: Sources | None = None,
) -> Evaluation:
    """Read and check plan, pack, ruleset, policy and evidence, freeze the scheme; with its review, where there is a ledger.

    Args:
        source: path of a plan file (relative to the workspace), or the plan as a mapping.
        workspace: the workspace folder; found from the current folder when None.
        upto: how much of the ledger counts; what the command that started this process pinned, else all of it, when None.
        sources: where scheme and code come from; those of the workspace, and all that foreign code answers recorded, when None.

    Raises:
        WorkbenchError: of the kind that fits, with every problem that could be found.
    """
    evaluation = open_computed(source, workspace=workspace, overrides=overrides, sources=sources)
    events = events_of(evaluation.workspace, evaluation.plan.evaluation, upto)
    if not events:
        return evaluation
    from workbench.runs.carried import carry

    return carry(evaluation, events)


def open_computed(
    source: str | Path | Mapping[str, Any],
    *,
    workspace: str | Path | None = None,
    overrides: Sequence[str] = (),
    sources: Sources | None = None,
) -> Evaluation:
    """As :func:`open_plan`, whatever the ledger says: the evaluation as its files make it."""
    root = Path(workspace).resolve() if workspace is not None else find_workspace()
    opened = read_plan(source, root, overrides)
    plan = opened.plan
    plugins = sources if sources is not None else load_sources(root)
    library = Library.of(plugins.folders)
    with _setting("pack", opened, overrides):
        pack = library.pack(plan.pack)
    with _setting("ruleset", opened, overrides):
        ruleset = library.ruleset(plan.ruleset)
    with _setting("policy", opened, overrides):
        policy, national = library.policy(plan.policy), library.policy(NATIONAL)
    with _setting("evidence", opened, overrides):
        path = inside(root, plan.evidence, "佐证资料")
    as_read = read_evidence(
        path,
        pack.tables,
        subject_fields=pack.subject_fields,
        indicator_sheet=pack.indicator_sheet or False,
        name=plan.evidence,
        attested=attested_files(root),
    )
    evidence, sheet_indicators = arranged(as_read, pack)
    try:
        scheme = freeze(plan, pack, ruleset, policy, national, plugins.kinds, sheet_indicators)
        _check_panel(scheme, evidence)
    except SchemeError as error:
        placed = (_placed(p, opened.document, plan, pack) for p in error.problems)
        raise SchemeError(_from_set(p, overrides) for p in placed) from None
    plugins.pin(scheme)
    kept = scheme_files(library, plan)
    return Evaluation(
        workspace=root,
        plan=plan,
        scheme=scheme,
        evidence=evidence,
        as_read=as_read,
        plugins=plugins,
        pack_digest=digest(kept[PACK_FILE]),
        scheme_files=kept,
        origin=origin_of(root),
    )


@contextmanager
def _setting(key: str, opened: PlanFile, overrides: Sequence[str]) -> Iterator[None]:
    """Problems without a place get that of the plan's setting ``key``."""
    try:
        yield
    except (PlanError, FileError) as error:
        place = Place(opened.document.file, key=f"plan.{key}", line=opened.document.line(f"plan.{key}"))
        placed = (p if p.place.file else replace(p, place=place) for p in error.problems)
        raise type(error)(_from_set(p, overrides) for p in placed) from None


def _check_panel(scheme: Scheme, evidence: Evidence) -> None:
    """The plan's panel names indicators and subjects there are. Raises SchemeError."""
    if scheme.plan.panel is None:
        return
    people = evidence.subjects
    pairs = zip(people.texts(SUBJECT.name), people.texts("role"), strict=True)
    subjects = [s for s, role in pairs if s is not None and role != PEER]
    codes = [i.code for i in scheme.tree]
    problems = panel_problems(scheme.plan.panel, codes, scheme.level1, subjects, "plan.panel")
    if problems:
        raise SchemeError(problems)


def arranged(evidence: Evidence, pack: Pack) -> tuple[Evidence, list[Indicator]]:
    """The evidence as scoring reads it: a long 绩效指标 sheet becomes indicators and a table with one row per subject."""
    if pack.indicator_sheet is None:
        return evidence, []
    tables, notes = dict(evidence.tables), list(evidence.notes)
    rows = tables.pop(INDICATOR_SHEET.name)
    indicators, wide = indicators_from_sheet(rows, pack.indicator_sheet, evidence.subjects, notes=notes)
    return replace(evidence, tables=tables | {WIDE_NAME: wide}, notes=notes), indicators


def _placed(problem: Problem, document: YamlDocument, plan: Plan, pack: Pack) -> Problem:
    """A problem of the scheme with the file to look into: the plan with its line, or where the weights stand."""
    key = problem.place.key or ""
    if problem.place.file is not None:
        return problem
    if key.startswith("plan."):
        return problem.at(file=document.file, line=document.line(key))
    if pack.indicator_sheet is not None and problem.code in ("weight_sum", "duplicate_code"):
        return problem.at(file=plan.evidence, sheet=pack.indicator_sheet.title)
    return problem.at(file=f"{pack.id} pack.yaml")
