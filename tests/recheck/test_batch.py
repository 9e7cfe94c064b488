"""Reading many files: kept, taken up again, and one broken file costs nothing else."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from small_forms import small_form

from workbench.base.errors import FileError
from workbench.recheck.batch import READINGS, FileRead, read_all
from workbench.recheck.forms import Mappings
from workbench.recheck.inputs import STATE, gather


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """Three forms in two folders, a broken file, and what nobody wants read."""
    folder = tmp_path / "自评表"
    for name in ("甲/一.xlsx", "甲/二.xlsx", "三.xlsx"):
        small_form(folder / name, project=name)
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (folder / "~$三.xlsx").write_bytes(b"lock")
    (folder / ".隐藏.xlsx").write_bytes(b"x")
    (folder / "说明.txt").write_text("请查收", encoding="utf-8")
    return folder


def read(folder: Path, out: Path, workers: int = 1, mappings: Mappings | None = None) -> dict[str, FileRead]:
    sources = gather([folder]).sources
    return {one.name: one for one in read_all(sources, mappings or Mappings(), out, workers)}


def test_a_folder_is_gathered_without_temporary_and_our_own_files(forms: Path) -> None:
    small_form(forms / "结果" / "复核表.xlsx")
    (forms / "结果" / STATE).mkdir()
    found = gather([forms])
    assert [source.name for source in found.sources] == ["三.xlsx", "坏.xlsx", "甲/一.xlsx", "甲/二.xlsx"]
    assert found.others == ("说明.txt",)


def test_files_are_called_alike_however_they_are_given(forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(forms.parent)
    given = [Path("自评表/甲"), Path("自评表/三.xlsx"), Path("自评表/甲/一.xlsx")]
    assert [source.name for source in gather(given).sources] == ["三.xlsx", "甲/一.xlsx", "甲/二.xlsx"]
    assert [source.name for source in gather([Path("自评表/甲/一.xlsx")]).sources] == ["一.xlsx"]
    without = gather([forms], without=[forms / "三.xlsx"])
    assert "三.xlsx" not in [source.name for source in without.sources]


def test_links_in_a_circle_end(forms: Path) -> None:
    try:
        (forms / "甲" / "圈").symlink_to(forms, target_is_directory=True)
    except OSError:  # Windows lets only administrators link
        return
    found = gather([forms])
    assert len(found.sources) == 4
    assert [problem.place.file for problem in found.closed] == [(forms / "甲" / "圈").as_posix()]


def test_a_link_that_leads_nowhere_is_told(forms: Path, tmp_path: Path) -> None:
    try:
        (forms / "断链.xlsx").symlink_to(tmp_path / "没有.xlsx")
    except OSError:  # Windows lets only administrators link
        return
    (problem,) = read(forms, tmp_path / "out")["断链.xlsx"].problems
    assert "链接" in str(problem)


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="没有可读的自评表文件"):
        gather([tmp_path])
    with pytest.raises(FileError, match="找不到这个文件或文件夹"):
        gather([tmp_path / "没有"])


def test_one_broken_file_costs_nothing_else(forms: Path, tmp_path: Path) -> None:
    found = read(forms, tmp_path / "out", workers=2)
    assert [name for name, one in sorted(found.items()) if one.reading is None] == ["坏.xlsx"]
    assert found["坏.xlsx"].problems[0].place.file == "坏.xlsx"
    good = found["甲/一.xlsx"].reading
    assert good is not None
    assert [form.project.text for form in good.forms if form.project] == ["甲/一.xlsx"]


def test_what_was_read_is_not_read_again(forms: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = read(forms, out)
    small_form(forms / "三.xlsx", project="改过的")
    again = read(forms, out)
    assert {name for name, one in again.items() if one.kept} == {"甲/一.xlsx", "甲/二.xlsx"}
    assert again["甲/一.xlsx"].reading == first["甲/一.xlsx"].reading, "every number and place comes back"
    changed = again["三.xlsx"].reading
    assert changed is not None and changed.forms[0].project is not None
    assert changed.forms[0].project.text == "改过的"
    assert len(list((out / STATE / READINGS).iterdir())) == 3, "what nobody needs any more is gone"


def test_another_mapping_is_another_reading(forms: Path, tmp_path: Path) -> None:
    read(forms, tmp_path)
    again = read(forms, tmp_path, mappings=Mappings({("abc", "columns", "评分"): "得分"}))
    assert not any(one.kept for one in again.values())


def test_who_is_stopped_goes_on_where_it_was(forms: Path, tmp_path: Path) -> None:
    sources = gather([forms]).sources
    with closing(read_all(sources, Mappings(), tmp_path, 1)) as stopped:
        next(stopped)
    assert sum(one.kept for one in read(forms, tmp_path).values()) == 1


def test_a_kept_reading_somebody_has_been_at_is_made_anew(forms: Path, tmp_path: Path) -> None:
    first = read(forms, tmp_path)
    for path in (tmp_path / STATE / READINGS).iterdir():
        path.write_bytes(b"{}")
    again = read(forms, tmp_path)
    assert not any(one.kept for one in again.values())
    assert {n: one.reading for n, one in again.items()} == {n: one.reading for n, one in first.items()}


def test_names_are_kept_with_forward_slashes(forms: Path, tmp_path: Path) -> None:
    found = read(forms, tmp_path)["甲/二.xlsx"].reading
    assert found is not None
    assert found.forms[0].key == "甲/二.xlsx#1"
    assert os.sep == "/" or "\\" not in found.forms[0].key
