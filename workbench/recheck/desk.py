"""A reviewer's desk: one form after the other, its lines decided, every step kept at once and to be taken back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbench.base.errors import FileError, Place, Problem, ReviewError, WorkbenchError
from workbench.base.models import validated
from workbench.base.text import half_width, trimmed
from workbench.base.yamlio import YamlDocument
from workbench.recheck.corrections import FILE, Accepted, Correction, Corrections, line_name
from workbench.recheck.findings.reviewed import Line, Reviewed
from workbench.recheck.outcome import EXECUTION, Rechecked, Recomputed
from workbench.recheck.recheck import decide_again
from workbench.recheck.work import Work, opened, work, write


class Desk:
    """The forms of one re-check as a reviewer decides about them.

    Args:
        done: the re-check as it was read and recomputed.
        reviewer: who decides, until another name is given.
    """

    def __init__(self, done: Work, reviewer: str = "") -> None:
        self.reviewer = reviewer
        self.path = done.order.out / FILE
        self._work = done
        self._forms = {one.form.key: one for one in done.outcome.forms}
        self._corrections = done.corrections
        self._before: list[Corrections] = []
        self._seen = self._on_disk()

    @property
    def keys(self) -> list[str]:
        """The forms, in the order of the files."""
        return list(self._forms)

    @property
    def steps(self) -> int:
        """How many steps can be taken back."""
        return len(self._before)

    def form(self, key: str) -> Rechecked:
        """A form as it stands now."""
        return self._forms[key]

    def lines(self, key: str) -> list[tuple[Recomputed, Line | None]]:
        """The scored lines of a form: what the rules make of each, beside what the unit wrote."""
        one = self._forms[key]
        written = Reviewed(one.form, one.recomputed).lines
        by_row = {(line.rows[0].row.number if line.rows else EXECUTION): line for line in written}
        return [(line, by_row.get(line.rows[0])) for line in one.recomputed]

    def correction(self, key: str, indicator: int) -> Correction | None:
        """What has been decided about a line."""
        return self._corrections.lines.get((key, indicator))

    def accepted(self, key: str) -> bool:
        """Whether a form's other lines are accepted as recomputed."""
        return key in self._corrections.accepted

    def undecided(self, key: str) -> list[str]:
        """The lines that have no 复核得分 yet."""
        one = self._forms[key]
        done = {choice.row for choice in one.choices if choice.points is not None}
        left = [line for line in one.recomputed if done.isdisjoint(line.rows)]
        return [line_name(one.form, line.rows[0]) or "" for line in left]

    def record(
        self, key: str, indicator: int, *, actual: str = "", points: str = "", reason: str = "", evidence: str = ""
    ) -> None:
        """Decide about one line: 复核完成值, 复核得分, or both.

        Raises:
            ReviewError: reason, name or both values are missing, the points are no number or beyond the weight.
            FileError: the corrections file was changed elsewhere; NotWritten: it cannot be written.
        """
        number = _points(points)
        if number is None and not actual.strip():
            raise _refused("复核完成值和复核得分至少填一个")
        if not reason.strip():
            raise _refused("请填写理由(扣分原因)")
        name = line_name(self._forms[key].form, indicator) or ""
        told = {
            "form": key,
            "indicator": indicator,
            "name": name,
            "actual": actual.strip() or None,
            "points": number,
            "reason": reason.strip(),
            "reviewer": self._named(),
            "evidence": evidence.strip(),
        }
        line = validated(Correction, told, YamlDocument(None, FILE), ReviewError)
        self._take(key, self._corrections.with_line(line))

    def accept(self, key: str) -> None:
        """Accept what was recomputed for the lines nobody has decided about, where it is one number.

        Raises as :meth:`record` does.
        """
        told = {"form": key, "reviewer": self._named()}
        entry = validated(Accepted, told, YamlDocument(None, FILE), ReviewError)
        self._take(key, self._corrections.with_accepted(key, entry))

    def remove(self, key: str, indicator: int) -> None:
        """Take back what was decided about a line."""
        self._take(key, self._corrections.without_line(key, indicator))

    def undo(self) -> None:
        """Take back the last step of this sitting; nothing where there was none."""
        if self._before:
            self._keep(self._before[-1])
            self._before.pop()
            self._decide()

    def write(self, *, force: bool = False) -> list[Path]:
        """Write all results anew with what was decided. Raises NotWritten."""
        outcome = replace(self._work.outcome, forms=tuple(self._forms.values()))
        return write(replace(self._work, corrections=self._corrections, outcome=outcome), force=force)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _named(self) -> str:
        if not self.reviewer.strip():
            raise _refused("请填写复核人姓名")
        return self.reviewer.strip()

    def _take(self, key: str, corrections: Corrections) -> None:
        standards, before = self._work.standards, self._corrections
        made, problems = decide_again(self._forms[key], standards, corrections, self._forms)
        known = decide_again(self._forms[key], standards, before, self._forms)[1]
        if any(problem not in known for problem in problems):
            raise ReviewError(problem for problem in problems if problem not in known)
        self._keep(corrections)
        self._before.append(before)
        self._forms[key] = made

    def _keep(self, corrections: Corrections) -> None:
        """Onto the disk, unless somebody else has been at the file since."""
        if self._on_disk() != self._seen:
            fix = "请重新运行本笔记本,再接着填"
            raise FileError(
                Problem("corrections_changed", "复核更正已在别处改动", Place(self.path.as_posix()), fix=fix)
            )
        corrections.save(self.path)
        self._corrections, self._seen = corrections, self._on_disk()

    def _decide(self) -> None:
        standards = self._work.standards
        forms, made = self._forms, self._corrections
        self._forms = {key: decide_again(one, standards, made, forms)[0] for key, one in forms.items()}

    def _on_disk(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except OSError:
            return None


def open_desk(folder: Path, workspace: Path | None = None, reviewer: str = "") -> Desk:
    """The desk for a folder that ``workbench recheck`` has written.

    Raises:
        WorkbenchError: there is no re-check, or its files cannot be read any more.
    """
    return Desk(work(replace(opened(folder), corrections=None), workspace, workers=1), reviewer)


def message_of(error: WorkbenchError) -> str:
    """What is told of a refused step."""
    return " ".join(str(problem) for problem in error.problems)


def _points(text: str) -> Decimal | None:
    plain = half_width(text).strip().removesuffix("分").strip()
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or "E" in plain.upper():
        raise _refused("复核得分须是不小于0的数字", text)
    return Decimal(trimmed(number))


def _refused(text: str, found: str | None = None) -> ReviewError:
    return ReviewError(Problem("recheck_entry", text, found=found))
