"""Errors carry every problem, say them in Chinese, and survive a trip to another process."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.base import errors
from workbench.base.errors import Place, Problem, WorkbenchError, shorten

KINDS = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, WorkbenchError)]
PROBLEM = Problem(
    "percent_mix",
    "百分数与小数混用",
    Place("基础数据.xlsx", "项目资金", 5, "执行率"),
    found="0.93",
    expected="93",
    fix="请统一填百分数。",
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_errors_pickle_and_copy(kind: type[WorkbenchError]) -> None:
    error = kind([PROBLEM, Problem("other", "另一处", severity="warning")])
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is kind
        assert twin.problems == error.problems
        assert str(twin) == str(error)
        assert twin.exit_code == error.exit_code


def test_exit_codes_are_those_of_the_design() -> None:
    # docs/howto/commands.md: 2 invalid input, 3 a notebook failed, 4 the check ran and the answer is no.
    codes = {k.__name__: k.exit_code for k in KINDS}
    assert codes.pop("NotebookError") == 3
    assert codes.pop("CheckFailed") == codes.pop("NotFinal") == 4
    assert codes.pop("LedgerError") == 4
    assert codes.pop("DossierError") == 4
    assert set(codes.values()) == {2}


def test_a_problem_says_where_what_and_how_to_mend_it() -> None:
    text = str(PROBLEM)
    for part in ("基础数据.xlsx", "[项目资金]", "第5行", "“执行率”", "百分数与小数混用", "0.93", "应为93", "请统一"):
        assert part in text
    assert str(Problem("x", "坏了")) == "坏了。"
    assert str(Place("a.yaml", key="plan.pack", line=3)) == "a.yaml 第3行 plan.pack"


def test_a_problem_placed_later_keeps_the_rest() -> None:
    placed = Problem("x", "坏了", Place(key="plan")).at(file="a.yaml", line=7)
    assert placed.place == Place("a.yaml", key="plan", line=7)
    assert placed.as_dict()["place"] == {"file": "a.yaml", "key": "plan", "line": 7}
    assert "found" not in placed.as_dict()


def test_one_problem_or_many_and_never_an_endless_text() -> None:
    assert WorkbenchError(PROBLEM).problems == (PROBLEM,)
    many = WorkbenchError(Problem("x", f"第{i}个") for i in range(1000))
    assert len(many.problems) == 1000
    assert "共1000处" in str(many)
    assert "另有960处" in str(many)
    assert len(str(many).splitlines()) == 42  # heading, 40 problems, the rest


def test_long_and_strange_values_are_shown_short_and_visible() -> None:
    assert shorten("x" * 100).endswith("…(共100字)")
    assert shorten("a\x00\x1b[31mb\nc") == "a··[31mb·c"
    assert "x" * 70 not in str(Problem("x", "坏了", found="x" * 10_000_000))


def test_a_notebook_shows_the_message_without_a_traceback(tmp_path: Path) -> None:
    cell = "from workbench.base.errors import *; raise PlanError(Problem('x', '坏了', Place('a.yaml')))"
    code = f"from IPython.core.interactiveshell import InteractiveShell as Shell; Shell().run_cell({cell!r})"
    env = os.environ | {"IPYTHONDIR": str(tmp_path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip().splitlines() == ["评价计划有误(共1处):", "  1. a.yaml:坏了。"]
