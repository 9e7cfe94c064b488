"""All forms of a run together, and the lists they are held against."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from workbench.recheck.findings.reviewed import Reviewed, text_of
from workbench.recheck.findings.rule import same_name
from workbench.recheck.model import Form, Waiting, Written

SIMILAR = 0.75
"""From how much likeness on (0 to 1) another name is a near miss."""
_TELLING = 4
"""Characters of a name that, found in another one, make it a near miss."""


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """One project of the list of projects that have to be evaluated (``--register``).

    Attributes:
        file: name of the list; project: the cell with its name.
        unit, year: empty or None where the list has no such column.
        adjusted, executed, accounts: 全年预算数, 全年执行数, 决算数 or 国库支付数, in ``money_unit``; None where the list does not say.
    """

    file: str
    project: Written
    unit: str = ""
    year: int | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    accounts: Decimal | None = None
    money_unit: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovedIndicator:
    """One indicator of the approved goals (``--approved``). ``unit``, ``sign``, ``measure`` and levels are empty where not given."""

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
    def matches(self) -> Sequence[Match]:
        """Each project of the list with its forms."""
        items = self.register or ()
        exact = [self._forms_of(item) for item in items]
        taken = {same_name(item.project.text) for item in items}
        free = {name: forms for name, forms in self.by_project.items() if name not in taken}
        owners = {id(one) for item in items for one in self.unread if _is_of(item, one) or _of_unit(item, one)}
        nameless = tuple(one for one in self.unread if id(one) not in owners and not one.project)
        made = []
        for item, forms in zip(items, exact, strict=True):
            unread = tuple(one for one in self.unread if not forms and _is_of(item, one))
            near = None if forms or unread else self._named_else(item) or _nearest(item, free)
            maybe = tuple(one for one in self.unread if _of_unit(item, one)) or nameless
            made.append(Match(item, tuple(forms), near, unread, maybe if not forms and not unread else ()))
        return made

    def _forms_of(self, item: RegisterItem) -> list[Reviewed]:
        """Forms of the same project, unit and year; what either side does not say does not part them."""
        return [one for one in self.by_project.get(same_name(item.project.text), []) if _may_be(item, one)]

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
        unread: its form, there and not read yet; maybe: files that cannot be read, one of which may be it.
    """

    item: RegisterItem
    forms: tuple[Reviewed, ...]
    near: Reviewed | None
    unread: tuple[Waiting, ...] = ()
    maybe: tuple[Waiting, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether nothing was found for it."""
        return not self.forms and not self.unread and self.near is None


def _may_be(item: RegisterItem, one: Reviewed) -> bool:
    return _same_year(item.year, one) and same_unit(item.unit, unit_of(one.form))


def _is_of(item: RegisterItem, one: Waiting) -> bool:
    """Whether a form not read yet is that of a project: by the name in it, else in the name of its file."""
    wanted = same_name(item.project.text)
    if one.project:
        return same_name(one.project) == wanted and same_unit(item.unit, one.unit)
    return len(wanted) >= _TELLING and wanted in same_name(one.file)


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
    """The name of the project; empty where the form has none."""
    return text_of(form.project)


def unit_of(form: Form) -> str:
    """Who filled the form in: 实施单位, or 主管部门 where there is none."""
    return text_of(form.unit) or text_of(form.department)


def same_unit(one: str, other: str) -> bool:
    """Whether two names may be of one unit: equal, one part of the other, or one of them not given."""
    a, b = same_name(one), same_name(other)
    return not a or not b or a in b or b in a
