"""A table scored piece by piece: the same scores as all at once, the same bytes whatever the pieces, and nothing half done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.base.errors import EvidenceError, FileError, NotWritten, WorkbenchError
from workbench.base.exact import from_units
from workbench.cli.packs_new import write_pack
from workbench.evidence.parquet import read_parquet
from workbench.runs.bulk import score, score_to_parquet
from workbench.runs.bulk.pieces import NotInPieces
from workbench.scheme.expressions import one_file
from workbench.scoring.totals import NO_GRADE

TREE = "most: {title: 不含趋势, level1: {预算执行率: 10, 产出指标: 60, 满意度指标: 30}, weights: {COST: 30, TREND: 0}}"
RANKED = """
pack:
  id: ranked
  version: 1.0.0
  api_version: 1
  title: 排名
  object: 排名
  basis: [{document: 无}]
  ruleset: caiyu-2020-10
  subject_fields:
    - {name: amount, title: 规模, type: number, decimals: 2}
    - {name: share, title: 完成率, type: percent, unit: '%', decimals: 2}
  indicators:
    - {code: PLACE, name: 规模名次, level1: 产出指标, weight: 60, value: amount, example: true,
       rule: {kind: rank_tiers, params: {tiers: [{upto: 1, deduct: 0}, {upto: 2, deduct: 20}], otherwise_deduct: 60}}}
    - {code: DONE, name: 完成率, level1: 效益指标, weight: 40, unit: '%', value: share, target: "100", example: true,
       rule: {kind: proportional}}
"""
BENCHMARKS = pd.DataFrame(
    {"item": ["人均培训成本"], "scope": ["全国平均"], "year": [2023], "value": [1.5], "source": ["示例"]}
)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the scaffolded pack, given a tree without its Python derivation, and one that ranks."""
    root = tmp_path_factory.mktemp("packs")
    write_pack(root / "packs" / "roads", "roads", "农村公路")
    path = root / "packs" / "roads" / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  tables:\n", f"  variants:\n    {TREE}\n\n  tables:\n", 1), encoding="utf-8")
    (root / "packs" / "ranked").mkdir()
    (root / "packs" / "ranked" / "pack.yaml").write_text(RANKED, encoding="utf-8")
    return root


def made(seed: int, n: int) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """``n`` subjects with gaps, their details out of order."""
    random = np.random.default_rng(seed)
    ids = np.array([f"P{i:04d}" for i in range(n)], dtype=object)

    def numbers(low: float, high: float, size: int = n) -> Any:
        values = np.round(random.uniform(low, high, size), 2)
        values[random.random(size) < 0.1] = np.nan
        return values

    subjects = pd.DataFrame({"subject": ids, "name": ids, "year": 2024})
    budget, executed = numbers(80, 200), numbers(60, 190)
    training = pd.DataFrame({"subject": np.repeat(ids, 2), "number": [1, 2] * n, "planned": 40})
    training["attended"] = random.integers(30, 41, 2 * n)
    survey = pd.DataFrame(
        {"subject": ids, "population": 100, "sample": 60, "valid": 55, "satisfied": numbers(30, 55) // 1}
    )
    tables = {
        "funds": pd.DataFrame({"subject": ids, "budget": budget, "executed": executed}),
        "training": training.sample(frac=1, random_state=seed),
        "survey": survey,
        "benchmark_values": BENCHMARKS,
    }
    return subjects, tables


def laid_down(folder: Path, frames: dict[str, pd.DataFrame], kind: str = "parquet") -> dict[str, Path]:
    """The frames as files."""
    paths = {name: folder / f"{name}.{kind}" for name in frames}
    for name, frame in frames.items():
        if kind == "parquet":
            duckdb.from_df(frame).write_parquet(str(paths[name]))
        else:
            frame.to_csv(paths[name], index=False, encoding="gb18030" if name == "benchmark_values" else "utf-8-sig")
    return paths


def rows(path: Path) -> list[dict[str, Any]]:
    """A file's rows, numbers as decimals."""
    answer = duckdb.execute("FROM read_parquet(?)", [str(path)])
    heads = [d[0] for d in answer.description]
    return [dict(zip(heads, row, strict=True)) for row in answer.fetchall()]


def at_once(packs: Path, subjects: Any, tables: Any) -> list[dict[str, Any]]:
    """What the file has to hold, from :func:`score` in memory."""
    found = score("roads", subjects, tables=tables, variant="most", workspace=packs)
    card, totals = found.card, found.totals
    labels = [band.label for band in card.scheme.bands.items]
    expected = []
    for i, subject in enumerate(card.measures.ids):
        row: dict[str, Any] = {"subject": subject}
        for one in card.indicators:
            assert one.inputs.value is not None
            row[f"{one.code}_value"] = one.inputs.value.number(i)
            row[f"{one.code}_points"] = from_units(one.final[i], 2) if one.settled[i] else None
            row[f"{one.code}_status"], row[f"{one.code}_branch"] = int(one.status[i]), int(one.branch[i])
        row["total_low"], row["total_high"] = from_units(totals.low[i], 2), from_units(totals.high[i], 2)
        row["grade"] = None if totals.grade[i] == NO_GRADE else labels[totals.grade[i]]
        row["provisional"] = bool(totals.provisional[i])
        expected.append(row)
    return expected


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1000), n=st.integers(1, 9), chunk=st.integers(1, 10), in_files=st.booleans())
def test_pieces_of_any_size_give_what_is_given_at_once(
    tmp_path_factory: pytest.TempPathFactory, packs: Path, seed: int, n: int, chunk: int, in_files: bool
) -> None:
    folder = tmp_path_factory.mktemp("pieces")
    subjects, tables = made(seed, n)
    frames = {"subjects": subjects, **tables}
    given_tables: Any = laid_down(folder, frames) if in_files else dict(frames)
    main = given_tables.pop("subjects")
    out = folder / "out.parquet"
    score_to_parquet("roads", main, out, tables=given_tables, variant="most", workspace=packs, chunk=chunk)
    assert rows(out) == at_once(packs, subjects, tables)


def test_the_same_bytes_from_memory_parquet_and_csv_in_any_pieces(tmp_path: Path, packs: Path) -> None:
    subjects, tables = made(3, 50)
    frames = {"subjects": subjects, **tables}
    digests = set()
    for kind, chunk in (("memory", None), ("memory", 7), ("parquet", 11), ("csv", 13)):
        given_tables: Any = dict(frames) if kind == "memory" else laid_down(tmp_path, frames, kind)
        out = tmp_path / f"{kind}{chunk}-out.parquet"
        main = given_tables.pop("subjects")
        done = score_to_parquet("roads", main, out, tables=given_tables, variant="most", workspace=packs, chunk=chunk)
        digests.add(digest(out))
        assert (done.subjects, sum(done.grades.values())) == (50, 50)
    assert len(digests) == 1


def test_several_blocks_are_joined_in_order_whatever_the_pieces(tmp_path: Path, packs: Path) -> None:
    # A block has at most 122,880 rows; 130,000 subjects make two.
    n = 130_000
    data = {"share": np.arange(n) % 120 / 1.0}
    outs = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for out, chunk in zip(outs, (n, 200_000), strict=True):
        score_to_parquet("ranked", {**data, "amount": np.arange(n) * 1.0}, out, workspace=packs, chunk=chunk)
    assert digest(outs[0]) == digest(outs[1])
    odd = "SELECT count(*) FROM read_parquet(?, file_row_number = true) WHERE subject <> CAST(file_row_number + 1 AS VARCHAR)"
    assert duckdb.execute(odd, [str(outs[0])]).fetchone() == (0,)


def test_decimals_keep_their_digits_in_files_and_in_memory(tmp_path: Path, packs: Path) -> None:
    # 2.675 half-up is 2.68; 99.994999… with 17 digits is below the tie, which no float can say.
    numbers = [Decimal("2.675"), Decimal("99.99499999999999999"), None]
    query = (
        "COPY (SELECT unnest(['2.675', '99.99499999999999999', NULL])::DECIMAL(38, 17) AS 完成率, 1 AS amount) TO '{}'"
    )
    duckdb.execute(query.format(tmp_path / "in.parquet"))
    memory = {"share": np.array(numbers, dtype=object), "amount": np.ones(3)}
    for main in (tmp_path / "in.parquet", memory):
        out = tmp_path / "out.parquet"
        score_to_parquet("ranked", main, out, workspace=packs)
        assert [row["DONE_value"] for row in rows(out)] == [Decimal("2.68"), Decimal("99.99"), None]


def test_who_is_compared_with_others_is_not_scored_apart(tmp_path: Path, packs: Path) -> None:
    data = {"amount": [3.0, 2.0, 1.0], "share": [90.0, 90.0, 90.0]}
    with pytest.raises(NotInPieces, match=r"规模名次.*排名分档.*全部对象.*chunk=3"):
        score_to_parquet("ranked", data, tmp_path / "out.parquet", workspace=packs, chunk=2)
    done = score_to_parquet("ranked", data, tmp_path / "out.parquet", workspace=packs, chunk=3)
    assert [row["PLACE_points"] for row in rows(done.path)] == [60, 40, 0]
    # The whole tree of the scaffold has a derivation in Python, which may read whatever it likes.
    subjects, tables = made(1, 3)
    text = (packs / "packs" / "roads" / "pack.yaml").read_text(encoding="utf-8")
    root = tmp_path / "other"
    (root / "packs" / "roads").mkdir(parents=True)
    plain = root / "packs" / "roads"
    plain.joinpath("pack.yaml").write_text(text.replace(f"  variants:\n    {TREE}\n\n", ""), encoding="utf-8")
    plain.joinpath("plugin.py").write_bytes((packs / "packs" / "roads" / "plugin.py").read_bytes())
    with pytest.raises(NotInPieces, match=r"出勤率趋势.*由插件的程序计算"):
        score_to_parquet("roads", subjects, tmp_path / "out.parquet", tables=tables, workspace=root, chunk=2)


BAD_FUNDS = """COPY (SELECT subject, CASE subject WHEN 'P0004' THEN '一百' WHEN 'P0006' THEN '9_9' ELSE '100' END AS 全年预算数,
    CASE subject WHEN 'P0002' THEN 'inf'::DOUBLE ELSE 90.0::DOUBLE END AS executed FROM '{}') TO '{}'"""


def test_bad_cells_of_a_file_are_told_by_file_row_and_field_before_anything_is_scored(
    tmp_path: Path, packs: Path
) -> None:
    subjects, tables = made(1, 8)
    paths = laid_down(tmp_path, {"subjects": subjects, **tables})
    duckdb.execute(BAD_FUNDS.format(paths["subjects"], tmp_path / "bad.parquet"))
    steps: list[int] = []
    with pytest.raises(EvidenceError) as caught:
        score_to_parquet(
            "roads",
            paths["subjects"],
            tmp_path / "out.parquet",
            tables={"funds": tmp_path / "bad.parquet"},
            variant="most",
            workspace=packs,
            progress=lambda done, total: steps.append(done),
        )
    told = [(p.place.row, p.place.field, p.found) for p in caught.value.problems]
    assert told == [(5, "全年预算数", "一百"), (3, "全年执行数", "inf")]
    assert "bad.parquet 第5行" in str(caught.value) and "另有1行" in str(caught.value)
    assert not steps and not (tmp_path / "out.parquet").exists()


def csv(text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "表.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("write", "error", "said"),
    [
        (
            csv("subject,year\nA,2024\nB,2024\nA,2024\n"),
            EvidenceError,
            r"表\.csv 第4行 “对象编号”:对象编号与第2行重复.*“A”",
        ),
        (csv("subject,year\nA,2024\n ,2024\n"), EvidenceError, r"表\.csv 第3行 “对象编号”:没有填写"),
        (csv("subject,yaer\nA,2024\n"), EvidenceError, r"表\.csv.*没有这个字段.*yaer.*year"),
        (csv("对象编号,subject\nA,A\n"), EvidenceError, r"同一字段有两列"),
        (csv("subject,role\nA,评价对象\nB,参考\n"), EvidenceError, r"第3行 “类型”:不在代码表里.*参考.*参照"),
        (csv("subject,year\nA,2024,1,1\n"), FileError, r"表\.csv 第2行:文件不完整、已损坏或格式不对"),
        (csv("subject,subject\nA,A\n"), FileError, r"表\.csv 第1行:表头读不出、为空或有重复"),
        (csv("subject,year\rA,2024\rB,2024\r"), FileError, r"表\.csv 第1行:表头读不出"),  # as old Macs end a line
        (csv('"' + "x" * 200_000 + "\n"), FileError, r"表\.csv 第1行:表头读不出"),
        (csv(""), FileError, r"表\.csv 第1行:表头读不出、为空"),
        (lambda folder: folder / "没有.parquet", FileError, "文件不存在"),
        (lambda folder: csv("x")(folder).rename(folder / "表.xlsx"), FileError, "只能读取 Parquet 和 CSV"),
        (lambda folder: csv("x")(folder).rename(folder / "表.parquet"), FileError, r"表\.parquet:文件不完整"),
    ],
)
def test_a_file_that_cannot_be_scored_is_told(
    tmp_path: Path, packs: Path, write: Callable[[Path], Path], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        score_to_parquet("roads", write(tmp_path), tmp_path / "out.parquet", variant="most", workspace=packs)
    assert not list(tmp_path.glob(".scores-*")) and not (tmp_path / "out.parquet").exists()


def test_a_subject_twice_in_memory_and_a_table_nobody_has_are_told(tmp_path: Path, packs: Path) -> None:
    twice = {"subject": ["A", "B", "A"], "amount": [1.0, 2.0, 3.0]}
    with pytest.raises(EvidenceError, match=r"第3行.*与第1行重复"):
        score_to_parquet("ranked", twice, tmp_path / "out.parquet", workspace=packs)
    with pytest.raises(WorkbenchError, match=r"指标包没有这个表.*fund.*funds"):
        score_to_parquet("roads", {}, tmp_path / "o.parquet", tables={"fund": {}}, variant="most", workspace=packs)


def test_a_name_that_would_be_a_pattern_is_that_of_one_file(tmp_path: Path, packs: Path) -> None:
    """``表[1].parquet`` was read as ``表1.parquet``, and a folder ``year=2024`` added a column."""
    folder = tmp_path / "年[1]" / "year=2024"
    folder.mkdir(parents=True)
    for name, subject in (("表1", "other"), ("表[1]", "meant")):
        for suffix, options in (("parquet", "FORMAT parquet"), ("csv", "FORMAT csv")):
            with duckdb.connect() as connection:
                connection.execute(
                    f"COPY (SELECT '{subject}' AS subject, 1.0 AS amount) TO '{folder / name}.{suffix}' ({options})"
                )
    for suffix in ("parquet", "csv"):
        out = folder / f"结果*{suffix}.parquet"
        score_to_parquet("ranked", folder / f"表[1].{suffix}", out, workspace=packs)
        with duckdb.connect() as connection:
            found = connection.execute("SELECT subject FROM read_parquet(?)", [one_file(out)]).fetchall()
        assert found == [("meant",)]
    assert read_parquet(folder / "表[1].parquet", "x", "表").rows == [["subject", "amount"], ["meant", 1]]


def test_an_interrupted_run_leaves_the_old_file_and_nothing_else(tmp_path: Path, packs: Path) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_to_parquet("ranked", {"share": [1.0]}, out, workspace=packs, progress=stop)
    assert out.read_bytes() == b"old" and list(tmp_path.iterdir()) == [out]


def test_where_nothing_can_be_written_it_is_told(tmp_path: Path, packs: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten, match="结果文件写不进去"):
        score_to_parquet("ranked", {"share": [1.0]}, tmp_path / "file" / "out.parquet", workspace=packs)
    with pytest.raises(FileError, match="结果写成 Parquet"):
        score_to_parquet("ranked", {"share": [1.0]}, tmp_path / "out.csv", workspace=packs)
    with pytest.raises(FileError, match="不能写到数据文件上"):
        score_to_parquet("ranked", tmp_path / "in.parquet", tmp_path / "in.parquet", workspace=packs)


def test_a_number_too_long_for_the_file_names_its_subject(tmp_path: Path, packs: Path) -> None:
    data = {"subject": ["A", "B"], "share": [90.0, 90.0], "amount": np.array([1, 10**17], dtype=np.int64)}
    with pytest.raises(EvidenceError, match=r"“规模名次”的完成值.*超过18位.*对象 B"):
        score_to_parquet("ranked", data, tmp_path / "out.parquet", workspace=packs)


def test_no_subjects_make_a_file_without_rows(tmp_path: Path, packs: Path) -> None:
    done = score_to_parquet("ranked", {"share": np.array([])}, tmp_path / "out.parquet", workspace=packs)
    assert done.subjects == 0 and rows(done.path) == []
