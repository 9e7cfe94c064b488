"""Forms held against the list of projects (应评未评) and the approved goals (批复绩效目标)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import trimmed, with_unit
from workbench.recheck.findings.batch import (
    ApprovedIndicator,
    Batch,
    Match,
    RegisterItem,
    is_whole,
    name_cell,
    of_whole,
    project_of,
    same_unit,
    unit_of,
)
from workbench.recheck.findings.reviewed import Reviewed, filled, name_of, text_of
from workbench.recheck.findings.rule import Params, Seen, same_name
from workbench.recheck.findings.rules.money import unit_slip
from workbench.recheck.model import FormKind, Spot, Waiting, Written
from workbench.recheck.recompute.execution import execution_row, is_rate
from workbench.recheck.values import Sign, Target, TypedRow, target_of
from workbench.recheck.values.amounts import last_places
from workbench.recheck.values.units import converted

_SLIP, _ROUNDED = Decimal(10_000), Decimal("0.005")
OTHER_UNIT = "(相差一万倍,元与万元混用)"
"""Ends what the list has instead of an amount in the other unit."""
_SHOWN = 5
"""Names of files in one message."""

# ---------------------------------------------------------------------------------------------------------------------
# list of projects
# ---------------------------------------------------------------------------------------------------------------------


def not_evaluated(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list without a form, without one of a similar name, and without a file that may be it.

    A file that cannot be read takes the place of a project only where its path names the project, or the unit and the unit has
    no more projects missing than such files. The others take nothing off the list: it is said that they may hold some of it.
    """
    for match in batch.matches:
        if match.missing and not _may_be_there(batch, match):
            told = {"unit": match.item.unit or "未写单位", "unread": _note(batch, match)}
            yield Seen(match.item.project, "项目名称", "", "报送自评表", told=told, file=match.item.file)


def register_waiting(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list whose form is there and was not read, or may be a file nobody knows whose it is."""
    for match in batch.matches:
        there = bool(match.unread)
        if there or match.waits or (match.missing and _may_be_there(batch, match)):
            waits = any(one.project for one in (*match.unread, *match.waits))
            state = "在等待回答提问" if waits else "读不出来" if there else "可能在读不出的文件里"
            if match.waits:
                state = f"可能是{state}的“{match.waits[0].project}”"
            expected = "回答识别对照里的提问" if waits else "请单位重新报送能读的文件"
            files = match.unread or match.waits or match.maybe
            told = {"unit": match.item.unit or "未写单位", "state": state, "form": _named(files)}
            yield Seen(match.item.project, "项目名称", "", expected, told=told, file=match.item.file)


def _may_be_there(batch: Batch, match: Match) -> bool:
    """Whether the files of a unit that cannot be read are enough for all of its projects that are missing."""
    if not match.maybe:
        return False
    alike = sum(other.missing and other.maybe == match.maybe for other in batch.matches)
    return alike <= len(match.maybe)


def _note(batch: Batch, match: Match) -> str:
    """Which files that cannot be read may hold the project all the same."""
    files = match.maybe or batch.nameless
    if not files:
        return ""
    whose = "是这个单位的" if match.maybe else "文件名看不出是哪个项目的"
    missing = "这个单位" if match.maybe else ""
    count = len(files)
    return f";另有{count}个文件读不出来,{whose},{missing}没有自评表的项目中至多{count}个可能在里面:{_named(files)}"


def _named(files: Sequence[Waiting]) -> str:
    names = "、".join(one.file for one in files[:_SHOWN])
    return f"{names}等{len(files)}个" if len(files) > _SHOWN else names


def register_alike(batch: Batch, params: Params) -> Iterator[Seen]:
    """A form taken for a project of the list although the names differ in brackets, signs or a year.

    That of a whole department has no project to be called by, and is found by its unit.
    """
    for match in batch.matches:
        listed = text_of(match.item.project)
        for one in match.forms:
            if filled(one.form.project) and project_of(one.form) != listed:
                told = {"list": _place(match.item.file, match.item.project.spot)}
                yield Seen(one.form.project, "项目名称", "", listed, told=told, form=one.form)


def register_near(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list whose only form has a name or a unit like it: told, never taken for it silently."""
    for match in batch.matches:
        if match.near is not None:
            near = match.near.form
            told = {"form": near.key, "project": project_of(near), "form_unit": unit_of(near)}
            yield Seen(match.item.project, "项目名称", "", "确认是否同一项目", told=told, file=match.item.file)


def not_in_register(batch: Batch, params: Params) -> Iterator[Seen]:
    """A form whose project the list does not have; whole departments only where the list has such."""
    known = {id(one) for match in batch.matches for one in (*match.forms, match.near)}
    whole = any(is_whole(item.project.text, item.unit) for item in batch.register or ())
    for one in batch.forms:
        listable = whole or one.form.kind is FormKind.PROJECT
        if listable and project_of(one.form) and id(one) not in known:
            yield Seen(name_cell(one.form), "项目名称", "", "清单内项目", form=one.form)


def register_amounts(batch: Batch, params: Params) -> Iterator[Seen]:
    """Budget and spending of the form are those of the list, where it has them: 预算, 执行, 决算 or 国库."""
    for match in batch.matches:
        for one in match.forms:
            yield from _amounts(match.item, one, params)


@dataclass(frozen=True, slots=True)
class _Unlike:
    """An amount of a form, and the other one the list has, in the form's unit of money."""

    field: str
    cell: Written | None
    here: Decimal
    listed: Decimal
    spot: Spot


def _amounts(item: RegisterItem, one: Reviewed, params: Params) -> Iterator[Seen]:
    unit = one.form.money_unit
    if not unit:
        return
    unlike = list(_unlike(item, one, params.number("tolerance")))
    if unlike and all(_scaled(each.here, each.listed) for each in unlike):
        # One slip of 元 and 万元: the form's own rule tells it where the form shows it, else it is told once here.
        if not any(unit_slip(one, params)):
            found = "、".join(text_of(each.cell) for each in unlike)
            expected = "、".join(with_unit(each.listed, unit) for each in unlike) + OTHER_UNIT
            told = {"list": _place(item.file, *(each.spot for each in unlike))}
            fields = "、".join(each.field for each in unlike)
            yield Seen(unlike[0].cell, fields, "", expected, found, told, one.form)
        return
    for each in unlike:
        told = {"list": _place(item.file, each.spot)}
        yield Seen(each.cell, each.field, "", with_unit(each.listed, unit), told=told, form=one.form)


def _unlike(item: RegisterItem, one: Reviewed, tolerance: Decimal) -> Iterator[_Unlike]:
    """Amounts that are not the list's, however either side was rounded to be written."""
    total, unit = one.total_money, one.form.money_unit
    if total is None or not unit:
        return
    spent = ("executed", item.executed) if item.accounts is None else ("accounts", item.accounts)
    written = _last_places(one)
    for field, cell, here, (name, there) in (
        ("全年预算数", total.row.adjusted, total.adjusted, ("adjusted", item.adjusted)),
        ("全年执行数", total.row.executed, total.executed, spent),
    ):
        listed = None if there is None else converted(there, item.money_unit or unit, unit)
        if here is None or listed is None or cell is None:
            continue
        rounded = converted(item.last_places.get(name, Decimal(0)), item.money_unit or unit, unit) or Decimal(0)
        if abs(here - listed) > max(tolerance, rounded / 2, written.get(cell.spot, Decimal(0)) / 2):
            yield _Unlike(field, cell, here, listed, item.places.get(name, item.project.spot))


def _last_places(one: Reviewed) -> dict[Spot, Decimal]:
    """What one in the last decimal of each amount of the form is worth."""
    rows = [money.row for money in one.money]
    cells = [cell for row in rows for cell in (row.initial, row.adjusted, row.executed) if cell is not None]
    return {cell.spot: place for cell, place in zip(cells, last_places(cells, one.form.money_unit), strict=True)}


def _place(file: str, *spots: Spot) -> str:
    """A place in a list: 项目清单.xlsx 汇总 E3、F3."""
    cells = "、".join(dict.fromkeys(spot.cell for spot in spots))
    return " ".join(filter(None, (file, spots[0].sheet, cells)))


def _scaled(here: Decimal, listed: Decimal) -> bool:
    """Whether one is ten thousand times the other, but for rounding."""
    ratio = max(here, listed) / min(here, listed) if min(here, listed) > 0 else Decimal(0)
    return abs(ratio / _SLIP - 1) < _ROUNDED


# ---------------------------------------------------------------------------------------------------------------------
# approved goals
# ---------------------------------------------------------------------------------------------------------------------


def target_lowered(batch: Batch, params: Params) -> Iterator[Seen]:
    """A target easier than the approved one."""
    for one, approved, typed in _pairs(batch):
        if _easier(_target(approved), typed.target, one.form.year):
            yield _target_seen(one, approved, typed)


def target_changed(batch: Batch, params: Params) -> Iterator[Seen]:
    """A target of another kind or direction than the approved one: which is harder nobody can tell."""
    for one, approved, typed in _pairs(batch):
        wanted, own = _target(approved), typed.target
        kinds = (wanted.numeric, wanted.moment is not None) != (own.numeric, own.moment is not None)
        if text_of(typed.row.target) and (kinds or (wanted.written and own.written and wanted.sign is not own.sign)):
            yield _target_seen(one, approved, typed)


def indicator_reweighted(batch: Batch, params: Params) -> Iterator[Seen]:
    """Another weight than the approved one (101号 附件1 三(六): 设立后原则上不得调整)."""
    for one, approved, typed in _pairs(batch):
        weight = typed.weight
        if (
            approved.weight is not None
            and weight is not None
            and abs(weight - approved.weight) > params.number("tolerance")
        ):
            told = {"place": _goal_place(approved, "weight")}
            yield Seen(typed.row.weight, "分值", name_of(typed.row), trimmed(approved.weight), told=told, form=one.form)


def indicator_dropped(batch: Batch, params: Params) -> Iterator[Seen]:
    """An approved indicator that the form leaves out."""
    for one, indicators in _approved(batch):
        kept, left = _matched(one, indicators), list(one.rows)
        for approved in indicators:
            if id(approved) in kept or (one.execution is not None and is_rate(approved.name.text)):
                continue
            near = difflib.get_close_matches(text_of(approved.name), [name_of(t.row) for t in left], 1, 0.6)
            told = {"near": f";表中名称相近的有“{near[0]}”" if near else "", "place": _goal_place(approved)}
            cell = one.rows[0].row.level3 if one.rows else one.form.title
            yield Seen(cell, "三级指标", approved.name.text, "按批复设置", approved.name.text, told, one.form)


def indicator_added(batch: Batch, params: Params) -> Iterator[Seen]:
    """An indicator that was not approved."""
    for one, indicators in _approved(batch):
        taken = {id(typed) for typed in _matched(one, indicators).values()}
        rate = execution_row(one.form)
        for typed in one.rows:
            # 预算执行率 belongs to the form (附1), and to no list of goals.
            if id(typed) not in taken and typed.row is not rate:
                yield Seen(typed.row.level3, "三级指标", name_of(typed.row), "批复中的指标", form=one.form)


def _approved(batch: Batch) -> Iterator[tuple[Reviewed, Sequence[ApprovedIndicator]]]:
    """Each form with the indicators approved for its project, or for its whole unit."""
    listed: dict[str, list[ApprovedIndicator]] = {}
    whole: dict[tuple[str, str], list[ApprovedIndicator]] = {}
    for indicator in batch.approved or ():
        listed.setdefault(same_name(indicator.project), []).append(indicator)
        if is_whole(indicator.project, indicator.unit):
            whole.setdefault((indicator.project, indicator.unit), []).append(indicator)
    for one in batch.forms:
        found = listed.get(same_name(project_of(one.form)), []) if project_of(one.form) else []
        if not found and one.form.kind is FormKind.DEPARTMENT:
            found = [i for key, some in whole.items() if of_whole(*key, one.form) for i in some]
        years = {None, one.form.year} if one.form.year is not None else {i.year for i in found}
        own = [i for i in found if i.year in years and same_unit(i.unit, unit_of(one.form))]
        if own:
            yield one, own


def _matched(one: Reviewed, indicators: Sequence[ApprovedIndicator]) -> dict[int, TypedRow]:
    """id of the approved indicator → row of the form, by name; of several alike each is used once, the same level 2 first."""
    left = list(one.rows)
    found: dict[int, TypedRow] = {}
    for approved in indicators:
        alike = [t for t in left if same_name(t.row.level3.text) == same_name(approved.name.text)]
        alike.sort(key=lambda t: same_name(approved.level2) != same_name(text_of(t.row.level2)))
        if alike:
            found[id(approved)] = alike[0]
            left.remove(alike[0])
    return found


def _pairs(batch: Batch) -> Iterator[tuple[Reviewed, ApprovedIndicator, TypedRow]]:
    for one, indicators in _approved(batch):
        rows = _matched(one, indicators)
        yield from ((one, approved, rows[id(approved)]) for approved in indicators if id(approved) in rows)


def _target(approved: ApprovedIndicator) -> Target:
    levels = f"{approved.level1} {approved.level2}"
    return target_of(approved.target, approved.sign, approved.measure, name=approved.name.text, levels=levels)


def _goal_place(approved: ApprovedIndicator, name: str = "") -> str:
    """Where the approved goals say it; where the indicator stands, for what has no place of its own."""
    return _place(approved.file, approved.places.get(name, approved.name.spot))


def _easier(approved: Target, own: Target, year: int | None) -> bool:
    if approved.moment is not None and own.moment is not None:
        wanted, given = approved.moment.limits(year), own.moment.limits(year)
        return wanted is not None and given is not None and given[0] > wanted[1]
    if (
        approved.number is None
        or own.number is None
        or (approved.written and own.written and approved.sign is not own.sign)
    ):
        return False
    number = converted(own.number, own.unit, approved.unit)
    sign = approved.sign if approved.sign is not Sign.UNKNOWN else own.sign
    if number is None or sign not in (Sign.GTE, Sign.LTE, Sign.EQ):
        return False
    leaning = approved.leaning if sign is Sign.EQ else sign
    return (leaning is Sign.GTE and number < approved.number) or (leaning is Sign.LTE and number > approved.number)


def _target_seen(one: Reviewed, approved: ApprovedIndicator, typed: TypedRow) -> Seen:
    told = {"place": _goal_place(approved, "target")}
    return Seen(typed.row.target, "年度指标值", name_of(typed.row), approved.target, told=told, form=one.form)
