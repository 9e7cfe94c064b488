"""The runs of a batch, found by its receipts: what is done next is done for them and for no other evaluation of the workspace."""

from __future__ import annotations

from pathlib import Path

from workbench.base.errors import FileError, Place, Problem
from workbench.base.text import suggest
from workbench.runs.batch.planned import BATCHES
from workbench.runs.batch.receipts import RECEIPTS, Receipts
from workbench.runs.batch.task import natural
from workbench.runs.store import runs_root


def runs_of(name: str, workspace: Path) -> list[Path]:
    """The run folders of a batch's last start in the order of its plans, each once; plans that failed have none.

    Args:
        name: of a batch of the workspace, or the folder of one (``--out``).

    Raises:
        FileError: there is no such batch, or none of its plans has run.
    """
    batches = runs_root(workspace) / BATCHES
    folder = next((f for f in (batches / name, Path(name)) if (f / RECEIPTS).is_file()), None)
    if folder is None:
        known = [path.parent.name for path in sorted(batches.glob(f"*/{RECEIPTS}"))]
        fix = suggest(name, known) or "请先用 workbench batch 运行"
        raise FileError(Problem("no_batch", "没有这个批量运行", Place(name), fix=fix))
    receipts = Receipts(folder / RECEIPTS).of_last_start()
    outcomes = sorted((receipt.outcome for receipt in receipts), key=lambda outcome: natural(outcome.task))
    found = list(dict.fromkeys(folder.resolve().parents[1] / o.folder for o in outcomes if o.folder and not o.failed))
    if not found:
        fix = "请先查看失败原因,改正后再运行 workbench batch"
        raise FileError(Problem("no_runs", "这个批量运行还没有运行成功的计划", Place(folder.name), fix=fix))
    return found
