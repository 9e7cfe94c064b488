"""Tax effort: the regression against a published one, the states in which nothing is estimated, and the published-rate check.

Published regression: the delivery time data of Montgomery, Peck and Vining, Introduction to Linear Regression Analysis,
5th ed. 2012, chapter 3: coefficients, standard errors, residual standard error, R², and the prediction interval at 8 cases and 275 feet.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest

from workbench.runs.bulk import table_from_columns
from workbench.scheme.library import load_pack
from workbench_pack_revenue import effort
from workbench_pack_revenue.logs import exp, ln
from workbench_pack_revenue.published import ROUNDED, SAME, UNKNOWN, WRONG, published_check, published_summary

PACKS = Path(effort.__file__).parent / "packs"
DELIVERY = [
    *(("16.68", 7, 560), ("11.50", 3, 220), ("12.03", 3, 340), ("14.88", 4, 80), ("13.75", 6, 150)),
    *(("18.11", 7, 330), ("8.00", 2, 110), ("17.83", 7, 210), ("79.24", 30, 1460), ("21.50", 5, 605)),
    *(("40.33", 16, 688), ("21.00", 10, 215), ("13.50", 4, 255), ("19.75", 6, 462), ("24.00", 9, 448)),
    *(("29.00", 10, 776), ("15.35", 6, 200), ("19.00", 7, 132), ("9.50", 3, 36), ("35.10", 17, 770)),
    *(("17.90", 10, 140), ("52.32", 26, 810), ("18.75", 9, 450), ("19.83", 8, 635), ("10.75", 4, 150)),
]
"""Minutes, cases, feet."""


def place(name: str, log_tax: Any, log_gdp: Any, share: Any, *, peer: bool = True) -> effort.Place:
    """A place whose logarithms are the given numbers."""
    return effort.Place(name, peer, Decimal(log_tax).exp(), Decimal(log_gdp).exp(), Decimal(share), Decimal(1000))


@pytest.fixture
def exact_enough() -> Any:
    with localcontext(Context(prec=effort.DIGITS)):
        yield


def test_regression_is_the_published_one(exact_enough: None) -> None:
    fit, state = effort.fitted([place(f"R{i}", *row) for i, row in enumerate(DELIVERY)], 8)
    assert fit is not None
    assert (state, fit.peers, fit.freedom) == ("已估计", 25, 22)
    assert [round(b, 5) for b in fit.coefficients] == [Decimal("2.34123"), Decimal("1.61591"), Decimal("0.01438")]
    assert [round(e, 4) for e in fit.errors] == [Decimal("1.0967"), Decimal("0.1707"), Decimal("0.0036")]
    assert round(fit.sigma, 3) == Decimal("3.259")
    assert fit.r_squared is not None
    assert round(fit.r_squared, 4) == Decimal("0.9596")


def test_prediction_interval_is_the_published_one(exact_enough: None) -> None:
    fit, _ = effort.fitted([place(f"R{i}", *row) for i, row in enumerate(DELIVERY)], 8)
    assert fit is not None
    log, error = fit.expected(place("P", 1, 8, 275, peer=False))
    reach = effort.student(fit.freedom) * error
    # 12.28 ≤ y ≤ 26.16 around 19.22, with t = 2.074.
    assert [round(v, 2) for v in (log - reach, log, log + reach)] == [
        Decimal("12.28"),
        Decimal("19.22"),
        Decimal("26.16"),
    ]


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, "12.706"), (5, "2.571"), (30, "2.042"), (39, "2.042"), (40, "2.021"), (500, "1.980")]
)
def test_quantile_errs_on_the_wide_side(freedom: int, t: str) -> None:
    assert effort.student(freedom) == Decimal(t)


def test_too_few_peers_are_no_relation(exact_enough: None) -> None:
    peers = [place(f"R{i}", *row) for i, row in enumerate(DELIVERY[:7])]
    assert effort.fitted(peers, 8) == (None, "参照对象不足")
    # However low the minimum is set, a fit needs a degree of freedom left.
    assert effort.fitted(peers[:3], 1) == (None, "参照对象不足")


def test_factors_that_move_together_are_not_told_apart(exact_enough: None) -> None:
    peers = [place(f"R{i}", 7 + i, 10 + i, Decimal(80 + 2 * i) / 100) for i in range(8)]
    assert effort.fitted(peers, 8) == (None, "解释变量共线")


def test_factor_that_does_not_vary_is_said(exact_enough: None) -> None:
    peers = [place(f"R{i}", 7 + i, 10 + i, "0.9") for i in range(8)]
    assert effort.fitted(peers, 8) == (None, "解释变量没有差异")


def test_exact_relation_leaves_no_uncertainty(exact_enough: None) -> None:
    shares = ["0.8", "0.85", "0.82", "0.9", "0.88", "0.95", "0.93", "0.97"]
    peers = [place(f"R{i}", 2 + i + Decimal(s), 1 + i, s) for i, s in enumerate(shares)]
    fit, _ = effort.fitted(peers, 8)
    assert fit is not None
    assert [round(b, 15) for b in fit.coefficients] == [1, 1, 1]
    assert fit.sigma < Decimal("1e-10")


def test_effort_of_the_example_is_what_the_document_works_out(example_of: Callable[[str], Any], judged: Any) -> None:
    example = example_of("revenue-tax")
    evaluation = example.open(example.facts())
    assert judged(evaluation, "P1")[0]["R_EFFORT"].value == "100.97"
    indicators, findings = judged(evaluation, "P2")
    assert indicators["R_EFFORT"].value == "89.62"
    assert findings["effort_low"].startswith("税收努力89.62,95%区间83.55—96.13全部低于100")


def test_places_to_be_judged_do_not_bend_the_relation(
    example_of: Callable[[str], Any], judged: Any, row_of: Any
) -> None:
    example = example_of("revenue-tax")
    rows = example.facts()
    row_of(rows, "budget", "P2")["collected"] = 60000
    assert judged(example.open(rows), "P1")[0]["R_EFFORT"].value == "100.97"


def test_digits_do_not_depend_on_the_context_of_the_process(example_of: Callable[[str], Any], judged: Any) -> None:
    example = example_of("revenue-tax")
    with localcontext(Context(prec=6)):
        indicators, _ = judged(example.open(example.facts()), "P1")
    assert indicators["R_EFFORT"].value == "100.97"


def test_place_far_from_all_peers_is_not_estimated(example_of: Callable[[str], Any], judged: Any, row_of: Any) -> None:
    example = example_of("revenue-tax")
    rows = example.facts()
    row_of(rows, "economy", "P1").update(population=120, gdp=8400000, nonfarm=8064000)
    indicators, findings = judged(example.open(rows), "P1")
    assert indicators["R_EFFORT"].final is None
    assert "effort_far_out" in findings


@pytest.mark.parametrize("state", ["共线", "没有差异"])
def test_state_of_the_peers_is_said(example_of: Callable[[str], Any], judged: Any, state: str) -> None:
    example = example_of("revenue-tax")
    rows = example.facts()
    for row in rows["economy"]:
        if row["subject"].startswith("R"):
            same = {"population": 1000000, "gdp": 5000000, "nonfarm": 4000000}
            row |= same if state == "没有差异" else {"nonfarm": row["gdp"]}
    indicators, findings = judged(example.open(rows), "P1")
    assert indicators["R_EFFORT"].final is None
    assert "effort_not_identified" in findings


# ---------------------------------------------------------------------------------------------------------------------
# Published rates
# ---------------------------------------------------------------------------------------------------------------------


Claim = dict[str, list[Any]]


def claim(measure: str, percent: str, **numbers: str) -> Claim:
    places = len(percent.partition(".")[2])
    cells = {"subject": "P", "item": "税收收入", "measure": measure, "percent": float(percent), "places": places}
    return {name: [cell] for name, cell in (cells | {n: float(v) for n, v in numbers.items()}).items()}


def check(rows: Claim) -> dict[str, list[Any]]:
    return published_check({"published": sheet(rows)}, ["P"], {})


def sheet(rows: Claim) -> Any:
    pack = load_pack(PACKS / "revenue-tax" / "pack.yaml")
    return table_from_columns(next(t for t in pack.tables if t.name == "published"), rows)


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        # 28.1/38.3 = 73.368 %; printed with one decimal it may be 28.05/38.35 = 73.14 % to 28.15/38.25 = 73.59 %.
        (claim("占比", "73.5", amount="28.1", base="38.3", amount_step="0.1"), ROUNDED),
        (claim("占比", "73.4", amount="28.1", base="38.3", amount_step="0.1"), SAME),
        (claim("占比", "73.7", amount="28.1", base="38.3", amount_step="0.1"), WRONG),
        # As if the amounts were exact, nothing explains the difference.
        (claim("占比", "73.5", amount="28.1", base="38.3"), WRONG),
        # 5025/(124241 − 5025) = 4.2150… %
        (claim("同比增幅", "4.22", amount="124241", change="5025", amount_step="1"), SAME),
        (claim("同比增幅", "4.20", amount="124241", change="5025", amount_step="1"), WRONG),
        # A fall: −14621/28279 = −51.70 %
        (claim("同比增幅", "-51.7", amount="13658", change="-14621", amount_step="1"), SAME),
        (claim("同比增幅", "51.7", amount="13658", change="-14621", amount_step="1"), WRONG),
        # 1 − 1 printed: last year may have been nothing at all.
        (claim("同比增幅", "100.0", amount="2", change="2", amount_step="1"), UNKNOWN),
        (claim("完成进度", "61.22", amount="67949"), UNKNOWN),
        (claim("完成进度", "61.22", amount="67949", base="0"), UNKNOWN),
    ],
)
def test_published_rate_is_judged_by_what_the_printed_amounts_allow(stated: Claim, verdict: str) -> None:
    assert check(stated)["verdict"] == [verdict]


def test_lone_rate_implies_its_base() -> None:
    # 34096/32.3 % = 105560; 34096/(1 − 10.2 %) = 37969
    implied = [
        check(claim(*rate, amount="34096"))["implied"][0] for rate in (("完成进度", "32.3"), ("同比增幅", "-10.2"))
    ]
    assert [round(base) for base in implied] == [105560, 37969]


def test_published_rates_are_counted_by_subject() -> None:
    rows = [
        claim("占比", "73.4", amount="28.1", base="38.3", amount_step="0.1"),
        claim("占比", "73.7", amount="28.1", base="38.3", amount_step="0.1"),
        claim("完成进度", "61.22", amount="67949"),
        claim("同比增幅", "51.7", amount="13658", change="-14621", amount_step="1"),
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    stacked = {name: [row.get(name, [None])[0] for row in rows] for name in names}
    found = published_summary({"published": sheet(stacked)}, ["P", "Q"], {})
    assert {name: column[0] for name, column in found.items() if name not in ("gap", "wrong_items")} == {
        "claims": 4,
        "same": 1,
        "rounded": 0,
        "wrong": 2,
        "unknown": 1,
    }
    # −14621/28279 = −51.7027 %, so 51.7 is off by 103.4027; the range of 28.1/38.3 ends at 73.59 %.
    assert round(found["gap"][0], 4) == Decimal("103.4027")
    assert found["wrong_items"][0] == "税收收入占比、税收收入同比增幅"
    assert {column[1] for column in found.values()} == {None}


@pytest.mark.parametrize("number", ["0.000012345", "0.99999", "1", "9.9999", "31415.92653589793", "8.4e13"])
def test_ln_and_exp_are_those_of_the_decimal_module(exact_enough: None, number: str) -> None:
    x = Decimal(number)
    assert abs(ln(x) - x.ln()) < Decimal("1e-25")
    assert abs(exp(ln(x)) / x - 1) < Decimal("1e-25")
