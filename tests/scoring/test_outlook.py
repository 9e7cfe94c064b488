"""What points would mean: the same as if a run had concluded with them, and the exact step to the next grade."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.base.errors import SchemeError
from workbench.evidence.tables import CapFact
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.outlook import Boundary, Outlook, distance_text
from workbench.scoring.preview import Preview
from workbench.scoring.verdict import grade_name

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]


def previewed(made: Any, points: dict[str, str] | None = None, subject: str = "P1") -> Outlook:
    facts = [f for f in made.evidence.cap_facts if f.subject == subject]
    return Preview(made.card(), subject, facts).outlook({c: Decimal(p) for c, p in (points or {}).items()})


@pytest.fixture(scope="module")
def one(engage: Engage, ind: Ind) -> Callable[..., Any]:
    """``one("90.42")``: a single indicator with these points."""
    return lambda points, **more: engage([ind("A", "100", rule="given")], {"P1": {"a": points}}, **more)


@pytest.mark.parametrize(
    ("points", "up", "down", "sentence"),
    [
        # Lines of 财预〔2020〕10号 第十八条: 优 90, 良 80, 中 60; the lower bound belongs to its grade.
        ("90.42", None, ("良", "0.43"), "再减0.43分即降为良"),
        ("90", None, ("良", "0.01"), "再减0.01分即降为良"),
        ("89.57", ("优", "0.43"), ("中", "9.58"), "再加0.43分即升为优;再减9.58分即降为中"),
        ("80", ("优", "10.00"), ("中", "0.01"), "再加10.00分即升为优;再减0.01分即降为中"),
        ("59.99", ("中", "0.01"), None, "再加0.01分即升为中"),
        ("0", ("中", "60.00"), None, "再加60.00分即升为中"),
    ],
)
def test_the_smallest_step_to_the_next_grade(
    one: Callable[..., Any], points: str, up: Any, down: Any, sentence: str
) -> None:
    found = previewed(one(points))
    assert found.up == (up and Boundary(up[0], Decimal(up[1])))
    assert found.down == (down and Boundary(down[0], Decimal(down[1])))
    assert distance_text(found) == sentence


@pytest.mark.parametrize(("policy", "word"), [("national-default", "良"), ("kizilsu-2023", "良好")])
def test_the_next_grade_is_called_as_the_policy_calls_it(one: Callable[..., Any], policy: str, word: str) -> None:
    assert previewed(one("90.42", policy=policy)).down == Boundary(word, Decimal("0.43"))


def test_points_finer_than_a_line_stop_at_the_first_that_reaches_it(
    one: Callable[..., Any], policy_of: Callable[[str], Any]
) -> None:
    # 89.994 is not reached by 89.99: the step must be 0.01 more than the difference cut off.
    national = policy_of("national-default")
    bands = national.bands.model_dump() | {"items": [{"label": "优", "lower": "89.994"}, {"label": "差", "lower": "0"}]}
    content = national.model_dump() | {"bands": bands, "consequences": []}
    policy = type(national).model_validate(content)
    assert previewed(one("89.57", policy=policy)).up == Boundary("优", Decimal("0.43"))


def test_an_open_total_has_no_boundaries(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "60"), ind("B", "40")], {"P1": {"a": "85", "b": None}})
    found = previewed(made)
    assert (found.total, found.read, found.grade, found.up, found.down) == (None, None, None, None, None)
    assert found.interval == (Decimal("51.00"), Decimal("91.00"))
    assert distance_text(found) == "有指标未评分,总分未定,不评定等级"
    assert previewed(made, {"B": "40"}).total == Decimal("91.00")


def test_a_cap_decides_whatever_the_points(one: Callable[..., Any]) -> None:
    # 克州2023: the cap 指标低质 holds the grade down; the score's own grade stays visible beside it.
    made = one("95", policy="kizilsu-2023")
    ceiling = next(c for c in made.scheme.policy.caps if c.effect.kind in ("ceiling", "set"))
    fact = CapFact("P1", ceiling.code, "触发", "核查意见", date(2024, 1, 2))
    found = previewed(one("95", policy="kizilsu-2023", facts=[fact]))
    assert found.capped and found.score_grade == "优" and found.grade == ceiling.effect.grade
    assert distance_text(found).endswith("(指得分对应的等级;现等级由情形核查决定)")
    assert not previewed(made).capped


def test_a_bonus_the_bands_do_not_read_moves_no_boundary(engage: Engage, ind: Ind, item: Callable[..., Any]) -> None:
    # 财预〔2020〕10号 knows no bonus: its bands read the base score.
    made = engage(
        [ind("A", "100", rule="given")],
        {"P1": {"a": "89.57", "x": "3"}},
        status={"A": "verified", "X": "verified"},
        bonus={"cap": "5", "items": [item("X", "5")]},
    )
    found = previewed(made)
    assert (found.total, found.read) == (Decimal("92.57"), Decimal("89.57"))
    assert found.up == Boundary("优", Decimal("0.43"))


@pytest.mark.parametrize("points", [{"A": "100.01"}, {"Z": "1"}])
def test_points_nobody_may_give_are_refused(one: Callable[..., Any], points: dict[str, str]) -> None:
    with pytest.raises(SchemeError):
        previewed(one("90"), points)


def test_nothing_tried_reaches_the_card(engage: Engage, ind: Ind) -> None:
    made = engage([ind("A", "60"), ind("B", "40")], {"P1": {"a": "85", "b": None}})
    card = made.card()
    preview = Preview(card, "P1", [])
    before = preview.outlook({})
    preview.outlook({"A": Decimal(1), "B": Decimal(2)})
    assert preview.outlook({}) == before
    assert [c.final.tolist() for c in card.indicators] == [[5100], [0]]
    assert [c.status.tolist() for c in card.indicators] == [[0], [2]] and not card.column("B").adjusted.any()


CODES = ("A", "B", "C", "D")
WEIGHTS = {"A": 30, "B": 30, "C": 25, "D": 15}
VALUE = st.none() | st.integers(0, 120).map(str)


@settings(max_examples=40)
@given(
    values=st.fixed_dictionaries({c.lower(): VALUE for c in CODES}),
    points=st.dictionaries(st.sampled_from(CODES), st.integers(0, 1500), max_size=4),
    facts=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["触发", "已核查未触发", "未核查"])), max_size=3),
    policy=st.sampled_from(["national-default", "kizilsu-2023", "chiping-2020"]),
    applies=st.booleans(),
)
def test_a_preview_is_what_a_run_with_these_points_concludes(
    engage: Engage,
    ind: Ind,
    policy_of: Callable[[str], Any],
    values: Any,
    points: Any,
    facts: Any,
    policy: str,
    applies: bool,
) -> None:
    caps = policy_of(policy).caps
    checked = [CapFact("P1", caps[n % len(caps)].code, state, "文件", date(2024, 1, 2)) for n, state in facts]
    judged = {"rule": {"kind": "judgement"}, "value": None, "target": None}
    tree = [
        ind("A", "30", "产出"),
        ind("B", "30", "产出", applies=None if applies else "false"),
        ind("C", "25", "效益"),
        ind("D", "15", "效益", **judged),
    ]
    made = engage(tree, {"P1": values, "P0": values}, policy=policy, facts=checked)
    given_points = {c: Decimal(p) / 100 for c, p in points.items() if applies or c != "B"}
    adjustments = [Adjustment("P1", c, p, "理由", "评审组", "2024-03-02") for c, p in given_points.items()]
    expected = made.results(adjustments)["P1"]
    found = Preview(made.card(), "P1", checked).outlook(given_points)
    assert found.total == (None if expected.total is None else Decimal(expected.total))
    assert [str(x) for x in found.interval] == expected.interval
    assert (found.grade, found.score_grade, found.provisional) == (
        expected.grade,
        expected.score_grade,
        expected.provisional,
    )
    assert found.grade_name == expected.grade_name == grade_name(made.scheme.policy, found.grade)
    assert (found.levels, found.caps, found.consequence) == (expected.levels, expected.caps, expected.consequence)


@settings(max_examples=40)
@given(points=st.integers(0, 10000))
def test_the_step_is_enough_and_one_less_is_not(one: Callable[..., Any], points: int) -> None:
    made, start = one("50"), Decimal(points) / 100
    preview = Preview(made.card(), "P1", [])
    here, tiny = preview.outlook({"A": start}), Decimal("0.01")
    for step, sign in ((here.up, 1), (here.down, -1)):
        if step is None:
            continue
        assert preview.outlook({"A": start + sign * step.points}).grade == step.grade != here.grade
        assert preview.outlook({"A": start + sign * (step.points - tiny)}).grade == here.grade
