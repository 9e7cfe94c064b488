"""One root for everything that can go wrong, as fields first and as a Chinese sentence second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

Severity = Literal["error", "warning", "info"]

SHOWN_PROBLEMS = 40
SHOWN_VALUE = 60


def shorten(value: object, limit: int = SHOWN_VALUE) -> str:
    """Text of ``value`` on one line, cut to ``limit`` characters, control characters made visible."""
    whole = str(value)
    text = "".join(c if c.isprintable() else "·" for c in whole[:limit])
    return text if len(whole) <= limit else f"{text}…(共{len(whole)}字)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem sits: a file, and inside it a sheet, row and field, or a key path and line."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    field: str | None = None
    key: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [self.file or ""]
        if self.line:
            parts.append(f"第{self.line}行")
        if self.sheet:
            parts.append(f"[{self.sheet}]")
        if self.row:
            parts.append(f"第{self.row}行")
        if self.field:
            parts.append(f"“{self.field}”")
        if self.key:
            parts.append(f"{self.key}")
        return " ".join(p for p in parts if p)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, what was found, what was expected and how to mend it."""

    code: str
    message: str
    place: Place = Place()
    found: str | None = None
    expected: str | None = None
    fix: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = str(self.place)
        text = f"{where}:{self.message}" if where else self.message
        if self.found is not None:
            text += f";实际为“{shorten(self.found)}”"
        if self.expected is not None:
            text += f";应为{self.expected}"
        return f"{text}。{self.fix}" if self.fix else f"{text}。"

    def at(self, **place: Any) -> Problem:
        """The same problem with parts of its place filled in."""
        return replace(self, place=replace(self.place, **place))

    def as_dict(self) -> dict[str, object]:
        """Plain fields for ``--json`` output."""
        place = {k: getattr(self.place, k) for k in Place.__slots__ if getattr(self.place, k) is not None}
        fields = {k: getattr(self, k) for k in ("code", "severity", "message", "found", "expected", "fix")}
        return {k: v for k, v in fields.items() if v is not None} | {"place": place}


class WorkbenchError(Exception):
    """Root of all errors this package raises on purpose.

    Attributes:
        problems: every problem found, not only the first.
        exit_code: what the command returns (2 invalid input, 3 notebook failed, 4 the answer is no).
    """

    exit_code: ClassVar[int] = 2
    heading: ClassVar[str] = "输入有误"

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.render())

    def render(self) -> str:
        """The bounded Chinese text of all problems."""
        lines = [f"{self.heading}(共{len(self.problems)}处):"]
        lines += [f"  {i}. {problem}" for i, problem in enumerate(self.problems[:SHOWN_PROBLEMS], 1)]
        if len(self.problems) > SHOWN_PROBLEMS:
            lines.append(f"  ……另有{len(self.problems) - SHOWN_PROBLEMS}处,用 --json 查看全部。")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints for it: the message, not the way it took through our code."""
        return self.render().splitlines()

    def __reduce__(self) -> tuple[type[WorkbenchError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class FileError(WorkbenchError):
    """A file is missing, unreadable, encrypted, truncated or too large."""

    heading = "文件无法读取"


class CorrectionsError(FileError):
    """A file of corrections to self-evaluation forms does not hold together."""

    heading = "复核更正有误"


class NotWritten(FileError):
    """A file was not written: one that says something else is there, or the folder takes none."""

    heading = "文件没有写出"


class YamlError(WorkbenchError):
    """A YAML file is not the small plain subset this product reads."""

    heading = "YAML 文件有误"


class PackError(WorkbenchError):
    """An indicator pack does not hold together."""

    heading = "指标包有误"


class RulesetError(WorkbenchError):
    """A ruleset does not hold together."""

    heading = "计分规则集有误"


class FindingRulesError(WorkbenchError):
    """A file that tunes the findings of a re-check does not hold together."""

    heading = "复核问题规则有误"


class PolicyError(WorkbenchError):
    """A policy file does not hold together."""

    heading = "地区办法文件有误"


class PlanError(WorkbenchError):
    """A plan asks for something that does not exist or contradicts itself."""

    heading = "评价计划有误"


class SchemeError(WorkbenchError):
    """Pack, ruleset, policy and plan do not fit each other."""

    heading = "评价方案有误"


class ExpressionError(WorkbenchError):
    """An SQL expression is not allowed, not valid, or ran over its limits."""

    heading = "计算公式有误"


class NotRecorded(ExpressionError):
    """Code that is not installed would have to answer what it was never asked before it was sealed."""


class EvidenceError(WorkbenchError):
    """Evidence cannot be read into typed tables."""

    heading = "佐证资料有误"


class RegisterError(WorkbenchError):
    """A register of projects or an on-site check sheet cannot be read into typed lines."""

    heading = "项目清单或核查表有误"


class ProjectsError(RegisterError):
    """A register of projects does not fit its template, or cannot be read."""

    heading = "项目清单有误"


class SamplingError(WorkbenchError):
    """A draw or a check is asked for in a way that cannot be done, or that the policy does not allow."""

    heading = "抽取或核查要求有误"


class PluginError(WorkbenchError):
    """A plugin is broken or made for another API version."""

    heading = "插件有误"


class NotebookError(WorkbenchError):
    """A notebook stopped before its end."""

    exit_code = 3
    heading = "笔记本执行失败"


class ReviewError(WorkbenchError):
    """A step of the review is not allowed: wrong person, wrong time, points out of bounds."""

    heading = "评审操作未受理"


class LedgerError(WorkbenchError):
    """The ledger cannot be opened, or what it holds does not hang together."""

    exit_code = 4
    heading = "评审台账有误"


class DossierError(WorkbenchError):
    """A dossier cannot be opened or sealed, or is not what it was when it was sealed."""

    exit_code = 4
    heading = "评价档案有误"


class DossierNotWritten(DossierError):
    """A dossier could not be written where it was to be; nothing is wrong with what was to be sealed or signed."""

    exit_code = 2
    heading = NotWritten.heading


class RecipientsError(DossierError):
    """Something is confidential and nobody named who may open it, or the other way round: nothing was sealed."""

    exit_code = 2
    heading = "没有封存"


class NotOpened(DossierError):
    """An attachment that was asked for is not there, is not confidential, or is for somebody else; the dossier is sound."""

    exit_code = 2
    heading = "没有解开附件"


class DocumentsError(DossierError):
    """A documents file (归档资料) names papers or items there are none of, or is no such file: nothing was sealed."""

    exit_code = 2
    heading = "归档资料有误"


class TextsError(WorkbenchError):
    """The analyst's texts of a report cannot be read, or refer to what the result does not have."""

    heading = "报告文字有误"


class KeyFileError(WorkbenchError):
    """A key cannot be made, read or opened: wrong file, wrong passphrase, a name already taken."""

    heading = "密钥有误"


class CheckFailed(WorkbenchError):
    """A check ran to its end and the answer is no."""

    exit_code = 4
    heading = "检查未通过"


class NotFinal(CheckFailed):
    """A final report was asked for, and something still stands in its way."""

    heading = "还不能定稿,没有写出文件"
