"""Days that come back: 每月25日前, 每季度末月20日前, which are no days of the year."""

from __future__ import annotations

import re
from decimal import Decimal

from workbench.recheck.values.quantities import prepared

_EACH = re.compile(
    r"(?:于|在|均|已|都|实际)*(?P<period>每个?(?:月|季度?[首末]?月?|半?年|周))(?:的|初|均|底)*(?P<day>\d{1,2})[日号](?P<before>之?前|以前)?(?P<rest>[^\d]*)"
)
_DONE = re.compile(r"完成|到位|发放|拨付|支付|报送|上报|发布|缴纳|到账|办结|执行|已|均")
_LATEST = 31


def recurring_day(text: str) -> Decimal | None:
    """The day of a month or quarter up to which something is to be done each time; None for any other text."""
    match = _EACH.fullmatch(prepared(text[:40]))
    return Decimal(match["day"]) if match is not None and match["before"] and _is_day(match["day"]) else None


def day_kept(text: str, target: str) -> Decimal | None:
    """The day that was kept each time; 0 where only the demand is repeated, None where no such day of the same period is told."""
    wanted, match = _EACH.fullmatch(prepared(target[:40])), _EACH.fullmatch(prepared(text[:40]))
    if wanted is None or match is None or match["period"] != wanted["period"] or not _is_day(match["day"]):
        return None
    demanded = match["before"] and not _DONE.search(match["rest"]) and match["day"] == wanted["day"]
    return Decimal(0) if demanded else Decimal(match["day"])


def _is_day(text: str) -> bool:
    return 1 <= int(text) <= _LATEST
