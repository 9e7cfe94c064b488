"""Files made again: whoever stops in the middle of making them leaves those of last time, whole, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.base.errors import NotWritten
from workbench.runs.outputs import WRITTEN, write_outputs


def stopped() -> Iterator[tuple[str, bytes]]:
    yield "a", b"new"
    yield "批注/b", b"new"
    raise KeyboardInterrupt


def there(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_stop_while_files_are_made_leaves_those_of_last_time(tmp_path: Path) -> None:
    write_outputs([("a", b"old"), ("批注/b", b"old")], tmp_path)
    before = there(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(stopped(), tmp_path)
    assert there(tmp_path) == before and set(before) == {"a", "批注/b", WRITTEN}
    write_outputs([("a", b"new"), ("批注/b", b"new")], tmp_path)
    assert there(tmp_path)["批注/b"] == b"new"


def test_what_makes_files_may_fail_in_its_own_way(tmp_path: Path) -> None:
    def failing() -> Iterator[tuple[str, bytes]]:
        yield "a", b"1"
        raise FileNotFoundError("an original")

    with pytest.raises(FileNotFoundError):
        write_outputs(failing(), tmp_path / "out")
    with pytest.raises(NotWritten):
        (tmp_path / "file").write_bytes(b"")
        write_outputs([("a", b"1")], tmp_path / "file")


def test_no_files_are_no_mistake(tmp_path: Path) -> None:
    assert write_outputs([], tmp_path / "out") == []
