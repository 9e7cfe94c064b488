"""How numbers, times and outlooks read on the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from workbench.base.text import plain
from workbench.review.fields import Attachment
from workbench.scoring.outlook import Outlook

PREVIEW = "按已有意见汇总"
"""What a merge would give now: where nobody has said anything, the computed points stand."""
_CENT = Decimal("0.01")
_BEIJING = timedelta(hours=8)
"""China keeps one time all year; the ledger keeps UTC."""


def points(number: Decimal | None) -> str | None:
    """Points with at least two decimals, never rounded: ``8`` → ``8.00``; None stays None."""
    if number is None:
        return None
    exponent = number.as_tuple().exponent
    wide = isinstance(exponent, int) and exponent < -2
    return plain(number if wide else number.quantize(_CENT))


def added(numbers: Iterable[Decimal | None]) -> str | None:
    """The sum of points, None as soon as one of them is not known or not to be seen."""
    known = list(numbers)
    if any(n is None for n in known):
        return None
    return points(sum((n for n in known if n is not None), Decimal(0)))


def moment(at: str) -> str:
    """A ledger time as Chinese readers know it: ``2026-11-22T07:05:00.000Z`` → ``2026-11-22 15:05``."""
    read = datetime.fromisoformat(at.replace("Z", "+00:00")) + _BEIJING
    return read.strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """A file's size: ``35KB``, ``1.2MB``."""
    return f"{count / 1024 / 1024:.1f}MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))}KB"


def papers(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    """Attachments as the page lists them."""
    return [{"name": a.name, "sha256": a.sha256, "size": size(a.size)} for a in attachments]


def total(outlook: Outlook) -> str:
    """The total, or the interval it lies in as long as something is unscored."""
    if outlook.total is not None:
        return points(outlook.total) or ""
    low, high = outlook.interval
    return f"{points(low)}~{points(high)}"


def grade(outlook: Outlook) -> str:
    """The grade with its 暂定 mark, or why there is none."""
    name = outlook.grade_name or outlook.grade
    if name is None:
        return "尚不能定级"
    return f"{name}(暂定)" if outlook.provisional else name


def boundaries(outlook: Outlook) -> list[str]:
    """How far the next grade is, in both directions: ``再减0.43分即降为良``."""
    lines = []
    if outlook.down is not None:
        lines.append(f"再减{plain(outlook.down.points)}分即降为{outlook.down.grade}")
    if outlook.up is not None:
        lines.append(f"再加{plain(outlook.up.points)}分即升为{outlook.up.grade}")
    if outlook.capped:
        lines.append(f"等级由限级规则决定,按得分为{outlook.score_grade}")
    return lines
