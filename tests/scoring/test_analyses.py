"""Analyses: exact cells, missing kept missing, whose rows are shown, and every mistake named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.base.errors import ExpressionError
from workbench.scoring.analyses import MOST_ROWS, analyse, derivations_used
from workbench.scoring.derivations import Derivation

PAY = [
    {"subject": "P1", "item": "人工", "amount": "100.005", "paid": "2023-03-01", "shared": True},
    {"subject": "P1", "item": "材料", "amount": None, "paid": None, "shared": None},
    {"subject": "P2", "item": "人工", "amount": "-0.005", "paid": "2023-04-30", "shared": False},
    {"subject": "R1", "item": "外包", "amount": "0.004", "paid": "2022-12-31", "shared": False},
]
TYPES = {
    "item": {"type": "text", "title": "成本项目"},
    "amount": {"type": "money", "unit": "万元", "decimals": 4},
    "paid": {"type": "date"},
    "shared": {"type": "bool"},
}
COLUMNS = [
    {"name": "item", "title": "成本项目", "type": "text"},
    {"name": "amount", "title": "金额", "type": "money", "unit": "万元"},
    {"name": "paid", "title": "支付日期", "type": "date"},
    {"name": "shared", "title": "是否分摊", "type": "bool"},
]
SQL = "SELECT item, amount, paid, shared, subject FROM pay ORDER BY amount DESC NULLS LAST"


@pytest.fixture
def analysed(engage, ind, make_table):
    """``analysed(sql="…")``: the one analysis of a pack over the payments, with P1, P2 evaluated and R1 参照."""

    def run(derivations=None, derived=(), **spec):
        spec = {"name": "detail", "title": "成本明细分析", "columns": COLUMNS} | spec
        made = engage(
            [ind("A", "100")],
            {"P1": {"a": "80"}, "P2": {"a": "90"}, "R1": {"a": "70"}},
            tables=[make_table("pay", PAY, **TYPES)],
            pack={"analyses": [spec], "derived": list(derived)},
            derivations=derivations,
            role=["评价对象", "评价对象", "参照"],
        )
        [found] = analyse(made.card())
        return found

    return run


def test_cells_are_exact_and_missing_stays_missing(analysed):
    found = analysed(sql=SQL, per="all")
    assert found.rows == [
        ["P1", "人工", "100.01", "2023-03-01", True],  # 100.005 half-up
        ["R1", "外包", "0.00", "2022-12-31", False],
        ["P2", "人工", "-0.01", "2023-04-30", False],  # -0.005: a tie goes away from zero
        ["P1", "材料", None, None, None],
    ]
    assert found.sources == ["pay表"]
    assert [c.decimals for c in found.columns] == [None, 2, None, None]


def test_a_reference_subject_has_no_analysis_of_its_own(analysed):
    assert [row[0] for row in analysed(sql=SQL).rows] == ["P1", "P2", "P1"]


def test_derived_tables_and_subjects_can_be_read(analysed):
    derived = {
        "name": "paid",
        "title": "支付合计",
        "sql": "SELECT subject, sum(amount) AS total, avg(amount) AS mean FROM pay GROUP BY subject",
        "columns": [{"name": "total", "title": "合计"}, {"name": "mean", "title": "平均"}],
    }
    found = analysed(
        derived=[derived],
        per="all",
        sql="SELECT s.subject, s.name, p.total, p.mean / 3 AS mean, count(*) OVER () AS n FROM subjects s"
        " JOIN paid p ON p.subject = s.subject ORDER BY s.subject",
        columns=[
            {"name": "name", "title": "名称", "type": "text"},
            {"name": "total", "title": "合计", "type": "money", "unit": "万元", "decimals": 3},
            {"name": "mean", "title": "平均", "decimals": 5},
            {"name": "n", "title": "个数", "type": "integer"},
        ],
    )
    assert found.rows[0] == ["P1", "项目P1", "100.005", "33.33500", "3"]
    assert found.sources == ["pay表"], "the sheet to be filled in, not the table made of it"


def test_a_double_is_right_to_15_digits(analysed):
    # 0.1 + 0.2 in binary floats is 0.30000000000000004; three times 9.5 % is 28.499999999999996 or 28.5.
    columns = [{"name": "x", "title": "x", "decimals": 1}, {"name": "y", "title": "y", "decimals": 17}]
    columns[1]["decimals"] = 6
    sql = "SELECT subject, CAST(28.499999999999996 AS DOUBLE) / 10 AS x, CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE) AS y"
    found = analysed(sql=f"{sql} FROM subjects WHERE subject = 'P1'", columns=columns)
    assert found.rows == [["P1", "2.9", "0.300000"]]  # 2.85 half-up


def test_zero_denominators_and_null_are_null(analysed):
    columns = [{"name": n, "title": n} for n in ("x", "y", "z")]
    sql = (
        "SELECT subject, amount / 0 AS x, CAST(amount AS DOUBLE) / 0 AS y, NULL AS z FROM pay ORDER BY subject LIMIT 1"
    )
    assert analysed(sql=sql, columns=columns).rows == [["P1", None, None, None]]


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("SELECT item, amount, paid, shared FROM pay", "analysis_columns", "没有声明的列:subject"),
        ("SELECT subject, item, amount, paid FROM pay", "analysis_columns", "没有声明的列:shared"),
        ("SELECT subject, item, item AS amount, paid, shared FROM pay", "analysis_type", "应为数字"),
        ("SELECT subject, amount AS item, amount, paid, shared FROM pay", "analysis_type", "应为文字"),
        ("SELECT 'X9' AS subject, item, amount, paid, shared FROM pay", "analysis_subject", "X9"),
        ("SELECT NULL AS subject, item, amount, paid, shared FROM pay", "analysis_subject", "实际为“空”"),
        ("SELECT subject, item, amount, paid, shared FROM payments", "sql_not_allowed", "是否想写“pay”"),
        ("SELECT subject, item, amount, paid, missing FROM pay", "sql_failed", "missing"),
        ("DROP TABLE pay", "sql_syntax", "只允许查询"),
    ],
)
def test_each_mistake_names_the_analysis(analysed, sql, code, said):
    with pytest.raises(ExpressionError) as caught:
        analysed(sql=sql)
    [problem] = caught.value.problems
    assert problem.code == code and said in str(problem)
    assert "detail" in str(problem) or "成本明细分析" in str(problem)


def test_a_table_nobody_can_read_is_refused(analysed, monkeypatch):
    monkeypatch.setattr("workbench.scoring.analyses.MOST_ROWS", 3)
    with pytest.raises(ExpressionError, match="超过3行"):
        analysed(sql=SQL)
    assert MOST_ROWS > 1000


AMOUNT = [{"name": "rate", "title": "内部收益率", "type": "percent"}]


def calculation(function):
    return {"roots": Derivation("roots", "1.2.0", function, "some-plugin")}


def test_a_python_analysis_gives_any_number_of_rows(analysed):
    def roots(tables, subjects, params):
        assert list(subjects) == ["P1", "P2", "R1"] and params == {"year": 2023}
        assert len(tables["subjects"]) == 3 and len(tables["pay"]) == 4
        return {"subject": ["P1", "P1", "R1"], "rate": [Decimal("10.005"), None, 20], "unused": [0, 0, 0]}

    found = analysed(calculation(roots), python="roots", params={"year": 2023}, columns=AMOUNT, per="all")
    assert found.rows == [["P1", "10.01"], ["P1", None], ["R1", "20.00"]]
    assert found.sources == ["data表", "pay表"]
    found = analysed(calculation(roots), python="roots", params={"year": 2023}, columns=AMOUNT, reads=["pay"])
    assert found.sources == ["pay表"] and len(found.rows) == 2


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ({"subject": ["P1"], "rate": ["高"]}, "analysis_type", "高(str)"),
        ({"subject": ["P1"], "rate": [True]}, "analysis_type", "True(bool)"),
        ({"subject": ["P1"], "rate": [object]}, "analysis_type", "应为数字"),
        ({"subject": ["P1"], "rate": [1, 2]}, "derivation_failed", "some-plugin 1.2.0"),
        ({"rate": [1]}, "analysis_columns", "subject"),
        ({"subject": ["P9"], "rate": [1]}, "analysis_subject", "P9"),
        (None, "derivation_failed", "AttributeError"),
    ],
)
def test_a_wrong_answer_of_foreign_code_bears_its_name(analysed, answer, code, said):
    with pytest.raises(ExpressionError) as caught:
        analysed(calculation(lambda *_: answer), python="roots", columns=AMOUNT)
    assert caught.value.problems[0].code == code and said in str(caught.value)


def test_what_is_not_a_number_is_missing(analysed):
    answer = {"subject": ["P1", "P1", "P2"], "rate": [float("nan"), float("inf"), 0.1 + 0.2]}
    found = analysed(calculation(lambda *_: answer), python="roots", columns=AMOUNT)
    assert [row[1] for row in found.rows] == [None, None, "0.30"]


def test_a_calculation_that_is_not_installed(analysed):
    with pytest.raises(ExpressionError, match="分析表需要的计算程序没有安装"):
        analysed(python="roots", columns=AMOUNT)


def test_an_answer_without_columns_is_a_table_without_rows(analysed):
    assert analysed(calculation(lambda *_: {}), python="roots", columns=AMOUNT).rows == []


def test_the_calculations_used_are_named(engage, ind):
    used = calculation(lambda *_: {"subject": ["P1"], "rate": [1]})
    others = {"other": Derivation("other", "9.9.9", lambda *_: {}, "unused")}
    made = engage(
        [ind("A", "100")],
        {"P1": {"a": "80"}},
        pack={"analyses": [{"name": "r", "title": "收益率", "python": "roots", "columns": AMOUNT}]},
        derivations=used | others,
    )
    [found] = derivations_used(made.scheme, made.card().measures)
    assert (found.name, found.version, found.distribution) == ("roots", "1.2.0", "some-plugin")
