"""``workbench packs``: what is installed, what a pack holds, whether it holds together, and a new one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli.packs_new import write_pack

MISTAKE = ("weight: 30", "weight: 29.99")


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_list_shows_every_kind_of_content(cli, roads):
    text = cli("packs", code=0).stdout
    for heading in ("指标包", "计分规则集", "地区办法", "计分规则", "插件"):
        assert f"{heading}(共" in text
    assert "roads" in text
    assert "农村公路" in text
    assert "工作区 packs/roads" in text
    assert cli("packs", "list", code=0).stdout == text


def test_list_as_json(cli, roads):
    content = cli.json("packs")
    pack = next(p for p in content["packs"] if p["id"] == "roads")
    assert pack["version"] == "0.1.0"
    assert len(pack["digest"]) == 64
    assert pack["path"].endswith("packs/roads/pack.yaml")
    assert {p["id"] for p in content["policies"]} >= {"national-default", "kizilsu-2023"}
    assert {r["id"] for r in content["rulesets"]} >= {"caiyu-2020-10", "caiyu-2021-101"}
    assert {k["name"] for k in content["kinds"]} >= {"proportional", "banded"}
    assert content["plugins"][0]["hooks"] == ["workbench_rule_kinds", "workbench_signature_algorithms"]
    assert content["problems"] == []
    assert cli.json("packs", "list") == content


def test_list_names_what_is_broken_and_goes_on(cli, roads, workspace):
    (roads / "plugin.py").write_text("raise RuntimeError('not today')\n", encoding="utf-8")
    bad = workspace / "packs" / "bad"
    bad.mkdir()
    (bad / "pack.yaml").write_text("pack: {id: bad}\n", encoding="utf-8")
    text = cli("packs", code=0).stdout
    assert "有问题" in text
    assert "not today" in text
    assert "bad(工作区 packs/bad):无法读取,用 workbench packs lint bad 查看原因" in text
    assert "national-default" in text
    content = cli.json("packs")
    assert {p["code"] for p in content["problems"]} >= {"plugin_import", "missing"}
    assert next(p for p in content["packs"] if p["id"] == "bad")["title"] is None


def test_list_shows_derivations_of_a_plugin(cli, roads):
    source = (
        "from workbench.plugins.specs import hookimpl\nfrom workbench.scoring.derivations import Derivation\n"
        "@hookimpl\ndef workbench_derivations():\n    return [Derivation('own-table', '1.0.0', dict, '')]\n"
    )
    (roads / "plugin.py").write_text(source, encoding="utf-8")
    assert "own-table" in cli("packs", code=0).stdout
    own = next(d for d in cli.json("packs")["derivations"] if d["name"] == "own-table")
    assert own["distribution"] == "工作区 packs/roads"


def test_another_workspace_can_be_named(cli, roads, workspace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "roads" not in cli("packs", code=0).stdout
    assert "roads" in cli("packs", "-w", str(workspace), code=0).stdout
    assert "roads" in cli("packs", "list", "--workspace", str(workspace), code=0).stdout


def test_a_sealed_workspace_says_that_its_runs_use_what_was_sealed(cli, workspace):
    commands = [
        ("packs",),
        ("packs", "list", "--json"),
        ("packs", "show", "self-evaluation"),
        ("template", "self-evaluation", "-o", "x.xlsx"),
        ("new", "self-evaluation", "demo"),
    ]
    assert "封存" not in cli(*commands[0], code=0).stderr
    (workspace / "sealed").mkdir()
    (workspace / "sealed" / "origin.json").write_text('{"run": "0"}', "utf-8")
    for command in commands:
        said = cli(*command, code=0).stderr
        assert said.count("这是封存工作区,其中的运行只用 sealed/ 里封存的指标包、规则集和地区办法") == 1, command


def test_show_tells_what_a_pack_judges(cli, roads):
    text = cli("packs", "show", "roads", code=0).stdout
    for part in ("农村公路(roads 0.1.0", "依据:", "佐证表", "培训班次", "TRAINED", "示例权重,可改", "财预〔2020〕10号"):
        assert part in text
    shown = cli.json("packs", "show", "roads")
    assert shown["pack"]["indicators"][0]["weight"] == "10"
    assert len(shown["digest"]) == 64
    assert cli("packs", "show", str(roads), code=0).stdout == text


def test_show_tells_variants_extras_and_the_indicator_sheet(cli, roads):
    variants = "variants:\n    short: {title: 短树, level1: {预算执行率: 10, 产出指标: 60, 满意度指标: 30}}\n  "
    spoil(roads, "  checks:", "  indicator_sheet: {}\n\n  checks:")
    spoil(roads, "tables:\n    - name: funds", f"{variants}tables:\n    - name: funds")
    bonus = "  bonus:\n    items:\n      - {code: B1, name: 获奖, limit: 2, rule: {kind: yes_no}, example: true}\n"
    spoil(roads, "  example:\n    plan", f"{bonus}  example:\n    plan")
    text = cli("packs", "show", "roads", code=0).stdout
    for part in (
        "短树",
        "≤2",
        "是否判断",
        "B1 获奖:是否判断:符合要求得满分2分,不符合的不得分",
        "三级指标由“绩效指标”表逐项填写",
    ):
        assert part in text


@pytest.mark.parametrize("command", ["show", "lint"])
def test_an_unknown_pack_is_answered_with_the_nearest(cli, roads, command):
    assert "是否想写“roads”?" in cli("packs", command, "raods", code=2).stderr
    assert cli.json("packs", command, "raods", code=2)["problems"][0]["code"] == "not_installed"


def test_a_new_pack_passes_lint(cli, roads):
    assert "检查通过" in cli("packs", "lint", "roads", code=0).stdout
    assert cli.json("packs", "lint", "roads") == {
        "pack": (roads / "pack.yaml").as_posix(),
        "passed": True,
        "problems": [],
    }


@pytest.mark.parametrize("path", ["", "pack.yaml"])
def test_a_pack_can_be_linted_where_it_lies(cli, workspace, tmp_path, path):
    folder = tmp_path / "elsewhere"
    write_pack(folder, "elsewhere", "别处")
    assert "检查通过" in cli("packs", "lint", str(folder / path), code=0).stdout


def test_a_distribution_can_be_linted_by_its_folder(cli, workspace, tmp_path):
    write_pack(tmp_path / "dist" / "src" / "workbench_pack_x", "x", "包")
    assert "检查通过" in cli("packs", "lint", str(tmp_path / "dist"), code=0).stdout


@pytest.fixture
def several(tmp_path):
    """A distribution of two packs, not installed."""
    folder = tmp_path / "dist"
    for name, title in (("roads-rural", "农村公路"), ("roads-urban", "城市道路")):
        write_pack(folder / "src" / "workbench_pack_roads" / "packs" / name, name, title)
    return folder


def test_all_packs_of_a_distribution_are_linted(cli, workspace, several):
    stdout = cli("packs", "lint", str(several), code=0).stdout
    assert stdout.count("检查通过") == 2
    spoil(several / "src" / "workbench_pack_roads" / "packs" / "roads-urban", *MISTAKE)
    result = cli("packs", "lint", str(several), code=4)
    assert result.stdout.count("检查通过") == 1
    assert "roads-urban pack.yaml" in result.stderr
    answer = cli.json("packs", "lint", str(several), code=4)
    assert [p["passed"] for p in answer["packs"]] == [True, False] and answer["passed"] is False


def test_a_distribution_of_several_packs_is_shown_as_their_list(cli, workspace, several):
    text = cli("packs", "show", str(several), code=0).stdout
    for part in ("2个指标包", "农村公路", "城市道路", "workbench packs show roads-rural"):
        assert part in text
    assert [p["id"] for p in cli.json("packs", "show", str(several))["packs"]] == ["roads-rural", "roads-urban"]


def test_a_template_is_of_one_pack(cli, workspace, several):
    stderr = cli("template", str(several), "-o", "x.xlsx", code=2).stderr
    assert "含有2个指标包的插件" in stderr and "roads-rural(农村公路)、roads-urban(城市道路)" in stderr
    one = several / "src" / "workbench_pack_roads" / "packs" / "roads-rural"
    cli("template", str(one), "-o", "x.xlsx", code=0)


def test_show_has_a_column_of_points_for_each_tree(cli, roads):
    level1 = "level1: {预算执行率: 10, 产出指标: 60, 满意度指标: 30}"
    output = "title: 产出树, level1: {预算执行率: 20, 产出指标: 80}, weights: {EXEC: 20, TRAINED: 50, SATISFIED: 0}"
    spoil(roads, "  tables:", f"  variants:\n    whole: {{title: 全树, {level1}}}\n    output: {{{output}}}\n  tables:")
    text = cli("packs", "show", "roads", code=0).stdout
    assert "分值(whole)" in text and "分值(output)" in text
    row = next(line for line in text.splitlines() if "SATISFIED" in line)
    assert row.split()[4:6] == ["30", "—"]


def test_lint_fails_with_4_and_names_every_problem(cli, roads):
    spoil(roads, *MISTAKE)
    spoil(roads, "judged: execution_rate", "judged: execution_rat")
    stderr = cli("packs", "lint", "roads", code=4).stderr
    assert "检查未通过(共2处)" in stderr
    assert "29.99" in stderr or "99.99" in stderr
    assert "是否想写“execution_rate”?" in stderr
    answer = cli.json("packs", "lint", "roads", code=4)
    assert answer["passed"] is False
    assert {p["code"] for p in answer["problems"]} == {"weight_sum", "class"}


def test_lint_shows_warnings_and_passes(cli, roads):
    spoil(roads, "    - 标为示例(example)的权重没有文件依据,可改;有依据的请写明 clause 并删去 example。", "    - 说明")
    stdout = cli("packs", "lint", "roads", code=0).stdout
    assert stdout.startswith("提示:")
    assert "(提示1处)" in stdout


def test_lint_names_broken_plugins_and_skips_unreadable_rulesets(cli, roads, workspace):
    (roads / "plugin.py").write_text("1 / 0\n", encoding="utf-8")
    broken = workspace / "packs" / "rules" / "rulesets"
    broken.mkdir(parents=True)
    (broken / "bad.yaml").write_text("ruleset: 3\n", encoding="utf-8")
    result = cli("packs", "lint", "roads", code=4)
    assert "ZeroDivisionError" in result.stderr
    assert result.stderr.count("插件代码无法导入") == 1
    assert "派生表需要的计算程序没有安装" in result.stderr and "bad" not in result.stderr


def test_new_writes_into_the_workspace_and_says_what_next(cli, workspace):
    stdout = cli("packs", "new", "rural-roads", "--title", "农村公路: 养护", code=0).stdout
    folder = workspace / "packs" / "rural-roads"
    assert "workbench packs lint" in stdout
    assert "title: 农村公路  养护" in (folder / "pack.yaml").read_text(encoding="utf-8")
    assert 'rural-roads = "workbench_pack_rural_roads.plugin"' in (folder / "pyproject.toml").read_text(
        encoding="utf-8"
    )
    for name in (
        "README.md",
        "plugin.py",
        "tests/test_pack.py",
        "example/evidence/funds.csv",
        "example/worked-example.md",
    ):
        assert (folder / name).is_file()
    assert "$" not in "".join(p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file())
    cli("packs", "lint", "rural-roads", code=0)


def test_new_takes_another_folder(cli, workspace, tmp_path):
    cli("packs", "new", "x", "--dir", str(tmp_path / "mine"), code=0)
    assert (tmp_path / "mine" / "x" / "pack.yaml").is_file()


@pytest.mark.parametrize("name", ["Roads", "路", "-x", "a_b", "../x", "x" * 41])
def test_new_refuses_odd_names(cli, workspace, name):
    assert cli("packs", "new", "--", name, code=2).exit_code == 2


def test_new_does_not_overwrite(cli, roads):
    before = (roads / "pack.yaml").read_bytes()
    assert "不是空的" in cli("packs", "new", "roads", code=2).stderr
    assert (roads / "pack.yaml").read_bytes() == before


def test_the_new_packs_own_test_passes(roads):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(roads)]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, cwd=roads, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_new_packs_own_test_fails_when_a_score_is_wrong(roads):
    expected = roads / "example" / "expected.yaml"
    expected.write_text(expected.read_text(encoding="utf-8").replace("7.93", "7.92"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(roads)]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, cwd=roads, check=False)
    assert "预期7.92,算得7.93" in done.stdout
    assert "1 failed" in done.stdout
