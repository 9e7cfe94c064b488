"""All forms of a run together, and the lists they are held against."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from workbench.recheck.findings.reviewed import Reviewed, filled, text_of
from workbench.recheck.findings.rule import same_name
from workbench.recheck.model import Form, FormKind, Spot, Waiting, Written

SIMILAR = 0.75
"""From how much likeness on (0 to 1) another name is a near miss."""
_TELLING = 4
"""Characters of a name that, found in another one, make it a near miss."""
_WHOLE = re.compile(r"(?:本?(?:部门|单位))?整体(?:支出|绩效|预算|自评|评价|项目|情况|表)*$")
"""How a list calls the evaluation of a whole unit; 整体规划编制 is a project."""


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """One project of the list of projects that have to be evaluated (``--register``).

    Attributes:
        file: name of the list; project: the cell with its name.
        unit, year: empty or None where the list has no such column.
        adjusted, executed, accounts: 全年预算数, 全年执行数, 决算数 or 国库支付数, in ``money_unit``; None where the list does not say.
        places: where these stand, by their names here.
        last_places: what one in the last decimal of each is worth, in ``money_unit``.
    """

    file: str
    project: Written
    unit: str = ""
    year: int | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    accounts: Decimal | None = None
    money_unit: str | None = None
    places: Mapping[str, Spot] = field(default_factory=dict, compare=False)
    last_places: Mapping[str, Decimal] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ApprovedIndicator:
    """One indicator of the approved goals (``--approved``). ``unit``, ``sign``, ``measure`` and levels are empty where not given.

    ``file`` is the name of the list, ``places`` are those of ``target`` and ``weight``, by these names.
    """

    project: str
    name: Written
    target: str
    unit: str = ""
    year: int | None = None
    weight: Decimal | None = None
    sign: str = ""
    measure: str = ""
    level1: str = ""
    level2: str = ""
    file: str = ""
    places: Mapping[str, Spot] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Batch:
    """What rules over several forms look at. ``register`` and ``approved`` are None where no such list was given.

    ``unread``: forms that were handed in and wait for an answer; a file that cannot be read is one, nobody knows whose.
    """

    forms: tuple[Reviewed, ...]
    register: tuple[RegisterItem, ...] | None = None
    approved: tuple[ApprovedIndicator, ...] | None = None
    unread: tuple[Waiting, ...] = ()

    @cached_property
    def by_project(self) -> dict[str, list[Reviewed]]:
        """Forms by the name of their project, as :func:`~workbench.recheck.findings.rule.same_name` has it."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in self.forms:
            if project_of(one.form):
                found[same_name(project_of(one.form))].append(one)
        return found

    @cached_property
    def wholes(self) -> dict[str, list[Reviewed]]:
        """Forms of whole departments by the name of their unit."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in self.forms:
            if one.form.kind is FormKind.DEPARTMENT and unit_of(one.form):
                found[same_name(unit_of(one.form))].append(one)
        return found

    @cached_property
    def matches(self) -> Sequence[Match]:
        """Each project of the list with its forms."""
        items = self.register or ()
        exact = [self._forms_of(item) for item in items]
        taken = {same_name(item.project.text) for item in items}
        found = {id(one) for forms in exact for one in forms}
        free = {
            name: forms
            for name, forms in self.by_project.items()
            if name not in taken and not found & set(map(id, forms))
        }
        owned = {id(one): _owners(items, one) for one in self.unread}
        made = []
        for item, forms in zip(items, exact, strict=True):
            unread = tuple(one for one in self.unread if not forms and item in owned[id(one)])
            near = None if forms or unread else self._named_else(item) or _nearest(item, free)
            if forms or unread or near is not None:
                made.append(Match(item, tuple(forms), near, unread))
                continue
            waits = tuple(one for one in self.unread if not owned[id(one)] and _is_like(item, one))
            maybe = () if waits else tuple(one for one in self.unread if not owned[id(one)] and _of_unit(item, one))
            made.append(Match(item, (), None, waits=waits, maybe=maybe))
        return made

    @cached_property
    def nameless(self) -> tuple[Waiting, ...]:
        """Files that cannot be read, and whose path names no project and no unit of the list."""
        items = self.register or ()
        unread = (one for one in self.unread if not one.project)
        return tuple(one for one in unread if not any(_is_of(item, one) or _of_unit(item, one) for item in items))

    def _forms_of(self, item: RegisterItem) -> list[Reviewed]:
        """Forms of the same project, unit and year; what either side does not say does not part them.

        The form of a whole department goes by its unit: it has no project to be called by.
        """
        named = [one for one in self.by_project.get(same_name(item.project.text), []) if _may_be(item, one)]
        if named or not is_whole(item.project.text, item.unit):
            return named
        called = self.wholes.get(same_name(item.unit), []) if item.unit else []
        alike = (one for forms in self.wholes.values() for one in forms)
        own = called or [one for one in alike if of_whole(item.project.text, item.unit, one.form)]
        return [one for one in own if _same_year(item.year, one)]

    def _named_else(self, item: RegisterItem) -> Reviewed | None:
        """A form of that project and another unit, unless the list has the project for several units."""
        wanted = same_name(item.project.text)
        same = [one for one in self.by_project.get(wanted, []) if _same_year(item.year, one)]
        alone = sum(same_name(other.project.text) == wanted for other in self.register or ()) == 1
        return same[0] if same and alone else None


@dataclass(frozen=True, slots=True)
class Match:
    """A project of the list: its forms, and where there are none the form that may be meant.

    Attributes:
        unread: its form, there and not read yet.
        waits: forms of its unit with a name like it that wait for an answer.
        maybe: files that cannot be read, and whose path names its unit.
    """

    item: RegisterItem
    forms: tuple[Reviewed, ...]
    near: Reviewed | None
    unread: tuple[Waiting, ...] = ()
    waits: tuple[Waiting, ...] = ()
    maybe: tuple[Waiting, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether nothing was found for it."""
        return not self.forms and not self.unread and not self.waits and self.near is None


def _may_be(item: RegisterItem, one: Reviewed) -> bool:
    return _same_year(item.year, one) and same_unit(item.unit, unit_of(one.form))


def _is_of(item: RegisterItem, one: Waiting) -> bool:
    """Whether a form not read yet is that of a project: by the name in it, else in the name of its file."""
    wanted = same_name(item.project.text)
    if one.project:
        alike = same_name(one.project) == wanted and same_unit(item.unit, one.unit)
        return alike or (one.project == one.unit and _named_whole(item.project.text, item.unit, one.unit))
    return len(wanted) >= _TELLING and wanted in same_name(one.file)


def _owners(items: Sequence[RegisterItem], one: Waiting) -> list[RegisterItem]:
    """The projects of the list whose form this is; of several its path names, the one with the longest name."""
    own = [item for item in items if _is_of(item, one)]
    if one.project:
        return own
    names = {same_name(item.project.text) for item in own}
    return [item for item in own if not any(_within(same_name(item.project.text), name) for name in names)]


def _within(name: str, longer: str) -> bool:
    return name != longer and name in longer


def _is_like(item: RegisterItem, one: Waiting) -> bool:
    """Whether a form that waits for an answer is one of the unit, with a project called nearly so."""
    if not one.project or not same_unit(item.unit, one.unit):
        return False
    return _likeness(same_name(item.project.text), same_name(one.project)) >= SIMILAR


def _of_unit(item: RegisterItem, one: Waiting) -> bool:
    """Whether a file that cannot be read is some form of the unit, as its name or folder says."""
    unit = same_name(item.unit)
    return not one.project and len(unit) >= _TELLING and unit in same_name(one.file)


def _same_year(year: int | None, one: Reviewed) -> bool:
    return year is None or one.form.year is None or year == one.form.year


def _nearest(item: RegisterItem, free: dict[str, list[Reviewed]]) -> Reviewed | None:
    """Of the forms that no project of the list has, the one whose project is called most like it."""
    wanted, best, likeness = same_name(item.project.text), None, SIMILAR
    for name, forms in free.items():
        own = next((one for one in forms if _may_be(item, one)), None)
        if own is not None and (found := _likeness(wanted, name)) >= likeness:
            best, likeness = own, found
    return best


def _likeness(wanted: str, name: str) -> float:
    """From 0 to 1; 1 where one name is part of the other, 0 where they are plainly not alike."""
    shorter, longer = sorted((wanted, name), key=len)
    if len(shorter) >= _TELLING and shorter in longer:
        return 1
    if 2 * len(set(wanted) & set(name)) < SIMILAR * (len(set(wanted)) + len(set(name))):
        return 0
    return difflib.SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def project_of(form: Form) -> str:
    """The name of the project; for the form of a whole department, which has none, its unit; empty where neither is said."""
    return text_of(form.project) or (unit_of(form) if form.kind is FormKind.DEPARTMENT else "")


def name_cell(form: Form) -> Written | None:
    """Where the name of the project stands; for the form of a whole department, of the unit."""
    return next((cell for cell in (form.project, form.unit, form.department) if filled(cell)), form.project)


def is_whole(project: str, unit: str) -> bool:
    """Whether a line of a list means a whole unit: 甲局部门整体支出, or 甲局 as the project of 甲局."""
    return _WHOLE.search(same_name(project)) is not None or same_name(project) == same_name(unit)


def of_whole(project: str, unit: str, form: Form) -> bool:
    """Whether a line of a list means the whole unit that a form is about."""
    return form.kind is FormKind.DEPARTMENT and _named_whole(project, unit, unit_of(form))


def _named_whole(project: str, unit: str, own: str) -> bool:
    """Whether the unit of a line, or where there is none the one in its name, is a form's own."""
    named = unit or _WHOLE.sub("", same_name(project))
    return bool(named and own) and is_whole(project, unit) and same_unit(named, own)


def unit_of(form: Form) -> str:
    """Who filled the form in: 实施单位, or 主管部门 where there is none."""
    return text_of(form.unit) or text_of(form.department)


def same_unit(one: str, other: str) -> bool:
    """Whether two names may be of one unit: equal, one part of the other, or one of them not given."""
    a, b = same_name(one), same_name(other)
    return not a or not b or a in b or b in a
