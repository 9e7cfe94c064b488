"""Column expressions: what is on the list passes and keeps its meaning; everything else is refused before it can run."""

from __future__ import annotations

import pytest

from workbench.base.errors import ExpressionError, Place
from workbench.scheme.expressions import (
    MAX_LENGTH,
    Call,
    Cast,
    Choice,
    Const,
    Ref,
    children,
    parse_expression,
    walk,
)

PLACE = Place(key="指标 A value")


def problem(sql: str) -> str:
    """The code of the one problem; it must name the place and show no traceback."""
    with pytest.raises(ExpressionError) as caught:
        parse_expression(sql, PLACE)
    [found] = caught.value.problems
    assert found.place.key == PLACE.key
    return found.code


@pytest.mark.parametrize(
    "sql",
    [
        "fund.executed / fund.budget * 100",
        "100 * (a - b) / nullif(a, 0)",
        "round(a / b, 4) + floor(a) - ceil(b) % 2 // 3",
        "abs(-a) + sqrt(b) + ln(b) + exp(0) + power(a, 2)",
        "greatest(a, 0) + least(a, 1)",
        "coalesce(a, b, 0)",
        "CASE WHEN a > 1 AND NOT b THEN 1 WHEN a IS NULL THEN 2 ELSE 0 END",
        "case a when 1 then 2 else 3 end",
        "a BETWEEN 1 AND 2",
        "a IN (1, 2, 3) OR b NOT IN (4)",
        "a IS NOT NULL",
        "CAST(a AS DECIMAL(10, 2)) + a::double + CAST(b AS INTEGER)",
        "date_diff('day', start, done)",
        "done <= DATE '2023-12-31'",
        "year(done) * 12 + month(done)",
        "length(trim(lower(name))) > 0 AND contains(name, '甲') AND starts_with(name, '乙')",
        "'a' || name = 'ab'",
        "a = 0 -- 注释",
        "a /* 注释 */ + 1",
        "SuM + 1",
        '"字段" + 1',
    ],
)
def test_what_is_allowed(sql: str) -> None:
    assert parse_expression(sql).sql == sql


@pytest.mark.parametrize(
    "sql",
    [
        # the clock, chance, the session
        "now()",
        "NOW ()",
        "random()",
        "current_timestamp()",
        "today()",
        "get_current_time()",
        "uuid()",
        "setseed(0.5)",
        "getenv('HOME')",
        "current_setting('threads')",
        "version()",
        "txid_current()",
        "nextval('s')",
        # files and the net
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "glob('*')",
        "write_log('x')",
        "query('select 1')",
        "query_table('x')",
        # aggregates and windows belong into derived tables
        "sum(a)",
        "count(*)",
        "max(a) OVER ()",
        "row_number() OVER (ORDER BY a)",
        "lag(a) OVER (ORDER BY b)",
        # shapes that are no number
        "list_transform([1, 2], x -> x + 1)",
        "lambda x: x + 1",
        "[1, 2, 3]",
        "[x for x in [1, 2]]",
        "{'a': 1}",
        "struct_pack(a := 1)",
        "a[1]",
        "row(1, 2)",
        "(1, 2)",
        "unnest([1])",
        "map {'a': 1}",
        "*",
        "fund.*",
        "COLUMNS('a')",
        "COLUMNS(*)",
        # subqueries
        "(SELECT max(a) FROM fund)",
        "EXISTS (SELECT 1)",
        "a IN (SELECT b FROM fund)",
        "a > ALL (SELECT b FROM fund)",
        "ARRAY(SELECT 1)",
        # parameters, intervals, collations, pattern matching, foreign casts
        "$1",
        "?",
        "$name",
        "#1",
        "INTERVAL 1 DAY",
        "a COLLATE nocase",
        "a LIKE 'x%'",
        "a SIMILAR TO 'x'",
        "a IS DISTINCT FROM b",
        "a AT TIME ZONE 'UTC'",
        "a::json",
        "a::timestamp",
        "a::integer[]",
        "CAST(a AS VARCHAR(3))",
        "TRY_CAST(a AS DECIMAL)",
        "main.abs(a)",
        "system.main.abs(a)",
        "if(a, 1, 2)",
        "eval('1')",
        "x'6e6f77'",
        "b'0101'",
        "DEFAULT",
        # what the tree would drop in silence
        "abs(DISTINCT a)",
        "abs(a) FILTER (WHERE b > 0)",
        "greatest(a ORDER BY b)",
    ],
)
def test_what_is_not_allowed(sql: str) -> None:
    assert problem(sql) in {"sql_not_allowed", "sql_syntax", "sql_shape"}


@pytest.mark.parametrize(
    "sql",
    [
        "1 FROM fund",
        "1 FROM '/etc/passwd'",
        "1 FROM read_csv('x')",
        "1, 2",
        "1 WHERE true",
        "1 LIMIT 1",
        "1 ORDER BY 1",
        "1 GROUP BY 1",
        "1 HAVING true",
        "1 QUALIFY true",
        "1 USING SAMPLE 1",
        "DISTINCT a",
        "1 UNION SELECT 2",
        "1 EXCEPT ALL SELECT 2",
        "a AS b",
        "a b",
        "100x",
        "0xFF",
    ],
)
def test_only_one_plain_expression(sql: str) -> None:
    # “0xFF” is read by SQL as 0 with the name xFF: a typing mistake must not become a number.
    assert problem(sql) in {"sql_shape", "sql_not_allowed", "sql_syntax"}


@pytest.mark.parametrize(
    "sql",
    [
        "1; SELECT 2",
        "1; DROP TABLE fund",
        "1; COPY fund TO '/tmp/x'",
        "1; ATTACH '/tmp/x.db'",
        "1; PRAGMA database_list",
        "1; SET threads = 4",
        "1; CREATE TABLE x AS SELECT 1",
        "1; INSTALL httpfs",
        "1; LOAD httpfs",
        "1 /* ; */ ; DELETE FROM fund",
        "1 --\n; UPDATE fund SET a = 1",
        "1\x00; DROP TABLE fund",
        "",
        "   ",
        "-- nur ein Kommentar",
        "a +",
        ")",
        "1)",
        "'open",
        "a + '",
        "CREATE TABLE x (a INT)",
    ],
)
def test_statements_and_broken_text(sql: str) -> None:
    assert problem(sql) in {"sql_syntax", "sql_many", "sql_shape"}


@pytest.mark.parametrize(
    "sql",
    [
        "now（）",
        "ｎｏｗ()",
        "n\u200bow()",
        "ｒａｎｄｏｍ()",
        "rand\u043em()",  # a Cyrillic о
        "1\u037e DROP TABLE fund",  # a Greek question mark looks like a semicolon
        "a\u00a0+\u00a01; DROP TABLE x",
        "\u202enow()",
        "\ufeffnow()",
        "a \ud800 b",
    ],
)
def test_unicode_tricks(sql: str) -> None:
    try:
        found = parse_expression(sql, PLACE)
    except ExpressionError:
        return
    # What passes reads columns of strange names only, which no table has (measures refuse them by name).
    assert all(isinstance(n, Ref | Const) or (isinstance(n, Call) and n.name in {"+", "||"}) for n in walk(found.root))
    assert found.refs


@pytest.mark.parametrize("name", ["current_date", "current_time", "localtimestamp", "current_user", "user", "NaN"])
def test_names_without_brackets_are_columns_and_nothing_else(name: str) -> None:
    # SQL would ask the clock; the tree holds a column, and the SQL written from it quotes the name.
    assert parse_expression(name).bare == name


def test_very_long_and_very_deep() -> None:
    assert problem("1" * (MAX_LENGTH + 1)) == "sql_too_long"
    assert problem("a" + "+a" * 3000) == "sql_too_long"
    for deep in ("-(" * 400 + "a" + ")" * 400, "not " * 900 + "a", "a" + "+a" * 1500, "(" * 1900 + "a" + ")" * 1900):
        assert problem(deep) in {"sql_not_allowed", "sql_too_deep", "sql_syntax"}
    # A sum over a hundred fields is no attack.
    assert len(parse_expression("+".join(f"f.c{i}" for i in range(100))).refs) == 100


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "1e400", "1e31"])
def test_numbers_of_a_gigabyte(number: str) -> None:
    assert problem(number) == "sql_not_allowed"


def test_nearest_function_is_suggested() -> None:
    with pytest.raises(ExpressionError, match="是否想写“greatest”"):
        parse_expression("greatst(a, b)")


def test_the_place_is_the_callers_even_when_the_text_was_seen_before() -> None:
    for key in ("一", "二"):
        with pytest.raises(ExpressionError) as caught:
            parse_expression("now()", Place(key=key))
        assert caught.value.problems[0].place.key == key


def test_the_tree_keeps_the_meaning() -> None:
    root = parse_expression("CASE WHEN a BETWEEN 1 AND 2 THEN CAST(b AS DECIMAL(10,2)) ELSE -c END").root
    between = Call("and", (Call("≥", (Ref("a"), Const("INTEGER", "1"))), Call("≤", (Ref("a"), Const("INTEGER", "2")))))
    assert root == Choice(((between, Cast(Ref("b"), "decimal(10,2)")),), Call("-", (Ref("c"),)))
    assert parse_expression("CAST(a AS DECIMAL(5))").root == Cast(Ref("a"), "decimal(5,0)")
    assert parse_expression("1_000.5").root == Const("NUMERIC", "1000.5")


def test_refs_come_once_and_in_order() -> None:
    found = parse_expression("b.x + a.y * b.x + case when c then a.y end")
    assert found.refs == ("b.x", "a.y", "c")
    assert found.bare is None
    assert parse_expression("a.y").bare == "a.y"
    assert [type(c) for c in children(found.root)] == [Call, Choice]
    assert children(Ref("a")) == ()


def test_constants() -> None:
    assert str(parse_expression("100.50").constant) == "100.50"
    assert parse_expression("a").constant is None
    assert parse_expression("'100'").constant is None
    assert str(parse_expression("-5").constant) == "-5"
