"""Measures: exact where SQL is not, missing where a value is missing, refused where it would read the world."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest

from workbench.base.errors import ExpressionError, WorkbenchError
from workbench.evidence.tables import EPOCH, Table
from workbench.scoring import sandbox
from workbench.scoring.derivations import Derivation
from workbench.scoring.measures import Measures, Request
from workbench.scoring.sandbox import connect, limited

Measuring = Callable[..., Measures]
MakeTable = Callable[..., Table]


def values(measures: Measures, sql: str, decimals: int = 2) -> list[Decimal | None]:
    return measures.columns([Request(sql, decimals, "指标 A value")])[0].numbers()


def texts(measures: Measures, sql: str, decimals: int = 2) -> list[str | None]:
    return [None if v is None else str(v) for v in values(measures, sql, decimals)]


def codes(caught: pytest.ExceptionInfo[WorkbenchError]) -> set[str]:
    return {p.code for p in caught.value.problems}


def rounded(number: Fraction, places: int) -> Decimal:
    """Half-up by decimal's own rounding; 80 digits tell every quotient of these tests from a tie."""
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


# ---------------------------------------------------------------------------------------------------------------------
# exact numbers
# ---------------------------------------------------------------------------------------------------------------------


def test_money_sums_stay_decimal(measuring: Measuring, make_table: MakeTable) -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in binary; ten times 0.1 is 0.9999999999999999 (rounding vectors, docs/decisions/0002).
    money = {"type": "money", "unit": "万元"}
    rows = [{"subject": "P1", "amount": a} for a in ("0.1", "0.2")] + [{"subject": "P2", "amount": "0.1"}] * 10
    pay = make_table("pay", rows, amount=money)
    derived = {
        "name": "paid",
        "title": "合计",
        "sql": "SELECT subject, sum(amount) AS total FROM pay GROUP BY subject",
        "columns": [{"name": "total", "title": "合计", "type": "money"}],
    }
    measures = measuring({"P1": {}, "P2": {}, "P3": {}}, tables=[pay], derived=[derived])
    assert texts(measures, "paid.total", 6) == ["0.300000", "1.000000", None]
    assert texts(measures, "paid.total = 0.3", 0) == ["1", "0", None]
    assert texts(measures, "paid.total * 1000000", 0) == ["300000", "1000000", None]


@pytest.mark.parametrize(
    ("a", "b", "decimals", "shown"),
    [
        ("1", "8", 0, "13"),  # 12.5
        ("1", "8", 1, "12.5"),
        ("57", "200", 0, "29"),  # 28.5; 57/200*100 is 28.499999999999996 in binary
        ("2.675", "100", 2, "2.68"),
        ("1.005", "100", 2, "1.01"),
        ("-1", "8", 0, "-13"),
        ("1", "3", 2, "33.33"),
        ("2", "3", 2, "66.67"),
        ("10.2585", "100", 3, "10.259"),
    ],
)
def test_ratio_ties_are_settled_exactly(measuring: Measuring, a: str, b: str, decimals: int, shown: str) -> None:
    # Hand: a/b × 100, a tie away from zero.
    assert texts(measuring({"P1": {"a": a, "b": b}}), "data.a / data.b * 100", decimals) == [shown]


def trapped() -> list[tuple[int, int]]:
    """Fractions whose hundredfold is an exact tie of two decimals that binary arithmetic rounds down."""
    rng, found = random.Random(7), []
    while len(found) < 200:
        b = rng.choice([8, 16, 40, 80, 200, 400, 800, 2000, 20000, 200000])
        a = rng.randrange(1, 50 * b)
        exact = rounded(Fraction(100 * a, b), 2)
        if Decimal(repr(round(a / b * 100, 2))).quantize(Decimal("0.01")) != exact:
            found.append((a, b))
    return found


def test_quotients_on_which_binary_rounding_fails(measuring: Measuring) -> None:
    pairs = trapped()
    measures = measuring({f"P{i:03d}": {"a": a, "b": b} for i, (a, b) in enumerate(pairs)})
    assert values(measures, "data.a / data.b * 100") == [rounded(Fraction(100 * a, b), 2) for a, b in pairs]


EXPRESSIONS: list[tuple[str, Callable[[Fraction, Fraction, Fraction], Fraction]]] = [
    ("data.a / data.b * 100", lambda a, b, c: a / b * 100),
    ("(data.a - data.b) / data.b * 100", lambda a, b, c: (a - b) / b * 100),
    ("(data.a / data.b - 1) * 100", lambda a, b, c: (a / b - 1) * 100),
    ("100 - data.a / data.b * 100", lambda a, b, c: 100 - a / b * 100),
    ("data.a / data.b - data.c / data.b", lambda a, b, c: a / b - c / b),
    ("data.a / data.b / data.c * 100", lambda a, b, c: a / b / c * 100),
    ("data.a * data.b / 3", lambda a, b, c: a * b / 3),
    ("least(data.a / data.b, 1) * 100", lambda a, b, c: min(a / b, Fraction(1)) * 100),
    ("abs(data.a - data.b) / data.c", lambda a, b, c: abs(a - b) / c),
    ("(data.a + data.b + data.c) / 3", lambda a, b, c: (a + b + c) / 3),
    ("coalesce(data.a, 0) / data.b * 100", lambda a, b, c: a / b * 100),
    ("round(data.a / data.b, 4) * 100", lambda a, b, c: Fraction(rounded(a / b, 4)) * 100),
    ("floor(data.a / data.b * 100)", lambda a, b, c: Fraction((a / b * 100).__floor__())),
    ("ceil(data.a / data.b * 100)", lambda a, b, c: Fraction((a / b * 100).__ceil__())),
    ("CAST(data.a / data.b * 100 AS INTEGER)", lambda a, b, c: Fraction(rounded(a / b * 100, 0))),
    ("CAST(data.a / data.b AS DECIMAL(18, 3))", lambda a, b, c: Fraction(rounded(a / b, 3))),
]


@pytest.mark.parametrize(("sql", "exact"), EXPRESSIONS, ids=[e[0] for e in EXPRESSIONS])
def test_expressions_against_rationals(
    measuring: Measuring, sql: str, exact: Callable[[Fraction, Fraction, Fraction], Fraction]
) -> None:
    # Small integers and two decimals: ties, equal quotients and cancellation are frequent.
    rng = random.Random(sql)
    rows = [tuple(Fraction(rng.randrange(1, 800), rng.choice([1, 1, 100])) for _ in range(3)) for _ in range(400)]
    measures = measuring(
        {f"P{i:03d}": dict(zip("abc", (str(float(x)) for x in row), strict=True)) for i, row in enumerate(rows)}
    )
    assert values(measures, sql) == [rounded(exact(*row), 2) for row in rows]


@pytest.mark.parametrize(
    ("sql", "exact"),
    [
        ("data.a / data.b * 100 >= data.c", lambda a, b, c: a / b * 100 >= c),
        ("data.c <= data.a / data.b * 100", lambda a, b, c: c <= a / b * 100),
        ("data.a / data.b * 100 > data.c", lambda a, b, c: a / b * 100 > c),
        ("data.a / data.b * 100 = data.c", lambda a, b, c: a / b * 100 == c),
        ("data.a / data.b * 100 IN (0, data.c)", lambda a, b, c: a / b * 100 == c),
        ("CASE WHEN data.a / data.b * 100 < data.c THEN 0 ELSE 1 END", lambda a, b, c: a / b * 100 >= c),
        ("NOT (data.a / data.b * 100 BETWEEN data.c AND 1000)", lambda a, b, c: not c <= a / b * 100 <= 1000),
        ("abs(data.a / data.b * 100 - data.c) <= 0", lambda a, b, c: a / b * 100 == c),
    ],
)
def test_comparisons_do_not_rest_on_floats(
    measuring: Measuring, sql: str, exact: Callable[[Fraction, Fraction, Fraction], bool]
) -> None:
    # 29/100*100 >= 29 is false in binary (28.999999999999996): a threshold reached exactly must count as reached.
    rows = [(Fraction(n), Fraction(100), Fraction(n)) for n in range(1, 101)]
    rows += [(Fraction(n, 100), Fraction(7), Fraction(n, 7)) for n in range(1, 800, 7) if n % 7 == 0]
    measures = measuring(
        {f"P{i:03d}": dict(zip("abc", (str(float(x)) for x in row), strict=True)) for i, row in enumerate(rows)}
    )
    assert values(measures, sql, 0) == [Decimal(exact(*row)) for row in rows]


def test_averages_and_quotients_of_derived_tables(measuring: Measuring, make_table: MakeTable) -> None:
    # 0.57/2*100 is 28.499999999999996 in binary; the derived column is a float and still reads 28.5 → 29.
    fund = make_table("fund", [{"subject": "P1", "a": "0.57", "b": "2"}, {"subject": "P2", "a": "0.29", "b": "1"}])
    derived = {
        "name": "rate",
        "title": "比率",
        "sql": "SELECT subject, sum(a) / sum(b) * 100 AS r, avg(a) AS m FROM fund GROUP BY subject",
        "columns": [{"name": "r", "title": "率"}, {"name": "m", "title": "均值"}],
    }
    measures = measuring({"P1": {}, "P2": {}}, tables=[fund], derived=[derived])
    assert texts(measures, "rate.r", 0) == ["29", "29"]
    assert texts(measures, "rate.r >= 29", 0) == ["0", "1"]
    assert texts(measures, "rate.m", 2) == ["0.57", "0.29"]


def test_many_digits_keep_a_tie_a_tie(measuring: Measuring) -> None:
    # 12345678901.005 and the value one millionth below: only the first reaches the tie.
    measures = measuring({"P1": {"a": "12345678901.005"}, "P2": {"a": "12345678901.004999"}})
    assert texts(measures, "data.a / 1") == ["12345678901.01", "12345678901.00"]
    assert texts(measures, "data.a") == ["12345678901.01", "12345678901.00"]
    assert texts(measures, "-data.a") == ["-12345678901.01", "-12345678901.00"]


# ---------------------------------------------------------------------------------------------------------------------
# columns, dates, yes and no
# ---------------------------------------------------------------------------------------------------------------------

DATED = {"done": {"type": "date"}, "flag": {"type": "bool"}, "word": {"type": "text"}}
ROWS = {
    "P1": {"a": "2.675", "done": "2023-12-31", "flag": True, "word": "甲"},
    "P2": {"a": None, "done": None, "flag": None, "word": None},
    "P3": {"a": "-0.125", "done": "2024-01-05", "flag": False, "word": "乙"},
}


def test_bare_columns_dates_and_booleans(measuring: Measuring) -> None:
    measures = measuring(ROWS, types=DATED)
    assert texts(measures, "data.a") == ["2.68", None, "-0.13"]
    days = [str((date.fromisoformat(d) - EPOCH).days) for d in ("2023-12-31", "2024-01-05")]
    assert texts(measures, "data.done", 0) == [days[0], None, days[1]]
    assert texts(measures, "data.flag", 0) == ["1", None, "0"]
    # The same through the engine.
    assert texts(measures, "coalesce(data.done)", 0) == [days[0], None, days[1]]
    assert texts(measures, "data.flag AND data.flag", 0) == ["1", None, "0"]
    assert texts(measures, "data.done <= '2023-12-31'", 0) == ["1", None, "0"]
    assert texts(measures, "date_diff('day', DATE '2023-12-31', data.done)", 0) == ["0", None, "5"]
    assert texts(measures, "data.word = '甲'", 0) == ["1", None, "0"]
    assert texts(measures, "data.word IS NULL", 0) == ["0", "1", "0"]


def test_columns_of_the_subjects_table_have_no_prefix(measuring: Measuring) -> None:
    measures = measuring({"P1": {}, "P2": {}}, published_total=["97.5", None])
    assert texts(measures, "published_total") == ["97.50", None]
    assert texts(measures, "name = '项目P1'", 0) == ["1", "0"]


def test_rows_of_another_order_find_their_subject(measuring: Measuring, make_table: MakeTable) -> None:
    other = make_table("other", [{"subject": "P3", "x": "3"}, {"subject": "P1", "x": "1"}], "subject")
    measures = measuring({"P1": {}, "P2": {}, "P3": {}}, tables=[other])
    assert texts(measures, "other.x", 0) == texts(measures, "other.x + 0", 0) == ["1", None, "3"]


def test_a_table_called_s_disturbs_nothing(measuring: Measuring, make_table: MakeTable) -> None:
    measures = measuring({"P1": {"a": "2"}}, tables=[make_table("s", [{"subject": "P1", "x": "3"}], "subject")])
    assert texts(measures, "s.x * data.a", 0) == ["6"]


# ---------------------------------------------------------------------------------------------------------------------
# missing
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "data.a / data.zero",
        "data.a / (data.b - data.b)",
        "data.zero / data.zero",
        "data.a // data.zero",
        "data.a % data.zero",
        "data.a + data.gone",
        "data.a / nullif(data.zero, 0) * 100",
        "sqrt(0 - data.a)",
        "ln(data.zero)",
        "exp(data.a * 1000)",
        "power(data.zero, -1)",
        "CAST('nan' AS DOUBLE)",
        "CAST('inf' AS DOUBLE)",
        "CAST('-inf' AS DOUBLE) + data.a",
        "NULL",
        # docs/semantics.md §1: missing is never filled. SQL's own least(NULL, 100) is 100, and 1/0 would be an infinity.
        "least(data.gone, 100)",
        "greatest(data.gone, 0)",
        "least(data.a / data.zero * 100, 100)",
        "greatest(data.a / data.zero, 0)",
        "least(exp(data.a * 1000), 100)",
        "least(sqrt(0 - data.a), 100)",
        "CASE WHEN data.a / data.zero > 1 THEN NULL ELSE NULL END",
    ],
)
def test_what_is_missing_stays_missing(measuring: Measuring, sql: str) -> None:
    measures = measuring(
        {"P1": {"a": "5", "b": "2", "zero": "0", "gone": None}, "P2": {"a": "1", "b": "1", "zero": "1"}}
    )
    assert texts(measures, sql)[0] is None


def test_an_infinity_reaches_no_threshold(measuring: Measuring) -> None:
    # With IEEE division 5/0 would be above every line; it is missing, so no line is reached.
    measures = measuring({"P1": {"a": "5", "zero": "0"}})
    assert texts(measures, "data.a / data.zero > 1", 0) == [None]
    assert texts(measures, "CASE WHEN data.a / data.zero > 1 THEN 1 ELSE 0 END", 0) == ["0"]
    assert texts(measures, "coalesce(data.a / data.zero, 7)", 0) == ["7"]


def test_division_by_zero_inside_a_derived_table(measuring: Measuring, make_table: MakeTable) -> None:
    fund = make_table("fund", [{"subject": "P1", "a": "5", "b": "0"}, {"subject": "P2", "a": "5", "b": "2"}])
    derived = {
        "name": "rate",
        "title": "比率",
        "sql": "SELECT subject, sum(a) / sum(b) AS r FROM fund GROUP BY subject",
        "columns": [{"name": "r", "title": "率"}],
    }
    measures = measuring({"P1": {}, "P2": {}}, tables=[fund], derived=[derived])
    assert texts(measures, "rate.r") == [None, "2.50"]
    assert texts(measures, "least(rate.r, 1)") == [None, "1.00"]


def test_one_subject_out_of_domain_does_not_end_the_run(measuring: Measuring) -> None:
    measures = measuring({"P1": {"a": "-1"}, "P2": {"a": "4"}, "P3": {"a": "0"}})
    assert texts(measures, "sqrt(data.a)") == [None, "2.00", "0.00"]
    assert texts(measures, "ln(data.a)") == [None, "1.39", None]


def test_no_subjects_at_all(measuring: Measuring) -> None:
    assert values(measuring({}, types={"a": {"type": "number"}}), "data.a / 2 * 100") == []


# ---------------------------------------------------------------------------------------------------------------------
# refused
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql", ["data.word", "'甲'", "upper(data.word)", "data.word || 'x'", "CAST(data.a AS VARCHAR)"]
)
def test_a_text_is_no_measure(measuring: Measuring, sql: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        values(measuring(ROWS, types=DATED), sql)
    assert codes(caught) == {"not_a_number"}
    assert "指标 A value" in str(caught.value)


@pytest.mark.parametrize("name", ["current_date", "current_timestamp", "user", "rowid", "data.rowid", "_row", "s.name"])
def test_names_that_are_no_field(measuring: Measuring, name: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        values(measuring(ROWS, types=DATED), f"{name} = {name}")
    assert codes(caught) == {"unknown_column"}


def test_unknown_field_with_the_nearest(measuring: Measuring) -> None:
    with pytest.raises(ExpressionError, match=r"公式引用了不存在的字段.*data.exceuted.*是否想写“data.executed”"):
        values(measuring({"P1": {"executed": "1"}}), "data.exceuted / 2")


@pytest.mark.parametrize("sql", ["data.word + 1", "data.done + data.done", "length(data.a)", "data.a = data.done"])
def test_types_that_do_not_fit(measuring: Measuring, sql: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        values(measuring(ROWS, types=DATED), sql)
    assert codes(caught) <= {"sql_failed", "not_a_number"}


def derived_of(sql: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": "d", "title": "派生", "sql": sql, "columns": [{"name": "x", "title": "x"}]} | more


@pytest.mark.parametrize(
    ("sql", "code", "word"),
    [
        ("SELECT subject, a AS x FROM pay", "derived_rows", "P1"),
        ("SELECT subject, a AS y FROM pay WHERE a > 1", "derived_columns", "x"),
        ("SELECT a AS x FROM pay", "derived_columns", "subject"),
        ("SELECT subject, a AS x FROM nowhere", "sql_not_allowed", "nowhere"),
        ("SELECT subject, word + 1 AS x FROM pay", "sql_failed", "派生"),
        ("SELECT subject, nowhere AS x FROM pay", "sql_failed", "派生"),
    ],
)
def test_derived_tables_that_do_not_hold(
    measuring: Measuring, make_table: MakeTable, sql: str, code: str, word: str
) -> None:
    pay = make_table("pay", [{"subject": "P1", "a": "1"}, {"subject": "P1", "a": "2"}], word={"type": "text"})
    with pytest.raises(ExpressionError) as caught:
        values(measuring({"P1": {}}, tables=[pay], derived=[derived_of(sql)]), "d.x")
    assert codes(caught) == {code}
    assert word in str(caught.value)


# ---------------------------------------------------------------------------------------------------------------------
# Python derivations
# ---------------------------------------------------------------------------------------------------------------------


def derivation(function: Callable[..., Any]) -> dict[str, Derivation]:
    return {"irr": Derivation("irr", "1.0.0", function, "demo-plugin")}


PYTHON = derived_of(python="irr", params={"rate": "0.05"})


def test_a_registered_derivation(measuring: Measuring, make_table: MakeTable) -> None:
    seen: list[Any] = []

    def irr(tables: Any, ids: Sequence[str], params: Any) -> dict[str, list[Any]]:
        seen.append((sorted(tables), list(ids), dict(params)))
        return {"x": [Decimal("0.1"), None]}

    pay = make_table("pay", [{"subject": "P1", "a": "1"}])
    measures = measuring({"P1": {}, "P2": {}}, tables=[pay], derived=[PYTHON], derivations=derivation(irr))
    assert texts(measures, "d.x * 3", 6) == ["0.300000", None]
    assert seen == [(["data", "pay", "subjects"], ["P1", "P2"], {"rate": "0.05"})]
    assert {t.spec.name for t in measures.engine.sources_of("d")} == {"data", "pay"}


def test_dates_texts_and_booleans_of_a_derivation(measuring: Measuring) -> None:
    kinds = [("x", "number"), ("day", "date"), ("ok", "bool"), ("word", "text")]
    spec = PYTHON | {"columns": [{"name": n, "title": n, "type": t} for n, t in kinds]}

    def make(tables: Any, ids: Sequence[str], params: Any) -> dict[str, list[Any]]:
        return {"x": [Decimal(1) / 3], "day": [date(2024, 1, 5)], "ok": [True], "word": ["甲"]}

    measures = measuring({"P1": {}}, derived=[spec], derivations=derivation(make))
    assert texts(measures, "d.x", 4) == ["0.3333"]
    assert texts(measures, "d.day > '2024-01-04' AND d.ok AND d.word = '甲'", 0) == ["1"]


def test_a_derivation_that_is_not_installed(measuring: Measuring) -> None:
    with pytest.raises(ExpressionError, match=r"没有安装.*irr"):
        values(measuring({"P1": {}}, derived=[PYTHON]), "d.x")


def broken() -> Iterator[Any]:
    yield pytest.param(lambda t, i, p: {"x": [Decimal(1)] * 5}, id="too many rows")
    yield pytest.param(lambda t, i, p: {"y": [Decimal(1)]}, id="column missing")
    yield pytest.param(lambda t, i, p: {"x": ["甲"]}, id="text for a number")
    yield pytest.param(lambda t, i, p: {"x": [Decimal("NaN")]}, id="NaN")
    yield pytest.param(lambda t, i, p: {"x": [float("inf")]}, id="infinity")
    yield pytest.param(lambda t, i, p: 1 / 0, id="raises")
    yield pytest.param(lambda t, i, p: None, id="nothing")


@pytest.mark.parametrize("function", list(broken()))
def test_a_broken_derivation_is_named(measuring: Measuring, function: Callable[..., Any]) -> None:
    # docs/semantics.md §4: nothing crashes with a traceback; a plugin's fault names the plugin.
    with pytest.raises(ExpressionError) as caught:
        values(measuring({"P1": {}}, derived=[PYTHON], derivations=derivation(function)), "d.x")
    assert codes(caught) == {"derivation_failed"}
    assert "irr" in str(caught.value) and "demo-plugin" in str(caught.value)


# ---------------------------------------------------------------------------------------------------------------------
# limits and locks
# ---------------------------------------------------------------------------------------------------------------------


def test_the_time_limit_holds(measuring: Measuring, make_table: MakeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    pay = make_table("pay", [{"subject": f"P{i}", "a": "1"} for i in range(2000)])
    endless = "SELECT p.subject, sum(p.a * q.a * r.a) AS x FROM pay p, pay q, pay r GROUP BY p.subject"
    measures = measuring({"P1": {}}, tables=[pay], derived=[derived_of(endless)])
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    with pytest.raises(ExpressionError, match=r"派生.*超过0\.2秒"):
        values(measures, "d.x")


def test_the_memory_limit_holds(measuring: Measuring, make_table: MakeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.scoring.engine.connect", lambda: connect("40MB"))
    pay = make_table("pay", [{"subject": f"P{i}", "a": "1"} for i in range(2000)])
    wide = (
        "SELECT p.subject || q.subject || r.subject AS subject, 1 AS x FROM pay p, pay q, pay r WHERE r.subject < 'P12'"
    )
    with pytest.raises(ExpressionError, match="内存超过限制"):
        values(measuring({"P1": {}}, tables=[pay], derived=[derived_of(wide)]), "d.x")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM 'https://example.com/a.parquet'",
        "COPY (SELECT 1) TO '/tmp/workbench-test.csv'",
        "ATTACH '/tmp/workbench-test.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 4",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "PRAGMA memory_limit = '8GB'",
        "SELECT * FROM local_secret",
    ],
)
def test_the_engine_reads_no_file_no_net_and_no_variable(statement: str) -> None:
    # The second lock: even a statement the allow-list had let through gets nowhere.
    import pandas

    local_secret = pandas.DataFrame({"a": [1]})
    assert len(local_secret) == 1
    with connect() as connection, pytest.raises(ExpressionError, match="测试:计算失败"), limited(connection, "测试"):
        connection.execute(statement).fetchall()


def test_the_engine_has_one_thread_and_starts_empty() -> None:
    with connect() as connection:
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(1,)]
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_numbers_too_large_for_the_engine_are_named(measuring: Measuring) -> None:
    measures = measuring({"P1": {"a": "1" + "0" * 30}})
    assert texts(measures, "data.a", 0) == ["1" + "0" * 30]  # as it stands it needs no engine
    with pytest.raises(ExpressionError) as caught:
        values(measures, "data.a / 2")
    assert codes(caught) == {"too_large"}


def test_sources_of_a_derived_table(measuring: Measuring, make_table: MakeTable) -> None:
    pay = make_table("pay", [{"subject": "P1", "a": "1"}])
    sql = "SELECT s.subject, sum(a) AS x FROM subjects s JOIN pay p ON p.subject = s.subject GROUP BY s.subject"
    measures = measuring({"P1": {}}, tables=[pay], derived=[derived_of(sql)])
    assert [t.spec.name for t in measures.engine.sources_of("d")] == ["subjects", "pay"]
    assert measures.engine.sources_of("nothing") == []


def test_derived_table_reads_those_declared_before_it(measuring: Measuring, make_table: MakeTable) -> None:
    pay = make_table("pay", [{"subject": "P1", "a": "1"}, {"subject": "P1", "a": "2"}])
    other = make_table("other", [{"subject": "P1", "a": "7"}])
    made = PYTHON | {"name": "made", "reads": ["other"]}
    first = derived_of("SELECT subject, sum(a) AS x FROM pay GROUP BY subject", name="first")
    both = derived_of("SELECT f.subject, f.x + m.x AS x FROM first f JOIN made m ON m.subject = f.subject")
    calculated = derivation(lambda *_: {"x": [Decimal("0.5")]})
    measures = measuring({"P1": {}}, tables=[pay, other], derived=[made, first, both], derivations=calculated)
    assert texts(measures, "d.x", 2) == ["3.50"]
    # By way of others, down to the evidence; a calculation names the tables it reads.
    assert [t.spec.name for t in measures.engine.sources_of("d")] == ["pay", "other"]


def test_derived_table_cannot_read_a_later_one(measuring: Measuring, make_table: MakeTable) -> None:
    pay = make_table("pay", [{"subject": "P1", "a": "1"}])
    late = derived_of("SELECT subject, a AS x FROM pay", name="late")
    measures = measuring({"P1": {}}, tables=[pay], derived=[derived_of("SELECT subject, x FROM late"), late])
    with pytest.raises(ExpressionError) as caught:
        values(measures, "d.x")
    assert codes(caught) == {"sql_not_allowed"}
