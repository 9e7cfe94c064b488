"""Scores into one Parquet file: exact numbers as DECIMAL, written beside and put in place when whole.

Scores come in pieces of any size; they are cut into blocks whose size the number of columns alone decides, each laid down while
the next is scored, and joined in the end. So the bytes of the file do not depend on how it was computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import EvidenceError, NotWritten, Place, Problem
from workbench.base.exact import BoolArray, IntArray
from workbench.evidence.numbers import ENGINE_DIGITS
from workbench.runs.bulk.scores import BulkScores
from workbench.scheme.expressions import literal, one_file, quoted
from workbench.scheme.pack import Extra, Indicator
from workbench.scheme.scheme import Scheme
from workbench.scoring.sandbox import NULL
from workbench.scoring.scorecard import IndicatorScores

if TYPE_CHECKING:
    import duckdb

BLOCK_CELLS = 16_000_000
"""Cells of one block: about 100 MB on their way into the file."""
_VECTOR = 2048
_MOST_ROWS = 60 * _VECTOR


@dataclass(frozen=True)
class Shape:
    """The columns of the file, which a scheme alone decides."""

    scheme: Scheme

    @property
    def items(self) -> list[Indicator | Extra]:
        """Indicators, bonus and deduction items in the order of the tree."""
        return [r.item for r in (*self.scheme.indicators, *self.scheme.bonus, *self.scheme.deductions)]

    def selected(self) -> list[str]:
        """What to select of the arrays of :meth:`arrays`."""
        points = self.scheme.ruleset.points_decimals
        heads = ["subject"]
        for item in self.items:
            if item.value is not None:
                heads.append(_decimal(f"{item.code}_value", item.decimals))
            heads.append(_decimal(f"{item.code}_points", points))
            heads += [quoted(f"{item.code}_status"), quoted(f"{item.code}_branch")]
        labels = " ".join(f"WHEN {i} THEN {literal(band.label)}" for i, band in enumerate(self.scheme.bands.items))
        heads += [_decimal("total_low", points), _decimal("total_high", points), f"CASE grade {labels} END AS grade"]
        return [*heads, "provisional"]

    def arrays(self, scores: BulkScores) -> dict[str, Any]:
        """The columns of one piece as arrays of shape (n,); numbers counted in their smallest unit, NULL where missing."""
        card, totals = scores.card, scores.totals
        ids = card.measures.ids
        columns: dict[str, Any] = {"subject": np.array(ids, dtype=object)}
        for one in (*card.indicators, *card.bonus, *card.deductions):
            columns.update(self._of_item(one, ids))
        everyone = np.ones(len(ids), dtype=bool)
        columns["total_low"] = _numbers(totals.low, everyone, "总分", ids)
        columns["total_high"] = _numbers(totals.high, everyone, "总分", ids)
        columns["grade"] = totals.grade.astype(np.int8)
        columns["provisional"] = totals.provisional
        return columns

    def _of_item(self, one: IndicatorScores, ids: Sequence[str]) -> Iterator[tuple[str, Any]]:
        code, value, item = one.code, one.inputs.value, one.ruled.item
        if value is not None:
            units = value.rescale(item.decimals).units
            yield f"{code}_value", _numbers(units, value.valid, f"“{item.name}”的完成值", ids)
        yield f"{code}_points", _numbers(one.final, one.settled, f"“{item.name}”的得分", ids)
        yield f"{code}_status", one.status.astype(np.int8)
        yield f"{code}_branch", np.asarray(one.branch).astype(np.int8)

    @property
    def block_rows(self) -> int:
        """Rows of a block and of a row group."""
        return max(_VECTOR, min(_MOST_ROWS, BLOCK_CELLS // len(self.selected()) // _VECTOR * _VECTOR))


def _decimal(name: str, decimals: int) -> str:
    # The cheapest way from a whole number to a decimal the engine has.
    whole = f"CAST(nullif({quoted(name)}, {NULL}) AS DECIMAL({ENGINE_DIGITS}, 0))"
    if decimals:
        unit = f"0.{'0' * (decimals - 1)}1"
        whole = f"CAST({whole} * {unit} AS DECIMAL({ENGINE_DIGITS}, {decimals}))"
    return f"{whole} AS {quoted(name)}"


def _numbers(units: IntArray, valid: BoolArray, what: str, ids: Sequence[str]) -> IntArray:
    """Whole numbers of 64 bits. Raises EvidenceError naming a subject whose number has too many digits."""
    if units.dtype == object or max(int(units.max(initial=0)), -int(units.min(initial=0))) >= 10**ENGINE_DIGITS:
        large = np.flatnonzero(np.abs(units) >= 10**ENGINE_DIGITS)
        if large.size:
            place, fix = Place(field=what), "请核对单位"
            message = f"数值超过{ENGINE_DIGITS}位,写不进结果文件"
            raise EvidenceError(Problem("too_large", message, place, f"对象 {ids[int(large[0])]}", fix=fix))
        units = units.astype(np.int64)
    return np.where(valid, units, NULL)


class ScoreFile:
    """Takes pieces of scores in order; :meth:`finish` puts the whole file in place."""

    def __init__(self, scheme: Scheme, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.shape = Shape(scheme)
        self.grades: Counter[str | None] = Counter()
        self._scratch, self._connection = scratch, connection
        self._rows, self._selected = self.shape.block_rows, ", ".join(self.shape.selected())
        self._waiting: list[dict[str, Any]] = []
        self._parts: list[Path] = []
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> ScoreFile:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.shutdown(cancel_futures=True)

    def add(self, scores: BulkScores) -> None:
        """Take a piece; blocks that are full are laid down in the background, one at a time."""
        labels = [*(band.label for band in scores.card.scheme.bands.items), None]
        found = np.bincount(scores.totals.grade + 1, minlength=len(labels)).tolist()
        self.grades.update(dict(zip([None, *labels[:-1]], found, strict=True)))
        self._waiting.append(self.shape.arrays(scores))
        while sum(len(piece["subject"]) for piece in self._waiting) >= self._rows:
            self._lay_down(self._rows)

    def finish(self, target: Path, told: Mapping[str, str]) -> None:
        """Join the blocks; ``told`` is kept in the file as its metadata. Raises NotWritten."""
        if self._waiting or not self._parts:
            self._lay_down(self._rows)
        self._settle()
        whole = self._scratch / "whole.parquet"
        parts = ", ".join(literal(one_file(path)) for path in self._parts)
        notes = ", ".join(f"{name}: {literal(text)}" for name, text in told.items())
        options = f"FORMAT parquet, ROW_GROUP_SIZE {self._rows}, KV_METADATA {{{notes}}}"
        with written(target):
            self._connection.execute(
                f"COPY (SELECT {self._selected} FROM read_parquet([{parts}], hive_partitioning = false)) TO {literal(str(whole))} ({options})"
            )
            whole.replace(target)

    def _lay_down(self, rows: int) -> None:
        whole = {name: np.concatenate([piece[name] for piece in self._waiting]) for name in self._waiting[0]}
        block = {name: array[:rows] for name, array in whole.items()}
        self._waiting = [{name: array[rows:] for name, array in whole.items()}] if len(whole["subject"]) > rows else []
        self._settle()
        path = self._scratch / f"block{len(self._parts):06d}.parquet"
        self._parts.append(path)
        self._writing = self._writer.submit(self._write, block, path)

    def _write(self, block: dict[str, Any], path: Path) -> None:
        with written(path):
            connection = self._connection.cursor()
            connection.register("_block", block)
            # As they are and the quickest way: what they become is decided when they are joined.
            connection.execute(f"COPY (FROM _block) TO {literal(str(path))} (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1)")

    def _settle(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None


@contextmanager
def written(target: Path) -> Iterator[None]:
    """What keeps the engine or the system from writing becomes NotWritten."""
    import duckdb

    fix = "请检查磁盘空间和文件夹权限,关闭已打开的结果文件,或用 --out 另选文件夹"
    try:
        yield
    except (duckdb.Error, OSError) as error:
        reason = str(error).splitlines()[0]
        raise NotWritten(
            Problem("not_writable", f"结果文件写不进去({reason})", Place(target.as_posix()), fix=fix)
        ) from error
