"""What travels to a worker, and what never leaves this machine."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.runs.batch.cluster.sending import Order, library_of, order_of, with_attachments

SHEET = "evidence/p0000/附件/决算.txt"


def sent(province: Any, n: int = 0, **plan: str) -> Order:
    order = order_of(province.project(n, **plan), "batch")
    assert order is not None
    return order


def test_a_library_has_packs_with_their_code_and_notebooks(province: Any) -> None:
    province.settle(1)
    root = province.root
    (root / "notebooks").mkdir()
    (root / "notebooks" / "own.ipynb").write_text("{}", encoding="utf-8")
    (root / "packs" / "small-town" / "__pycache__").mkdir()
    (root / "packs" / "small-town" / "__pycache__" / "plugin.cpython-311.pyc").write_bytes(b"")
    pack = "packs/small-town"
    names = [f"{pack}/notebooks/short.ipynb", f"{pack}/pack.yaml", f"{pack}/plugin.py", f"{pack}/sums.py"]
    library = library_of(root)
    assert sorted(library.files) == ["notebooks/own.ipynb", *names]
    before = library.digest
    (root / pack / "sums.py").write_text("# changed\n", encoding="utf-8")
    assert library_of(root).digest != before


def test_a_pack_folder_that_is_the_workspace_sends_data_and_code_alone(tmp_path: Path) -> None:
    for name in ("pack.yaml", "plugin.py", "helper.py", "rulesets/own.yaml", "notebooks/a.ipynb", "runs/x/result.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    names = ["helper.py", "notebooks/a.ipynb", "pack.yaml", "plugin.py", "rulesets/own.yaml"]
    assert list(library_of(tmp_path).files) == names


def test_an_order_has_plan_and_tables_and_no_path_of_this_machine(province: Any) -> None:
    order = sent(province)
    assert order.plan is not None
    assert order.plan[0] == "p0000.yaml"
    assert sorted(order.files) == [f"evidence/p0000/{name}.csv" for name in ("funds", "register", "subjects")]
    assert str(province.root).encode() not in pickle.dumps(order)


def test_a_plan_of_a_register_travels_as_it_is(province: Any) -> None:
    import yaml

    task = province.project(0)
    content = yaml.safe_load(task.plan.read_text(encoding="utf-8"))["plan"]
    order = order_of(replace(task, plan=content), "batch")
    assert order is not None
    assert (order.plan, order.task.plan) == (None, content)


def test_attachments_are_sent_when_they_are_asked_for(province: Any) -> None:
    order = with_attachments(sent(province), [SHEET, "evidence/p0000/没有.txt"], province.root)
    assert order.files[SHEET] == "全年执行数190万元".encode()
    assert order.absent == {"evidence/p0000/没有.txt"}


@pytest.mark.parametrize("name", ["plans/p0000.yaml", "evidence/p0000/../../plans/p0000.yaml", "/etc/passwd", "\0"])
def test_nothing_beside_the_evidence_is_sent_whoever_asks(province: Any, name: str) -> None:
    order = with_attachments(sent(province), [name], province.root)
    assert name not in order.files
    assert order.absent == {name}


def test_a_link_out_of_the_evidence_is_not_sent(province: Any) -> None:
    order = sent(province)
    (province.root / "secret.txt").write_text("x", encoding="utf-8")
    (province.root / SHEET).unlink()
    (province.root / SHEET).symlink_to(province.root / "secret.txt")
    assert SHEET not in with_attachments(order, [SHEET], province.root).files


@pytest.mark.parametrize(
    "plan", [{"evidence": "evidence/nothing"}, {"evidence": "../elsewhere"}, {"evidence": "/etc"}, {"stage": "?"}]
)
def test_what_cannot_be_read_is_told_where_it_lies(province: Any, plan: dict[str, str]) -> None:
    assert order_of(province.project(0, **plan), "batch") is None


def test_with_inputs_elsewhere_no_evidence_travels(province: Any) -> None:
    order = order_of(province.project(0, evidence="evidence/nothing"), "batch", "file:///shared")
    assert order is not None
    assert (order.files, order.evidence) == ({}, "evidence/nothing")


def test_a_plan_under_review_stays_here(province: Any) -> None:
    from workbench.review.desk import start_review
    from workbench.review.ledger.store import open_ledger
    from workbench.runs.docket import RunDocket
    from workbench.runs.opening import open_computed
    from workbench.runs.reviewing import first_panel

    first, second = province.settle(2)
    docket = RunDocket(open_computed(first.plan, workspace=province.root))
    with open_ledger(province.root, "town-0000", create=True) as ledger:
        assert order_of(first, "batch") is not None  # nobody has begun
        start_review(ledger, docket, first_panel(docket.scheme.plan))
    assert order_of(first, "batch") is None
    assert order_of(second, "batch") is not None


def test_a_restored_workspace_stays_here(province: Any) -> None:
    (task,) = province.settle(1)
    (province.root / "sealed").mkdir()
    (province.root / "sealed" / "origin.json").write_text("{}", encoding="utf-8")
    assert order_of(task, "batch") is None
