"""Tax effort (税收努力): actual revenue against the capacity that a regression on peers expects, with its uncertainty.

Model, over the peers (类型=参照) whose data are complete::

    ln(tax per head) = b0 + b1·ln(GDP per head) + b2·(share of secondary and tertiary industry) + e

Ordinary least squares. Capacity of a place is exp of the fitted value (the median of the log-normal, no re-transformation
factor); effort = actual / capacity × 100. The interval is the 95 % prediction interval, capacity·exp(∓t·s·√(1 + x′(X′X)⁻¹x)),
with Student's t at n − k degrees of freedom. The shape (a cross-section of places, actual over fitted) is that of the
tax-effort literature since Lotz and Morss, IMF Staff Papers 14(3), 1967, and Bahl, IMF Staff Papers 18(3), 1971.

Everything is decimal arithmetic with 28 digits, so that every machine and Python gives the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

from workbench.evidence.tables import Table
from workbench_pack_revenue.rows import number, records

DIGITS = 28
PEER = "参照"
YUAN_PER_WAN = 10_000
MINIMUM_PEERS = 8
"""Fewer say nothing about a relation with two factors (example, editable as ``minimum_peers``)."""
LOWEST_TOLERANCE = Decimal("0.01")
"""1/VIF of a factor; below it the factors explain one another and not the revenue (example: VIF of 100)."""
FACTORS = ("ln_gdp", "share")
"""What each row of the design holds after the constant."""

ESTIMATED, OWN_BLANK, FEW = "已估计", "本对象资料不全", "参照对象不足"
COLLINEAR, NO_SPREAD, FAR_OUT = "解释变量共线", "解释变量没有差异", "与参照对象相差过大"
MOST_TIMES = 100
"""A place whose capacity comes out so many times above the richest peer, or below the poorest, was typed in a wrong unit."""

T_95 = [
    *("12.706", "4.303", "3.182", "2.776", "2.571", "2.447", "2.365", "2.306", "2.262", "2.228"),
    *("2.201", "2.179", "2.160", "2.145", "2.131", "2.120", "2.110", "2.101", "2.093", "2.086"),
    *("2.080", "2.074", "2.069", "2.064", "2.060", "2.056", "2.052", "2.048", "2.045", "2.042"),
]
"""Student's t, two-sided 95 %, 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook 1.3.6.7.2)."""
T_95_BEYOND = [(40, "2.021"), (60, "2.000"), (120, "1.980")]

Vector = list[Decimal]
Matrix = list[Vector]


@dataclass(frozen=True)
class Place:
    """One place: tax and GDP per head in yuan, share of secondary and tertiary industry in GDP (0 to 1)."""

    subject: str
    peer: bool
    tax: Decimal
    gdp: Decimal
    share: Decimal
    population: Decimal

    @property
    def design(self) -> Vector:
        """The row of the regression: constant, ln GDP per head, share."""
        return [Decimal(1), self.gdp.ln(), self.share]


@dataclass(frozen=True)
class Fit:
    """A fitted relation.

    Attributes:
        coefficients: constant first; errors: their standard errors.
        inverse: (X′X)⁻¹; sigma: residual standard error, in logs; freedom: n − k; r_squared: of the logs.
        span: the logarithms of tax per head between which an estimate is believed.
    """

    peers: int
    coefficients: Vector
    errors: Vector
    inverse: Matrix
    sigma: Decimal
    freedom: int
    r_squared: Decimal | None
    span: tuple[Decimal, Decimal]

    def near(self, log: Decimal) -> bool:
        """Whether a logarithm is anywhere near those of the peers."""
        return self.span[0] <= log <= self.span[1]

    def expected(self, place: Place) -> tuple[Decimal, Decimal]:
        """Fitted ln(tax per head) of a place and the standard error of predicting it."""
        row = place.design
        spread = dot(row, [dot(line, row) for line in self.inverse])
        return dot(self.coefficients, row), self.sigma * (1 + spread).sqrt()


def tax_effort(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Derivation: capacity and effort of each subject; columns as the pack declares them, None where not estimated."""
    with localcontext(Context(prec=DIGITS)):
        places = places_of(tables)
        fit, state = fitted(list(places.values()), int(params.get("minimum_peers", MINIMUM_PEERS)))
        peers = sum(p.peer for p in places.values())
        rows = [_row(places.get(s), fit, state) | {"peers": Decimal(peers)} for s in subjects]
    return {name: [row.get(name) for row in rows] for name in (*COLUMNS, "peers")}


def effort_model(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Analysis: the fitted coefficients with standard errors and t values, the same lines for every subject."""
    names = ["常数项", "人均地区生产总值(对数)", "二三产业占比"]
    found: dict[str, list[Any]] = {n: [] for n in ("subject", "term", "coefficient", "error", "t", "r_squared")}
    with localcontext(Context(prec=DIGITS)):
        fit, _ = fitted(list(places_of(tables).values()), int(params.get("minimum_peers", MINIMUM_PEERS)))
        if fit is None:
            return found
        for subject in subjects:
            for name, b, error in zip(names, fit.coefficients, fit.errors, strict=True):
                values = (subject, name, b, error, b / error if error else None, fit.r_squared)
                for column, value in zip(found, values, strict=True):
                    found[column].append(value)
    return found


COLUMNS = (
    *("state", "actual", "capacity", "capacity_low", "capacity_high"),
    *("rate", "rate_low", "rate_high", "total", "gap", "error", "sigma", "r_squared"),
)


def _row(place: Place | None, fit: Fit | None, state: str) -> dict[str, Any]:
    if fit is None or place is None:
        return {"state": state if fit is None else OWN_BLANK, "actual": place.tax if place else None}
    log, error = fit.expected(place)
    reach = student(fit.freedom) * error
    if not fit.near(log - reach) or not fit.near(log + reach):
        return {"state": FAR_OUT, "actual": place.tax}
    capacity, times = log.exp(), reach.exp()
    low, high = capacity / times, capacity * times
    return {
        "state": ESTIMATED,
        "actual": place.tax,
        "capacity": capacity,
        "capacity_low": low,
        "capacity_high": high,
        "rate": place.tax / capacity * 100,
        "rate_low": place.tax / high * 100,
        "rate_high": place.tax / low * 100,
        "total": capacity * place.population / YUAN_PER_WAN,
        "gap": (place.tax - capacity) * place.population / YUAN_PER_WAN,
        "error": error,
        "sigma": fit.sigma,
        "r_squared": fit.r_squared,
    }


def places_of(tables: Mapping[str, Table]) -> dict[str, Place]:
    """The subjects whose tax, GDP, population and share are all known, positive, and the share not above the whole."""
    roles = {row["subject"]: row["role"] for row in records(tables["subjects"], "role")}
    taxes = {row["subject"]: row["collected"] for row in records(tables["budget"], "collected")}
    found: dict[str, Place] = {}
    for row in records(tables["economy"], "gdp", "nonfarm", "population"):
        name = row["subject"]
        tax, gdp, nonfarm = number(taxes.get(name)), number(row["gdp"]), number(row["nonfarm"])
        people = number(row["population"])
        if (
            name in roles
            and tax
            and gdp
            and nonfarm
            and people
            and min(tax, gdp, nonfarm, people) > 0
            and nonfarm <= gdp
        ):
            per_head = YUAN_PER_WAN / people
            found[name] = Place(name, roles[name] == PEER, tax * per_head, gdp * per_head, nonfarm / gdp, people)
    return found


def fitted(places: Sequence[Place], minimum: int) -> tuple[Fit | None, str]:
    """The relation among the peers, or None and why there is none."""
    peers = [p for p in places if p.peer]
    if len(peers) < max(minimum, len(FACTORS) + 2):
        return None, FEW
    rows, logs = [p.design for p in peers], [p.tax.ln() for p in peers]
    problem = _unfit([[row[i + 1] for row in rows] for i in range(len(FACTORS))])
    if problem is not None:
        return None, problem
    inverse = inverted([[dot([r[i] for r in rows], [r[j] for r in rows]) for j in range(3)] for i in range(3)])
    moments = [dot([r[i] for r in rows], logs) for i in range(3)]
    b = [dot(line, moments) for line in inverse]
    rest = sum(((y - dot(b, row)) ** 2 for row, y in zip(rows, logs, strict=True)), Decimal(0))
    freedom = len(peers) - len(b)
    sigma = (rest / freedom).sqrt()
    errors = [sigma * inverse[i][i].sqrt() for i in range(3)]
    around = centred_square(logs)
    r_squared = None if around == 0 else 1 - rest / around
    slack = Decimal(MOST_TIMES).ln()
    span = (min(logs) - slack, max(logs) + slack)
    return Fit(len(peers), b, errors, inverse, sigma, freedom, r_squared, span), ESTIMATED


def _unfit(factors: Sequence[Vector]) -> str | None:
    """Why two factors cannot be told apart: one does not vary, or they move together (1/VIF = 1 − r²)."""
    first, second = factors
    squares = centred_square(first) * centred_square(second)
    if squares == 0:
        return NO_SPREAD
    n = len(first)
    together = dot(first, second) - sum(first, Decimal(0)) * sum(second, Decimal(0)) / n
    return COLLINEAR if 1 - together * together / squares < LOWEST_TOLERANCE else None


def centred_square(numbers: Vector) -> Decimal:
    """Sum of squared distances from the mean."""
    mean = sum(numbers, Decimal(0)) / len(numbers)
    return sum(((x - mean) ** 2 for x in numbers), Decimal(0))


def dot(left: Sequence[Decimal], right: Sequence[Decimal]) -> Decimal:
    """Inner product."""
    return sum((a * b for a, b in zip(left, right, strict=True)), Decimal(0))


def inverted(matrix: Matrix) -> Matrix:
    """The inverse of a positive definite matrix, by elimination with the largest pivot."""
    n = len(matrix)
    work = [[*row, *(Decimal(int(i == j)) for j in range(n))] for i, row in enumerate(matrix)]
    for column in range(n):
        pivot = max(range(column, n), key=lambda r: abs(work[r][column]))
        work[column], work[pivot] = work[pivot], work[column]
        head = work[column][column]
        work[column] = [value / head for value in work[column]]
        for r in range(n):
            if r != column:
                factor = work[r][column]
                work[r] = [a - factor * b for a, b in zip(work[r], work[column], strict=True)]
    return [row[n:] for row in work]


def student(freedom: int) -> Decimal:
    """Two-sided 95 % quantile of t; between printed degrees of freedom the next smaller one, which errs on the wide side."""
    if freedom <= len(T_95):
        return Decimal(T_95[freedom - 1])
    chosen = T_95[-1]
    for least, quantile in T_95_BEYOND:
        if freedom >= least:
            chosen = quantile
    return Decimal(chosen)
