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
from workbench.recheck.forms.header import Header, headers, nearly, roles_of, untitled_header
from workbench.recheck.forms.innames import with_named_weights
from workbench.recheck.forms.labels import read_labels, use_strips
from workbench.recheck.forms.lines import Line, Used, flows, part_of, points_in
from workbench.recheck.forms.mapping import Mappings
from workbench.recheck.forms.money import read_funds
from workbench.recheck.forms.moneyunit import asked_unit, unit_in_cells
from workbench.recheck.forms.parts import with_parts
from workbench.recheck.forms.segments import Segment, segments
from workbench.recheck.forms.totals import Total, final_total, grade_in
from workbench.recheck.forms.vocabulary import Goal, bare, is_other_title, is_ours, is_strip
from workbench.recheck.model import Form, FormKind, Question, Reading, Waiting, Written


def read_forms(path: Path, name: str, mappings: Mappings) -> Reading:
    """All forms of a file, and what has to be asked. Raises FileError for a file that cannot or must not be read."""
    opened = open_file(path, name)
    forms, questions, waiting = _read(opened.grids, mappings)
    return Reading(name, digest_file(path), tuple(forms), tuple(questions), opened.notices, tuple(waiting))


def forms_of(grids: Sequence[Grid], mappings: Mappings) -> tuple[list[Form], list[Question]]:
    """The forms on these tables, in order; a form with an open question that matters is left out until it is answered."""
    return _read(grids, mappings)[:2]


def _read(grids: Sequence[Grid], mappings: Mappings) -> tuple[list[Form], list[Question], list[Waiting]]:
    """Forms, questions, and the forms that wait for their answers."""
    forms: list[Form] = []
    questions: list[Question] = []
    doubtful: list[Question] = []
    waiting: list[Waiting] = []
    unsure: list[Waiting] = []
    number, ours = 0, False
    for lines in flows(grids):
        found = headers(lines, mappings)
        if _is_ours(lines, found):
            ours = True
            continue
        if not found:
            asked = _unread(lines, grids[0].file, mappings)
            doubtful += asked
            unsure += [_waiting(lines, grids[0].file)] if asked else []
            continue
        for segment in segments(lines, found):
            number += 1  # also of a form that is not read yet: answers must not rename the others
            form, asked = _form(segment, grids[0].file, number, mappings)
            questions += asked
            forms += [form] if isinstance(form, Form) else []
            waiting += [form] if isinstance(form, Waiting) else []
    if not forms and not questions and grids:
        questions, waiting = ([Question(grids[0].file, "", "form", _OURS, None)], []) if ours else (doubtful, unsure)
    return forms, list(dict.fromkeys(questions)) or ([_no_form(grids[0].file)] if grids and not forms else []), waiting


_OURS = "这是本程序写出的复核表,不是自评表,没有读"


def _is_ours(lines: Sequence[Line], found: Sequence[Header]) -> bool:
    """Whether these are tables of a 复核表, put among the forms again."""
    near = nearly(lines) if not found else None
    titles = [column.title for header in (*found, *([near] if near else [])) for column in header.columns]
    return any(title is not None and is_ours(title.text) for title in titles)


def _no_form(file: str) -> Question:
    text = "没有找到自评表:没有一行同时有“三级指标”“实际完成值”“得分”一类的标题(目标申报表、监控表、汇总表不是自评表)"
    return Question(file, "", "form", text, None)


def _unread(lines: Sequence[Line], file: str, mappings: Mappings) -> list[Question]:
    """Questions about a sheet that has something like a header, but not enough of it."""
    header = nearly(lines) or untitled_header(lines)
    if header is None or any(is_other_title(c.text) for line in lines[: header.first] for _, c in line.own):
        return []
    asking = Asking(file, shape_of(kind_of(lines[: header.first]), header.titles), mappings)
    roles_of(header, lines[header.last + 1 :], asking)
    return asking.questions


def _waiting(lines: Sequence[Line], file: str) -> Waiting:
    """Whose form it is that waits, as its labels say."""
    labels = read_labels(lines, Used())
    project, unit = labels.get("项目名称"), _unit(dict(labels)) or labels.get("主管部门")
    if project is None and kind_of(lines) is FormKind.DEPARTMENT:
        project = unit
    return Waiting(file, project.text if project else "", unit.text if unit else "")


def _form(segment: Segment, file: str, number: int, mappings: Mappings) -> tuple[Form | Waiting, list[Question]]:
    """One form; where a question has to be answered first, whose it is."""
    lines, header = segment.lines, segment.headers[0]
    head = head_of(lines[: header.first])
    kind = kind_of(head)
    asking = Asking(file, shape_of(kind, header.titles), mappings)
    used = Used()
    body, foot = _body(segment, used, asking)
    total = final_total(body.totals, used, asking)
    funds = read_funds(head, used, asking) or read_funds(foot, used, asking)
    unit = money_unit_of(head) or unit_in_cells(funds) or asked_unit(funds, lines, f"{file}#{number}", asking)
    if asking.blocking:
        return _waiting(head, file), asking.questions
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
        indicators=with_parts(with_named_weights(body.rows, funds), funds, total.weight if total else None),
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
