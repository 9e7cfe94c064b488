"""Scoring piece by piece, from tables of any length into one file, in memory that the pieces decide and not the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from workbench.base.errors import FileError, Place, Problem, WorkbenchError
from workbench.evidence.standard import subjects_spec
from workbench.runs.bulk.alone import looks_across
from workbench.runs.bulk.scores import BulkScores, Scale, scale_of
from workbench.runs.bulk.sources import Given, Source, source_of
from workbench.runs.bulk.writing import ScoreFile, written
from workbench.scheme.library import NATIONAL

if TYPE_CHECKING:
    import duckdb

PIECE_CELLS, PIECE_ROWS = 4_000_000, 100_000
"""Subjects × indicators of a piece, and most subjects: larger ones are not faster, and take some 50 bytes a cell."""
TOGETHER_CELLS, TOGETHER_ROWS = 20_000_000, 1_000_000
"""What is still scored at once without being asked to, where subjects cannot be scored apart: about 1.5 GB."""
MEMORY_LIMIT = "700MB"
Progress = Callable[[int, int], None]


class NotInPieces(WorkbenchError):
    """Subjects that are compared with each other would have to be scored apart."""

    heading = "不能分批打分"


@dataclass(frozen=True)
class Written:
    """What was written: how many subjects and indicators, and how many of each grade (None: no grade yet)."""

    path: Path
    subjects: int
    indicators: int
    pieces: int
    grades: Mapping[str | None, int]


def score_to_parquet(
    pack: str,
    subjects: Given,
    out: str | Path,
    *,
    tables: Mapping[str, Given] | None = None,
    variant: str | None = None,
    ruleset: str | None = None,
    policy: str = NATIONAL,
    workspace: Path | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Written:
    """Score subjects piece by piece into a Parquet file, the same scores as :func:`score` gives all at once.

    Numbers are DECIMAL columns, ``status`` and ``branch`` codes, ``grade`` a text; what is missing is NULL. The same
    inputs give the same bytes, whatever the size of the pieces.

    Args:
        pack, variant, ruleset, policy, workspace: as in :func:`score`.
        subjects, tables: columns by field name, or the path of a Parquet or CSV file with the fields' names or titles.
        out: the file to be written; one that is there is replaced when the new one is whole.
        chunk: most subjects of a piece; chosen by the number of indicators when None.
        progress: called with steps done and steps in all.

    Raises:
        EvidenceError: rows that do not fit their fields, each column with the first such row.
        NotInPieces: the pack compares subjects with each other, and they are more than ``chunk``.
        NotWritten: no room or no right to write; nothing is left behind.
    """
    scale = scale_of(pack, variant, ruleset, policy, workspace)
    target = _target(Path(out), [subjects, *(tables or {}).values()])
    with ExitStack() as stack:
        with written(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch = Path(stack.enter_context(TemporaryDirectory(prefix=".scores-", dir=target.parent)))
        connection = stack.enter_context(_engine(scratch))
        work = _Work.of(scale, subjects, tables or {}, connection, scratch)
        size = work.piece_size(chunk)
        file = stack.enter_context(ScoreFile(scale.scheme, connection, scratch))
        starts = range(0, len(work.subjects), size) or range(1)
        for done, start in enumerate(starts, 1):
            file.add(work.scores(start, size))
            if progress is not None:
                progress(done, len(starts) + 1)
        file.finish(target, _told(scale))
        if progress is not None:
            progress(len(starts) + 1, len(starts) + 1)
        return Written(target, len(work.subjects), len(scale.scheme.indicators), len(starts), dict(file.grades))


@dataclass(frozen=True)
class _Work:
    scale: Scale
    subjects: Source
    tables: Mapping[str, Source]

    @classmethod
    def of(
        cls,
        scale: Scale,
        subjects: Given,
        tables: Mapping[str, Given],
        connection: duckdb.DuckDBPyConnection,
        scratch: Path,
    ) -> _Work:
        """The sources of all tables, each looked through. Raises EvidenceError, FileError."""
        specs = scale.tables(tables)
        main = source_of(subjects_spec(scale.pack.subject_fields), subjects, connection, scratch)
        given = {t.name: source_of(t, tables.get(t.name, {}), connection, scratch) for t in specs}
        for source in (main, *given.values()):
            source.check()
        return cls(scale, main, given)

    def piece_size(self, chunk: int | None) -> int:
        """Subjects of a piece. Raises NotInPieces."""
        scheme = self.scale.scheme
        items = max(1, len(scheme.indicators) + len(scheme.bonus) + len(scheme.deductions))
        size = max(1, min(PIECE_ROWS, PIECE_CELLS // items))
        together = min(TOGETHER_ROWS, TOGETHER_CELLS // items)
        if chunk is not None:
            size = together = max(1, chunk)
        count = len(self.subjects)
        if count <= size:
            return max(1, count)
        across = looks_across(scheme, self.scale.plugins.kinds)
        if across and count > together:
            fix = f"内存足够时可用 --chunk {count}(程序中写 chunk={count})一次打完,约需{count * items * 60 // 2**30 + 1}GB"
            expected = f"不超过{together}个对象一次打完"
            raise NotInPieces(
                [Problem("not_in_pieces", reason, Place(), f"{count}个对象", expected, fix) for reason in across]
            )
        return count if across else size

    def scores(self, start: int, size: int) -> BulkScores:
        """Score one piece with the rows of its subjects."""
        piece = self.subjects.rows(start, start + size)
        ids = None if len(self.subjects) <= size else [s or "" for s in piece.texts("subject")]
        return self.scale.scores(piece, {name: source.of(ids) for name, source in self.tables.items()})


def _target(out: Path, given: Sequence[Given]) -> Path:
    """Where to write. Raises FileError for another kind of file, or one of those that are read."""
    if out.suffix.lower() != ".parquet":
        fix = "请用 .parquet 结尾的文件名"
        raise FileError(Problem("not_parquet", "结果写成 Parquet 文件", Place(out.as_posix()), fix=fix))
    for path in given:
        if isinstance(path, (str, Path)) and Path(path).resolve() == out.resolve():
            raise FileError(Problem("same_file", "结果不能写到数据文件上", Place(out.as_posix()), fix="请另写文件名"))
    return out


def _engine(scratch: Path) -> duckdb.DuckDBPyConnection:
    """An engine for files only: what it cannot hold it lays down in ``scratch``."""
    import duckdb

    # One thread reads and scores and one writes; more of the engine's own gave the same bytes and no speed.
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(scratch / "spilled"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(":memory:", config=config)


def _told(scale: Scale) -> dict[str, str]:
    """What the scores rest on, for the file's metadata."""
    plan = scale.scheme.plan
    return {
        "pack": f"{scale.pack.id} {scale.pack.version}",
        "variant": plan.variant or "",
        "ruleset": plan.ruleset,
        "policy": plan.policy,
        "scheme": scale.scheme.digest,
    }
