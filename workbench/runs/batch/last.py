"""The last batch of a workspace, written down when it begins: ``workbench batch --resume`` alone goes on with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.base.errors import FileError, Place, Problem
from workbench.base.writing import replace_whole, writing
from workbench.runs.batch.planned import BATCHES, Wanted
from workbench.runs.store import runs_root

LAST = "last.json"


def remember(wanted: Wanted, workspace: Path) -> None:
    """Write down what was asked for. Raises NotWritten."""
    folder = runs_root(workspace) / BATCHES
    with writing(folder, "请检查工作区的 runs 文件夹和权限"):
        folder.mkdir(parents=True, exist_ok=True)
        replace_whole(folder / LAST, canonical_json(asdict(wanted), indent=2))


def recall(workspace: Path) -> Wanted:
    """What was asked for last. Raises FileError when nothing was, or the note cannot be read."""
    path = runs_root(workspace) / BATCHES / LAST
    fix = "请写明计划、文件夹或项目清单,如 workbench batch params/ --resume"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        lists = {key: tuple(map(str, content[key])) for key in ("sources", "overrides")}
        texts = {key: None if content[key] is None else str(content[key]) for key in ("template", "out")}
        return Wanted(lists["sources"], texts["template"], lists["overrides"], texts["out"])
    except FileNotFoundError:
        raise FileError(Problem("no_batch", "这个工作区还没有批量运行过,不知道接着运行什么", fix=fix)) from None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        raise FileError(Problem("bad_batch", "上次批量运行的记录已损坏", Place(path.name), fix=fix)) from None
