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
    text = path.read_text(encoding="utf-8").replace("7.93", "7.92").replace("94.93", "94.92")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(pytest.fail.Exception) as caught:
        check_pack()
    assert "指标包与算例不符(共2处)" in str(caught.value)
    assert "预期94.92,算得94.93" in str(caught.value)
    assert "预期7.92,算得7.93" in str(caught.value)


class Request:
    def __init__(self, path: Path) -> None:
        self.path = path


@pytest.mark.parametrize("inside", ["pack.yaml", "src/workbench_pack_x/pack.yaml"])
def test_the_nearest_pack_above_the_test_is_found(tmp_path, inside):
    pack = tmp_path / inside
    pack.parent.mkdir(parents=True, exist_ok=True)
    pack.write_text("", encoding="utf-8")
    find = testkit.pack_folder._get_wrapped_function()
    assert find(Request(tmp_path / "tests" / "deep" / "test_x.py")) == pack.parent


def test_without_a_pack_the_author_is_told_what_to_do():
    find = testkit.pack_folder._get_wrapped_function()
    with pytest.raises(pytest.fail.Exception, match="改写 pack_folder"):
        find(Request(Path(Path(__file__).anchor) / "nowhere" / "test_x.py"))


def test_loading_the_plugin_imports_nothing_of_the_product():
    code = "import sys, workbench.plugins.testkit\nprint(sorted(m for m in sys.modules if m.startswith('workbench')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "['workbench', 'workbench.plugins', 'workbench.plugins.testkit']"
