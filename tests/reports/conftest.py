"""Results built by hand: the shapes every chart, table and summary must be able to show."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from workbench.scoring.result import (
    CapState,
    ConsequenceState,
    Engine,
    EvidenceRef,
    ExtraResult,
    FindingLine,
    IndicatorResult,
    LevelResult,
    PackRef,
    RunResult,
    StepLine,
    SubjectResult,
    VersionRef,
)

sys.path.insert(0, str(Path(__file__).parent))  # for review_shapes and page_shapes

DIGEST = "sha256:" + "ab" * 32


def points(number: Decimal) -> str:
    return f"{number:.2f}"


def indicator(
    code: str,
    level1: str,
    level2: str | None,
    name: str,
    weight: str,
    final: str | None,
    **changes: Any,
) -> IndicatorResult:
    """One scored (or, without ``final``, unscored) indicator."""
    scored = final is not None
    fields: dict[str, Any] = {
        "code": code,
        "level1": level1,
        "level2": level2,
        "name": name,
        "weight": weight,
        "direction": "gte",
        "unit": "%",
        "target": "95",
        "value": "93.50" if scored else None,
        "evidence_status": "核实一致" if scored else "未提供(待补)",
        "computed": final,
        "final": final,
        "low": final if scored else "0.00",
        "high": final if scored else weight,
        "status": "scored" if scored else "unscored",
        "rule": "proportional@1",
        "branch": "按比例" if scored else "缺数",
        "explanation": f"{name}93.50%,得{final}分" if scored else "缺少佐证,未评分",
        "formula": "执行数÷全年预算数",
        "substituted": "187万元÷200万元",
        "example": False,
        "clause": "财预〔2020〕10号 第十六条",
        "evidence": [EvidenceRef(title="决算表", place="基础数据.xlsx [项目资金] C5", status="核实一致")]
        if scored
        else [],
    }
    merged = fields | changes
    shown = None if merged["value"] is None else f"{merged['value']}{merged['unit'] or ''}"
    return IndicatorResult(**{"shown": shown} | merged)


def level(name: str, items: list[IndicatorResult], weight: str | None = None) -> LevelResult:
    """A level 1 over its indicators; what does not apply is rescaled to the full weight."""
    items = [i for i in items if i.level1 == name]
    full = sum((Decimal(i.weight) for i in items), Decimal(0)) if weight is None else Decimal(weight)
    counted = [i for i in items if i.status != "not_applicable"]
    applicable = sum((Decimal(i.weight) for i in counted), Decimal(0))

    def up(part: Decimal) -> Decimal:
        scaled = part * full / applicable if applicable else Decimal(0)
        return scaled.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    low = up(sum((Decimal(i.final or i.low) for i in counted), Decimal(0)))
    high = up(sum((Decimal(i.final or i.high) for i in counted), Decimal(0))) if counted else full
    done = all(i.final is not None for i in counted) if counted else not full
    rate = (low * 100 / full).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if done and full else None
    return LevelResult(
        name=name,
        weight=points(full),
        applicable=points(applicable),
        points=points(low) if done else None,
        low=points(low),
        high=points(high),
        rate=str(rate) if rate is not None else None,
    )


def subject(name: str, items: list[IndicatorResult], **changes: Any) -> SubjectResult:
    """A subject whose levels, total and steps fit its indicators, bonus and deductions."""
    weights = changes.pop("weights", {})
    levels = [level(n, items, weights.get(n)) for n in dict.fromkeys(i.level1 for i in items)]
    bonus, deductions = changes.get("bonus", []), changes.get("deductions", [])
    more = sum((Decimal(b.points or 0) for b in bonus), Decimal(0))
    less = sum((Decimal(d.points or 0) for d in deductions), Decimal(0))
    low = sum((Decimal(v.points or v.low) for v in levels), Decimal(0)) + more - less
    high = sum((Decimal(v.points or v.high) for v in levels), Decimal(0)) + more - less
    complete = all(v.points is not None for v in levels)
    base = points(low - more + less)
    steps = [StepLine(step="level1", text=f"{v.name}得分", points=v.points) for v in levels]
    steps.append(StepLine(step="base", text="基础分为各一级指标得分之和", points=base if complete else None))
    steps += [StepLine(step="bonus", text="加分合计", points=points(more))] if bonus else []
    steps += [StepLine(step="deductions", text="扣分合计", points=points(-less))] if deductions else []
    if complete:
        steps.append(StepLine(step="total", text="总分", points=points(low)))
        steps.append(StepLine(step="grade", text=f"{points(low)}分,80分(含)以上为良"))
    else:
        steps.append(StepLine(step="incomplete", text=f"有未评分指标,总分在{points(low)}—{points(high)}之间,不评等级"))
    fields: dict[str, Any] = {
        "id": "P01",
        "name": name,
        "complete": complete,
        "provisional": False,
        "total": points(low) if complete else None,
        "interval": [points(low), points(high)],
        "grade": "良" if complete else None,
        "grade_name": None,
        "score_grade": "良" if complete else None,
        "levels": levels,
        "caps": [],
        "consequence": [],
        "indicators": items,
        "bonus": [],
        "deductions": [],
        "steps": steps,
        "findings": [],
    }
    return SubjectResult(**fields | changes)


def complete() -> SubjectResult:
    return subject(
        "高标准农田建设项目",
        [
            indicator("A1", "决策", "项目立项", "立项依据充分性", "8.00", "8.00"),
            indicator("A2", "决策", "绩效目标", "绩效目标合理性", "7.00", "6.00", example=True),
            indicator(
                "B1", "过程", "资金管理", "预算执行率", "10.00", "7.93", explanation="执行率79.27%,得10×79.27%=7.93分"
            ),
            indicator("B2", "过程", "组织实施", "管理制度健全性", "10.00", "10.00"),
            indicator(
                "C1",
                "产出",
                "产出数量",
                "建成面积完成率",
                "20.00",
                "18.70",
                status="provisional",
                evidence_status="已提供未核实",
            ),
            indicator("C2", "产出", "产出质量", "验收合格率", "15.00", "15.00"),
            indicator(
                "D1", "效益", "社会效益", "受益农户增收", "20.00", "16.50", evidence_status="核实不符", computed="17.50"
            ),
            indicator(
                "D2",
                "效益",
                "满意度",
                "服务对象满意度",
                "10.00",
                "0.00",
                status="zero_by_rule",
                value=None,
                evidence_status="逾期未提供",
                explanation="逾期未提供佐证,按规则计0分",
            ),
        ],
        provisional=True,
        consequence=[
            ConsequenceState(
                text="下年度预算适当支持", reads="grade", clause="财预〔2020〕10号 第二十六条", policy="国家默认"
            )
        ],
        findings=[
            FindingLine(code="contradicted", severity="warning", message="受益农户增收与统计年鉴不符", indicator="D1"),
            FindingLine(code="note", severity="info", message="权重为示例"),
        ],
    )


def incomplete() -> SubjectResult:
    items = [
        indicator("A1", "决策", "项目立项", "立项依据充分性", "15.00", "13.50"),
        indicator("B1", "过程", "资金管理", "预算执行率", "20.00", None),
        indicator("B2", "过程", "组织实施", "实施方案完备性", "10.00", "9.00"),
        indicator("C1", "产出", "产出数量", "建成面积完成率", "29.00", "25.00"),
        indicator(
            "C2",
            "产出",
            "产出时效",
            "按期完工率",
            "6.00",
            None,
            status="not_applicable",
            low="0.00",
            high="0.00",
            evidence_status="核实一致",
            explanation="尚未到期,经批准不适用",
        ),
        indicator("D1", "效益", "满意度", "服务对象满意度", "20.00", None),
    ]
    return subject(
        "城区供水管网改造项目",
        items,
        findings=[
            FindingLine(code="missing", severity="error", message="缺少满意度问卷原始数据", indicator="D1"),
        ],
    )


def long_names() -> SubjectResult:
    items = []
    for i in range(60):
        name = f"第{i + 1}项:特色种养业奖补资金(含到户项目、合作社带动项目及2023年度结转项目)足额及时拨付到位情况与政策知晓率"
        lost = Decimal(i % 7) / 10
        items.append(
            indicator(
                f"X{i}",
                f"一级{i // 5 + 1}:经济社会和生态环境可持续影响效益指标",
                f"二级{i // 2}",
                name,
                "1.67",
                points(Decimal("1.67") - lost) if i % 9 else None,
            )
        )
    return subject(
        "某某省某某市某某县2023—2025年度乡村振兴衔接资金巩固拓展脱贫攻坚成果特色产业发展奖补项目(第二批,含以前年度结转资金)",
        items,
    )


def twelve_levels() -> SubjectResult:
    names = [
        "收入政策制定",
        "收入目标设定",
        "优惠政策实施",
        "收入征管效率",
        "经济社会效益",
        "资产配置与使用效率",
        "国有资本经营收益",
        "自然资源有偿使用",
        "债务风险与收益平衡",
        "运营可持续性",
        "服务对象满意度",
        "政策知晓率与公开透明度",
    ]
    return subject(
        "收入绩效综合评价",
        [
            indicator(f"L{i}", n, None, f"{n}达标情况", "8.00", points(Decimal(8) - Decimal(i) / 4))
            for i, n in enumerate(names)
        ],
    )


def single() -> SubjectResult:
    return subject("单一指标评价", [indicator("A", "成本", None, "单位成本控制率", "100.00", "97.25", direction="lte")])


def single_level() -> SubjectResult:
    return subject(
        "培训项目成本绩效",
        [
            indicator("A", "成本", "经济成本", "人均培训成本", "40.00", "35.55"),
            indicator("B", "成本", "社会成本", "参训人员误工", "20.00", "20.00"),
            indicator("C", "成本", "生态环境成本", "纸质材料用量", "20.00", "12.00"),
            indicator("D", "成本", "机会成本", "场地替代方案", "20.00", "18.30"),
        ],
    )


def extras() -> SubjectResult:
    items = [
        indicator("A", "基础", "管理", "基础管理", "60.00", "60.00"),
        indicator("B", "绩效", "产出", "目标完成", "40.00", "39.50"),
    ]
    bonus = [
        ExtraResult(
            code="P1",
            name="获省级表彰",
            limit="3.00",
            value="1",
            points="3.00",
            state="触发",
            explanation="省级表彰1项,加3分",
            clause=None,
            document=None,
            date=None,
        ),
        ExtraResult(
            code="P2",
            name="改革试点",
            limit="2.00",
            value=None,
            points="0.00",
            state="已核查未触发",
            explanation="无",
            clause=None,
            document=None,
            date=None,
        ),
    ]
    deductions = [
        ExtraResult(
            code="M1",
            name="违反财经纪律",
            limit="5.00",
            value="1",
            points="1.00",
            state="触发",
            explanation="审计指出1项,扣1分",
            clause="吉政发〔2025〕11号",
            document=None,
            date=None,
        ),
    ]
    return subject("市县财政高质量发展评价", items, bonus=bonus, deductions=deductions, grade="优", score_grade="优")


def capped() -> SubjectResult:
    caps = [
        CapState(
            rule="audit",
            text="审计或检查发现问题",
            state="触发",
            effect="不得评为优、良",
            kind="ceiling",
            grade="中",
            clause="克州2023 第十二条",
            document="审计报告〔2023〕7号",
            date="2023-11-02",
        ),
        CapState(
            rule="major",
            text="出现重大问题",
            state="未核查",
            effect="直接评为较差",
            kind="set",
            grade="差",
            clause="克州2023 第十三条",
            document=None,
            date=None,
        ),
    ]
    return complete().model_copy(
        update={"name": "农村公路养护项目", "caps": caps, "grade": "中", "score_grade": "良", "grade_name": "中等"}
    )


def veto() -> SubjectResult:
    caps = [
        CapState(
            rule="false",
            text="绩效自评弄虚作假",
            state="触发",
            effect="一票否决,收回资金",
            kind="veto",
            grade=None,
            clause="克州2023 第十四条",
            document="核查记录",
            date="2024-01-05",
        ),
    ]
    return single_level().model_copy(update={"name": "职业培训补贴项目", "caps": caps, "grade": None})


def nothing() -> SubjectResult:
    return subject(
        "尚未取得任何佐证的项目",
        [
            indicator("A", "决策", "立项", "立项依据", "20.00", None),
            indicator("B", "过程", "资金", "资金到位率", "20.00", None),
            indicator("C", "产出", "数量", "完成率", "30.00", None),
            indicator("D", "效益", "满意度", "满意度", "30.00", None),
        ],
    )


def perfect() -> SubjectResult:
    return subject("满分项目", [indicator("A", "产出", "数量", "完成率", "100.00", "100.00")])


def below_zero() -> SubjectResult:
    """A deduction that takes the total below nothing, and an indicator that goes below zero itself."""
    items = [
        indicator("A", "产出", "数量", "完成率", "10.00", "-2.00"),
        indicator("B", "效益", None, "增收", "10.00", "1.00"),
    ]
    less = ExtraResult(
        code="M",
        name="重大违纪",
        limit="20.00",
        value="1",
        points="20.00",
        state="触发",
        explanation="扣20分",
        clause=None,
        document=None,
        date=None,
    )
    return subject("倒扣项目", items, deductions=[less], grade="差", score_grade="差")


def reallocated() -> SubjectResult:
    """满意度 does not apply and its points went to 效益, as 101号 says."""
    items = [
        indicator("A", "产出", "数量", "完成率", "60.00", "55.00"),
        indicator("B", "效益", "社会效益", "受益人数", "30.00", "26.00"),
        indicator("C", "满意度", None, "满意度", "10.00", None, status="not_applicable", low="0.00", high="0.00"),
    ]
    return subject("无服务对象项目", items, weights={"效益": "40.00", "满意度": "0.00"})


def inapplicable() -> SubjectResult:
    """A whole level that does not apply, and a name that tries mathtext, markup and characters no font has."""
    items = [
        indicator("A", "决策", "立项", "成本 $x^2$ 与 <b>预算</b> 😀 𠮷野家", "40.00", "31.00"),
        indicator("B", "产出", "数量", "完成率≥95％,单价−5￥/①号", "50.00", "50.00"),
        indicator("C", "满意度", None, "满意度", "10.00", None, status="not_applicable", low="0.00", high="0.00"),
    ]
    return subject("“无服务对象”项目<script>alert(1)</script>", items)


SHAPES: dict[str, Callable[[], SubjectResult]] = {
    f.__name__: f
    for f in (
        complete,
        incomplete,
        long_names,
        twelve_levels,
        single,
        single_level,
        extras,
        capped,
        veto,
        nothing,
        perfect,
        below_zero,
        reallocated,
        inapplicable,
    )
}


def run_of(*subjects: SubjectResult) -> RunResult:
    return RunResult(
        evaluation="demo",
        title="示例评价",
        period="2024",
        stage="完成评价",
        as_of="2024-12-31",
        pack=PackRef(id="p", version="1.0.0", digest=DIGEST),
        ruleset=VersionRef(id="r", version="1.0.0"),
        policy=VersionRef(id="national", version="1.0.0"),
        scheme_digest=DIGEST,
        evidence_digest=DIGEST,
        ledger_head="",
        parent=None,
        engine=Engine(name="workbench", version="0.1.0"),
        notes=[],
        subjects=list(subjects),
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shape" in metafunc.fixturenames:
        metafunc.parametrize("shape", list(SHAPES))


@pytest.fixture
def shaped(shape: str) -> SubjectResult:
    """Every shape in turn."""
    return SHAPES[shape]()


@pytest.fixture
def make() -> Callable[[str], SubjectResult]:
    """One shape by its name."""
    return lambda name: SHAPES[name]()


@pytest.fixture
def run() -> Callable[..., RunResult]:
    """A run of the subjects given."""
    return run_of
