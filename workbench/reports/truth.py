"""核查结果.xlsx: the check sheet with what is proposed, the state of each project, and lines for 情形核查."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workbench.analysis.checksheet import CHECK
from workbench.analysis.truth import CONTRADICTED, Judged, ProjectState, Verdict, grounds
from workbench.evidence.standard import CAP_FACTS, TRIGGERED, UNCHECKED
from workbench.evidence.tables import SUBJECT
from workbench.reports.sampling import check_sheet, printed_sheets
from workbench.reports.sheets import Cell, Column, Sheet, column_of, workbook_bytes
from workbench.scheme.findings import cited

_STATES = [
    Column("项目编号", 12),
    Column("项目名称", 30),
    Column("核查指标数", 11),
    Column("一致", 8),
    Column("待财政确认", 11),
    Column("未核查", 8),
    Column("确认为虚报", 11),
    Column("情形核查", 14),
    Column("说明", 60),
]


def truth_workbook(verdict: Verdict) -> bytes:
    """The workbook; its first sheet is filled in further and read again."""
    untouched = [_values({"project": p.project, "name": p.name}) for p in verdict.projects if not p.judged]
    sheets = [check_sheet([*(_line(j) for j in verdict.judged), *untouched])]
    sheets.append(Sheet("核查结论", _STATES, [_state(verdict, p) for p in verdict.projects], fixed=2))
    if verdict.cap is not None:
        fields = [SUBJECT, *CAP_FACTS.fields]
        widths = {"cap": 27, "event": 30, "document": 30, "note": 36}
        columns = [column_of(f, widths.get(f.name, 14)) for f in fields]
        sheets.append(Sheet(CAP_FACTS.title, columns, cap_lines(verdict)))
    # Whoever fills this workbook in further is held to the same list and claims.
    sheets += printed_sheets(verdict.printed)
    return workbook_bytes("真实性核查结果", sheets)


def cap_lines(verdict: Verdict) -> list[list[Cell]]:
    """Lines for the sheet 情形核查 of an evaluation's workbook, in the order of its columns; none without a veto."""
    if verdict.cap is None:
        return []
    return [
        [
            project.project,
            verdict.cap.code,
            verdict.cap.event,
            project.state,
            *_decided(project),
            grounds(project) or None,
        ]
        for project in verdict.projects
    ]


def _decided(project: ProjectState) -> list[Cell]:
    """Document and date a state rests on."""
    if project.state == UNCHECKED:
        return [None, None]
    lines = [j.line for j in (project.untrue if project.state == TRIGGERED else project.judged)]
    documents = dict.fromkeys(line.decision for line in lines if line.decision)
    days = [line.confirmed_on for line in lines if line.confirmed_on]
    return ["、".join(documents) or None, max(days).isoformat() if days else None]


def state_text(verdict: Verdict, project: ProjectState) -> str:
    """What a project's state means under the policy."""
    if project.state == TRIGGERED:
        if verdict.cap is None:
            why = "没有指定办法" if verdict.policy is None else "所选办法没有规定一票否决"
            return f"已确认虚报;{why},不触发情形"
        return f"触发“{verdict.cap.event}”:{verdict.cap.effect.text}({cited(verdict.cap.clause)})"
    if not any(j.line.filled for j in project.judged):
        return "核查表没有填写这个项目"
    if project.state == UNCHECKED:
        return f"{';'.join(_open(project))},不触发"
    return "没有确认的虚报,不触发"


def _open(project: ProjectState) -> list[str]:
    """What is left to do about a project."""
    doubtful = sum(j.contradicted for j in project.judged)
    incomplete = [j for j in project.judged if j.lacking]
    waiting, unchecked = len(project.waiting) - doubtful - len(incomplete), len(project.unchecked)
    parts = [
        (waiting, f"已核查,{waiting}项指标待财政确认"),
        (doubtful, f"{doubtful}项{CONTRADICTED}"),
        (unchecked, f"{unchecked}项指标未核查(没有填核查值或佐证情况)"),
    ]
    lacking = [f"“{j.line.indicator}”确认为虚报,须补{'、'.join(j.lacking)}" for j in incomplete]
    return [text for number, text in parts if number] + lacking


def _state(verdict: Verdict, project: ProjectState) -> list[Cell]:
    judged = project.judged
    alike = sum(j.proposal.kind == "一致" and j.line.confirmed is None for j in judged)
    counts = [len(judged), alike, len(project.waiting), len(project.unchecked), len(project.untrue)]
    head: list[Cell] = [project.project, project.name, *counts]
    return [*head, project.state, state_text(verdict, project)]


def _line(judged: Judged) -> list[Cell]:
    line, c = judged.line, judged.line.compared
    values: dict[str, Cell | date] = {
        name: getattr(line, name)
        for name in (
            "project", "name", "indicator", "direction", "target", "unit", "claimed", "verified", "document",
            "remark", "statement", "heard_on", "confirmed", "confirmer", "confirmed_on", "decision",
        )
    }  # fmt: skip
    values |= {
        "difference": judged.difference,
        "proof": c.proof,
        "other": line.other,
        "basis": c.basis,
        "proposed": judged.proposal.kind,
        "ground": judged.proposal.ground,
    }
    return _values(values)


def _values(values: Mapping[str, Cell | date]) -> list[Cell]:
    """A line of the check sheet, its columns in order."""
    return [_cell(values.get(f.name)) for f in CHECK.fields]


def _cell(value: Cell | date) -> Cell:
    return value.isoformat() if isinstance(value, date) else value
