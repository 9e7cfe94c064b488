"""Packs and plugins that mean harm, or are broken: refused by lint and before a kernel starts, or named and passed over."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conftest import ROOT, Bench

from workbench.cli.packs_new import write_pack

MEASURE = "value: funds.executed / nullif(funds.budget, 0) * 100"
DERIVED = "sql: SELECT subject, sum(planned) AS planned, sum(attended) AS attended FROM training GROUP BY subject"
CHECK = "when: trained.attended > trained.planned"
SQL = {
    "measure reads a file": (MEASURE, "value: (SELECT count(*) FROM read_csv('/etc/passwd'))", "不允许的写法:SUBQUERY"),
    "measure asks the clock": (MEASURE, "value: date_diff('day', now(), now())", "不允许的函数:now"),
    "measure creates a table": (MEASURE, 'value: "1; CREATE TABLE x AS SELECT 1"', "不允许建表"),
    "derived reads a file": (
        DERIVED,
        "sql: SELECT subject, 1 AS planned, 2 AS attended FROM read_csv('/etc/passwd')",
        "不允许表函数和文件",
    ),
    "derived reads a file by its name": (
        DERIVED,
        "sql: SELECT subject, 1 AS planned, 2 AS attended FROM '/etc/passwd'",
        "表“/etc/passwd”不在本指标包中",
    ),
    "derived asks the clock": (
        DERIVED,
        "sql: SELECT subject, year(now()) AS planned, 1 AS attended FROM training",
        "不允许的函数:now",
    ),
    "derived creates a table": (DERIVED, "sql: CREATE TABLE x AS SELECT 1", "不允许建表"),
    "derived writes a file": (DERIVED, "sql: COPY training TO 'leak.csv'", "不允许建表"),
    "check reads a file": (CHECK, "when: (SELECT true FROM read_csv('/etc/passwd'))", "不允许的写法:SUBQUERY"),
    "check asks the clock": (CHECK, "when: now() > '2020-01-01'", "不允许的函数:now"),
    "check creates a table": (CHECK, 'when: "true; DROP TABLE funds"', "不允许建表"),
}
HOMES = ("judged: execution_rate", "judged: execution_rate\n      rule: {kind: proportional}")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new pack, as ``workbench packs new`` writes it."""
    folder = tmp_path_factory.mktemp("packs") / "roads"
    write_pack(folder, "roads", "农村公路")
    return folder


@pytest.fixture
def roads(bench: Bench, made: Path) -> Path:
    """The new pack in the workspace, and the plan on its worked example."""
    folder = bench.root / "packs" / "roads"
    shutil.copytree(made, folder)
    bench.plan |= {"pack": "roads", "variant": None, "evidence": "packs/roads/example/evidence"}
    bench.write_plan()
    return folder


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", SQL)
def test_sql(bench: Bench, roads: Path, name: str) -> None:
    old, new, said = SQL[name]
    spoil(roads, old, new)
    done = bench.refused("roads pack.yaml", said)
    assert "执行笔记本" not in done.err  # told before a kernel starts


def test_lint_tells_all_of_it_at_once(bench: Bench, roads: Path) -> None:
    chosen = [SQL[f"{part} reads a file"] for part in ("measure", "derived", "check")]
    for old, new, _ in chosen:
        spoil(roads, old, new)
    bench.refused("检查未通过", "pack.yaml", *(said for *_, said in chosen), code=4, args=["packs", "lint", "roads"])


def test_rule_in_two_homes(bench: Bench, roads: Path) -> None:
    spoil(roads, *HOMES)
    bench.refused("roads pack.yaml 指标 EXEC", "rule(指标包)与 judged(计分规则集)", "请只保留一处")
    bench.refused("指标 EXEC", "写在两处", code=4, args=["packs", "lint", "roads"])


def test_yaml_bomb_in_a_pack(bench: Bench, roads: Path) -> None:
    (roads / "pack.yaml").write_text("pack: {a: &a [x], b: [*a, *a]}\n", encoding="utf-8")
    bench.refused("pack.yaml 第1行", "锚点与别名", args=["packs", "lint", "packs/roads"], code=4)


@pytest.mark.parametrize("code", ["raise RuntimeError('not today')", "import sys; sys.exit(5)"])
def test_workspace_plugin_that_raises_at_import(bench: Bench, roads: Path, code: str) -> None:
    (roads / "plugin.py").write_text(code + "\n", encoding="utf-8")
    done = bench("packs")
    assert done.code == 0
    assert "roads" in done.out
    assert "插件代码无法导入" in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_installed_plugin_that_raises_at_import(bench: Bench, tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "broken_pack-1.2.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-pack\nVersion: 1.2.3\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[workbench]\nbroken = broken_pack\n", encoding="utf-8")
    (site / "broken_pack.py").write_text("raise RuntimeError('not today')\n", encoding="utf-8")
    env = {"PYTHONPATH": str(site)}
    done = bench("packs", env=env)
    assert done.code == 0
    assert "broken-pack 1.2.3" in done.out + done.err
    assert "not today" in done.out + done.err
    # and what does not need it runs
    assert bench.passed(env=env)["subjects"][0]["total"] == "87.00"


def test_the_projects_own_packs_are_as_they_were() -> None:
    assert not list(ROOT.glob("packs/roads"))
