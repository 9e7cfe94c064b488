"""The plugin manager: what it finds, in which order, and that no broken plugin takes anything else down."""

from __future__ import annotations

import sys

import pytest

from workbench.plugins.discovery import declared_api_version
from workbench.plugins.manager import Plugins, load_plugins


def info(plugins: Plugins, distribution: str):
    return next(i for i in plugins.infos if i.distribution == distribution)


def problem(plugins: Plugins, distribution: str) -> str:
    found = info(plugins, distribution).problem
    assert found is not None
    assert found in plugins.problems
    text = str(found)
    assert distribution in text
    return text


def test_built_in_rule_kinds_come_through_their_entry_point_first():
    plugins = load_plugins()
    assert plugins.infos[0].module == "workbench.builtin"
    assert plugins.infos[0].problem is None
    assert plugins.infos[0].hooks == ("workbench_rule_kinds", "workbench_signature_algorithms")
    assert plugins.kinds["proportional"].distribution == "workbench"
    assert plugins.folders[0].distribution == "workbench"
    assert (plugins.folders[0].path / "policies" / "national-default.yaml").is_file()
    assert not plugins.problems


def test_order_is_builtin_then_distribution_name(site):
    for name in ("wb-zeta", "wb-alpha", "wb-midway"):
        site.install(name, "")
    names = [i.distribution for i in load_plugins().infos]
    assert names[0] == "workbench"
    assert names[1:] == sorted(names[1:])
    assert {"wb-zeta", "wb-alpha", "wb-midway"} <= set(names)


def test_a_plugin_adds_a_rule_kind_under_its_own_name(site):
    source = site.prelude + "@hookimpl\ndef workbench_rule_kinds():\n    return [kind('own_kind')]\n"
    site.install("wb-kinds", source)
    plugins = load_plugins()
    assert plugins.kinds["own_kind"].distribution == "wb-kinds"
    assert info(plugins, "wb-kinds").hooks == ("workbench_rule_kinds",)
    assert info(plugins, "wb-kinds").problem is None


def test_a_plugin_adds_a_derivation(site):
    source = """
    from workbench.plugins.specs import hookimpl
    from workbench.scoring.derivations import Derivation

    @hookimpl
    def workbench_derivations():
        return (Derivation("own-table", "1.0.0", lambda tables, subjects, params: {}, "somebody else"),)
    """
    site.install("wb-tables", source)
    assert load_plugins().derivations["own-table"].distribution == "wb-tables"


def test_data_is_found_without_importing_anything(site):
    module = site.install("wb-quiet", "raise RuntimeError('imported')")
    site.write(f"{module}/pack.yaml", "pack: {id: quiet}\n")
    nested = site.install("wb-nested", "raise RuntimeError('imported')", entry="wb_nested.inner")
    site.write(f"{nested}/inner/__init__.py", "raise RuntimeError('imported')")
    plugins = load_plugins(code=False)
    folders = {f.distribution: f.path for f in plugins.folders}
    assert folders["wb-quiet"] == site.folder / "wb_quiet"
    assert folders["wb-nested"] == site.folder / "wb_nested" / "inner"
    assert not {"wb_quiet", "wb_nested", "wb_nested.inner"} & set(sys.modules)
    assert not plugins.problems
    assert not plugins.kinds


def test_a_module_inside_a_folder_without_init_gives_that_folder(site):
    module = site.install("wb-plain", "", entry="wb_plain.plugin")
    (site.folder / module / "__init__.py").unlink()
    site.write(f"{module}/plugin.py", "API_VERSION = 1\n")
    plugins = load_plugins()
    assert info(plugins, "wb-plain").folder == site.folder / "wb_plain"
    assert info(plugins, "wb-plain").problem is None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('broken at import')", "RuntimeError: broken at import"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
        ("import a_module_nobody_has", "ModuleNotFoundError"),
    ],
)
def test_a_plugin_that_fails_at_import_is_named_and_skipped(site, source, said):
    module = site.install("wb-broken", source)
    site.write(f"{module}/pack.yaml", "pack: {id: broken}\n")
    plugins = load_plugins()
    text = problem(plugins, "wb-broken")
    assert said in text
    assert "插件代码无法导入" in text
    assert "proportional" in plugins.kinds
    assert "wb-broken" in {f.distribution for f in plugins.folders}, "its data needs no code"


def test_one_failing_hook_loses_neither_other_plugins_nor_the_plugins_other_hook(site):
    hook = "@hookimpl\ndef workbench_rule_kinds():\n"
    site.install("wb-a", site.prelude + hook + "    return [kind('from_a')]\n")
    failing = site.prelude + hook + "    raise ValueError('no kinds today')\n"
    failing += "from workbench.scoring.derivations import Derivation\n"
    failing += "@hookimpl\ndef workbench_derivations():\n    return [Derivation('from-b', '1.0.0', dict, 'wb-b')]\n"
    site.install("wb-b", failing)
    site.install("wb-c", site.prelude + hook + "    return [kind('from_c')]\n")
    plugins = load_plugins()
    assert {"from_a", "from_c"} <= set(plugins.kinds)
    assert "from-b" in plugins.derivations
    assert "no kinds today" in problem(plugins, "wb-b")


def test_a_hook_that_exits_is_isolated(site):
    site.install("wb-exit", site.prelude + "@hookimpl\ndef workbench_rule_kinds():\n    raise SystemExit(9)\n")
    assert "SystemExit: 9" in problem(load_plugins(), "wb-exit")


def test_a_kind_name_already_taken_is_refused(site):
    site.install("wb-rival", site.prelude + "@hookimpl\ndef workbench_rule_kinds():\n    return [kind('banded')]\n")
    plugins = load_plugins()
    assert plugins.kinds["banded"].distribution == "workbench"
    text = problem(plugins, "wb-rival")
    assert "已由 workbench 注册" in text
    assert "banded_2" in text


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("{'a': 1}", "应为列表"),
        ("'kinds'", "应为列表"),
        ("(kind(n) for n in 'ab')", "应为列表"),
        ("[42]", "不是 RuleKind"),
        ("[kind]", "不是 RuleKind"),
        ("[kind('Bad Name')]", "name 须为"),
        ("[kind('fine', version='1')]", "version 须形如"),
        ("[kind('fine', score=None)]", "须为函数"),
        ("[kind('fine', judged=True)]", "judged 须为函数"),
        ("[kind('fine', describe='文字')]", "describe 须为函数"),
        ("[kind('fine', params=dict)]", "params 须为"),
        ("[kind('fine', branches={'full': '满分'})]", "第一个分支为 unscored"),
        ("[kind('fine', branches=None)]", "第一个分支为 unscored"),
    ],
)
def test_misshapen_kinds_are_left_out(site, returned, said):
    site.install("wb-shape", site.prelude + f"@hookimpl\ndef workbench_rule_kinds():\n    return {returned}\n")
    plugins = load_plugins()
    assert said in problem(plugins, "wb-shape")
    assert "fine" not in plugins.kinds


def test_good_kinds_beside_a_misshapen_one_stay(site):
    source = site.prelude + "@hookimpl\ndef workbench_rule_kinds():\n    return [42, kind('still_good')]\n"
    site.install("wb-mixed", source)
    assert "still_good" in load_plugins().kinds


def test_an_item_that_fails_when_looked_at_is_isolated(site):
    source = site.prelude + (
        "class RuleKind:\n    @property\n    def name(self):\n        raise OSError('no name')\n"
        "@hookimpl\ndef workbench_rule_kinds():\n    return [RuleKind()]\n"
    )
    site.install("wb-trap", source)
    assert "OSError: no name" in problem(load_plugins(), "wb-trap")


@pytest.mark.parametrize(
    ("derivation", "said"),
    [
        ("'x'", "不是 Derivation"),
        ("Derivation('Bad', '1.0.0', dict, '')", "name 须为"),
        ("Derivation('ok', '1.0.0', 3, '')", "function 须为函数"),
    ],
)
def test_misshapen_derivations_are_left_out(site, derivation, said):
    source = "from workbench.plugins.specs import hookimpl\nfrom workbench.scoring.derivations import Derivation\n"
    source += f"@hookimpl\ndef workbench_derivations():\n    return [{derivation}]\n"
    site.install("wb-derive", source)
    plugins = load_plugins()
    assert said in problem(plugins, "wb-derive")
    assert "wb-derive" not in {d.distribution for d in plugins.derivations.values()}
    assert {"Bad", "ok"}.isdisjoint(plugins.derivations)


ALGORITHM = """
from workbench.plugins.specs import hookimpl
from workbench.base.signatures import SignatureAlgorithm

def algorithm(name="odd", version="1.0.0", title="示例", sign=lambda private, message: b""):
    return SignatureAlgorithm(name, version, title, bytes, bytes, sign, lambda *parts: False, "somebody else")
"""


def test_a_plugin_adds_a_signature_algorithm(site):
    hook = "@hookimpl\ndef workbench_signature_algorithms():\n    return [algorithm()]\n"
    site.install("wb-sign", ALGORITHM + hook)
    algorithms = load_plugins().algorithms
    assert list(algorithms) == ["ed25519", "odd"]
    assert algorithms["ed25519"].distribution == "workbench"
    assert algorithms["odd"].distribution == "wb-sign"


@pytest.mark.parametrize(
    ("algorithm", "said"),
    [
        ("algorithm", "不是 SignatureAlgorithm"),
        ("algorithm(name='Ed 25519')", "name 须为"),
        ("algorithm(version='1')", "version 须形如"),
        ("algorithm(title=None)", "title 须为文字"),
        ("algorithm(sign=None)", "sign 与 verify 须为函数"),
        ("algorithm(name='ed25519')", "已由 workbench 注册"),
    ],
)
def test_misshapen_signature_algorithms_are_left_out(site, algorithm, said):
    hook = f"@hookimpl\ndef workbench_signature_algorithms():\n    return [{algorithm}]\n"
    site.install("wb-sign", ALGORITHM + hook)
    plugins = load_plugins()
    assert said in problem(plugins, "wb-sign")
    assert {name: a.distribution for name, a in plugins.algorithms.items()} == {"ed25519": "workbench"}


def test_a_hook_may_return_nothing(site):
    site.install("wb-nothing", site.prelude + "@hookimpl\ndef workbench_rule_kinds():\n    return None\n")
    assert info(load_plugins(), "wb-nothing").problem is None


@pytest.mark.parametrize("hook", ["workbench_rule_kinds(extra)", "workbench_rule_kindz()"])
def test_a_hook_nobody_knows_or_with_other_arguments_is_named(site, hook):
    site.install("wb-typo", site.prelude + f"@hookimpl\ndef {hook}:\n    return []\n")
    assert "钩子写法不对" in problem(load_plugins(), "wb-typo")


def test_another_api_version_is_refused_without_importing(site):
    module = site.install("wb-future", "API_VERSION: int = 2\nraise RuntimeError('imported')\n")
    site.write(f"{module}/pack.yaml", "pack: {id: future}\n")
    plugins = load_plugins()
    text = problem(plugins, "wb-future")
    assert "实际为“2”" in text
    assert "应为1" in text
    assert "请升级 workbench" in text
    assert module not in sys.modules
    assert "wb-future" not in {f.distribution for f in plugins.folders}


def test_an_api_version_that_is_computed_is_refused_after_the_import(site):
    site.install("wb-past", "API_VERSION = int('0')\n")
    assert "请升级该插件" in problem(load_plugins(), "wb-past")


def test_the_same_api_version_is_accepted(site):
    site.install("wb-now", "API_VERSION = 1\n")
    assert info(load_plugins(), "wb-now").problem is None


def test_declared_api_version_of_unreadable_sources_is_unknown(tmp_path):
    assert declared_api_version(None) is None
    assert declared_api_version(tmp_path / "missing.py") is None
    source = tmp_path / "odd.py"
    source.write_text("a, API_VERSION = 1, 2\nb = 3\nx.API_VERSION = 4\n")
    assert declared_api_version(source) is None


@pytest.mark.parametrize(
    "entry", ["no_such_module_here", "wb_lost.no_such_part", "wb_lost:plugin", "json.decoder.deep"]
)
def test_an_entry_point_to_nowhere_is_named(site, entry):
    site.install("wb-lost", "", entry=entry)
    plugins = load_plugins()
    assert "找不到插件的模块" in problem(plugins, "wb-lost")
    assert info(plugins, "wb-lost").folder is None


def test_a_module_that_cannot_be_looked_up_is_named(site, monkeypatch):
    module = site.install("wb-odd", "")
    monkeypatch.setitem(sys.modules, module, type(sys)("wb_odd"))
    assert "找不到插件的模块" in problem(load_plugins(), "wb-odd")


def test_a_workspace_folder_loads_data_and_code_after_all_distributions(site, tmp_path):
    workspace = tmp_path / "workspace"
    site.write("../workspace/packs/roads/pack.yaml", "pack: {id: roads}\n")
    site.write("../workspace/packs/roads/helper.py", "NAME = 'from_workspace'\n")
    source = "from .helper import NAME\n" + site.prelude
    source += "@hookimpl\ndef workbench_rule_kinds():\n    return [kind(NAME)]\n"
    site.write("../workspace/packs/roads/plugin.py", source)
    site.write("../workspace/packs/only_data/rulesets/local.yaml", "ruleset: {}\n")
    site.write("../workspace/packs/.hidden/pack.yaml", "pack: {id: hidden}\n")
    site.write("../workspace/packs/notes.txt", "")
    plugins = load_plugins(workspace)
    assert [i.distribution for i in plugins.infos[-2:]] == ["工作区 packs/only_data", "工作区 packs/roads"]
    assert plugins.kinds["from_workspace"].distribution == "工作区 packs/roads"
    assert not plugins.problems
    again = load_plugins(workspace)
    assert again.kinds["from_workspace"].params is plugins.kinds["from_workspace"].params, "the module is imported once"


def test_a_broken_workspace_plugin_is_named(site, tmp_path):
    site.write("../workspace/packs/bad/pack.yaml", "pack: {id: bad}\n")
    site.write("../workspace/packs/bad/plugin.py", "1 / 0\n")
    plugins = load_plugins(tmp_path / "workspace")
    assert "ZeroDivisionError" in problem(plugins, "工作区 packs/bad")
    assert "工作区 packs/bad" in {f.distribution for f in plugins.folders}


def test_a_packs_own_folder_is_a_workspace_too(site, tmp_path):
    site.write("../own/pack.yaml", "pack: {id: own}\n")
    plugins = load_plugins(tmp_path / "own")
    assert plugins.folders[-1].path == tmp_path / "own"


def test_an_installed_folder_does_not_load_twice_as_a_workspace(site):
    module = site.install("wb-once", "")
    site.write(f"{module}/pack.yaml", "pack: {id: once}\n")
    plugins = load_plugins(site.folder / module)
    assert [f.path for f in plugins.folders].count(site.folder / module) == 1


def test_infos_are_plain_data(site):
    site.install("wb-broken", "1 / 0")
    plugins = load_plugins()
    fields = info(plugins, "wb-broken").as_dict()
    assert fields["problem"]["code"] == "plugin_import"
    assert fields["folder"].endswith("wb_broken")
    assert fields["hooks"] == []
