"""Fifty clean reports in varied layouts, and two hundred that each contain one planted contradiction."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import report_shapes as special
from report_making import (
    LAYOUTS,
    D,
    Story,
    Writer,
    analysis,
    conclusion,
    contents,
    cover,
    full_table,
    money,
    problems,
    scale,
    story,
    summary,
    survey,
)

COVERS, MONEYS, SUMMARIES = (
    ("table", "lines", "none"),
    ("flat", "thousands", "form", "text"),
    ("rate", "order", "lying", "plain"),
)
CONCLUSIONS, PROBLEMS, SCALES = (
    ("plain", "levels", "list", "sum", "short"),
    ("inline", "list", "headings"),
    ("none", "text", "above", "table"),
)
OTHER_LABELS = [("优秀", 85), ("良好", 70), ("一般", 60), ("较差", 0)]
MUTANTS = 200
LONELY = frozenset({"subject.3.total", "subject.4.total"})
"""Stated once in the report without the levels' points: no rule could know them to be wrong."""


def ordinary(n: int) -> Writer:
    """The n-th report of the usual outline; every choice of layout comes up several times."""
    layout = list(LAYOUTS)[n % len(LAYOUTS)]
    told = _told(n, layout)
    w = Writer(told)
    w.width = special.wide if n % 11 == 7 else w.width
    cover(w, COVERS[n % 3])
    if n % 4 == 0:
        contents(w)
    money(w, MONEYS[n % 4])
    w.p("二、评价工作开展情况")
    scale(w, "text" if told.labels == OTHER_LABELS else SCALES[n % 4])
    if n % 2:
        survey(w)
    conclusion(w, CONCLUSIONS[n % 5])
    if n % 3 != 2:
        summary(w, SUMMARIES[n % 4])
    analysis(w, indicators=n % 3 == 0)
    problems(w, PROBLEMS[n % 3])
    w.p("附件1 绩效评价指标评分表")
    full_table(w, layout)
    return w


def _told(n: int, layout: str) -> Story:
    told = story(n, (2, 1, 2, 0)[n % 4])
    if n % 7 == 3:
        told.labels = OTHER_LABELS
    if layout in ("merged", "blank", "repeated") and n % 5 == 1:
        told.bonus, told.minus = D(2), D(1)
    return told


def other(make: Callable[[Writer], None], seed: int, places: int = 2) -> Writer:
    """A report of one of the other shapes."""
    w = Writer(story(seed, places))
    make(w)
    return w


@cache
def clean() -> tuple[Writer, ...]:
    """All clean reports."""
    others = [
        *(other(special.form, 60 + n) for n in range(3)),
        other(lambda w: special.subjects(w, levels=True), 70),
        other(lambda w: special.subjects(w, levels=False), 71, 1),
        *(other(special.again, 80 + n) for n in range(2)),
        *(other(special.rescaled, 84 + n) for n in range(2)),
        other(special.unscored, 90),
        other(special.capped, 91),
        other(special.spoken, 92),
    ]
    return (*(ordinary(n) for n in range(42)), *others)


@dataclass(frozen=True)
class Mutant:
    """A report with one number falsified: which report, which number, from what to what, and what kind of thing it is."""

    report: Writer
    key: str
    before: str
    after: str
    kind: str


def kind_of(key: str) -> str:
    """What the falsified number is, so that recall can be told kind by kind."""
    parts = key.split(".")
    if parts[-1] == "grade":
        return "grade"
    where = (
        parts[0]
        if parts[0]
        in (
            "cover",
            "text",
            "analysis",
            "summary",
            "money",
            "survey",
            "done",
            "count",
            "again",
            "scaled",
            "subject",
            "form",
            "cap",
        )
        else "full"
    )
    return f"{where} {'total' if 'total' in parts else parts[-1] if len(parts) > 1 else ''}".strip()


def mutants() -> Iterator[Mutant]:
    """Falsified reports, the kinds taken in turn so that each comes up."""
    draw = random.Random(6)
    places: dict[str, list[tuple[Writer, str, str]]] = {}
    for report in clean():
        for key, text in report.keys.items():
            if key not in LONELY:
                places.setdefault(kind_of(key), []).append((report, key, text))
    kinds = sorted(places)
    for options in places.values():
        draw.shuffle(options)
    made = 0
    while made < MUTANTS:
        for kind in kinds:
            if places[kind] and made < MUTANTS:
                report, key, text = places[kind].pop()
                yield Mutant(report, key, text, falsified(key, text, draw), kind)
                made += 1


def falsified(key: str, text: str, draw: random.Random) -> str:
    """Another value that contradicts the rest of the report, however small the step."""
    if key.endswith("grade"):
        scales = (["优", "良", "中", "差"], ["优秀", "良好", "一般", "较差"])
        labels = next(s for s in scales if text in s)
        return draw.choice([x for x in labels if x != text])
    if key.startswith("count"):
        return {"三": "四", "3": "5"}[text]
    percent = text.endswith("%")
    number = Decimal(text.removesuffix("%").replace(",", ""))
    places = max(0, -int(number.as_tuple().exponent))
    if key.startswith("survey.back"):
        return str(number - 11)
    steps = (
        [D("1"), D("10"), D("3")]
        + ([D("0.1"), D("0.9")] if places else [])
        + ([D("0.02"), D("0.27")] if places > 1 else [])
    )
    step = draw.choice(steps)
    other_ = number - step if draw.random() < 0.5 and number > step else number + step
    shown = f"{other_:,.{places}f}" if "," in text else f"{other_:.{places}f}"
    return shown + ("%" if percent else "")
