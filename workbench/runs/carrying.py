"""What one year's register leaves, written beside the texts of the next year's evaluation of the same subject."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.base.errors import CheckFailed, FileError, Problem, WorkbenchError
from workbench.base.writing import writing
from workbench.reports.document.earlier import EARLIER_FILE, Earlier, read_earlier
from workbench.reports.rectification.carrying import concerning, earlier_of, file_text, merged, shared_subjects, years
from workbench.reports.rectification.listing import Listing
from workbench.runs.rectifying import Rectification
from workbench.runs.reporting import texts_folder
from workbench.runs.store import find_run
from workbench.scheme.basis import is_identifier
from workbench.scoring.result import RunResult


@dataclass(frozen=True)
class Carried:
    """What was written, where, and what its user should know."""

    earlier: Earlier
    file: Path
    remarks: list[str]


def carried(
    opened: Rectification, listing: Listing, following: str, folder: Path | None = None, *, same: bool = False
) -> Carried:
    """Write what is left into next year's texts, in place of what the same evaluation left there before.

    Args:
        following: the next evaluation; where it has a run, it has to have a subject of this one.
        folder: next year's texts; the evaluation's own folder when None.
        same: the user says that it is the same subject under another name.

    Raises:
        CheckFailed: it is another subject's evaluation, the same or an earlier one, or was told something newer before.
        WorkbenchError: ``following`` is no evaluation's id.
        TextsError: what was carried before cannot be read, or was edited.
        NotWritten: the file cannot be written.
    """
    if not is_identifier(following):
        expected = "小写字母、数字和 . _ -(即计划中的 evaluation)"
        raise WorkbenchError(Problem("evaluation_id", "下年评价的编号写法不对", found=following, expected=expected))
    if following == listing.evaluation:
        raise CheckFailed(
            Problem("same_evaluation", "不能转入本评价自己", found=following, fix="请写下一年度评价的编号")
        )
    items, remarks = list(listing.items), list[str]()
    shared = None if same else _shared(opened, following)
    if shared is not None:
        items = concerning(items, shared)
        left = len(listing.items) - len(items)
        remarks += [f"{left}项整改事项的对象不在 {following} 中,没有转入"] if left else []
    elif not same:
        remarks.append(f"{following} 还没有运行,没有核对是否同一对象")
    remarks += _chained(opened, listing)
    if all(i.status == "withdrawn" for i in items):
        raise CheckFailed(Problem("nothing_to_carry", "没有可转入的整改事项", found=following))
    earlier = earlier_of(listing, items)
    target = (folder if folder is not None else texts_folder(opened.workspace, following)) / EARLIER_FILE
    _write(target, file_text(merged(read_earlier(target), earlier)))
    return Carried(earlier, target, remarks)


def _shared(opened: Rectification, following: str) -> set[str] | None:
    """Subjects of both evaluations; None while the next has no run to be compared with."""
    try:
        after = find_run(following, opened.workspace).result()
    except FileError:
        return None
    before = opened.stored.result()
    _check_later(before, after)
    shared = shared_subjects(before, after)
    if not shared:
        names = "、".join(s.name for s in after.subjects[:3])
        fix = "确为同一对象、只是改了名称的,请加 --same"
        expected = f"与“{'、'.join(s.name for s in before.subjects[:3])}”同一对象的评价"
        raise CheckFailed(Problem("other_subject", "两项评价的对象不同", found=names, expected=expected, fix=fix))
    return shared


def _check_later(before: RunResult, after: RunResult) -> None:
    """What this year left is not to be told to an earlier year."""
    last, this = years(before.period), years(after.period)
    if last and this and max(this) <= max(last):
        found, expected = after.period, f"{before.period}以后的年度"
        fix = "请核对两项评价的编号和次序"
        raise CheckFailed(Problem("not_later", "转入的不是以后年度的评价", found=found, expected=expected, fix=fix))


def _chained(opened: Rectification, listing: Listing) -> list[str]:
    """What this evaluation was itself told of an earlier one, and is not told on by carrying this one."""
    own = read_earlier(texts_folder(opened.workspace, listing.evaluation) / EARLIER_FILE)
    return [
        f"{listing.evaluation} 转入的 {e.evaluation} 还有{len(e.left)}项未核实通过,不在其中,请另行转入({e.evaluation} → 下年评价)"
        for e in own
        if e.left
    ]


def _write(path: Path, text: str) -> None:
    with writing(path, "请检查文件夹和权限"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
