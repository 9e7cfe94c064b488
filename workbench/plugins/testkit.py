"""Pytest plugin for pack authors: fixtures that check a pack against its own worked example.

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


def _from_above(module: str) -> Any:
    # By name: the test kit ships with the plugins but drives the whole product, whose layers may not be imported from here.
    return importlib.import_module(module)


@pytest.fixture
def pack_folder(request: pytest.FixtureRequest) -> Path:
    """Folder of the pack under test: the nearest one above the test file that has ``pack.yaml``, itself or in ``src/*/``.

    Override this fixture when the pack lies elsewhere.
    """
    for folder in Path(request.path).parents:
        for found in [folder / PACK_FILE, *sorted(folder.glob(f"src/*/{PACK_FILE}"))]:
            if found.is_file():
                return found.parent
    pytest.fail(
        f"测试文件的上级文件夹里没有 {PACK_FILE};请在测试中改写 pack_folder 夹具,返回指标包所在文件夹", pytrace=False
    )


@pytest.fixture
def workbench_pack(pack_folder: Path) -> Pack:
    """The pack under test, read and validated."""
    pack: Pack = _from_above("workbench.scheme.library").load_pack(pack_folder / PACK_FILE)
    return pack


@pytest.fixture
def check_pack(pack_folder: Path) -> Callable[..., None]:
    """A function that fails the test unless the pack holds together.

    It checks that lint passes, that the evidence template writes and reads back, and that the worked example gives
    exactly the scores of its ``expected`` file. ``workspace=`` names the folder the example plan's paths start from;
    without it that is the pack's folder.
    """

    def check(workspace: Path | None = None) -> None:
        found: list[str] = _from_above("workbench.cli.pack_check").check_pack(pack_folder, workspace)
        if found:
            lines = "\n".join(f"  {i}. {text}" for i, text in enumerate(found, 1))
            pytest.fail(f"指标包与算例不符(共{len(found)}处):\n{lines}", pytrace=False)

    return check
