"""``workbench score``: what it prints, what it refuses, and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

PACK = """
pack:
  id: rates
  version: 1.0.0
  api_version: 1
  title: 完成率
  object: 项目
  basis: [{document: 无}]
  ruleset: caiyu-2020-10
  subject_fields:
    - {name: share, title: 完成率, type: percent, unit: '%', decimals: 2}
  tables:
    - {name: extra, title: 附表, per: subject, fields: [{name: note, title: 备注, type: text}]}
  indicators:
    - {code: DONE, name: 完成率, level1: 产出指标, weight: 100, unit: '%', value: share, target: "100", example: true,
       rule: {kind: proportional}}
"""


@pytest.fixture
def table(workspace: Path) -> Path:
    """Three subjects: 100 %, 85.5 % and no value."""
    (workspace / "packs" / "rates").mkdir()
    (workspace / "packs" / "rates" / "pack.yaml").write_text(PACK, encoding="utf-8")
    path = workspace / "项目.csv"
    path.write_text("对象编号,完成率\nA,100\nB,85.5\nC,\n", encoding="utf-8")
    return path


def test_a_table_becomes_a_file_and_the_grades_are_told(cli: Any, table: Path) -> None:
    said = cli("score", "rates", "项目.csv", "--chunk", "2", code=0)
    assert "优        1" in said.stdout and "未定等级  1" in said.stdout
    assert "共3个对象,1项指标,分2批打分。\n结果:scores.parquet" in said.stdout
    assert "[3/3] 已写出" in said.stderr
    found = duckdb.execute("SELECT subject, DONE_points, total_high, grade FROM 'scores.parquet'").fetchall()
    assert [tuple(map(str, row)) for row in found] == [
        ("A", "100.00", "100.00", "优"),
        ("B", "85.50", "85.50", "良"),
        ("C", "None", "100.00", "None"),
    ]


def test_a_file_that_is_there_stays_without_force(cli: Any, table: Path) -> None:
    Path("scores.parquet").write_bytes(b"mine")
    assert "结果文件已经存在" in cli("score", "rates", "项目.csv", code=2).stderr
    assert Path("scores.parquet").read_bytes() == b"mine"
    answer = cli.json("score", "rates", "项目.csv", "--force")
    assert answer["grades"] == {"优": 1, "良": 1, "中": 0, "差": 0} and answer["ungraded"] == 1
    assert cli.result.stderr == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--table", "extra"], "--table 要写成 表名=文件"),
        (["--table", "extar=附表.csv"], "指标包没有这个表"),
        (["--table", "extra=附表.csv"], "附表.csv:文件不存在"),
        (["--out", "结果.xlsx"], "结果写成 Parquet 文件"),
    ],
)
def test_what_cannot_be_scored_is_told(cli: Any, table: Path, args: list[str], said: str) -> None:
    assert said in cli("score", "rates", "项目.csv", *args, code=2).stderr
    assert sorted(p.name for p in Path().iterdir()) == ["notebooks", "packs", "params", "项目.csv"]
