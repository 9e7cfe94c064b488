"""Grade bands: those a report states itself, in words or in a table; else the policy's.

A scale is read as a row of labels and intervals in turn (“90（含）-100分为优”, “优（≥90分）”, “[80,90)良”, “60分以上、80分以下为中”):
whichever stands first, each label belongs to the interval beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from workbench.reports.checking.document.model import Document
from workbench.reports.checking.language.numbers import folded
from workbench.scheme.policy import Policy

LETTERS = tuple(f"{letter}{word}" for letter in "ABCD" for word in "档级等")
"""Grades by letters; only a report's own scale has them."""
LABELS = (*LETTERS, "优秀", "良好", "中等", "一般", "较差", "合格", "不合格", "优", "良", "中", "差")
"""Labels in use, longer ones first."""
_SAME = {"优秀": "优", "良好": "良", "中等": "中", "一般": "中", "较差": "差"}
_ORDER = ("优", "良", "中", "合格", "差", "不合格")
_LABEL = (
    r"[A-D][档级等](?!次)|优秀|良好|中等|一般|较差|不合格|合格|优(?![化先势惠质于])|良(?!性)"
    r"|(?<![其集当之市空])中(?![央心期小介标国型的])|(?<![偏误])差(?![异额距错价别])"
)
_N = r"\d{1,3}(?:\.\d+)?"
_INCLUDED = r"(?:\s*[(](?:不?含|包含|包括)[^()]{0,6}[)])?"
_SCORE = rf"{_N})(?!\s*%|\d|\.\d){_INCLUDED}\s*分?{_INCLUDED}"
_WHAT = r"(?:[A-Za-z]|综合|评价|最终|得分|分数|总分|总得分|评分|分值){1,3}"
_INTERVAL = re.compile(
    rf"[\[(]\s*(?P<open>{_N})\s*[,，]\s*(?P<shut>{_N})\s*[\])]"
    rf"|(?P<from>{_SCORE}\s*(?:[-~—–至到]+\s*[≤<]?|[≤<]=?\s*{_WHAT}\s*[≤<]=?)\s*(?P<to>{_N}){_INCLUDED}\s*分?{_INCLUDED}"
    rf"|(?:[≥>]=?|大于等?于?|高于|不低于|不少于|超过){{1,2}}\s*(?P<least>{_SCORE}"
    rf"|(?:[≤<]=?|小于等?于?|低于|不足|不满|未达到?){{1,2}}\s*(?P<under>{_N})(?!\s*%)\s*分?"
    rf"|(?P<above>{_SCORE}\s*(?:及其?)?以上{_INCLUDED}"
    rf"|(?P<below>{_SCORE}\s*(?:及其?)?以下{_INCLUDED}"
)
_REST = r"(?<![\d分)])(?:其他|其余)?以下(?=的?(?:为|是|评为|定为)?[“\"]?(?:差|较差|不合格))"
"""“以下为差”: below the line before it."""
_TOKEN = re.compile(rf"(?P<interval>{_INTERVAL.pattern}|(?P<rest>{_REST}))|(?P<label>{_LABEL})")
_BARE = re.compile(r"(?:分数线|标准线|界限|临界)[^。]{0,20}\d")
"""Lines named without saying which is whose."""
_BETWEEN = 14
"""Characters that may stand between a label and its interval."""
_APART = 3
"""Characters between the two ends of one interval."""
_FEWEST = 3
_SENTENCE = re.compile("[^。！!？?\n]+")


@dataclass(frozen=True)
class Scale:
    """Labels from best to worst with the lowest total each is for (inclusive), and where that is written."""

    bands: Sequence[tuple[str, Decimal]]
    source: str

    def of(self, total: Decimal) -> str:
        """The label a total earns."""
        return next((label for label, lower in self.bands if total >= lower), self.bands[-1][0])

    def known(self, label: str) -> str | None:
        """The scale's own word for a label; None for a label it does not have."""
        own = [name for name, _ in self.bands]
        if label in own:
            return label
        wanted = _SAME.get(label, label)
        found = [name for name in own if _SAME.get(name, name) == wanted]
        return found[0] if len(found) == 1 else None

    def rank(self, label: str) -> int:
        """0 for the best."""
        return [name for name, _ in self.bands].index(label)

    def text(self) -> str:
        """“优≥90、良≥80、…”."""
        return "、".join(f"{label}≥{lower}" for label, lower in self.bands[:-1]) + f"、{self.bands[-1][0]}"


@dataclass(frozen=True)
class _Token:
    """A label, or an interval by its ends; one end is None where only the other is said."""

    start: int
    end: int
    label: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


def policy_scale(items: Iterable[tuple[str, Decimal]], title: str) -> Scale:
    """The scale of a policy."""
    return Scale(list(items), title)


def scale_of(policy: Policy, national: Policy) -> Scale:
    """The bands of a policy; the national ones where it has none of its own."""
    named = policy if policy.bands is not None else national
    assert named.bands is not None  # the national policy states them
    clause, names = named.bands.clause, policy.grade_names or {}
    where = "".join(part for part in (clause.number, clause.clause) if part) or named.title
    return policy_scale([(names.get(b.label, b.label), b.lower) for b in named.bands.items], where)


def stated_scale(document: Document) -> tuple[Scale | None, bool]:
    """The scale the report itself states, and whether one is stated that could not be read with certainty."""
    texts = [(p.text, f"第{p.number}段") for p in document.paragraphs if not p.contents]
    texts += [("|".join(lines), place) for lines, place in _lists(document)]
    texts += [
        ("|".join(_row_text(r) for r in t.rows), f"第{t.number}张表") for t in document.tables if len(t.rows) <= 8
    ]
    found: list[Scale] = []
    doubtful = False
    for text, place in texts:
        bands, unclear = _told(text)
        if bands is not None:
            found.append(Scale(bands, f"报告{place}"))
        doubtful = doubtful or unclear
    lines = {tuple(lower for _, lower in s.bands) for s in found}
    if len(lines) > 1:
        return None, True
    return (found[0], False) if found else (None, doubtful)


def scale_in(text: str) -> tuple[list[tuple[str, Decimal]] | None, bool]:
    """The bands a text states; and, where it states none, whether it looks as if it meant to."""
    tokens = list(_merged(_tokens(folded(text))))
    labels = {t.label for t in tokens if t.label}
    lows = {t.low for t in tokens if not t.label}
    if len(labels) < _FEWEST:
        return None, False
    ways = (_paired(tokens, label_first=False), _paired(tokens, label_first=True), _respectively(tokens))
    sizes = sorted(len(way) for way in ways if way is not None)
    if sizes and sizes[-1] + 1 >= len(labels) and sizes.count(sizes[-1]) == 1:
        return next(way for way in ways if way is not None and len(way) == sizes[-1]), False
    return None, len(lows) >= _FEWEST or bool(_BARE.search(folded(text)))


def _told(text: str) -> tuple[list[tuple[str, Decimal]] | None, bool]:
    """The bands of a text, or of the only sentence in it that has some: another may give the grade itself."""
    bands, unclear = scale_in(text)
    told = [found for s in _SENTENCE.findall(text) if (found := scale_in(s)[0])] if bands is None and unclear else []
    return (told[0], False) if len(told) == 1 else (bands, unclear)


def _lists(document: Document) -> Iterator[tuple[list[str], str]]:
    """Short paragraphs one below the other, each with one label: a scale written as a list."""
    run: list[str] = []
    first = 0
    for paragraph in [*document.paragraphs, None]:
        text = paragraph.text.strip() if paragraph is not None else ""
        tokens = _tokens(folded(text)) if len(text) < 40 else []
        if paragraph is not None and len({t.label for t in tokens if t.label}) == 1 and len(tokens) > 1:
            first = first if run else paragraph.number
            run.append(text)
            continue
        if len(run) >= _FEWEST:
            yield run, f"第{first}段起"
        run = []


def _row_text(row: Sequence[object]) -> str:
    seen: dict[int, str] = {id(c): getattr(c, "text", "") for c in row}
    return " ".join(seen.values()).replace("\n", " ")


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.start(), m.end(), m["label"]) if m["label"] else _interval(m) for m in _TOKEN.finditer(text)]


def _interval(match: re.Match[str]) -> _Token:
    ends = [Decimal(match[name]) for name in ("open", "shut", "from", "to") if match[name]]
    least, most = match["least"] or match["above"], match["under"] or match["below"]
    if match["rest"]:
        return _Token(match.start(), match.end(), "", None, Decimal(0))
    low = min(ends) if ends else Decimal(least) if least else None
    high = max(ends) if ends else Decimal(most) if most else None
    return _Token(match.start(), match.end(), "", low, high)


def _merged(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Two ends of one interval (“60分以上、80分以下”) as one."""
    last: _Token | None = None
    for token in tokens:
        if last is not None and _completes(last, token):
            low, high = (last.low, token.high) if last.high is None else (token.low, last.high)
            last = _Token(last.start, token.end, "", low, high)
            continue
        if last is not None:
            yield last
        last = token
    if last is not None:
        yield last


def _completes(one: _Token, other: _Token) -> bool:
    intervals = not one.label and not other.label
    opposite = (one.low is None) != (other.low is None) and (one.high is None) != (other.high is None)
    return intervals and opposite and other.start - one.end <= _APART


def _paired(tokens: Sequence[_Token], *, label_first: bool) -> list[tuple[str, Decimal]] | None:
    """Each label with the interval before it, or after it; None unless they come out in order."""
    lows: dict[str, Decimal] = {}
    for one, other in pairwise(tokens):
        label, interval = (one, other) if label_first else (other, one)
        if not label.label or interval.label or other.start - one.end > _BETWEEN:
            continue
        if lows.setdefault(label.label, interval.low or Decimal(0)) != (interval.low or 0):
            return None
    return _ordered(lows)


def _respectively(tokens: Sequence[_Token]) -> list[tuple[str, Decimal]] | None:
    """“优、良、中、差,分值区间依次为…”: all labels, then as many intervals."""
    labels = [t.label for t in tokens if t.label]
    size = len(labels)
    said = [t.label for t in tokens]
    if said not in (labels + [""] * size, [""] * size + labels):
        return None
    intervals = [t for t in tokens if not t.label]
    return _ordered({label: t.low or Decimal(0) for label, t in zip(labels, intervals, strict=True)})


def _ordered(lows: Mapping[str, Decimal]) -> list[tuple[str, Decimal]] | None:
    bands = sorted(lows.items(), key=lambda item: -item[1])
    names = [_SAME.get(label, label) for label, _ in bands]
    known = [_ORDER.index(n) for n in names if n in _ORDER]
    lowers = [low for _, low in bands]
    if len(bands) < _FEWEST or known != sorted(known) or len(set(names)) < len(names) or len(set(lowers)) < len(lowers):
        return None
    return bands if lowers[-1] == 0 else [*bands[:-1], (bands[-1][0], Decimal(0))] if len(bands) > _FEWEST else None
