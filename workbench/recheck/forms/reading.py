"""From the tables of a file to its self-evaluation forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.base.canon import digest_file
from workbench.recheck.files import Grid, open_file
from workbench.recheck.forms.asking import Asking, shape_of
from workbench.recheck.forms.body import Body
from workbench.recheck.forms.facts import head_of, kind_of, money_unit_of, title_of, year_of
from workbench.recheck.forms.goals import read_goals
from workbench.recheck.forms.header import headers, nearly, roles_of
from workbench.recheck.forms.labels import read_labels, use_strips
from workbench.recheck.forms.lines import Line, Used, flows, is_number, part_of, points_in
from workbench.recheck.forms.mapping import Mappings
from workbench.recheck.forms.money import read_funds
from workbench.recheck.forms.segments import Segment, segments
from workbench.recheck.forms.totals import Total, final_total, grade_in
from workbench.recheck.forms.vocabulary import Goal, bare, is_other_title, is_strip
from workbench.recheck.model import Form, FundRow, Question, Reading, Written


def read_forms(path: Path, name: str, mappings: Mappings) -> Reading:
    """All forms of a file, and what has to be asked. Raises FileError for a file that cannot or must not be read."""
    opened = open_file(path, name)
    forms, questions = forms_of(opened.grids, mappings)
    return Reading(name, digest_file(path), tuple(forms), tuple(questions), opened.notices)


def forms_of(grids: Sequence[Grid], mappings: Mappings) -> tuple[list[Form], list[Question]]:
    """The forms on these tables, in order; a form with an open question that matters is left out until it is answered."""
    forms: list[Form] = []
    questions: list[Question] = []
    doubtful: list[Question] = []
    number = 0
    for lines in flows(grids):
        found = headers(lines, mappings)
        if not found:
            doubtful += _unread(lines, grids[0].file, mappings)
            continue
        for segment in segments(lines, found):
            number += 1  # also of a form that is not read yet: answers must not rename the others
            form, asked = _form(segment, grids[0].file, number, mappings)
            questions += asked
            forms += [form] if form is not None else []
    if not forms and not questions and grids:
        questions = doubtful or [_no_form(grids[0].file)]
    return forms, list(dict.fromkeys(questions))


def _no_form(file: str) -> Question:
    text = "没有找到自评表:没有一行同时有“三级指标”“实际完成值”“得分”一类的标题(目标申报表、监控表、汇总表不是自评表)"
    return Question(file, "", "form", text, None)


def _unread(lines: Sequence[Line], file: str, mappings: Mappings) -> list[Question]:
    """Questions about a sheet that has something like a header, but not enough of it."""
    header = nearly(lines)
    if header is None or any(is_other_title(c.text) for line in lines[: header.first] for _, c in line.own):
        return []
    asking = Asking(file, shape_of(kind_of(lines[: header.first]), header.titles), mappings)
    roles_of(header, lines[header.last + 1 :], asking)
    return asking.questions


def _form(segment: Segment, file: str, number: int, mappings: Mappings) -> tuple[Form | None, list[Question]]:
    """One form, or None where a question has to be answered first."""
    lines, header = segment.lines, segment.headers[0]
    head = head_of(lines[: header.first])
    kind = kind_of(head)
    asking = Asking(file, shape_of(kind, header.titles), mappings)
    used = Used()
    body, foot = _body(segment, used, asking)
    total = final_total(body.totals, used, asking)
    funds = read_funds(head, used, asking) or read_funds(foot, used, asking)
    unit = money_unit_of(head) or _asked_unit(funds, asking)
    if asking.blocking:
        return None, asking.questions
    title = title_of(head) if any(line.own for line in head) else part_of(lines[header.first].cell(0), "")
    used.add(title if title.text else None)
    goals = read_goals(head, used) or read_goals(foot, used)
    labels = read_labels([*head, *foot], used) | _strips(lines[: header.last + 1])
    use_strips(lines, used)
    form = Form(
        file=file,
        number=number,
        kind=kind,
        shape=asking.shape,
        title=title,
        project=labels.pop("项目名称", None),
        department=labels.pop("主管部门", None),
        unit=_unit(labels),
        year=year_of(head, title, labels),
        money_unit=unit,
        labels=labels,
        funds=funds,
        expected=goals.get(Goal.EXPECTED),
        achieved=goals.get(Goal.ACHIEVED),
        indicators=tuple(body.rows),
        **_totals(total, labels),
        notes=tuple(used.left(lines)),
    )
    return form, asking.questions


def _strips(lines: Sequence[Line]) -> dict[str, Written]:
    """Names of blocks that say their points: 绩效指标(90分)."""
    cells = [cell for line in lines for _, cell in line.own if is_strip(cell.text)]
    return {bare(cell.text): cell for cell in cells if points_in(cell) is not None}


def _totals(total: Total | None, labels: Mapping[str, Written]) -> dict[str, Written | None]:
    """Weight, points and grade of the total row; of labels where it has none."""
    points, grade = labels.get("自评总分"), labels.get("自评等级")
    if total is not None and total.points is not None and (not total.points.blank or points is None):
        points = total.points
    if total is not None and total.grade is not None:
        grade = total.grade
    elif grade is not None:
        grade = grade_in(grade) or grade
    return {"total_weight": total.weight if total else None, "total_points": points, "grade": grade}


def _unit(labels: dict[str, Written]) -> Written | None:
    """Who carried it out, else whose form it is."""
    names = [name for name in ("实施单位", "单位名称", "填报单位") if name in labels]
    filled = [name for name in names if not labels[name].blank]
    return labels.pop((filled or names)[0]) if names else None


def _body(segment: Segment, used: Used, asking: Asking) -> tuple[Body, list[Line]]:
    """The indicator table, over all its pages, and the lines below it."""
    lines = segment.lines
    body = Body(asking, used)
    starts = [header.first for header in segment.headers[1:]] + [len(lines)]
    for header, until in zip(segment.headers, starts, strict=True):
        used.add(*header.cells(lines))
        below = lines[header.last + 1 : until]
        body.read(below, roles_of(header, below, asking))
    rest = lines[segment.headers[0].last + 1 :]
    return body, [line for line in rest if not _is_taken(line, body, used)]


def _is_taken(line: Line, body: Body, used: Used) -> bool:
    """Whether a line below the header has been read, as an indicator or as a total."""
    totals = {total.label.spot for total in body.totals}
    return all(cell in used for _, cell in line.own) or any(cell.spot in totals for _, cell in line.own)


def _asked_unit(funds: Sequence[FundRow], asking: Asking) -> str | None:
    """The unit of amounts that have none, from the mapping file; the form is read without it."""
    amounts = [cell for row in funds for cell in (row.initial, row.adjusted, row.executed) if cell is not None]
    bare_amounts = [cell for cell in amounts if is_number(cell) and "元" not in cell.text and cell.number != 0]
    if not bare_amounts:
        return None
    text = f"{bare_amounts[0].spot.cell}等金额没有写明单位,是万元还是元?"
    return asking.answer("money_unit", "金额单位", text, bare_amounts[0], ("万元", "元"), blocking=False)
