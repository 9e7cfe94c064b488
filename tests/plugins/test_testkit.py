"""The pytest plugin for pack authors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import workbench.plugins.testkit as testkit
from workbench.cli.packs_new import write_pack


@pytest.fixture
def pack_folder(tmp_path):
    """A new pack instead of the nearest one, as an author would override the fixture."""
    folder = tmp_path / "packs" / "roads"
    write_pack(folder, "roads", "农村公路")
    return folder


def test_the_pack_under_test_is_read(workbench_pack):
    assert workbench_pack.title == "农村公路"


def test_a_sound_pack_passes(check_pack):
    check_pack()


def test_a_workspace_can_be_named(check_pack, pack_folder, tmp_path):
    plan = pack_folder / "example" / "plan.yaml"
    text = plan.read_text(encoding="utf-8").replace("example/evidence", "packs/roads/example/evidence")
    plan.write_text(text, encoding="utf-8")
    check_pack(tmp_path)
    with pytest.raises(pytest.fail.Exception, match="找不到佐证资料"):
        check_pack()


def test_every_difference_is_listed(check_pack, pack_folder):
    path = pack_folder / "example" / "expected.yaml"
    text = path.read_text(encoding="utf-8").replace("7.93", "7.92").replace("90.39", "90.38")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(pytest.fail.Exception) as caught:
        check_pack()
    assert "指标包与算例不符(共2处)" in str(caught.value)
    assert "预期90.38,算得90.39" in str(caught.value)
    assert "预期7.92,算得7.93" in str(caught.value)


class Request:
    """What the fixtures ask pytest for."""

    def __init__(self, path: Path, **fixtures) -> None:
        self.path, self.fixtures = path, fixtures

    def getfixturevalue(self, name: str):
        return self.fixtures[name]


find_all = testkit.pack_folders._get_wrapped_function()
find_one = testkit.pack_folder._get_wrapped_function()


def make_packs(folder: Path, *names: str) -> list[Path]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return [(folder / name).parent for name in names]


@pytest.mark.parametrize(
    "inside", ["pack.yaml", "src/workbench_pack_x/pack.yaml", "src/workbench_pack_x/packs/x/pack.yaml"]
)
def test_the_nearest_pack_above_the_test_is_found(tmp_path, inside):
    (folder,) = make_packs(tmp_path, inside)
    found = find_all(Request(tmp_path / "tests" / "deep" / "test_x.py"))
    assert found == {folder.name: folder}
    assert find_one(Request(tmp_path, pack_folders=found)) == folder


def test_a_distribution_may_hold_several_packs(tmp_path):
    one, two = make_packs(tmp_path, "src/x/packs/one/pack.yaml", "src/x/packs/two/pack.yaml")
    found = find_all(Request(tmp_path / "tests" / "test_x.py"))
    assert found == {"one": one, "two": two}
    with pytest.raises(pytest.fail.Exception, match=r"2个指标包\(one、two\).*check_pack\(folder="):
        find_one(Request(tmp_path, pack_folders=found))


def test_each_of_several_packs_is_checked_by_its_folder(check_pack, tmp_path):
    for name in ("one", "two"):
        write_pack(tmp_path / "src" / "x" / "packs" / name, name, "示例")
    folders = find_all(Request(tmp_path / "tests" / "test_x.py"))
    for folder in folders.values():
        check_pack(folder=folder)
    expected = folders["two"] / "example" / "expected.yaml"
    expected.write_text(expected.read_text(encoding="utf-8").replace("grade: 优", "grade: 良"), encoding="utf-8")
    check_pack(folder=folders["one"])
    with pytest.raises(pytest.fail.Exception, match="预期良,算得优"):
        check_pack(folder=folders["two"])


def test_without_a_pack_the_author_is_told_what_to_do():
    with pytest.raises(pytest.fail.Exception, match="改写 pack_folder"):
        find_all(Request(Path(Path(__file__).anchor) / "nowhere" / "test_x.py"))


def test_loading_the_plugin_imports_nothing_of_the_product():
    code = "import sys, workbench.plugins.testkit\nprint(sorted(m for m in sys.modules if m.startswith('workbench')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "['workbench', 'workbench.plugins', 'workbench.plugins.testkit']"
