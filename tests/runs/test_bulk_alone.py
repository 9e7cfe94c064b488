"""Which derived tables stand alone, subject by subject, and which look across."""

from __future__ import annotations

import pytest

from workbench.runs.bulk.alone import _Derived
from workbench.scheme.pack import ColumnSpec, Derived, FieldSpec, Pack, TableSpec

ALONE = [
    "SELECT subject, sum(x) AS n FROM lines GROUP BY subject",
    "SELECT s.subject, sum(l.x) AS n FROM subjects s LEFT JOIN lines l ON l.subject = s.subject AND l.x > 0 GROUP BY s.subject, s.k",
    "WITH a AS (SELECT subject, k, sum(x) AS x FROM lines GROUP BY subject, k) SELECT subject, max(x) AS n FROM a GROUP BY subject",
    "SELECT l.subject, l.x / p.x AS n FROM lines l JOIN prices p ON p.k = l.k",
    "SELECT subject, x / (SELECT max(x) FROM prices) AS n FROM funds",
    "SELECT subject, n FROM (SELECT subject, x AS n, row_number() OVER (PARTITION BY subject ORDER BY k) AS place FROM lines) WHERE place = 1",
    "SELECT a.subject, b.x AS n FROM funds a, subjects b WHERE a.subject = b.subject",
    "SELECT subject, x AS n FROM funds JOIN (SELECT DISTINCT subject FROM lines) USING (subject)",
    "SELECT subject, x AS n FROM funds UNION ALL SELECT subject, k AS n FROM subjects",
]
ACROSS = [
    "SELECT part_of AS subject, count(*) AS n FROM subjects GROUP BY part_of",
    "SELECT subject, x / (SELECT avg(x) FROM funds) AS n FROM funds",
    "SELECT subject, rank() OVER (ORDER BY x) AS n FROM funds",
    "SELECT a.subject, sum(b.x) AS n FROM funds a JOIN funds b ON a.k = b.k GROUP BY a.subject",
    "SELECT a.subject, b.x AS n FROM funds a LEFT JOIN funds b ON a.k = b.k JOIN subjects s ON a.subject = s.subject",
    "SELECT a.subject, m.n FROM funds a CROSS JOIN (SELECT avg(x) AS n FROM funds) m",
    "WITH m AS (SELECT k, avg(x) AS n FROM funds GROUP BY k) SELECT f.subject, m.n FROM funds f JOIN m ON m.k = f.k",
    "SELECT subject, x AS n FROM funds ORDER BY x LIMIT 3",
    "SELECT DISTINCT ON (k) subject, x AS n FROM funds",
    "SELECT subject, x AS n FROM funds UNION ALL SELECT k AS x, subject FROM subjects",
    "SELECT subject, _row AS n FROM funds",
    "SELECT subject, sum(x) AS n FROM funds GROUP BY ALL",
    "SELECT subject, n FROM looking",
    "SELECT f.subject, f.x AS n FROM funds f WHERE NOT EXISTS (SELECT 1 FROM lines l WHERE l.k = f.k)",
]


def pack(sql: str) -> Pack:
    """A pack with one derived table, and one before it that looks across."""
    fields = [FieldSpec(name="x", title="数", type="number"), FieldSpec(name="k", title="类", type="number")]
    tables = [
        TableSpec(name="lines", title="明细", fields=fields),
        TableSpec(name="funds", title="资金", per="subject", fields=fields),
        TableSpec(name="prices", title="价格", per="shared", fields=fields),
    ]
    columns = [ColumnSpec(name="n", title="数")]
    looking = "SELECT subject, x - (SELECT min(x) FROM funds) AS n FROM funds"
    return Pack.model_construct(
        tables=tables,
        benchmarks=None,
        derived=[
            Derived(name="looking", title="看", sql=looking, columns=columns),
            Derived(name="made", title="派生", sql=sql, columns=columns),
            Derived(name="program", title="程序", python="somebody", columns=columns),
        ],
    )


@pytest.mark.parametrize("sql", ALONE)
def test_what_reads_its_own_rows_stands_alone(sql: str) -> None:
    assert _Derived(pack(sql)).alone("made")


@pytest.mark.parametrize("sql", ACROSS)
def test_what_may_read_others_does_not(sql: str) -> None:
    assert not _Derived(pack(sql)).alone("made")


def test_a_program_may_read_whatever_it_likes() -> None:
    assert not _Derived(pack(ALONE[0])).alone("program")
