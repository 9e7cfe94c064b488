"""A folder of forms with what only several forms or lists can show: texts copied, projects twice or missing, goals changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from defect_tools import COUNTS, HUNDRED, met, missed, spent
from form_canvas import Canvas, write
from form_facts import Facts, plain
from form_layouts import LAYOUTS, drawn
from form_projects import clean

LIST_HEAD = ("序号", "项目名称", "实施单位", "年度", "全年预算数(万元)", "全年执行数(万元)")
GOALS_HEAD = ("项目名称", "一级指标", "二级指标", "三级指标", "指标值", "分值")


@dataclass(frozen=True)
class Bundle:
    """Files, lists, and the findings (code, file or words of the place) that are to come of them, beside nothing else."""

    folder: Path
    register: Path
    approved: Path
    wanted: tuple[tuple[str, str], ...]
    honest: tuple[str, ...]


def bundle(folder: Path, first: int = 9001, honest: int = 12) -> Bundle:
    """Write everything."""
    forms = folder / "自评表"
    forms.mkdir(parents=True)
    seeds = iter(range(first, first + 200))
    plain_ones = {f"正常{n}": clean(next(seeds)) for n in range(honest)}
    spoilt: dict[str, Facts] = {}
    wanted: list[tuple[str, str]] = []
    one, other = clean(next(seeds)), clean(next(seeds))
    spoilt["抄自"], spoilt["抄来"] = one, replace(other, achieved=one.achieved)
    wanted.append(("text_copied", "抄来"))
    twice = clean(next(seeds))
    spoilt["重报甲"], spoilt["重报乙"] = twice, twice
    wanted.append(("project_twice", "重报"))
    shown = clean(next(seeds))
    spoilt["报送版"] = shown
    spoilt["公开版"] = replace(shown, items=missed(met(shown, 0), 0, _dice(1)).items).settled()
    wanted.append(("versions_differ", "公开版|报送版"))
    full = [_full(clean(next(seeds))) for _ in range(4)]
    for n, facts in enumerate(full):
        spoilt[f"满分{n}"] = replace(facts, unit="青峰县机关事务中心", project=f"{facts.project}{'甲乙丙丁'[n]}")
    wanted.append(("unit_all_full", "满分|青峰县机关事务中心"))
    everything = plain_ones | spoilt
    for n, (name, facts) in enumerate(everything.items()):
        layout = LAYOUTS[n % len(LAYOUTS)]
        paper = ("xlsx", "docx")[n % 2]
        write(forms / f"{name}.{paper}", drawn([facts], layout, paper))
    register, listed = _register(folder, everything)
    approved, goals = _approved(folder, plain_ones)
    return Bundle(forms, register, approved, (*wanted, *listed, *goals), tuple(plain_ones)[8:])


def _dice(seed: int):
    from random import Random

    return Random(seed)


def _full(facts: Facts) -> Facts:
    for n in COUNTS:
        facts = met(facts, n)
    return spent(facts, Decimal(1))


def _sheet(path: Path, title: str, rows: Sequence[Sequence[Decimal | str | None]]) -> Path:
    canvas = Canvas("Sheet1")
    canvas.put(0, 0, title, width=len(rows[0]))
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values):
            canvas.put(row, column, value)
    return write(path, [canvas])


def _register(folder: Path, forms: dict[str, Facts]) -> tuple[Path, list[tuple[str, str]]]:
    """The list of projects: one without a form, one under a name like it, one with other amounts; one form is not on it."""
    rows: list[Sequence[Decimal | str | None]] = [LIST_HEAD]
    wanted = [
        ("not_evaluated", "南屏县智慧水务平台建设"),
        ("register_near", "正常1"),
        ("register_amounts", "正常2"),
        ("not_in_register", "正常0"),
    ]
    for n, (name, facts) in enumerate(forms.items()):
        project, executed = facts.project, facts.first.executed
        if name == "正常0" or name in ("重报乙", "公开版"):
            continue
        if name == "正常1":
            project = project.replace("项目", "工程")
        if name == "正常2":
            executed = plain(executed - Decimal("7.7"))
        # a person's list has other brackets and spaces than the form
        project = project.replace("(", "（").replace(")", " ）") if n % 2 else project
        rows.append((Decimal(len(rows)), project, facts.unit, str(facts.year), facts.first.adjusted, executed))
    rows.append((Decimal(len(rows)), "南屏县智慧水务平台建设", "南屏县水利局", "2022", HUNDRED, HUNDRED))
    return _sheet(folder / "项目清单.xlsx", "应开展绩效自评项目清单", rows), wanted


def _approved(folder: Path, forms: dict[str, Facts]) -> tuple[Path, list[tuple[str, str]]]:
    """Approved goals of five projects, four of them not kept in one thing each."""
    rows: list[Sequence[Decimal | str | None]] = [GOALS_HEAD]
    changes = {
        "正常3": "target_lowered",
        "正常4": "indicator_reweighted",
        "正常5": "indicator_dropped",
        "正常6": "indicator_added",
        "正常7": "",
    }
    for name, change in changes.items():
        facts = forms[name]
        for n, x in enumerate(facts.items):
            value, weight = x.value, x.weight
            if change == "target_lowered" and n == 0:
                value = plain(value * 2)
            if change == "indicator_reweighted" and n == 7:
                weight = weight + 5
            if change == "indicator_added" and n == 8:
                continue
            text = f"{x.sign}{value}{x.unit}" if isinstance(value, Decimal) else value
            rows.append((facts.project, x.level1, x.level2, x.name, text, weight))
        if change == "indicator_dropped":
            rows.append((facts.project, "产出指标", "数量指标", "编制验收报告份数", "≥2份", Decimal(5)))
    wanted = [(change, name) for name, change in changes.items() if change]
    return _sheet(folder / "批复绩效目标.xlsx", "批复绩效目标表", rows), wanted
