"""Pytest plugin for pack authors: fixtures that check packs against their own worked examples.

Pytest imports this module before coverage starts and in every environment that has the workbench, so it imports
nothing of the workbench at module level: fixtures do that when they are used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from workbench.scheme.pack import Pack

PACK_FILE = "pack.yaml"
PACK_PLACES = (PACK_FILE, f"src/*/{PACK_FILE}", f"packs/*/{PACK_FILE}", f"src/*/packs/*/{PACK_FILE}")
"""Where packs lie below a distribution's folder; the first place that has any counts."""


def _from_above(module: str) -> Any:
    # By name: the test kit ships with the plugins but drives the whole product, whose layers may not be imported from here.
    return importlib.import_module(module)


@pytest.fixture
def pack_folders(request: pytest.FixtureRequest) -> dict[str, Path]:
    """Folder of each pack under test by the folder's name: those of the nearest folder above the test file that has any.

    A pack's folder, ``src/<module>/`` or, in a distribution of several packs, ``src/<module>/packs/<id>/``.
    """
    for folder in Path(request.path).parents:
        for pattern in PACK_PLACES:
            found = sorted(p.parent for p in folder.glob(pattern) if p.is_file())
            if found:
                return {p.name: p for p in found}
    pytest.fail(
        f"测试文件的上级文件夹里没有 {PACK_FILE};请在测试中改写 pack_folder 夹具,返回指标包所在文件夹", pytrace=False
    )


@pytest.fixture
def pack_folder(request: pytest.FixtureRequest) -> Path:
    """Folder of the pack under test, where there is one. Override this fixture when the pack lies elsewhere."""
    folders: dict[str, Path] = request.getfixturevalue("pack_folders")
    if len(folders) > 1:
        names = "、".join(folders)
        fix = "请逐个检查:check_pack(folder=pack_folders[编号]),或在测试中改写 pack_folder 夹具"
        pytest.fail(f"这里有{len(folders)}个指标包({names})。{fix}", pytrace=False)
    return next(iter(folders.values()))


@pytest.fixture
def workbench_pack(pack_folder: Path) -> Pack:
    """The pack under test, read and validated."""
    pack: Pack = _from_above("workbench.scheme.library").load_pack(pack_folder / PACK_FILE)
    return pack


@pytest.fixture
def check_pack(request: pytest.FixtureRequest) -> Callable[..., None]:
    """A function that fails the test unless the pack holds together.

    It checks that lint passes, that the evidence template writes and reads back, and that the worked example gives
    exactly the scores of its ``expected`` file. ``workspace=`` names the folder the example plan's paths start from;
    without it that is the pack's folder. ``folder=`` names the pack's folder; without it that is ``pack_folder``.
    """

    def check(workspace: Path | None = None, *, folder: Path | None = None) -> None:
        pack = folder if folder is not None else request.getfixturevalue("pack_folder")
        found: list[str] = _from_above("workbench.cli.pack_check").check_pack(pack, workspace)
        if found:
            lines = "\n".join(f"  {i}. {text}" for i, text in enumerate(found, 1))
            pytest.fail(f"指标包与算例不符(共{len(found)}处):\n{lines}", pytrace=False)

    return check
