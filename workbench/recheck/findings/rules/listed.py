"""Forms held against the list of projects (应评未评) and the approved goals (批复绩效目标)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from workbench.base.text import trimmed, with_unit
from workbench.recheck.findings.batch import (
    ApprovedIndicator,
    Batch,
    Match,
    RegisterItem,
    project_of,
    same_unit,
    unit_of,
)
from workbench.recheck.findings.reviewed import Reviewed, name_of, text_of
from workbench.recheck.findings.rule import Params, Seen, same_name
from workbench.recheck.model import Waiting
from workbench.recheck.recompute.execution import execution_row, is_rate
from workbench.recheck.values import Sign, Target, TypedRow, target_of
from workbench.recheck.values.units import converted

_SHOWN = 5
"""Names of files in one message."""

# ---------------------------------------------------------------------------------------------------------------------
# list of projects
# ---------------------------------------------------------------------------------------------------------------------


def not_evaluated(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list without a form, without one of a similar name, and not among the files that cannot be read."""
    for match in batch.matches:
        if match.missing and not _may_be_there(batch, match):
            told = {"unit": match.item.unit or "未写单位", "unread": _note(match.maybe)}
            yield Seen(match.item.project, "项目名称", "", "报送自评表", told=told, file=match.item.file)


def register_waiting(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list whose form is there and was not read, or may be a file nobody knows whose it is."""
    for match in batch.matches:
        there = bool(match.unread)
        if there or (match.missing and _may_be_there(batch, match)):
            waits = any(one.project for one in match.unread)
            state = "在等待回答提问" if waits else "读不出来" if there else "可能在读不出的文件里"
            expected = "回答识别对照里的提问" if waits else "请单位重新报送能读的文件"
            told = {"unit": match.item.unit or "未写单位", "state": state, "form": _named(match.unread or match.maybe)}
            yield Seen(match.item.project, "项目名称", "", expected, told=told, file=match.item.file)


def _may_be_there(batch: Batch, match: Match) -> bool:
    """Whether the files that cannot be read are enough for all projects they may be the forms of."""
    if not match.maybe:
        return False
    alike = sum(other.missing and other.maybe == match.maybe for other in batch.matches)
    return alike <= len(match.maybe)


def _note(maybe: Sequence[Waiting]) -> str:
    return f";另有{len(maybe)}个文件读不出来,不知是哪个项目的:{_named(maybe)}" if maybe else ""


def _named(files: Sequence[Waiting]) -> str:
    names = "、".join(one.file for one in files[:_SHOWN])
    return f"{names}等{len(files)}个" if len(files) > _SHOWN else names


def register_alike(batch: Batch, params: Params) -> Iterator[Seen]:
    """A form taken for a project of the list although the names differ in brackets, signs or a year."""
    for match in batch.matches:
        listed = text_of(match.item.project)
        for one in match.forms:
            if project_of(one.form) != listed:
                told = {"list": f"{match.item.file} {match.item.project.spot.cell}"}
                yield Seen(one.form.project, "项目名称", "", listed, told=told, form=one.form)


def register_near(batch: Batch, params: Params) -> Iterator[Seen]:
    """A project of the list whose only form has a name or a unit like it: told, never taken for it silently."""
    for match in batch.matches:
        if match.near is not None:
            near = match.near.form
            told = {"form": near.key, "project": project_of(near), "form_unit": unit_of(near)}
            yield Seen(match.item.project, "项目名称", "", "确认是否同一项目", told=told, file=match.item.file)


def not_in_register(batch: Batch, params: Params) -> Iterator[Seen]:
    """A form whose project the list does not have."""
    known = {id(one) for match in batch.matches for one in (*match.forms, match.near)}
    for one in batch.forms:
        if project_of(one.form) and id(one) not in known:
            yield Seen(one.form.project, "项目名称", "", "清单内项目", form=one.form)


def register_amounts(batch: Batch, params: Params) -> Iterator[Seen]:
    """Budget and spending of the form are those of the list, where it has them: 预算, 执行, 决算 or 国库."""
    for match in batch.matches:
        for one in match.forms:
            yield from _amounts(match.item, one, params)


def _amounts(item: RegisterItem, one: Reviewed, params: Params) -> Iterator[Seen]:
    total, unit = one.total_money, one.form.money_unit
    if total is None or not unit:
        return
    spent = item.executed if item.accounts is None else item.accounts
    for field, cell, here, there in (
        ("全年预算数", total.row.adjusted, total.adjusted, item.adjusted),
        ("全年执行数", total.row.executed, total.executed, spent),
    ):
        listed = None if there is None else converted(there, item.money_unit or unit, unit)
        if here is not None and listed is not None and abs(here - listed) > params.number("tolerance"):
            told = {"list": f"{item.file} {item.project.spot.cell}"}
            yield Seen(cell, field, "", with_unit(listed, unit), told=told, form=one.form)


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
            yield Seen(typed.row.weight, "分值", name_of(typed.row), trimmed(approved.weight), form=one.form)


def indicator_dropped(batch: Batch, params: Params) -> Iterator[Seen]:
    """An approved indicator that the form leaves out."""
    for one, indicators in _approved(batch):
        kept, left = _matched(one, indicators), list(one.rows)
        for approved in indicators:
            if id(approved) in kept or (one.execution is not None and is_rate(approved.name.text)):
                continue
            near = difflib.get_close_matches(text_of(approved.name), [name_of(t.row) for t in left], 1, 0.6)
            told = {"near": f";表中名称相近的有“{near[0]}”" if near else "", "place": approved.name.spot.cell}
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
    """Each form with the indicators approved for its project."""
    listed: dict[str, list[ApprovedIndicator]] = {}
    for indicator in batch.approved or ():
        listed.setdefault(same_name(indicator.project), []).append(indicator)
    for one in batch.forms:
        found = listed.get(same_name(project_of(one.form)), []) if project_of(one.form) else []
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
    told = {"place": approved.name.spot.cell}
    return Seen(typed.row.target, "年度指标值", name_of(typed.row), approved.target, told=told, form=one.form)
