"""Pairs of evaluations with known causes: four indicators that are 100 points together, each a proportion of its target."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.dossier.compare.comparing import Compared
from workbench.runs.opening import open_plan

CODES = ("A1", "A2", "B1", "B2")
WEIGHTS = (20, 30, 40, 10)
VALUES = (80, 90, 70, 50)
"""Percent of the target, so that computed points are 16, 27, 28 and 5: 76 in all."""


def _pack(
    weights: tuple[int, ...],
    passes: tuple[str | None, ...],
    targets: tuple[str, ...],
    codes: tuple[str, ...],
    judged: tuple[str, ...],
    field: str,
    names: tuple[str, ...],
    levels: tuple[str, ...],
) -> dict[str, Any]:
    indicators = [
        {
            "code": code,
            "level1": levels[0] if code[0] == "A" else levels[1],
            "name": f"指标{called}",
            "weight": weight,
            "value": f"data.{name.lower()}" if name != "A1" else f"data.{field}",
            "unit": "%",
        }
        | (
            {"rule": {"kind": "qualitative"}}
            if code in judged
            else {"rule": {"kind": "proportional", "params": {"pass_at": pass_at} if pass_at else {}}, "target": target}
        )
        for code, name, called, weight, pass_at, target in zip(
            codes, CODES, names, weights, passes, targets, strict=True
        )
    ]
    columns = (field, *CODES[1:])
    fields = [
        {"name": n.lower(), "title": f"{c}栏", "type": "number", "unit": "%", "decimals": 2}
        for n, c in zip(columns, CODES, strict=True)
    ]
    table = {"name": "data", "title": "基础数据", "per": "subject", "fields": fields}
    head = {"id": "four", "version": "1.0.0", "api_version": 1, "title": "四项指标", "object": "示例", "basis": []}
    return head | {"ruleset": "caiyu-2020-10", "tables": [table], "indicators": indicators}


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Compared]:
    """``made("new", values=(…), weights=(…))``: an evaluation in a workspace of its own.

    ``passes``: completion below which nothing is given. ``judged``: indicators that experts may give points on; the same
    points by another rule. ``names``, ``levels``: what indicators and 一级指标 are called. ``field``: what the pack calls the field of A1.
    """

    def make(
        name: str,
        *,
        values: tuple[Any, ...] = VALUES,
        weights: tuple[int, ...] = WEIGHTS,
        passes: tuple[str | None, ...] = (None,) * 4,
        targets: tuple[str, ...] = ("100",) * 4,
        codes: tuple[str, ...] = CODES,
        judged: tuple[str, ...] = (),
        field: str = "a1",
        policy: str = "national-default",
        subject: str = "S1",
        subject_name: str = "第一小学",
        names: tuple[str, ...] = CODES,
        levels: tuple[str, ...] = ("产出", "效益"),
        **plan: Any,
    ) -> Compared:
        folder = tmp_path / name
        (folder / "packs" / "four").mkdir(parents=True)
        (folder / "data").mkdir()
        pack = {"pack": _pack(weights, passes, targets, codes, judged, field, names, levels)}
        (folder / "packs" / "four" / "pack.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True), "utf-8")
        cells = ",".join("" if v is None else str(v) for v in values)
        sheets = {
            "评价对象": f"对象编号,对象名称\n{subject},{subject_name}\n",
            "基础数据": f"对象编号,{','.join(f'{c}栏(%)' for c in CODES)}\n{subject},{cells}\n",
            "佐证清单": "对象编号,指标编码,佐证状态,资料名称\n"
            + "".join(f"{subject},{c},核实一致,报表\n" for c in codes),
        }
        for title, text in sheets.items():
            (folder / "data" / f"{title}.csv").write_text(text, "utf-8")
        settings = {
            "evaluation": "four",
            "title": "四项指标",
            "pack": "four",
            "ruleset": "caiyu-2020-10",
            "policy": policy,
            "period": "2024",
            "stage": "自评",
            "as_of": "2025-03-31",
            "evidence": "data",
        }
        evaluation = open_plan(settings | plan, workspace=folder)
        return Compared(name, evaluation.digest, evaluation.result(), evaluation)

    return make
