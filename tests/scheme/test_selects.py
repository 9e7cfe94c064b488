"""Derived tables: one SELECT over the pack's own tables and nothing else."""

from __future__ import annotations

import pytest

from workbench.base.errors import ExpressionError, Place
from workbench.scheme.selects import parse_select

KNOWN = ("fund", "subjects")


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT subject, sum(a) AS a FROM fund GROUP BY subject", ("fund",)),
        ("SELECT subject, count(*) AS n FROM fund GROUP BY subject;", ("fund",)),
        ("SELECT subject, count(DISTINCT a) AS n FROM fund GROUP BY subject", ("fund",)),
        ("SELECT subject, sum(a) FILTER (WHERE a > 0) AS n FROM fund GROUP BY subject", ("fund",)),
        ("WITH t AS (SELECT subject, a FROM fund) SELECT subject, max(a) AS m FROM t GROUP BY subject", ("fund",)),
        ("SELECT f.subject FROM fund f JOIN subjects s ON s.subject = f.subject", ("fund", "subjects")),
        ("SELECT subject FROM fund UNION ALL SELECT subject FROM subjects", ("fund", "subjects")),
        ("SELECT subject, row_number() OVER (PARTITION BY subject ORDER BY a) AS r FROM fund", ("fund",)),
        ("SELECT subject FROM fund WHERE a = (SELECT max(a) FROM fund)", ("fund",)),
        ("SELECT s.subject FROM subjects s WHERE EXISTS (SELECT 1 FROM fund WHERE a > 1)", ("subjects", "fund")),
        ("SELECT subject, quantile_cont(a, 0.5) AS m, avg(a) AS v FROM fund GROUP BY ALL -- 注释", ("fund",)),
    ],
)
def test_what_is_allowed(sql: str, tables: tuple[str, ...]) -> None:
    found = parse_select(sql, KNOWN)
    assert found.tables == tables
    assert not found.sql.endswith(";")


@pytest.mark.parametrize(
    "sql",
    [
        # files, the net, table functions, other schemas
        "SELECT subject FROM read_csv('x.csv')",
        "SELECT subject FROM 'x.csv'",
        'SELECT subject FROM "/etc/passwd"',
        "SELECT subject FROM 'https://example.com/x.parquet'",
        "SELECT subject FROM fund, range(10)",
        "SELECT subject FROM generate_series(1, 10) t(subject)",
        "SELECT subject FROM information_schema.tables",
        "SELECT subject FROM main.fund",
        "SELECT subject FROM duckdb_settings()",
        "SELECT subject FROM sqlite_master",
        "SELECT subject FROM (VALUES ('a')) t(subject)",
        "VALUES ('a')",
        "TABLE fund",
        # A file under the name of a WITH that does not reach it.
        'SELECT a FROM (WITH "/etc/passwd" AS (SELECT 1 AS a) SELECT a FROM "/etc/passwd") x, "/etc/passwd" y',
        "WITH fund AS (SELECT 1 AS subject) SELECT subject FROM fund",
        "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT a AS subject FROM t",
        # the clock, chance, the session
        "SELECT subject, now() AS d FROM fund",
        "SELECT subject, current_date AS d FROM fund",
        "SELECT subject, CURRENT_TIMESTAMP AS d FROM fund",
        "SELECT subject, current_user AS u FROM fund",
        "SELECT subject, random() AS r FROM fund",
        "SELECT subject FROM fund ORDER BY random()",
        "SELECT subject FROM fund TABLESAMPLE 10%",
        "SELECT subject FROM fund USING SAMPLE 1",
        "SELECT subject, rowid AS r FROM fund",
        "SELECT subject, getenv('HOME') AS h FROM fund",
        "SELECT subject FROM fund WHERE a > (SELECT random())",
        "SELECT subject FROM fund HAVING now() > 0",
        # statements
        "CREATE TABLE x AS SELECT 1",
        "CREATE VIEW v AS SELECT subject FROM fund",
        "INSERT INTO fund VALUES (1)",
        "UPDATE fund SET a = 1",
        "DELETE FROM fund",
        "DROP TABLE fund",
        "COPY fund TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "PRAGMA database_list",
        "SET threads = 4",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CALL pragma_version()",
        "EXPLAIN SELECT subject FROM fund",
        "DESCRIBE fund",
        "SHOW TABLES",
        "SELECT subject FROM fund; DROP TABLE fund",
        "SELECT subject FROM fund; SELECT subject FROM fund",
        "SELECT subject INTO x FROM fund",
        # shapes
        "SELECT * FROM fund",
        "SELECT f.* FROM fund f",
        "SELECT COLUMNS('a') FROM fund",
        "SELECT subject, list_transform([1], x -> x) AS l FROM fund",
        "SELECT subject, {'a': 1} AS s FROM fund",
        "SELECT subject, a[1] AS x FROM fund",
        "SELECT subject, $1 AS x FROM fund",
        "SELECT subject, unnest([1, 2]) AS x FROM fund",
        "SELECT subject, a::json AS x FROM fund",
        "SELECT subject, first_value(a) OVER (PARTITION BY subject) AS x FROM fund",
        "SELECT subject, string_agg(name) AS x FROM fund GROUP BY subject",
        "SELECT subject, any_value(a) AS x FROM fund GROUP BY subject",
        "PIVOT fund ON a USING sum(b)",
        "SELECT subject FROM fund PIVOT (sum(a) FOR b IN (1))",
        "FROM fund",
        "",
        "SELECT",
    ],
)
def test_what_is_not_allowed(sql: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_select(sql, KNOWN, Place(key="derived total"))
    assert caught.value.problems[0].place.key == "derived total"


def test_unknown_table_with_the_nearest() -> None:
    with pytest.raises(ExpressionError, match=r"表“fnud”不在本指标包中.*是否想写“fund”"):
        parse_select("SELECT subject FROM fnud", KNOWN)


def test_very_long() -> None:
    with pytest.raises(ExpressionError, match="超过20000字"):
        parse_select("SELECT subject FROM fund WHERE a IN (" + "1," * 10_000 + "1)", KNOWN)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT d.database_name FROM (WITH duckdb_databases AS (SELECT 1 AS x) SELECT x FROM duckdb_databases) q, duckdb_databases d",
        "WITH a AS (SELECT name FROM sqlite_master), sqlite_master AS (SELECT 1 AS name) SELECT name FROM a",
    ],
)
def test_a_with_name_holds_only_where_its_with_reaches(sql: str) -> None:
    # Elsewhere the engine's own catalog would answer to the name.
    with pytest.raises(ExpressionError):
        parse_select(sql, {"t"})


def test_a_with_query_sees_those_before_it() -> None:
    sql = "WITH a AS (SELECT x FROM t), b AS (SELECT x FROM a) SELECT x, (SELECT max(x) FROM a) AS m FROM b"
    assert parse_select(sql, {"t"}).tables == ("t",)
