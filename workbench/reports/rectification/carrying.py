"""Into next year's evaluation: what is left of the register becomes a file beside its texts, which its report reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import yaml

from workbench.base.canon import digest_of
from workbench.base.errors import CheckFailed, Problem
from workbench.reports.document.earlier import DIGEST, EARLIER_FILE, TOP, CarriedItem, Earlier
from workbench.reports.rectification.listing import Listing, last_step
from workbench.review.fields import LONGEST_TEXT
from workbench.review.rectification.items import STATUS_WORDS, Item
from workbench.scheme.policy import Cap, Policy
from workbench.scoring.result import RunResult

_YEAR = re.compile(r"(?:19|20)\d\d\s*(?:[-—至~]\s*(?:19|20)?\d\d)?\s*年?度?")
_HEAD = "# 由 workbench rectify carry 生成:上年问题整改情况。需要更新时重新运行该命令,不要手工修改。\n"


def earlier_of(listing: Listing, items: Sequence[Item]) -> Earlier:
    """The register as next year's report reads it, with these items of it; withdrawn ones are nobody's any more."""
    return Earlier(
        evaluation=listing.evaluation,
        title=listing.title[:200],
        period=listing.period[:200],
        as_of=listing.as_of.isoformat(),
        events=listing.events,
        head=listing.head,
        items=[_carried(i, listing) for i in items if i.status != "withdrawn"],
    )


def _carried(item: Item, listing: Listing) -> CarriedItem:
    matter, status = item.matter, STATUS_WORDS[item.status]
    return CarriedItem(
        number=item.number,
        title=matter.title,
        responsible=matter.responsible,
        due=matter.due,
        status=status,  # type: ignore[arg-type]  # never 已撤销: those are not carried
        days_late=item.days_late(listing.as_of),
        suggestion=matter.suggestion,
        last=last_step(item)[:LONGEST_TEXT],
    )


def merged(before: Sequence[Earlier], now: Earlier) -> list[Earlier]:
    """What was carried before, with one evaluation put in place of its own older state.

    Raises:
        CheckFailed: what was carried before is newer.
    """
    own = [e for e in before if e.evaluation == now.evaluation]
    newer = [e for e in own if e.events > now.events or e.as_of > now.as_of]
    if newer:
        found, expected = f"{now.as_of}(第{now.events}号事件)", f"不早于{newer[0].as_of}(第{newer[0].events}号事件)"
        message = "以前转入的情况比这次的新,没有覆盖"
        fix = f"请核对 --as-of;确要代替的,先删去原来的 {EARLIER_FILE}"
        raise CheckFailed(Problem("carried_newer", message, found=found, expected=expected, fix=fix))
    kept = [e for e in before if e.evaluation != now.evaluation]
    return sorted([*kept, now], key=lambda e: (e.as_of, e.evaluation))


def file_text(found: Iterable[Earlier]) -> str:
    """The YAML file."""
    items = [e.model_dump() for e in found]
    content = {TOP: items, DIGEST: digest_of(items)}
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)


def shared_subjects(last: RunResult, following: RunResult) -> set[str]:
    """Ids (of last year's) of the subjects both evaluate: by name, years in it apart. An id alone (P01) says nothing."""
    names = {_timeless(s.name) for s in following.subjects}
    return {s.id for s in last.subjects if _timeless(s.name) in names}


def years(period: str) -> list[int]:
    """The years a period names, 2021—2023年 as its ends."""
    return [int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", period)]


def _timeless(name: str) -> str:
    return "".join(_YEAR.sub("", name).split())


def concerning(items: Sequence[Item], subjects: Collection[str]) -> list[Item]:
    """Items about one of these subjects, or about all there were."""
    return [i for i in items if not i.matter.subjects or set(i.matter.subjects) & set(subjects)]


def caps_about(*policies: Policy | None) -> Iterator[Cap]:
    """Situations of a policy that are about problems not put right."""
    seen = set()
    for policy in policies:
        for cap in policy.caps if policy is not None else ():
            if "整改" in cap.event and cap.code not in seen:
                seen.add(cap.code)
                yield cap
