"""A folder for what verifying works out. What keeps this computer from writing there says nothing about a dossier."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.base.errors import FileError, Place, Problem, WorkbenchError
from workbench.base.text import reason

_LOCAL = frozenset(
    {"not_writable", "disk_full", "disk_failure", "ledger_read_only", "ledger_unreachable", "ledger_failure"}
)
"""Codes of what goes wrong with a new folder, or a new ledger in it, whatever was to be put there."""


class NoScratch(FileError):
    """The temporary folder takes nothing, so that a dossier could not be checked to the end."""

    heading = "本机没有条件核对"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards. Raises NoScratch when there is none, or it takes nothing."""
    try:
        with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
            yield Path(folder)
    except OSError as error:
        raise _no_scratch(f"写不进去({reason(error)})") from None
    except WorkbenchError as error:
        local = next((p for p in error.problems if p.code in _LOCAL), None)
        if local is None:
            raise
        raise _no_scratch(local.message) from None


def _no_scratch(why: str) -> NoScratch:
    message = f"临时文件夹用不了:{why}。档案没有核对完,这不说明它有问题"
    fix = "请腾出磁盘空间、检查权限,或用环境变量 TMPDIR(Windows 为 TEMP)另指一个文件夹,然后重新核验"
    return NoScratch(Problem("no_scratch", message, Place(tempfile.tempdir), fix=fix))
