"""A review of 60 indicators with 2,000 events, for ``review.py``: pack, evidence, finished run, ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import yaml

from workbench.review.access import Access
from workbench.review.desk import Desk
from workbench.review.events import Draft, Opinion, chained
from workbench.review.ledger.records import stored
from workbench.review.ledger.store import open_ledger
from workbench.runs.opening import open_plan
from workbench.runs.reviewing import open_review

EVALUATION = "sixty"
INDICATORS, EVENTS = 60, 2000
LEVELS = ("决策", "过程", "产出", "效益")
AT = "2026-03-01T08:00:00.000Z"
EMPTY: dict[str, object] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
BOTH = """
import ipywidgets, workbench as wb
button, label = ipywidgets.Button(description="回声"), ipywidgets.Label("0")
button.add_class("echo-button"), label.add_class("echo-label")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
page = wb.review(run)
ipywidgets.VBox([ipywidgets.HBox([button, label]), page.widget])
"""
"""The review with a bare ipywidgets callback beside it, on one page and in one kernel."""


def make_workspace(folder: Path, *, events: int = 0, echo: bool = False, empty: bool = False) -> None:
    """A workspace with a finished run; with ``events``, its ledger too; with ``empty``, a page that shows nothing."""
    for name in ("packs/sixty", "params", "notebooks", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "packs" / "sixty" / "pack.yaml").write_text(
        yaml.safe_dump({"pack": _pack()}, allow_unicode=True), "utf-8"
    )
    for title, text in _sheets().items():
        (folder / "data" / f"{title}.csv").write_text(text, "utf-8")
    open_plan(_plan(), workspace=folder).save()
    if empty:
        (folder / "notebooks" / "review.ipynb").write_text(json.dumps(EMPTY), "utf-8")
    if echo:
        (folder / "notebooks" / "review.ipynb").write_text(json.dumps(_notebook(BOTH)), "utf-8")
    if events:
        _fill(folder, events)


def _codes() -> list[str]:
    return [f"I{n:02}" for n in range(1, INDICATORS + 1)]


def _pack() -> dict[str, object]:
    weights = [2 if n < INDICATORS * 2 // 3 else 1 for n in range(INDICATORS)]
    return {
        "id": "sixty",
        "version": "1.0.0",
        "api_version": 1,
        "title": "六十项指标",
        "object": "示例",
        "basis": [],
        "ruleset": "caiyu-2020-10",
        "tables": [
            {
                "name": "data",
                "title": "基础数据",
                "per": "subject",
                "fields": [
                    {"name": c.lower(), "title": c, "type": "number", "unit": "%", "decimals": 2} for c in _codes()
                ],
            }
        ],
        "indicators": [
            {
                "code": code,
                "level1": LEVELS[n * len(LEVELS) // INDICATORS],
                "name": f"第{n + 1}项指标的名称有这么长",
                "weight": weights[n],
                "rule": {"kind": "qualitative"},
                "value": f"data.{code.lower()}",
                "unit": "%",
            }
            for n, code in enumerate(_codes())
        ],
    }


def _plan() -> dict[str, object]:
    return {
        "evaluation": EVALUATION,
        "title": "六十项指标的评审",
        "pack": "sixty",
        "ruleset": "caiyu-2020-10",
        "policy": "national-default",
        "period": "2024",
        "stage": "自评",
        "as_of": "2025-03-31",
        "evidence": "data",
        "panel": {"members": [{"id": "lead", "name": "张主任", "roles": ["lead", "expert"]}], "blind": False},
    }


def _sheets() -> dict[str, str]:
    heads = ",".join(f"{c}(%)" for c in _codes())
    values = ",".join(str(60 + n % 40) for n in range(INDICATORS))
    proofs = "".join(f"S1,{c},核实一致,决算报表\n" for c in _codes())
    return {
        "评价对象": "对象编号,对象名称\nS1,第一小学\n",
        "基础数据": f"对象编号,{heads}\nS1,{values}\n",
        "佐证清单": f"对象编号,指标编码,佐证状态,资料名称\n{proofs}",
    }


def _notebook(source: str) -> dict[str, object]:
    def cell(name: str, text: str, tags: list[str]) -> dict[str, object]:
        more = {"execution_count": None, "outputs": []}
        return {"cell_type": "code", "id": name, "metadata": {"tags": tags}, "source": text} | more

    return EMPTY | {"cells": [cell("parameters", "run = ''", ["parameters"]), cell("page", source, [])]}


def _fill(folder: Path, events: int) -> None:
    """Put the ledger together in memory: two thousand appends, each synced to the disk, would take longer than the rest."""
    opened = open_review(EVALUATION, folder)
    desk = Desk(opened.ledger, opened.docket, "lead")
    rows, last = opened.ledger.rows(), opened.ledger.events()[-1]
    spots = list(desk.scope.assigned(desk.member))
    for number in range(len(rows) + 1, events + 1):
        subject, indicator = spots[number % len(spots)]
        body = Opinion(
            kind="opinion",
            subject=subject,
            indicator=indicator,
            expert="lead",
            choice="adjust",
            points=Decimal(number % 10) / 10,
            reason="按现场核查情况调整",
            round=1,
            basis=desk.scope.basis((subject, indicator)),
            seen={"computed": True, "conclusion": True, "colleagues": "all"},
        )
        last = chained(Draft(actor="lead", client_id=f"made-{number:06}", body=body), EVALUATION, number, AT, last.hash)
        rows.append(stored(last))
    opened.ledger.close()
    for file in (folder / "reviews" / EVALUATION).glob("ledger.sqlite*"):
        file.unlink()
    ledger = open_ledger(folder, EVALUATION, create=True)
    ledger.fill(rows)
    ledger.close()


def token(folder: Path) -> str:
    """A link's token for the one member."""
    ledger = open_ledger(folder, EVALUATION)
    made = Access(ledger).issue("lead", "lead")
    ledger.close()
    return made
