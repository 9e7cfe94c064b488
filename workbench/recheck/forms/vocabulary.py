"""The words of self-evaluation forms, declared in ``vocabulary.yaml``: which title, label or row a text is."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from workbench.base.errors import FileError
from workbench.base.models import Model, validated
from workbench.base.yamlio import read_yaml
from workbench.recheck.model import FundKind

Part = Literal["columns", "money", "goals"]
CACHED = 1 << 15
LONGEST = 60
"""Characters of the longest text that is looked up at all: a title or a label is short."""
_SPACE = re.compile(r"\s+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_NUMBERING = re.compile(r"^(\d{1,2}[.、]|[一二三四五六七八九十]{1,3}[、.]|\((\d{1,2}|[一二三四五六七八九十]{1,3})\))")
_OFFICE = re.compile(r"^(省|市|县|区|州|乡镇?|镇|中央|地方|自治区|市县|县区|区县|本)级?(?=.{4})")
_OF_WHICH = re.compile(r"^其中[:,、]?")
_EDGE = " :;,.。、%*★☆\"'“”"
_JOINTS = str.maketrans("", "", "、/·“”\"'|")


class Role(StrEnum):
    """What a column of the indicator table holds; the value is what a mapping file calls it."""

    LEVEL1 = "一级指标"
    LEVEL2 = "二级指标"
    LEVEL3 = "三级指标"
    TARGET = "指标值"
    ADJUSTED = "调整后指标值"
    ACTUAL = "完成值"
    WEIGHT = "分值"
    POINTS = "得分"
    REMARK = "偏差原因"
    SIGN = "指标性质"
    UNIT = "计量单位"
    NONE = "不用"


class Money(StrEnum):
    """What a column of the money block holds."""

    INITIAL = "年初预算数"
    ADJUSTED = "全年预算数"
    EXECUTED = "全年执行数"
    WEIGHT = "分值"
    RATE = "执行率"
    POINTS = "得分"
    NONE = "不用"


class Goal(StrEnum):
    """What a column of the goals holds."""

    EXPECTED = "预期目标"
    ACHIEVED = "实际完成情况"
    NONE = "不用"


class Words(Model):
    """The ways one thing is written. ``second`` counts only where nothing of ``names`` is there."""

    names: list[str] = []
    second: list[str] = []
    patterns: list[str] = []


class Titles(Model):
    """Patterns of a form's title."""

    form: str
    other: str
    whole: str


class Vocabulary(Model):
    """The whole file."""

    columns: dict[str, Words]
    money: dict[str, Words]
    funds: dict[str, Words]
    goals: dict[str, Words]
    strips: list[str]
    labels: dict[str, list[str]]
    totals: dict[str, list[str]]
    ours: list[str]
    titles: Titles
    level1: list[str]
    headings: str
    placeholders: str
    nothing: str
    parts: str
    notes: str


@cache
def vocabulary() -> Vocabulary:
    """The declared words, read once."""
    document = read_yaml(Path(__file__).with_name("vocabulary.yaml"))
    return validated(Vocabulary, document.data, document, FileError)


@lru_cache(maxsize=CACHED)
def squeezed(text: str) -> str:
    """Half-width, without any white space: “项 目\\n名　称” → “项目名称”."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=CACHED)
def bare(text: str) -> str:
    """As the vocabulary writes it: :func:`squeezed`, without brackets, numbering and edges; the whole where nothing is left."""
    whole = squeezed(text)
    inner = _NUMBERING.sub("", _BRACKETED.sub("", whole)).strip(_EDGE).translate(_JOINTS)
    return inner or whole


@cache
def _index(part: Part) -> tuple[dict[str, tuple[str, bool]], list[tuple[str, re.Pattern[str]]]]:
    words: dict[str, Words] = getattr(vocabulary(), part)
    names = {name: (role, True) for role, entry in words.items() for name in entry.names}
    names |= {name: (role, False) for role, entry in words.items() for name in entry.second if name not in names}
    return names, [(role, re.compile(p)) for role, entry in words.items() for p in entry.patterns]


def titled(part: Part, text: str) -> tuple[str, bool] | None:
    """Role of a column with this title, and whether the title says so plainly; None for a title nobody knows."""
    return _titled(part, text) if len(text) <= LONGEST else None


@lru_cache(maxsize=CACHED)
def _titled(part: Part, text: str) -> tuple[str, bool] | None:
    name = bare(text)
    names, patterns = _index(part)
    if name in names:
        return names[name]
    return next(((role, True) for role, pattern in patterns if pattern.fullmatch(name)), None)


@cache
def _labels() -> dict[str, str]:
    return {name: usual for usual, names in vocabulary().labels.items() for name in names}


def label_of(text: str) -> str | None:
    """The usual name of a label; None for a text that is none."""
    return _label_of(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=CACHED)
def _label_of(text: str) -> str | None:
    name = bare(text)
    return _labels().get(name) or _labels().get(_OFFICE.sub("", name))


def is_ours(text: str) -> bool:
    """Whether a title stands only in the tables this program writes: 复核表."""
    return bare(text) in vocabulary().ours


@cache
def _strips() -> frozenset[str]:
    return frozenset(vocabulary().strips)


def is_strip(text: str) -> bool:
    """Whether the text only says which block stands beside it."""
    return len(text) <= LONGEST and bare(text).rstrip("0123456789") in _strips()


@cache
def _funds() -> tuple[dict[str, FundKind], list[tuple[FundKind, re.Pattern[str]]]]:
    words = vocabulary().funds
    names = {name: FundKind(kind) for kind, entry in words.items() for name in entry.names}
    return names, [(FundKind(kind), re.compile(p)) for kind, entry in words.items() for p in entry.patterns]


def fund_of(text: str) -> FundKind | None:
    """Kind of a row of the money block by its name; None for a name nobody knows."""
    return _fund_of(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=CACHED)
def _fund_of(text: str) -> FundKind | None:
    name = _OF_WHICH.sub("", bare(text)).strip(_EDGE)
    names, patterns = _funds()
    if name in names:
        return names[name]
    return next((kind for kind, pattern in patterns if pattern.fullmatch(name)), None)


def is_of_which(text: str) -> bool:
    """Whether a name says that it is a part: 其中:基本支出."""
    return _OF_WHICH.match(bare(text)) is not None


RANKS = ("小计", "合计", "总分")
"""Names of total rows; a later one counts before an earlier one."""


@cache
def _totals() -> list[tuple[str, re.Pattern[str]]]:
    return [(rank, re.compile("|".join(vocabulary().totals[rank]))) for rank in RANKS]


def total_rank(text: str) -> str | None:
    """小计, 合计 or 总分 for the label of a total row; None for any other text."""
    return _total_rank(text) if text and len(text) <= LONGEST else None


@lru_cache(maxsize=CACHED)
def _total_rank(text: str) -> str | None:
    name = bare(text)
    return next((rank for rank, pattern in _totals() if pattern.fullmatch(name)), None)


@cache
def _pattern(name: Literal["headings", "placeholders", "nothing", "parts", "notes"]) -> re.Pattern[str]:
    return re.compile(getattr(vocabulary(), name))


def is_placeholder(text: str) -> bool:
    """Whether a name is only what the blank form had there: 指标1:, ……"""
    return is_nothing(text) or (len(text) <= LONGEST and _pattern("placeholders").fullmatch(squeezed(text)) is not None)


def is_nothing(text: str) -> bool:
    """Whether a text says that there is no such thing: 无, 不涉及."""
    return len(text) <= LONGEST and _pattern("nothing").fullmatch(squeezed(text)) is not None


def is_part(text: str) -> bool:
    """Whether a name is that of a sub-item: 其中…, (1)…"""
    return _pattern("parts").match(text) is not None


def is_note(text: str) -> bool:
    """Whether a text begins as a note below a table does."""
    return _pattern("notes").match(squeezed(text[:12])) is not None


@cache
def _title_pattern(name: Literal["form", "other", "whole"]) -> re.Pattern[str]:
    return re.compile(getattr(vocabulary().titles, name))


def is_title(text: str) -> bool:
    """Whether a text is the title of a self-evaluation form; 项目名称:…自评表 is the name of a project."""
    if "表" not in text or len(text) > 2 * LONGEST or _labelled(text):
        return False
    return _title_pattern("form").fullmatch(_untailed(text)) is not None


def _labelled(text: str) -> bool:
    label, colon, _ = text.replace("：", ":").partition(":")
    return bool(colon) and label_of(label) is not None


def is_whole(text: str) -> bool:
    """Whether a title is of a whole department (整体支出)."""
    return _title_pattern("whole").fullmatch(squeezed(text)) is not None


def is_other_title(text: str) -> bool:
    """Whether a text is the title of a table that is no self-evaluation: 绩效目标申报表, 绩效运行监控表."""
    return "表" in text and len(text) <= LONGEST and _title_pattern("other").fullmatch(_untailed(text)) is not None


def _untailed(text: str) -> str:
    """A title without brackets, and without what follows it after a colon."""
    return _BRACKETED.sub("", squeezed(text)).strip(_EDGE)


def is_heading(text: str) -> bool:
    """Whether a text that fills a row is the name of a level 1."""
    return len(text) <= LONGEST and _pattern("headings").fullmatch(bare(text)) is not None


def is_level1(text: str) -> bool:
    """Whether a level-1 name is one that is seen in practice."""
    name = bare(text)
    return any(word in name for word in vocabulary().level1)
