"""What was drawn against what was read: every fact at its place, nothing else taken for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from form_canvas import Canvas

from workbench.recheck.model import Form, FundKind, Reading, Written

HEAD = {
    "project": "project", "department": "department", "unit": "unit", "expected": "expected", "achieved": "achieved",
    "total_weight": "total_weight", "total": "total_points", "grade": "grade",
}  # fmt: skip
KINDS = {
    "total": FundKind.TOTAL, "fiscal": FundKind.FISCAL, "carried": FundKind.CARRIED, "other": FundKind.OTHER,
}  # fmt: skip


def read(path: Path) -> Reading:
    """As the command reads a file."""
    from workbench.recheck.forms import Mappings, read_forms

    return read_forms(path, path.name, Mappings())


def differences(reading: Reading, canvases: Sequence[Canvas]) -> list[str]:
    """What was read otherwise than it was drawn, one line each."""
    found = [f"asks {question.code}: {question.text}" for question in reading.questions]
    placed = {key: where for canvas in canvases for key, where in canvas.placed.items()}
    numbers = sorted({key[0] for key in placed})
    if len(reading.forms) != len(numbers):
        return [*found, f"{len(reading.forms)} forms instead of {len(numbers)}"]
    for form, number in zip(reading.forms, numbers, strict=True):
        mine = {key[1:]: where for key, where in placed.items() if key[0] == number}
        found += [f"form {number}: {line}" for line in _form(form, mine)]
    return found


def _form(form: Form, placed: dict[tuple[Any, ...], Any]) -> Iterator[str]:
    rows = [row for row in form.indicators if not row.part and "预算执行率" not in row.level3.text]
    wanted = {key[1] for key in placed if key[0] == "item"}
    if len(rows) != len(wanted):
        yield f"{len(rows)} indicators instead of {len(wanted)}"
        return
    for key, (place, seen) in placed.items():
        read_as = _written(form, rows, key)
        if not seen and (read_as is None or read_as.blank):
            continue
        if read_as is None:
            yield f"{key} is lost: {seen!r}"
        elif not _same(read_as.text, seen):
            yield f"{key} is {read_as.text!r} instead of {seen!r}"
        elif (read_as.spot.sheet, read_as.spot.row, read_as.spot.column) != place:
            yield f"{key} is at {read_as.spot} instead of {place}"


def _written(form: Form, rows: Sequence[Any], key: tuple[Any, ...]) -> Written | None:
    if key[0] == "execution":
        own = next((row for row in form.indicators if "预算执行率" in row.level3.text), None)
        return None if own is None else getattr(own, key[1])
    if key[0] == "item":
        return getattr(rows[key[1] - 1], key[2])
    if key[0] == "fund":
        fund = form.fund(KINDS[key[1]])
        return None if fund is None else getattr(fund, key[2])
    if key[0] == "total" and form.total_points is None:
        return form.labels.get("自评总分")
    return getattr(form, HEAD[key[0]])


def _same(text: str, seen: str) -> bool:
    """Equal but for line breaks, and for the points behind a level or the 分 behind a total."""
    one, other = ("".join(t.split()) for t in (text, seen))
    return one == other or one.rstrip("分") == other or other.startswith(f"{one}(")
