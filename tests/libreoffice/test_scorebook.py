"""评分表.xlsx in LibreOffice: computed anew it is the result, and after a reader's changes what scoring itself makes of them.

All workbooks go through LibreOffice in one call. They are saved without any computed value before, so that every number read
afterwards is LibreOffice's.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

import workbench as wb
from workbench.base.exact import Exact, from_units, half_up, to_units
from workbench.base.text import plain
from workbench.evidence.standard import CLEAR, TRIGGERED, UNCHECKED
from workbench.evidence.tables import CapFact
from workbench.plugins.manager import load_plugins
from workbench.reports import reading
from workbench.reports.scorebook.conclusion import CONSISTENT, TRIAL
from workbench.reports.scorebook.layout import INAPPLICABLE, OFFICIAL, REFUSED, Col
from workbench.reports.scorebook.live import live
from workbench.reports.scorebook.terms import Terms, terms_of
from workbench.reports.scorebook.workbook import SHEET, SHEETS, scorebook
from workbench.runs.evaluation import Evaluation
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.pack import Indicator, RuleRef
from workbench.scheme.plan import Plan
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.conclude import conclude
from workbench.scoring.kinds import Inputs
from workbench.scoring.result import STATUS_WORDS, IndicatorResult, LevelResult, RunResult, SubjectResult
from workbench.scoring.rules.builtin import BUILTIN_KINDS
from workbench.scoring.scorecard import IndicatorScores, Scorecard
from workbench.scoring.status import NOT_APPLICABLE, SCORED, UNSCORED
from workbench.scoring.totals import Totals, level_result, total
from workbench.scoring.verdict import Verdict, judge

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Library.of(load_plugins(None, code=False).folders)
KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
GOLDEN = ("huangshi_sponge_2022", "tangxi_2022_commission", "shandong_transition_funds", "tax_by_type_lintao_202402")
EXAMPLES = {
    "land": "revenue/src/workbench_pack_revenue/packs/revenue-land/example/plan.yaml",
    "funds": "government-investment-funds/src/workbench_pack_government_investment_funds/example/plan.yaml",
    "self": "self-evaluation/src/workbench_pack_self_evaluation/example/plan.yaml",
}
"""折算, 扣分 and open items; 加分 with a cap and bands that do not read it; lines of 绩效指标, and caps (see below)."""
REVIEWED = "reviewed"
COPIES = {"land": 7, "funds": 7, "self": 24}
"""How often each subject is tried with other changes: 66 trials, too many subjects for sheets of their own."""
UNCHANGED = (*GOLDEN, *EXAMPLES, REVIEWED)
Convert = Callable[[list[Path], str], Path]
Rows = list[list[Any]]


@cache
def opened(name: str) -> Evaluation:
    """A worked example; that of self-evaluation under the policy whose facts limit the grade (克州2023)."""
    path = ROOT / "plugins" / EXAMPLES[name]
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))["plan"]
    return wb.open(plan | ({"policy": "kizilsu-2023"} if name == "self" else {}), workspace=path.parents[1])


def terms_for(plan: Plan) -> Terms:
    policies = LIBRARY.policy(plan.policy), LIBRARY.policy(NATIONAL)
    return terms_of(plan, LIBRARY.pack(plan.pack), LIBRARY.ruleset(plan.ruleset), *policies)


@cache
def result_of(name: str) -> tuple[RunResult, Terms]:
    """A golden result or a worked example, with its terms."""
    if name == REVIEWED:
        return reviewed(), terms_for(opened("land").plan)
    if name in EXAMPLES:
        return opened(name).result(), terms_for(opened(name).plan)
    plan = Plan.model_validate(yaml.safe_load((ROOT / "params" / f"{name}.yaml").read_text("utf-8"))["plan"])
    content = (ROOT / "tests" / "golden" / f"{name}.json").read_bytes()
    return RunResult.model_validate_json(content), terms_for(plan)


@cache
def book_of(name: str) -> bytes:
    """Its workbook as written."""
    return scorebook(*result_of(name), "r")


def reviewed() -> RunResult:
    """The land example after experts: half of what each indicator has, so that computed and final points differ everywhere."""
    evaluation = opened("land")
    said = [
        Adjustment(s.id, i.code, half_up(Decimal(i.computed) / 2, 2), "现场核查", "主评人", "2025-03-01T00:00:00Z")
        for s in evaluation.subjects
        for i in s.indicators[::2]
        if i.computed is not None and i.status != "zero_by_rule"
    ]
    plugins = evaluation.plugins
    _, subjects = conclude(evaluation.scheme, evaluation.evidence, plugins.kinds, plugins.derivations, said)
    return evaluation.result().model_copy(update={"subjects": subjects})


# ---------------------------------------------------------------------------------------------------------------------
# where things stand
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """The rows of one subject, counted from 0."""

    indicators: dict[str, int]
    levels: dict[str, int]
    extras: dict[str, int]
    total: int
    caps: dict[str, int]
    grade: int

    @classmethod
    def of(cls, subject: SubjectResult, row: int) -> Block:
        indicators = {}
        for level in subject.levels:
            for indicator in reading.members(subject, level.name):
                indicators[indicator.code] = row
                row += 1
            row += 1  # 小计
        levels = {level.name: row + 1 + n for n, level in enumerate(subject.levels)}
        row += len(levels) + 2  # a heading, then 基础分
        extras = {}
        for items in (subject.bonus, subject.deductions):
            extras |= {item.code: row + n for n, item in enumerate(items)}
            row += len(items) + bool(items)
        caps = {cap.rule: row + 2 + n for n, cap in enumerate(subject.caps)}
        return cls(indicators, levels, extras, row, caps, row + 2 + len(caps))

    @property
    def verdict(self) -> int:
        """The row that says whether this is the result."""
        return self.grade + 1


def blocks(result: RunResult) -> Iterator[tuple[SubjectResult, int, Block]]:
    """Each subject with the number of its sheet (of those called 评分表) and its rows."""
    row = 2
    for n, subject in enumerate(result.subjects):
        if len(result.subjects) <= SHEETS:
            yield subject, n, Block.of(subject, 3)
        else:
            yield subject, 0, Block.of(subject, row + 1)
            row = Block.of(subject, row + 1).verdict + 1


def score_sheets(data: bytes) -> list[Rows]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(n).to_python() for n in book.sheet_names if n.startswith(SHEET)]


def printed(number: Any) -> str | None:
    """A cell as result.json writes points; None for nothing; a number that is not exactly one of two decimals stays long."""
    if number == "":
        return None
    exact = Decimal(repr(float(number)))
    return f"{exact:.2f}" if exact == round(exact, 2) else str(exact)


# ---------------------------------------------------------------------------------------------------------------------
# what LibreOffice is given
# ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Trial:
    """A reader's changes to one subject, in the words of the sheet and in those of scoring."""

    subject: SubjectResult
    card: Scorecard
    facts: list[CapFact]
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)

    @property
    def totals(self) -> Totals:
        return total(self.card)

    @property
    def verdict(self) -> Verdict:
        return judge(self.card, self.totals, 0, self.facts)


def alone(scores: IndicatorScores, row: int) -> IndicatorScores:
    """One subject's points and inputs, free to be changed."""
    names = ("computed", "ruled_scored", "branch", "low", "high", "status", "final", "adjusted")
    inputs = scores.inputs
    one = replace(
        inputs,
        peers=inputs.peers[row : row + 1],
        value=inputs.value.take([row]) if inputs.value is not None else None,
        target=inputs.target.take([row]) if inputs.target is not None else None,
        extra={n: c.take([row]) for n, c in inputs.extra.items()},
    )
    return replace(scores, inputs=one, **{n: np.array(getattr(scores, n)[row : row + 1]) for n in names})


def card_of(card: Scorecard, subject: str) -> Scorecard:
    row = card.measures.ids.index(subject)
    parts = {n: [alone(s, row) for s in getattr(card, n)] for n in ("indicators", "bonus", "deductions")}
    return replace(card, peers=card.peers[row : row + 1], **parts)


def settle(scores: IndicatorScores, units: int) -> None:
    scores.low[0] = scores.high[0] = scores.final[0] = units
    scores.status[0] = SCORED if scores.status[0] in (UNSCORED, NOT_APPLICABLE) else scores.status[0]


def change(trial: Trial, block: Block, terms: Terms, dice: random.Random) -> None:
    """One random change on the sheet and in the card."""
    code = dice.choice([*block.indicators, *block.extras, *block.caps])
    if code in block.caps:
        state = dice.choice([TRIGGERED, TRIGGERED, CLEAR, UNCHECKED])
        trial.cells[block.caps[code], Col.STATE] = state
        trial.facts = [f for f in trial.facts if f.cap != code] + [CapFact(trial.subject.id, code, state)]
        return
    scores, decimals = trial.card.column(code), trial.card.decimals
    points = half_up(from_units(scores.inputs.weight, decimals) * dice.randrange(10001) / 10000, decimals)
    if code in block.extras:
        trial.cells[block.extras[code], Col.FINAL] = float(points)
        settle(scores, to_units(points, decimals))
        return
    indicator = next(i for i in trial.subject.indicators if i.code == code)
    answer, row = live(indicator, terms), block.indicators[code]
    for key in ((row, Col.FINAL), (row, Col.VALUE)):
        trial.cells.pop(key, None)
    what = dice.choice(["points", "points", "clear", "inapplicable", "value", "value"])
    if what == "value" and answer is not None and indicator.final == indicator.computed:
        around = answer.known.value or answer.known.target or Decimal(50)
        value = half_up(around * dice.randrange(0, 25000) / 10000, answer.known.places)
        trial.cells[row, Col.VALUE] = float(value)
        settle(scores, scored(scores, value))
    elif what == "clear":
        trial.cells[row, Col.FINAL] = None
        clear(scores, indicator, decimals)
    elif what == "inapplicable":
        trial.cells[row, Col.FINAL] = INAPPLICABLE
        scores.status[0] = NOT_APPLICABLE
        scores.low[0] = scores.high[0] = scores.final[0] = 0
    else:
        trial.cells[row, Col.FINAL] = float(points)
        settle(scores, to_units(points, decimals))


def clear(scores: IndicatorScores, indicator: IndicatorResult, decimals: int) -> None:
    open_ = indicator.status == "unscored"
    scores.status[0] = UNSCORED
    scores.low[0] = to_units(Decimal(indicator.low), decimals) if open_ else 0
    scores.high[0] = to_units(Decimal(indicator.high), decimals) if open_ else scores.inputs.weight


def scored(scores: IndicatorScores, value: Decimal) -> int:
    """The points scoring's own rule gives for a value."""
    column = Exact.constant(value, 1, scores.inputs.value.decimals if scores.inputs.value is not None else None)
    points = scores.kind.score(replace(scores.inputs, value=column), scores.ruled.params)
    assert points.scored[0]
    return int(points.units[0])


def trials_of(name: str) -> tuple[RunResult, list[Trial]]:
    """The example with every subject many times over, and what is tried with each."""
    result, terms = result_of(name)
    dice, evaluation = random.Random(name), opened(name)
    subjects = [s.model_copy(update={"id": f"{s.id}_{n}"}) for n in range(COPIES[name]) for s in result.subjects]
    many = result.model_copy(update={"subjects": subjects})
    trials = []
    for subject, _, block in blocks(many):
        own = subject.id.rpartition("_")[0]
        facts = [f for f in evaluation.evidence.cap_facts if f.subject == own]
        trial = Trial(subject, card_of(evaluation.scorecard, own), facts)
        for _ in range(dice.randint(1, 5)):
            change(trial, block, terms, dice)
        trials.append(trial)
    return many, trials


PASTED = ("above", "below", "far value", "value in words", "no value", "points in words")


def pasted(what: str) -> tuple[Trial, Block, str]:
    """The first subject of the funds example with points or a value that no result can have, and the indicator they were put into."""
    evaluation, (result, terms) = opened("funds"), result_of("funds")
    subject, _, block = next(blocks(result))
    trial = Trial(subject, card_of(evaluation.scorecard, subject.id), [])
    by_value = "value" in what
    indicator = next(i for i in subject.indicators if i.final is not None and (live(i, terms) or not by_value))
    answer, row = live(indicator, terms), block.indicators[indicator.code]
    if by_value:
        assert answer is not None
        typed = {"far value": float(answer.largest) * 10, "value in words": "98%", "no value": None}
        trial.cells[row, Col.VALUE] = typed[what]
    elif what == "points in words":
        trial.cells[row, Col.FINAL] = "七百"
    else:
        trial.cells[row, Col.FINAL] = float(indicator.weight) + 2 if what == "above" else -3
    clear(trial.card.column(indicator.code), indicator, trial.card.decimals)
    for n, item in enumerate(subject.bonus):
        trial.cells[block.extras[item.code], Col.FINAL] = float(item.limit) + 1 if n % 2 else -1
        trial.card.column(item.code).status[0] = UNSCORED
    return trial, block, indicator.code


def resaved(data: bytes, path: Path, cells: Mapping[tuple[int, int], Any] | None = None) -> Path:
    """The workbook with other cells on its first 评分表, and without any computed value."""
    book = load_workbook(io.BytesIO(data))
    sheet = next(s for s in book if s.title.startswith(SHEET))
    for (row, column), content in (cells or {}).items():
        sheet.cell(row + 1, column + 1).value = content
    book.save(path)
    return path


@pytest.fixture(scope="session")
def trials() -> dict[str, tuple[RunResult, list[Trial]]]:
    return {name: trials_of(name) for name in EXAMPLES}


@pytest.fixture(scope="session")
def computed(
    convert: Convert, trials: dict[str, tuple[RunResult, list[Trial]]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[Rows]]:
    """The 评分表 sheets of a workbook as LibreOffice computed them."""
    folder = tmp_path_factory.mktemp("scorebooks")
    paths = [resaved(book_of(n), folder / f"{n}.xlsx") for n in UNCHANGED]
    for name, (many, tried) in trials.items():
        cells = {place: content for trial in tried for place, content in trial.cells.items()}
        paths.append(resaved(scorebook(many, result_of(name)[1], "r"), folder / f"{name}-trials.xlsx", cells))
    for what in PASTED:
        paths.append(resaved(book_of("funds"), folder / f"{what}.xlsx", pasted(what)[0].cells))
    rules, values = rules_book()
    paths.append(resaved(rules, folder / "rules.xlsx", values))
    done = convert(paths, "xlsx")
    return lambda name: score_sheets((done / f"{name}.xlsx").read_bytes())


# ---------------------------------------------------------------------------------------------------------------------
# unchanged
# ---------------------------------------------------------------------------------------------------------------------


def check_result(result: RunResult, sheets: list[Rows]) -> None:
    """Every number in sight is the one in the result, as its decimal string."""
    for subject, sheet, block in blocks(result):
        rows = sheets[sheet]
        for i in subject.indicators:
            row = rows[block.indicators[i.code]]
            assert printed(row[Col.WEIGHT]) == i.weight
            if i.status == "not_applicable":
                assert row[Col.FINAL] == row[Col.COMPUTED] == INAPPLICABLE
                continue
            found = [printed(row[c]) for c in (Col.COMPUTED, Col.FINAL, Col.LOW, Col.HIGH)]
            assert found == [i.computed, i.final, i.low, i.high], i.code
        for level in subject.levels:
            row = rows[block.levels[level.name]]
            found = [printed(row[c]) for c in (Col.WEIGHT, Col.FINAL, Col.LOW, Col.HIGH, Col.RATE)]
            assert found[:4] == [level.weight, level.points, level.low, level.high], level.name
            assert found[4] == level.rate, level.name
        last = rows[block.total]
        assert printed(last[Col.FINAL]) == subject.total
        assert [printed(last[Col.LOW]), printed(last[Col.HIGH])] == subject.interval
        assert rows[block.grade][Col.FINAL] == reading.grade_text(subject, reading.FULL)
        assert rows[block.verdict][Col.REMARK] == CONSISTENT


@pytest.mark.parametrize("name", UNCHANGED)
def test_computed_anew_it_is_the_result(name: str, computed: Callable[[str], list[Rows]]) -> None:
    result, _ = result_of(name)
    check_result(result, score_sheets(book_of(name)))  # as written, for readers that do not compute
    check_result(result, computed(name))


# ---------------------------------------------------------------------------------------------------------------------
# changed
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_after_changes_it_is_what_scoring_says(
    name: str, computed: Callable[[str], list[Rows]], trials: dict[str, tuple[RunResult, list[Trial]]]
) -> None:
    many, tried = trials[name]
    (rows,) = computed(f"{name}-trials")
    graded = set()
    for (_, _, block), trial in zip(blocks(many), tried, strict=True):
        totals, verdict, decimals = trial.totals, trial.verdict, trial.card.decimals
        for expected in (level_result(level, 0, decimals) for level in totals.levels):
            row = rows[block.levels[expected.name]]
            found = [printed(row[c]) for c in (Col.WEIGHT, Col.FINAL, Col.LOW, Col.HIGH, Col.RATE)]
            rate = expected.rate
            assert found == [expected.weight, expected.points, expected.low, expected.high, rate], (
                trial.subject.id,
                expected,
            )
        last = rows[block.total]
        assert [printed(last[Col.LOW]), printed(last[Col.HIGH])] == [plain(x) for x in verdict.interval]
        assert printed(last[Col.FINAL]) == (None if verdict.total is None else plain(verdict.total))
        grade = rows[block.grade][Col.FINAL]
        label = reading.UNGRADED if verdict.grade is None else verdict.grade
        assert grade.partition("（")[0] == label, trial.subject.id
        assert ("一票否决" in grade) == verdict.vetoed
        remark = rows[block.verdict][Col.REMARK]
        assert remark == said(trial, remark)
        graded.add(label)
    assert len(graded) > 2


def said(trial: Trial, remark: str) -> str:
    """What the sheet has to say. Changes that leave the total may have put in what was there before."""
    before, after = trial.subject.total, trial.verdict.total
    if before is None or after is None or Decimal(before) == after:
        assert remark == CONSISTENT or remark.startswith(f"{TRIAL}(与正式结果不同:改动"), remark
        return remark
    return f"{TRIAL}(与正式结果不同:差 {after - Decimal(before):+.2f} 分)"


@pytest.mark.parametrize("what", PASTED)
def test_what_no_result_can_have_is_not_counted(what: str, computed: Callable[[str], list[Rows]]) -> None:
    """A spreadsheet does not check what is pasted: it stands out, and its indicator is open again."""
    trial, block, code = pasted(what)
    rows = computed(what)[0]
    row, last = rows[block.indicators[code]], rows[block.total]
    assert row[Col.REMARK].startswith(REFUSED) and row[Col.STATE] == "未评分"
    assert [printed(last[Col.LOW]), printed(last[Col.HIGH])] == [plain(x) for x in trial.verdict.interval]
    assert printed(last[Col.FINAL]) is None and rows[block.grade][Col.FINAL].startswith(reading.UNGRADED)
    for place in block.extras.values():
        assert rows[place][Col.REMARK].startswith(REFUSED) and rows[place][Col.LOWEST] == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_said_about_a_changed_row_is_marked_as_the_results(
    name: str, computed: Callable[[str], list[Rows]], trials: dict[str, tuple[RunResult, list[Trial]]]
) -> None:
    """The explanation carries the numbers of the result, beside others that a reader has put in."""
    many, tried = trials[name]
    (rows,) = computed(f"{name}-trials")
    seen = set()
    for (subject, _, block), trial in zip(blocks(many), tried, strict=True):
        for indicator in subject.indicators:
            row = rows[block.indicators[indicator.code]]
            changed = row[Col.CHANGED] == 1
            assert row[Col.REMARK] == (OFFICIAL if changed else "") + indicator.explanation
            assert changed or row[Col.STATE] == STATUS_WORDS[indicator.status]
            touched = any((block.indicators[indicator.code], c) in trial.cells for c in (Col.FINAL, Col.VALUE))
            assert touched or not changed
            seen.add(changed)
    assert seen == {True, False}


# ---------------------------------------------------------------------------------------------------------------------
# points by formula
# ---------------------------------------------------------------------------------------------------------------------


def a_rule(dice: random.Random) -> RuleRef:
    def number(low: float, high: float, places: int) -> str:
        return f"{dice.uniform(low, high):.{places}f}"

    kind = dice.choice(["proportional", "banded", "step_deduction"])
    params: dict[str, Any]
    if kind == "proportional":
        params = {"pass_at": number(1, 90, dice.choice([0, 2])) if dice.random() < 0.4 else None}
        if dice.random() < 0.3:
            params["overshoot"] = [{"over": o, "share": number(0, 100, 1)} for o in ("110", "130.5")]
    elif kind == "banded":
        lower = dice.random() < 0.4
        limits = sorted({number(1, 99, dice.choice([0, 1, 3])) for _ in range(4)}, key=Decimal, reverse=not lower)
        params = {"bands": [{"at": at, "share": number(0, 100, dice.choice([0, 2]))} for at in limits]}
        params |= {
            "better": "lower" if lower else "higher",
            "exclusive": dice.random() < 0.3,
            "otherwise": number(0, 9, 1),
        }
    else:
        params = {"step": number(0.1, 7, 1), "per_step": number(0.1, 3, 2), "relative": dice.random() < 0.4}
        params |= {"partial": dice.choice(["linear", "full_step", "begun_step"])}
        params |= {"threshold": number(1, 99, 1)} if dice.random() < 0.5 else {}
        params |= {"max_deduction": number(1, 5, 2)} if dice.random() < 0.4 else {}
    return RuleRef(kind=kind, params=params)


@dataclass(frozen=True)
class Ruled:
    """An indicator of a random rule, and another value a reader tries."""

    indicator: IndicatorResult
    declared: Indicator
    tried: Decimal

    def points(self, value: Decimal) -> str | None:
        """What scoring's own rule gives for a value."""
        return points_of(self.declared, self.indicator.target, value)


def points_of(declared: Indicator, target: str | None, value: Decimal) -> str | None:
    assert declared.rule is not None
    kind, weight = KINDS[declared.rule.kind], to_units(declared.weight, 2)
    column, aim = Exact.constant(value, 1), Exact.constant(Decimal(target or "1"), 1)
    inputs = Inputs(weight, 2, declared.direction, np.zeros(1, dtype=bool), column, aim)
    points = kind.score(inputs, kind.params.model_validate(declared.rule.params))
    return plain(from_units(points.units[0], 2)) if points.scored[0] else None


def a_ruled(dice: random.Random, n: int) -> Ruled:
    target = f"{dice.uniform(1, 120):.{dice.choice([0, 1, 2, 3])}f}"
    places = dice.choice([0, 1, 2, 2, 3])

    def value() -> Decimal:
        # Often at a line, or where the share of the points is a tie: those are what doubles would spoil.
        near = dice.choice(
            [Decimal(target), Decimal(target) / 2, Decimal(target) / 8, Decimal(str(dice.uniform(0, 150)))]
        )
        return half_up(near, places)

    fields = {"code": f"R{n}", "name": f"指标{n}", "level1": "产出", "weight": f"{dice.randrange(100, 3000) / 100:.2f}"}
    fields |= {
        "direction": dice.choice(["gte", "lte", "eq"]),
        "decimals": places,
        "target": target,
        "rule": a_rule(dice),
    }
    declared = Indicator.model_validate(fields)
    now = value()
    computed = points_of(declared, target, now)
    low, high = (computed, computed) if computed is not None else ("0.00", plain(declared.weight))
    assert declared.rule is not None
    indicator = IndicatorResult(
        code=declared.code, level1="产出", level2=None, name=declared.name, weight=plain(declared.weight),
        direction=declared.direction, unit=None, target=target, value=plain(now), shown=plain(now),
        evidence_status="核实一致", computed=computed, final=computed, low=low, high=high,
        status="scored" if computed is not None else "unscored", rule=f"{declared.rule.kind}@1.0.0", branch="",
        explanation="", formula=None, substituted=None, example=False, clause=None, evidence=[],
    )  # fmt: skip
    return Ruled(indicator, declared, value())


@cache
def ruled() -> list[Ruled]:
    dice = random.Random(6)
    return [a_ruled(dice, n) for n in range(300)]


@cache
def rules_book() -> tuple[bytes, dict[tuple[int, int], float]]:
    """A workbook of many rules, and the values that are tried."""
    result, terms = result_of("huangshi_sponge_2022")
    items = [r.indicator for r in ruled()]
    full = plain(reading.total_of(i.weight for i in items))
    ends = [plain(reading.total_of(getattr(i, end) for i in items)) for end in ("low", "high")]
    level = LevelResult(name="产出", weight=full, applicable=full, points=None, low=ends[0], high=ends[1], rate=None)
    change = {"indicators": items, "levels": [level], "interval": ends, "total": None, "grade": None, "complete": False}
    subject = result.subjects[0].model_copy(update=change | {"grade_name": None, "score_grade": None})
    terms = replace(terms, indicators={r.declared.code: r.declared for r in ruled()})
    book = scorebook(result.model_copy(update={"subjects": [subject]}), terms, "r")
    answered = {n for n, r in enumerate(ruled()) if live(r.indicator, terms) is not None}
    return book, {(3 + n, int(Col.VALUE)): float(r.tried) for n, r in enumerate(ruled()) if n in answered}


def test_points_follow_the_value_as_the_rule_has_it(computed: Callable[[str], list[Rows]]) -> None:
    (rows,), (_, tried) = computed("rules"), rules_book()
    assert len(tried) > 250
    for n, case in enumerate(ruled()):
        if (3 + n, int(Col.VALUE)) in tried:
            found = printed(rows[3 + n][Col.COMPUTED])
            assert found == case.points(case.tried), (case.declared, case.tried, found)
