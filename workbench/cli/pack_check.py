"""Checks a pack against its own worked example; the test kit for pack authors runs this."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.scheme.pack import Pack
    from workbench.scoring.result import IndicatorResult, RunResult, SubjectResult

BLANK = "no_subjects"
"""The one problem an empty template must have when it is read back."""


def check_pack(folder: Path, workspace: Path | None = None) -> list[str]:
    """Lint, template and worked example of the pack in ``folder``: what is wrong, one Chinese sentence each.

    Args:
        folder: the folder of ``pack.yaml``.
        workspace: what the example plan's paths are relative to; the pack's folder when None.
    """
    from workbench.base.errors import WorkbenchError
    from workbench.cli.packs_lint import lint
    from workbench.scheme.library import load_pack

    try:
        path, problems = lint(str(folder), workspace or folder, quiet=True)
        if any(p.severity == "error" for p in problems):
            return [f"检查指标包:{p}" for p in problems if p.severity == "error"]
        pack = load_pack(path)
        return [*check_template(pack), *check_example(pack, folder, workspace or folder)]
    except WorkbenchError as error:
        return [f"{error.heading}:{p}" for p in error.problems]


def check_template(pack: Pack) -> Iterator[str]:
    """The template of each variant writes, and reads back with nothing wrong but that it is empty."""
    from workbench.base.errors import WorkbenchError
    from workbench.evidence.reader import read_evidence
    from workbench.evidence.template import write_template

    with tempfile.TemporaryDirectory() as folder:
        variants: list[str | None] = [*pack.variants] or [None]
        for variant in variants:
            path = Path(folder) / f"{variant or pack.id}.xlsx"
            write_template(pack, path, variant=variant)
            sheet = pack.indicator_sheet or False
            try:
                read_evidence(path, pack.tables, subject_fields=pack.subject_fields, indicator_sheet=sheet)
            except WorkbenchError as error:
                yield from (f"模板读回:{p}" for p in error.problems if p.code != BLANK)


def check_example(pack: Pack, folder: Path, workspace: Path) -> Iterator[str]:
    """The worked example gives exactly the expected scores."""
    from workbench.base.yamlio import read_yaml
    from workbench.runs.opening import open_plan

    assert pack.example is not None  # lint has made sure
    expected = read_yaml(folder / pack.example.expected).data["expected"]["subjects"]
    evaluation = open_plan((folder / pack.example.plan).resolve(), workspace=workspace)
    if evaluation.scheme.pack != pack:
        yield f"算例用到的是另一处安装的同名指标包“{pack.id}”,请先卸载它,或改用与它相同的文件"
        return
    yield from differences(expected, evaluation.result())


def differences(expected: Mapping[str, Mapping[str, Any]], result: RunResult) -> Iterator[str]:
    """Every place where a result departs from what was worked out by hand."""
    subjects = {s.id: s for s in result.subjects}
    for name in sorted(set(expected) - set(subjects)):
        yield f"对象 {name}:预期文件中有,结果中没有"
    for name, subject in subjects.items():
        if name not in expected:
            yield f"对象 {name}:结果中有,预期文件没有写"
        else:
            yield from _subject(expected[name], subject)


def _subject(expected: Mapping[str, Any], subject: SubjectResult) -> Iterator[str]:
    yield from _compare(f"对象 {subject.id} 总分", expected, "total", subject.total)
    yield from _compare(f"对象 {subject.id} 等级", expected, "grade", subject.grade)
    indicators: Mapping[str, Any] = expected.get("indicators") or {}
    found = {i.code: i for i in subject.indicators}
    for code in [*found, *sorted(set(indicators) - set(found))]:
        where = f"对象 {subject.id} 指标 {code}"
        if code not in found:
            yield f"{where}:预期文件中有,结果中没有"
        elif code not in indicators:
            yield f"{where}:结果中有(得分{_text(found[code].final)}),预期文件没有写"
        else:
            yield from _indicator(where, indicators[code], found[code])


def _indicator(where: str, expected: Mapping[str, Any], found: IndicatorResult) -> Iterator[str]:
    if "value" in expected:
        yield from _compare(f"{where}“{found.name}”完成值", expected, "value", found.value)
    yield from _compare(f"{where}“{found.name}”得分", expected, "points", found.final, found.explanation)


def _compare(
    what: str, expected: Mapping[str, Any], key: str, found: str | None, explanation: str | None = None
) -> Iterator[str]:
    if key not in expected:
        yield f"{what}:预期文件没有写 {key}"
    elif _text(expected[key]) != _text(found):
        because = f"({explanation})" if explanation else ""
        yield f"{what}:预期{_text(expected[key])},算得{_text(found)}{because}"


def _text(value: object) -> str:
    return "空" if value is None else str(value)
