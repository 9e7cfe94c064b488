"""Agreement of a panel on one subject, and on one indicator over several subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workbench.review.agreement import words
from workbench.review.agreement.grid import Grid
from workbench.review.agreement.leaning import differences, outliers
from workbench.review.agreement.model import Agreement, Coefficients, Item, Rater, Ratings, Spread
from workbench.review.agreement.spread import spread

ALL = "全部指标"
JUDGED = "需要判断的指标"


def assess(ratings: Ratings) -> Agreement:
    """What the panel's opinions on one subject say about their agreement. Never changes a score; experts' weights play no part."""
    ratings = _told_apart(ratings)
    items = ratings.items
    levels = {level: [i for i in items if i.level1 == level] for level in dict.fromkeys(i.level1 for i in items)}
    judged = [i for i in items if i.judged]
    groups: list[tuple[str | None, Sequence[Item]]] = [(None, items), *(levels.items() if len(levels) > 1 else ())]
    apart = differences(ratings)
    leaning = [o for level, group in groups for o in outliers(ratings, apart, group, level)]
    found = Agreement(
        overall=_coefficients(ALL, ratings, items),
        judged=_coefficients(JUDGED, ratings, judged) if 0 < len(judged) < len(items) else None,
        levels=tuple(_coefficients(words.of_level(level), ratings, group) for level, group in levels.items()),
        indicators=tuple(_spread(ratings, item) for item in items),
        outliers=tuple(replace(o, text=words.outlier(o)) for o in leaning),
    )
    return replace(found, headline=words.headline(found))


def across(subjects: Sequence[Ratings]) -> dict[str, Coefficients]:
    """Indicator code → coefficients with the subjects as rows: does the panel rank the subjects alike on this indicator?

    With a single subject one indicator is one row, and every coefficient says why it cannot be had.
    """
    experts = list(dict.fromkeys(e for ratings in subjects for e in ratings.experts))
    cells: dict[str, list[tuple[Ratings, Item]]] = {}
    for ratings in subjects:
        for item in ratings.items:
            cells.setdefault(item.code, []).append((ratings, item))
    found = {code: Grid.of(experts, rows).coefficients(rows[0][1].name) for code, rows in cells.items()}
    return {code: replace(c, text=words.coefficients(c, "个评价对象")) for code, c in found.items()}


def _told_apart(ratings: Ratings) -> Ratings:
    """Two experts of the same name get their ids behind it: a sentence must not point at the wrong one."""
    names = Counter(e.name for e in ratings.experts)
    experts = tuple(e if names[e.name] == 1 else Rater(e.id, f"{e.name}({e.id})") for e in ratings.experts)
    return replace(ratings, experts=experts)


def _coefficients(name: str, ratings: Ratings, items: Sequence[Item]) -> Coefficients:
    found = Grid.of(ratings.experts, [(ratings, item) for item in items]).coefficients(name)
    return replace(found, text=words.coefficients(found))


def _spread(ratings: Ratings, item: Item) -> Spread:
    points = [ratings.points.get((e.id, item.code)) for e in ratings.experts]
    found = spread(item, [p for p in points if p is not None])
    return replace(found, text=words.spread(found))
