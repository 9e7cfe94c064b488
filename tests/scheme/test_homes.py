"""One home for every setting, seen from the plan file and the pack file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.base.errors import PackError, PlanError, WorkbenchError
from workbench.runs.opening import read_plan
from workbench.scheme.library import Library, load_pack

PLAN = """plan:
  evaluation: demo
  title: 示例
  pack: demo
  ruleset: caiyu-2020-10
  policy: national-default
  period: "2023"
  stage: 部门评价
  as_of: "2024-03-01"
  evidence: demo.xlsx
"""
PACK = """pack:
  id: demo
  version: 1.0.0
  api_version: 1
  title: 示例
  object: 示例
  basis: []
  ruleset: caiyu-2020-10
  indicators: []
"""


def refused(tmp_path: Path, more: str, old: str = "", new: str = "") -> WorkbenchError:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace(old, new) + more if old else PLAN + more, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(path, tmp_path)
    return caught.value


@pytest.mark.parametrize(
    ("line", "home"),
    [
        ("bands: {reads: base}", "地区办法(policy)"),
        ("caps: []", "地区办法(policy)"),
        ("consequences: []", "地区办法(policy)"),
        ("grade_names: {优: 优秀}", "地区办法(policy)"),
        ("points_decimals: 3", "计分规则集(ruleset)"),
        ("classes: {}", "计分规则集(ruleset)"),
        ("late_evidence: {}", "计分规则集(ruleset)"),
        ("indicators: []", "指标包(pack)"),
        ("bonus: {cap: 10}", "指标包(pack)"),
        ("deductions: {floor: 0}", "指标包(pack)"),
    ],
)
def test_a_plan_carries_no_setting_of_another_home(tmp_path: Path, line: str, home: str) -> None:
    # The same setting in two homes: docs/semantics.md §6.
    error = refused(tmp_path, f"  {line}\n")
    key = line.partition(":")[0]
    [problem] = error.problems
    assert (problem.code, problem.place.file, problem.place.key) == ("other_home", "plan.yaml", f"plan.{key}")
    assert problem.place.line == 11
    assert home in str(error) and "changes" in str(error)


def test_an_unknown_key_is_named_with_the_nearest(tmp_path: Path) -> None:
    error = refused(tmp_path, "  polcy: x\n")
    [problem] = error.problems
    assert (problem.code, problem.place.line) == ("unknown_key", 11)
    assert "是否想写“policy”" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ('as_of: "2024-03-01"', "as_of: 2024/03/01", "plan.as_of", "格式不对"),
        ("stage: 部门评价", "stage: 复评", "plan.stage", "自评"),
        ("evaluation: demo", "evaluation: ../demo", "plan.evaluation", "格式不对"),
        ('period: "2023"', "period: 2023", "plan.period", "文字"),
        ("  pack: demo\n", "", "plan.pack", "缺少必填项"),
    ],
)
def test_values_a_plan_must_have(tmp_path: Path, old: str, new: str, key: str, word: str) -> None:
    error = refused(tmp_path, "", old, new)
    assert [p.place.key for p in error.problems] == [key]
    assert word in str(error)


def test_a_date_needs_no_quotes_because_dates_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace('"2024-03-01"', "2024-03-01"), encoding="utf-8")
    assert read_plan(path, tmp_path).plan.as_of == "2024-03-01"


@pytest.mark.parametrize("content", ["plan: 3\n", "pack: {}\n", "plan: {}\nmore: {}\n", "- plan\n", ""])
def test_one_top_level_key(tmp_path: Path, content: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PlanError):
        read_plan(path, tmp_path)


def test_plans_from_papermill_are_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    plan = read_plan(path, tmp_path).plan
    assert read_plan(plan.model_dump(mode="json", exclude_none=True), tmp_path).plan == plan
    with pytest.raises(PlanError, match="points_decimals"):
        read_plan(plan.model_dump(mode="json") | {"points_decimals": 3}, tmp_path)


def test_set_changes_one_setting_and_obeys_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    plan = read_plan(path, tmp_path, ["ruleset=caiyu-2021-101", "parties.lead=张三", "seed=7"]).plan
    assert (plan.ruleset, plan.parties.lead, plan.seed) == ("caiyu-2021-101", "张三", 7)
    for bad in ("points_decimals=3", "bands.reads=base", "nothing=1", "noequals", "=1"):
        with pytest.raises(PlanError):
            read_plan(path, tmp_path, [bad])


@pytest.mark.parametrize(("version", "fix"), [("2", "升级 workbench"), ("0", "升级指标包")])
def test_a_pack_for_another_interface_is_refused(tmp_path: Path, version: str, fix: str) -> None:
    # Refused with a clear message, before unknown keys of a newer format confuse the reader.
    path = tmp_path / "pack.yaml"
    path.write_text(PACK.replace("api_version: 1", f"api_version: {version}\n  new_setting: 1"), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(path)
    [problem] = caught.value.problems
    assert (problem.code, problem.found, problem.expected) == ("api_version", version, "1")
    assert fix in str(caught.value)


@pytest.mark.parametrize("version", ["true", "'1'", "1.0", "null"])
def test_an_interface_version_is_a_whole_number(tmp_path: Path, version: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK.replace("api_version: 1", f"api_version: {version}"), encoding="utf-8")
    with pytest.raises(PackError, match="api_version"):
        load_pack(path)


class Folder:
    """A data folder as the plugin manager hands it in."""

    distribution, version = "demo", "1.0.0"

    def __init__(self, path: Path) -> None:
        self.path = path


def folder(tmp_path: Path, **files: str) -> Any:
    for name, content in files.items():
        path = tmp_path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".yaml").write_text(content, encoding="utf-8")
    return Folder(tmp_path)


def test_library_finds_names_and_reports(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", packs__demo__pack=PACK, policies__local="policy: {}", rulesets__own="ruleset: []")
    second = folder(tmp_path / "b", pack=PACK)
    library = Library.of([first, second])
    assert library.pack("demo").title == "示例"
    assert [p.code for p in library.problems] == ["duplicate_id"]
    assert library.packs["demo"].folder is first
    with pytest.raises(PlanError, match=r"没有安装名为“dmeo”的指标包.*是否想写“demo”"):
        library.pack("dmeo")
    with pytest.raises(WorkbenchError, match="缺少必填项"):
        library.policy("local")
    with pytest.raises(WorkbenchError, match="键值表"):
        library.ruleset("own")


@pytest.mark.parametrize("name", ["funds", "workbench-pack-funds"])
def test_a_plugin_with_several_packs_is_no_pack(tmp_path: Path, name: str) -> None:
    packs = {f"packs__{n}__pack": PACK.replace("id: demo", f"id: funds-{n}") for n in ("parent", "child")}
    made = folder(tmp_path, **packs)
    made.distribution = "workbench-pack-funds"
    library = Library.of([made])
    assert [p.parent.name for p in library.packs_of(name)] == ["child", "parent"]
    with pytest.raises(PlanError, match=r"含有2个指标包的插件.*funds-child.示例.、funds-parent.示例."):
        library.pack(name)
    assert library.packs_of("fund") == []


def test_the_same_file_found_twice_is_no_second_pack(tmp_path: Path) -> None:
    made = folder(tmp_path, packs__demo__pack=PACK)
    assert Library.of([made, Folder(tmp_path / "packs" / "demo")]).problems == []


def test_a_pack_that_cannot_be_read_is_listed_by_its_folder(tmp_path: Path) -> None:
    library = Library.of([folder(tmp_path, packs__broken__pack="pack: [")])
    assert list(library.packs) == ["broken"]
    with pytest.raises(WorkbenchError, match="语法错误"):
        library.pack("broken")


def test_line_ends_do_not_change_a_digest(tmp_path: Path) -> None:
    entry = Library.of([folder(tmp_path, packs__demo__pack=PACK)]).packs["demo"]
    before = entry.digest
    entry.path.write_bytes(entry.path.read_bytes().replace(b"\n", b"\r\n"))
    assert entry.digest == before
    entry.path.write_text(PACK.replace("示例", "改动"), encoding="utf-8")
    assert entry.digest != before


@pytest.mark.parametrize("content", ["pack: {}\nother: {}\n", "other: {}\n", "[]\n"])
def test_a_pack_file_has_one_top_level_key(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PackError, match="顶层"):
        load_pack(path)
