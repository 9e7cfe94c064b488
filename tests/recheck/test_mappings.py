"""Answers of this re-check and those brought from another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.recheck.mappings import known_mappings


def answered(path: Path, *shapes: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    entries = "".join(f'  - shape: "{shape}"\n    columns:\n      "评定": 得分\n' for shape in shapes)
    path.write_text(f"mapping:\n{entries}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("brought", "own", "told"),
    [
        (("a", "b", "c"), (), []),
        (("x", "y"), (), ["答案.yaml"]),
        (("a", "x"), ("a", "z"), ["识别对照.yaml"]),
        ((), ("a", "x", "y"), ["识别对照.yaml"] * 2),
    ],
)
def test_layouts_nobody_has_are_told_of_the_own_file_only(
    brought: tuple[str, ...], own: tuple[str, ...], told: list[str], tmp_path: Path
) -> None:
    """A file of another re-check answers for its layouts too; that they are not here is no news unless all are."""
    given = answered(tmp_path / "答案.yaml", *brought) if brought else None
    out = tmp_path / "结果"
    if own:
        answered(out / "识别对照.yaml", *own)
    problems = known_mappings(given, out).unused(["a", "b"])
    assert [problem.place.file for problem in problems] == told
    assert all("--mapping" in str(problem) for problem in problems if problem.place.file == "答案.yaml")


def test_the_own_file_named_is_the_own_file(tmp_path: Path) -> None:
    own = answered(tmp_path / "识别对照.yaml", "a", "x")
    (problem,) = known_mappings(own, tmp_path).unused(["a"])
    assert problem.found == "x"
