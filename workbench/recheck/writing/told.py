"""A re-check as its readers are told it: names, totals, deviations and reasons, worked out once for everything that is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from workbench.base.errors import Problem
from workbench.base.exact import half_up_fraction
from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.recheck.findings.catalogue import EXAMPLE
from workbench.recheck.findings.reviewed import Line, Reviewed
from workbench.recheck.findings.rules.sums import left_out
from workbench.recheck.model import Form, FormKind, Written
from workbench.recheck.outcome import Choice, Finding, Rechecked, Recomputed, Severity
from workbench.recheck.values.targets import Target
from workbench.recheck.writing.lacking import why_no_total

UNNAMED = "未写明单位"
AUTHOR = "绩效评价工作台"
PLACES = 2
"""Decimals of a deviation in percent."""
_REASONS = 3
"""Lines and defects that 主要原因 names each; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What is said of a rule of finding: its title, and the document and clause it follows from.

    ``internal``: what it finds is for the reviewers, and not told to the unit.
    """

    title: str
    source: str
    internal: bool = False


@dataclass(frozen=True)
class Batch:
    """Everything that is written down.

    Attributes:
        forms: in the order they are numbered in all that is written.
        loose: findings about no form: projects without a form.
        rules: by code; a code without a note goes by its own name.
        refused: files that could not be read, and why.
        title: what the whole is called: the folder's name.
    """

    forms: tuple[Told, ...]
    loose: tuple[Finding, ...]
    rules: Mapping[str, RuleNote]
    refused: tuple[Problem, ...] = ()
    title: str = ""

    @property
    def ruleset(self) -> str:
        """Title of the ruleset everything was recomputed under; empty without forms."""
        return self.forms[0].one.ruleset if self.forms else ""

    @property
    def findings(self) -> list[Finding]:
        """All findings, form by form, then those about none."""
        return [*(f for told in self.forms for f in told.one.findings), *self.loose]

    def only(self, forms: Sequence[Told]) -> Batch:
        """These forms, with what is known of rules."""
        return Batch(tuple(forms), (), self.rules, title=self.title)

    def title_of(self, code: str) -> str:
        """What a kind of defect is called."""
        return self.rules[code].title if code in self.rules else code

    def source_of(self, code: str) -> str:
        """What a rule follows from; empty where nobody has said."""
        return self.rules[code].source if code in self.rules else ""

    def basis_of(self, code: str) -> str:
        """As :meth:`source_of`, for a unit: it is bound by a document with a number, and by no practice or threshold of ours."""
        source = self.source_of(code).removesuffix(EXAMPLE).rstrip("、")
        return source if "〔" in source else ""

    @cached_property
    def by_unit(self) -> dict[str, list[Told]]:
        """Forms by the unit that filled them in, units in the order they first come."""
        found: dict[str, list[Told]] = {}
        for told in self.forms:
            found.setdefault(told.unit or UNNAMED, []).append(told)
        return found


@dataclass(frozen=True)
class Told:
    """One form as it is told. ``number`` is its place in the batch, from 1."""

    number: int
    one: Rechecked
    _titles: Mapping[str, RuleNote] = field(default_factory=dict, repr=False)

    @property
    def form(self) -> Form:
        """What was read."""
        return self.one.form

    @cached_property
    def project(self) -> str:
        """Name of the project; of a whole department its unit; or else the form's title, or its file."""
        whole = f"{self.unit}（部门整体支出）" if self.whole and self.unit else ""
        return line_of(self.form.project) or whole or line_of(self.form.title) or self.form.file

    @property
    def whole(self) -> bool:
        """Whether this is the form of a whole department, and goes by its unit for want of a project."""
        return self.form.kind is FormKind.DEPARTMENT and not line_of(self.form.project)

    @property
    def listed(self) -> str:
        """The name a list of projects would have: empty where the form says none."""
        return line_of(self.form.project) or (self.unit if self.whole else "")

    @cached_property
    def unit(self) -> str:
        """Who filled it in; empty where the form does not say."""
        return line_of(self.form.unit) or line_of(self.form.department)

    @cached_property
    def department(self) -> str:
        """主管部门, or the unit itself."""
        return line_of(self.form.department) or self.unit

    def __reduce__(self) -> tuple[type[Told], tuple[object, ...]]:
        """Handed to another process without what was worked out here: that is quicker done again."""
        return Told, (self.number, self.one, self._titles)

    @cached_property
    def reviewed(self) -> Reviewed:
        """The form with its values typed."""
        return Reviewed(self.form, self.one.recomputed)

    @property
    def own(self) -> Decimal | None:
        """自评得分."""
        return self.reviewed.total

    @property
    def counted(self) -> Decimal | None:
        """复核得分, or 规则复算得分 while nothing is decided."""
        return self.one.decided if self.one.decided is not None else self.one.total

    @property
    def difference(self) -> Decimal | None:
        """偏差: what counts − 自评得分, over the same lines."""
        return None if self._own_of_all is None or self.counted is None else self.counted - self._own_of_all

    @property
    def deviation(self) -> Decimal | None:
        """偏离度 in percent."""
        return deviation(self._own_of_all, self.counted)

    @property
    def _own_of_all(self) -> Decimal | None:
        """自评得分 with the points of 预算执行率 where the unit's total leaves them out."""
        return None if self.own is None else self.own + left_out(self.reviewed)

    @property
    def recomputed(self) -> str:
        """规则复算得分: one number, or its interval; empty where the rules give none."""
        one = self.one
        return interval(one.low, one.high) or ("" if one.total is None else plain(one.total))

    @cached_property
    def lacking(self) -> str:
        """Why there is no 规则复算总分; empty where there is one."""
        return "" if self.one.total is not None else why_no_total(self.lines)

    @property
    def grade(self) -> str:
        """复核等级, or 复算等级 while nothing is decided; empty where neither is certain."""
        return self.one.counted_grade

    @property
    def counted_as(self) -> str:
        """What ``grade`` and ``counted`` are: 复核 or 复算."""
        return "复核" if self.one.decided is not None else "复算"

    @property
    def lowered(self) -> bool:
        """Whether the grade is another one than the unit's, and the points are fewer."""
        named = bool(self.one.self_grade and self.grade) and self.one.self_grade != self.grade
        return named and self.difference is not None and self.difference < 0

    @cached_property
    def answerable(self) -> tuple[Finding, ...]:
        """What the unit is told, and answers."""
        return tuple(f for f in self.one.findings if f.code not in self._titles or not self._titles[f.code].internal)

    @cached_property
    def counts(self) -> Counter[Severity]:
        """Findings by severity."""
        return Counter(finding.severity for finding in self.one.findings)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The scored lines, 预算执行率 first, each with what was recomputed."""
        return self.reviewed.lines

    @cached_property
    def targets(self) -> dict[int, Target]:
        """What every indicator was to reach, by its number."""
        return {typed.row.number: typed.target for typed in self.reviewed.typed}

    def choices(self, rows: Iterable[int]) -> list[Choice]:
        """What was decided about the line of these rows."""
        wanted = set(rows)
        return [choice for choice in self.one.choices if choice.row in wanted]

    @cached_property
    def reason(self) -> str:
        """主要原因: why there is no total, else the lines whose points differ most, then the gravest kinds of defects."""
        changed = sorted(filter(None, map(self._changed, self.lines)), key=lambda pair: pair[0])
        titles = Counter(
            self._titles[f.code].title if f.code in self._titles else f.code
            for f in sorted(self.one.findings, key=lambda f: f.severity)
            if f.severity is not Severity.P2
        )
        defects = [f"{title}({times}处)" if times > 1 else title for title, times in titles.items()]
        lacking = [f"没有复算总分：{self.lacking}"] if self.lacking else []
        return "；".join([*lacking, *_first([text for _, text in changed], "项得分"), *_first(defects, "类问题")])

    def _changed(self, line: Line) -> tuple[Decimal, str] | None:
        """By how much the points of a line go down or up, and the sentence; None where nothing is known to differ."""
        again = line.recomputed
        rows = again.rows if again is not None else tuple(t.row.number for t in line.rows)
        decided = next((c.points for c in self.choices(rows) if c.points is not None), None)
        counted = decided if decided is not None else None if again is None else again.taken
        if counted is None or line.points is None or counted == line.points:
            return None
        word = "复核" if decided is not None else "复算"
        return counted - line.points, f"{line.name}自评{plain(line.points)}分、{word}{plain(counted)}分"


def told(
    rechecked: Sequence[Rechecked],
    loose: Sequence[Finding] = (),
    rules: Mapping[str, RuleNote] | None = None,
    refused: Sequence[Problem] = (),
    title: str = "",
) -> Batch:
    """The forms numbered, ready to be written."""
    notes = rules or {}
    forms = tuple(Told(number, one, notes) for number, one in enumerate(rechecked, 1))
    return Batch(forms, tuple(loose), notes, tuple(refused), title)


def deviation(own: Decimal | None, counted: Decimal | None) -> Decimal | None:
    """偏离度 = (自评得分 − 复核得分) ÷ 自评得分 in percent, half-up; the same for a line and for a form. None where either lacks or is 0."""
    if own is None or counted is None or own == 0:
        return None
    return half_up_fraction(Fraction(own - counted) / Fraction(own) * 100, PLACES)


def signed(difference: Decimal) -> str:
    """偏差 with its sign, so that nobody has to remember which is taken from which."""
    return f"+{plain(difference)}" if difference > 0 else plain(difference)


def interval(low: Decimal | None, high: Decimal | None) -> str:
    """``80.00～90.00``; empty for one number or none."""
    return "" if low is None or high is None or low == high else f"{plain(low)}～{plain(high)}"


def points_text(again: Recomputed | None) -> str:
    """规则复算得分 of a line: a number, an interval, or nothing."""
    if again is None or again.low is None:
        return ""
    return interval(again.low, again.high) or plain(again.low)


def line_of(written: Written | None) -> str:
    """The text of a cell on one line; empty for none."""
    return "" if written is None or written.blank else " ".join(written.text.split())


def place_of(finding: Finding) -> str:
    """Where to look: 绩效自评表 D7, 表1 第7行第4列; empty for the whole form."""
    spot = finding.spot
    if spot is None:
        return ""
    return f"{safe(spot.sheet)} {safe(spot.cell)}"


def _first(texts: Sequence[str], what: str) -> list[str]:
    more = len(texts) - _REASONS
    return [*texts[:_REASONS], *([f"另{more}{what}"] if more > 0 else [])]
