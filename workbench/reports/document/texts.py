"""The analyst's texts (报告文字): a folder with ``report.yaml`` and the chapters in Markdown.

report:
  group:
    - {name: 王敏, title: 高级会计师, duty: 主评人}
  scope:
    sampling: 按资金规模分层后随机抽取
    subjects: {all: "120", sampled: "40", visited: "30", unit: 个项目}
    money: {all: "3500.00", covered: "2800.00", unit: 万元}
  material: {points: "0.5"}
  facts:
    年初预算: {value: "200.00", unit: 万元, source: 预算批复}
  problems:
    - title: 政策宣传不到位
      indicators: [I06]
      finding: 政策知晓率{{ 指标["I06"].完成值 }}
      cause: …
      suggestion: …
      responsible: …
      deadline: "2024-06-30"
  not_material: {C11: 四舍五入造成}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, model_validator

from workbench.base.errors import FileError, Place, Problem, TextsError, WorkbenchError
from workbench.base.models import PRINTABLE, DecimalText, Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml
from workbench.reports.document.chapters import BY_FILE
from workbench.reports.document.earlier import EARLIER_FILE, Earlier, read_earlier
from workbench.scheme.basis import DateText

REPORT_FILE = "report.yaml"
LARGEST_CHAPTER = 256 * 1024
"""Bytes of one Markdown file."""
_TOP = "report"
_TEXT_FILES = (".md", ".markdown", ".yaml", ".yml")

_MOST_NAMED = 5
_COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)
_KNOWN = (REPORT_FILE, EARLIER_FILE, *BY_FILE)
_NOT_PLAIN = (".txt", ".doc", ".docx", ".wps", ".rtf")
_STEMS = frozenset(name.partition(".")[0] for name in BY_FILE)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_FIGURES = re.compile(r"[-+]?[\d,.，．]*\d[,，．][\d,.，．]*\s*(?:万|亿|千)?(?:元|人|个|户|亩|%|％)?")
"""What looks like an amount with a comma in it, where no unit says that it is one."""
_ONE = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_COUNTED = re.compile(rf"{_ONE}(?:\s*[-—~～至]+\s*{_ONE})?")
"""A number, or from one to another."""

Words = Annotated[str, Field(max_length=20000), PRINTABLE]


class GroupMember(Model):
    """A line of 评价组名单."""

    name: Words
    title: Words = ""
    duty: Words = ""


class Drawn(Model):
    """How many there are, how many were looked at, how many of them on site."""

    all: DecimalText = Field(gt=0)
    sampled: DecimalText = Field(ge=0)
    visited: DecimalText | None = Field(default=None, ge=0)
    unit: Words = "个"

    @model_validator(mode="after")
    def _not_more_than_all(self) -> Drawn:
        if self.sampled > self.all or (self.visited or Decimal(0)) > self.all:
            raise ValueError("抽取数、现场数不能大于总数")
        return self


class Money(Model):
    """How much money there is, and how much of it the sample covers."""

    all: DecimalText = Field(gt=0)
    covered: DecimalText = Field(ge=0)
    unit: Literal["元", "万元", "亿元"] = "万元"

    @model_validator(mode="after")
    def _not_more_than_all(self) -> Money:
        if self.covered > self.all:
            raise ValueError("抽样涉及资金不能大于资金总额")
        return self


class Scope(Model):
    """对象和范围, and the sample. ``not_sampled`` says why there is none (all were looked at); coverage is computed."""

    text: Words = ""
    sampling: Words = ""
    not_sampled: Words = ""
    subjects: Drawn | None = None
    money: Money | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Scope:
        if self.not_sampled.strip() and self.subjects is not None:
            raise ValueError("写了 subjects(抽样数)就不能再写 not_sampled(未抽样的说明)")
        return self

    @property
    def told(self) -> bool:
        """Whether it says what was sampled, or that nothing was."""
        return self.subjects is not None or bool(self.not_sampled.strip())


class Material(Model):
    """From where on a lost point needs a problem: points, or percent of the indicator's full points."""

    points: DecimalText | None = Field(default=None, ge=0)
    share: DecimalText | None = Field(default=None, ge=0, le=100)

    @model_validator(mode="after")
    def _one_of_both(self) -> Material:
        if (self.points is None) == (self.share is None):
            raise ValueError("points(分)、share(占分值的百分比)须写且只写一项")
        return self


DEFAULT_MATERIAL = Material(points=Decimal("0.5"))
"""Ours; no document fixes it (示例,可改)."""


class Fact(Model):
    """A number or a name prose refers to as ``{{ 事实["年初预算"] }}``, with what it was taken from."""

    value: Words
    unit: Words = ""
    source: Words = Field(min_length=1)

    @model_validator(mode="after")
    def _a_number_of_its_unit(self) -> Fact:
        said = self.value.strip()
        if (self.unit.strip() or _FIGURES.fullmatch(said)) and not _COUNTED.fullmatch(said):
            example = '数值只写数字,如 "38.77"、"1,234.50",单位写在 unit 中;逗号只用在千分位'
            raise ValueError(f"事实的数值不是一个数:{example}")
        return self


class ReportedProblem(Model):
    """A problem and what is to be done. ``indicators``: codes that lost points by it; ``subjects``: of these only, else of all.

    ``deadline`` is a date (2024-06-30) or words (收到报告后60日内).
    """

    title: Words = ""
    indicators: list[Words] = []
    subjects: list[Words] = []
    finding: Words = ""
    cause: Words = ""
    suggestion: Words = ""
    responsible: Words = ""
    deadline: Words = ""
    evidence: Words = ""


class Checked(Model):
    """A finding of the report's own check that somebody looked at and lets stand.

    ``code``: of the finding (total_twice); ``words``: some of the sentence it is about, or of the table's caption.
    """

    code: Words = Field(min_length=1)
    words: Words = Field(min_length=4)
    reason: Words = Field(min_length=1)


class Consent(Model):
    """Who agreed to publication, when, and in which document."""

    by: Words = ""
    date: DateText | None = None
    document: Words = ""


class Consents(Model):
    """财监〔2021〕4号 第二十一条 asks for both: 委托方, and the 财政部门 of the same level.

    ``run`` is the report they agreed to, by the number of its run; what was computed anew since, nobody has agreed to.
    """

    run: Words = ""
    client: Consent = Consent()
    finance: Consent = Consent()


class Publication(Model):
    """The publication edition (公开版).

    ``remove``: parts of the report by name, indicators by code (what was found and how it was scored), or 评分说明 of all.
    ``words``: names and words that are taken out wherever they stand (商业秘密, 个人信息).
    """

    consent: Consents = Consents()
    remove: list[Words] = []
    words: list[Words] = []


class Report(Model):
    """The whole of ``report.yaml``. Who took part is taken from the plan where it is not said here (``institution`` may be
    called ``evaluator`` as in the plan); ``date`` is that of the report (报告日期), on its cover.

    ``not_material``: code (of several subjects ``S01.C11``) → why points lost there need no problem.
    """

    title: Words | None = None
    client: Words | None = None
    institution: Words | None = Field(default=None, validation_alias=AliasChoices("institution", "evaluator"))
    lead: Words | None = None
    evaluated: Words | None = None
    date: DateText | None = None
    group: list[GroupMember] = []
    scope: Scope = Scope()
    material: Material | None = None
    facts: dict[str, Fact] = {}
    problems: list[ReportedProblem] = []
    not_material: dict[str, Words] = {}
    checked: list[Checked] = []
    publication: Publication = Publication()

    @property
    def threshold(self) -> Material:
        """From where on a loss is material."""
        return self.material or DEFAULT_MATERIAL


@dataclass(frozen=True)
class Texts:
    """A folder of texts as it was read; ``chapters`` by file name, only those that are there."""

    report: Report = field(default_factory=Report)
    document: YamlDocument = field(default_factory=lambda: YamlDocument(None, REPORT_FILE))
    chapters: Mapping[str, str] = field(default_factory=dict)
    earlier: list[Earlier] = field(default_factory=list)
    """What an earlier evaluation left to be put right."""

    def place(self, key: str) -> Place:
        """File, key and line of what stands under ``report``."""
        whole = f"{_TOP}.{key}"
        return Place(REPORT_FILE, key=whole, line=self.document.line(whole))


def read_texts(folder: Path, wrong_besides: Callable[[Texts], Iterable[Problem]] = lambda _: ()) -> Texts:
    """The texts in a folder.

    Args:
        wrong_besides: where something is wrong, what else is wrong with as much as could be read.

    Raises:
        FileError: there is no such folder.
        TextsError: files cannot be read, ``report.yaml`` is none, or there is a text file with a name the report has no
            place for; every one of them at once.
    """
    if not folder.is_dir():
        fix = "用 workbench report init 运行 可生成一套待填写的文字"
        raise FileError(Problem("folder_missing", "找不到报告文字的文件夹", Place(folder.as_posix()), fix=fix))
    found = {p.name: p for p in sorted(folder.iterdir()) if not p.name.startswith((".", "~"))}
    texts = [
        n
        for n, p in found.items()
        if n.lower().endswith(_TEXT_FILES) or (p.suffix.lower() in _NOT_PLAIN and p.stem in _STEMS)
    ]
    problems = [_unknown_file(n) for n in texts if n not in _KNOWN]
    problems += [_no_file(n) for n in texts if n in _KNOWN and (not found[n].is_file() or found[n].is_symlink())]
    plain = {n: p for n, p in found.items() if p.is_file() and not p.is_symlink()}
    read = Texts()
    if REPORT_FILE in plain:
        with _noting(problems):
            document = read_yaml(folder / REPORT_FILE)
            read = Texts(_report(document), document)
    chapters: dict[str, str] = {}
    for name in (n for n in texts if n in BY_FILE and n in plain):
        with _noting(problems):
            chapters[name] = _chapter(folder / name)
            problems += _lost(chapters[name], name)
    if EARLIER_FILE in plain:
        with _noting(problems):
            read = replace(read, earlier=read_earlier(folder / EARLIER_FILE))
    read = replace(read, chapters=chapters)
    if problems:
        raise TextsError([*problems, *wrong_besides(read)])
    return read


@contextmanager
def _noting(problems: list[Problem]) -> Iterator[None]:
    """Keep what is wrong for later, and go on."""
    try:
        yield
    except WorkbenchError as error:
        problems += error.problems


def _no_file(name: str) -> Problem:
    """A folder, a device, or a link: what a link leads to may lie outside, and is not kept with the texts."""
    return Problem("not_a_file", "这里须是文件,不能是文件夹或链接", Place(name), fix="请把文件本身放在这里")


def _unknown_file(name: str) -> Problem:
    right = next((known for known in _KNOWN if known.partition(".")[0] == name.partition(".")[0].lower()), None)
    fix = f"请改名为 {right},存为 UTF-8 编码的纯文本" if right else suggest(name, [REPORT_FILE, *BY_FILE])
    return Problem("unknown_chapter", "报告中没有放这个文件的地方", Place(name), found=name, fix=fix)


def _report(document: YamlDocument) -> Report:
    data: Any = document.data
    if not isinstance(data, dict) or list(data) != [_TOP]:
        fix = "顶层须只有“report:”一个键;用 workbench report init 运行 可生成模板"
        raise TextsError(Problem("top_level", "这不是报告文字文件", Place(document.file), fix=fix))
    return validated(Report, {} if data[_TOP] is None else data[_TOP], document, TextsError, _TOP)


def _chapter(path: Path) -> str:
    if path.stat().st_size > LARGEST_CHAPTER:
        raise FileError(Problem("file_too_large", "文件超过 256 KB", Place(path.name), fix="请拆分或删去无关内容"))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem("file_encoding", "文件不是 UTF-8 编码", Place(path.name), fix="请另存为 UTF-8 编码的文本")
        raise FileError(problem) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lost(text: str, name: str) -> Iterator[Problem]:
    """What would be missing from the report without a word: control characters, and everything behind a comment nobody ended."""
    for match in islice(_UNPRINTED.finditer(text), _MOST_NAMED):
        place, found = Place(name, line=text.count("\n", 0, match.start()) + 1), f"U+{ord(match[0]):04X}"
        yield Problem("control_character", "文字中有不能印出的控制字符", place, found, fix="请删去,或重新另存为纯文本")
    start = _COMMENTS.sub(lambda m: " " * len(m[0]), text).find("<!--")
    if start >= 0:
        place, fix = Place(name, line=text.count("\n", 0, start) + 1), "请在注释末尾写上 -->,否则其后的文字都不进入报告"
        yield Problem("comment_open", "注释 <!-- 没有结束", place, fix=fix)
