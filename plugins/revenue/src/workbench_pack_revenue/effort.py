"""Tax effort (税收努力): actual revenue against the capacity that a regression on peers expects, with its uncertainty.

Model, over the peers (类型=参照) whose data are complete::

    ln(tax per head) = b0 + b1·ln(GDP per head) + b2·(share of secondary and tertiary industry) + e

Ordinary least squares. Capacity of a place is exp of the fitted value (the median of the log-normal, no re-transformation
factor); effort = actual / capacity × 100. The interval is the 95 % prediction interval, capacity·exp(∓t·s·√(1 + x′(X′X)⁻¹x)),
with Student's t at n − k degrees of freedom. The shape (a cross-section of places, actual over fitted) is that of the
tax-effort literature since Lotz and Morss, IMF Staff Papers 14(3), 1967, and Bahl, IMF Staff Papers 18(3), 1971.

Everything is decimal arithmetic with 28 digits, so that every machine and Python gives the same digits. What goes out is
rounded half-up to the ten decimals derived tables hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, NamedTuple

from workbench.evidence.tables import Table
from workbench_pack_revenue.logs import exp, ln
from workbench_pack_revenue.rows import months, values

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
NOT_ALIKE = "期间或税种与参照对象不同"
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


class Place(NamedTuple):
    """One place: tax and GDP per head in yuan, share of secondary and tertiary industry in GDP (0 to 1).

    ``covers`` is the month its numbers run to and the tax they are of, None where not filled in.
    """

    subject: str
    peer: bool
    tax: Decimal
    gdp: Decimal
    share: Decimal
    population: Decimal
    covers: tuple[int | None, str | None] = (None, None)

    def alike(self, others: Iterable[tuple[int | None, str | None]]) -> bool:
        """Whether its numbers cover what those of all others do, as far as is known: half a year is not a whole one."""
        return all(
            None in pair or pair[0] == pair[1] for other in others for pair in zip(self.covers, other, strict=True)
        )

    @property
    def design(self) -> Vector:
        """The row of the regression: constant, ln GDP per head, share."""
        return [Decimal(1), ln(self.gdp), self.share]


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
        _, gdp, share = place.design
        b, (first, second, third) = self.coefficients, self.inverse
        # Written out: a thousand places pass through here.
        spread = first[0] + first[1] * gdp + first[2] * share
        spread += gdp * (second[0] + second[1] * gdp + second[2] * share)
        spread += share * (third[0] + third[1] * gdp + third[2] * share)
        return b[0] + b[1] * gdp + b[2] * share, self.sigma * (1 + spread).sqrt()


def tax_effort(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Derivation: capacity and effort of each subject; columns as the pack declares them, None where not estimated."""
    with localcontext(Context(prec=DIGITS)):
        places = places_of(tables)
        fit, state = fitted(list(places.values()), int(params.get("minimum_peers", MINIMUM_PEERS)))
        covered = {p.covers for p in places.values() if p.peer}
        rows = _rows([places.get(s) for s in subjects], fit, state, covered)
    peers = Decimal(sum(p.peer for p in places.values()))
    return {name: [row.get(name) for row in rows] for name in COLUMNS} | {"peers": [peers] * len(rows)}


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
SHOWN, ROUNDING = Decimal("1e-10"), Context(prec=60, rounding=ROUND_HALF_UP)


def _shown(number: Decimal) -> Decimal:
    """Rounded here: the engine reads a number with more decimals than its column holds thirty times slower."""
    return number.quantize(SHOWN, context=ROUNDING)


def _rows(
    places: Sequence[Place | None], fit: Fit | None, state: str, covered: Iterable[tuple[int | None, str | None]]
) -> list[dict[str, Any]]:
    """What is known of each place, beginning with the state of its estimate."""
    if fit is None:
        return [{"state": state, "actual": None if p is None else _shown(p.tax)} for p in places]
    quantile = student(fit.freedom)
    sigma, r_squared = _shown(fit.sigma), None if fit.r_squared is None else _shown(fit.r_squared)
    rows = []
    for place in places:
        if place is None:
            row: dict[str, Any] = {"state": OWN_BLANK}
        elif not place.alike(covered):
            row = {"state": NOT_ALIKE, "actual": _shown(place.tax)}
        else:
            row = _estimate(place, fit, quantile)
        rows.append(row | {"sigma": sigma, "r_squared": r_squared} if row["state"] == ESTIMATED else row)
    return rows


def _estimate(place: Place, fit: Fit, quantile: Decimal) -> dict[str, Any]:
    log, error = fit.expected(place)
    reach = quantile * error
    if not fit.near(log - reach) or not fit.near(log + reach):
        return {"state": FAR_OUT, "actual": _shown(place.tax)}
    capacity, times, tax = exp(log), exp(reach), place.tax
    low, high, rate = capacity / times, capacity * times, tax / capacity * 100
    people = place.population / YUAN_PER_WAN
    return {
        "state": ESTIMATED,
        "actual": _shown(tax),
        "capacity": _shown(capacity),
        "capacity_low": _shown(low),
        "capacity_high": _shown(high),
        "rate": _shown(rate),
        "rate_low": _shown(rate / times),
        "rate_high": _shown(rate * times),
        "total": _shown(capacity * people),
        "gap": _shown((tax - capacity) * people),
        "error": _shown(error),
    }


def places_of(tables: Mapping[str, Table]) -> dict[str, Place]:
    """The subjects whose tax, GDP, population and share are all known, positive, and the share not above the whole."""
    subjects, budget, economy = (tables[name] for name in ("subjects", "budget", "economy"))
    roles = dict(zip(values(subjects, "subject"), values(subjects, "role"), strict=True))
    taxes = dict(zip(values(budget, "subject"), values(budget, "collected"), strict=True))
    covers = dict(
        zip(roles, zip(months(subjects, "period_end"), values(subjects, "tax_scope"), strict=True), strict=True)
    )
    found: dict[str, Place] = {}
    rows = zip(*(values(economy, name) for name in ("subject", "gdp", "nonfarm", "population")), strict=True)
    for name, gdp, nonfarm, people in rows:
        tax = taxes.get(name)
        if name in roles and _usable(tax, gdp, nonfarm, people):
            per_head = YUAN_PER_WAN / people
            peer, of = roles[name] == PEER, covers[name]
            found[name] = Place(name, peer, tax * per_head, gdp * per_head, nonfarm / gdp, people, of)
    return found


def _usable(tax: Decimal | None, gdp: Decimal | None, nonfarm: Decimal | None, people: Decimal | None) -> bool:
    if tax is None or gdp is None or nonfarm is None or people is None:
        return False
    return min(tax, gdp, nonfarm, people) > 0 and nonfarm <= gdp


def fitted(places: Sequence[Place], minimum: int) -> tuple[Fit | None, str]:
    """The relation among the peers, or None and why there is none."""
    peers = [p for p in places if p.peer]
    if len(peers) < max(minimum, len(FACTORS) + 2):
        return None, FEW
    rows, logs = [p.design for p in peers], [ln(p.tax) for p in peers]
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
    slack = ln(Decimal(MOST_TIMES))
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
