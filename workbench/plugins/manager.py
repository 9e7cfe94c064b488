"""The plugin manager: runs the hooks of each plugin by itself, so that a broken one is named, skipped and reported."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

from workbench.base.errors import Place, Problem, shorten
from workbench.plugins import specs
from workbench.plugins.discovery import Candidate, PluginFolder, declared_api_version, find_plugins
from workbench.plugins.specs import API_VERSION, PROJECT

if TYPE_CHECKING:
    from workbench.base.signatures import SignatureAlgorithm
    from workbench.recheck.findings import RecheckRule
    from workbench.scoring.derivations import Derivation
    from workbench.scoring.kinds import RuleKind

HOOKS = ("workbench_rule_kinds", "workbench_derivations", "workbench_signature_algorithms", "workbench_recheck_rules")
SHOWN_ERROR = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One plugin as ``workbench packs`` lists it. ``problem`` is the first thing that is wrong with it."""

    name: str
    distribution: str
    version: str
    module: str
    hooks: tuple[str, ...] = ()
    folder: Path | None = None
    problem: Problem | None = None
    source: Path | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain fields for ``--json`` output."""
        return {
            "name": self.name,
            "distribution": self.distribution,
            "version": self.version,
            "module": self.module,
            "hooks": list(self.hooks),
            "folder": self.folder.as_posix() if self.folder else None,
            "problem": self.problem.as_dict() if self.problem else None,
        }


@dataclass
class Plugins:
    """What the plugins contribute: data folders, what their hooks gave by name, and what is wrong with them."""

    folders: list[PluginFolder] = field(default_factory=list)
    kinds: dict[str, RuleKind[Any]] = field(default_factory=dict)
    derivations: dict[str, Derivation] = field(default_factory=dict)
    algorithms: dict[str, SignatureAlgorithm] = field(default_factory=dict)
    recheck_rules: dict[str, RecheckRule] = field(default_factory=dict)
    infos: list[PluginInfo] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_plugins(workspace: Path | None = None, *, code: bool = True) -> Plugins:
    """Everything that is installed, and what lies in the workspace's ``packs/`` folder.

    Args:
        workspace: its ``packs/<name>/`` folders load too, after all distributions.
        code: False finds the data only and imports no plugin; what hooks give stays empty.

    Never raises for a broken plugin: see ``problems``.
    """
    plugins = Plugins()
    for candidate in find_plugins(workspace):
        problems, hooks = _add(plugins, candidate, code)
        plugins.problems += problems
        info = PluginInfo(
            candidate.name,
            candidate.distribution,
            candidate.version,
            candidate.module,
            hooks,
            candidate.folder,
            problems[0] if problems else None,
            candidate.source,
        )
        plugins.infos.append(info)
    return plugins


def _add(plugins: Plugins, candidate: Candidate, code: bool) -> tuple[list[Problem], tuple[str, ...]]:
    """Take a plugin's data, then its code: (what is wrong, the hooks it implements)."""
    refused = _refusal(candidate, declared_api_version(candidate.source))
    if refused is not None:
        return [refused], ()
    if candidate.folder is not None:
        plugins.folders.append(PluginFolder(candidate.folder, candidate.distribution, candidate.version))
    if not code or not candidate.has_code:
        return [], ()
    module = _guarded(candidate, "plugin_import", "插件代码无法导入", lambda: _import(candidate))
    if isinstance(module, Problem):
        return [module], ()
    refused = _refusal(candidate, getattr(module, "API_VERSION", None))
    if refused is not None:
        return [refused], ()
    manager = _guarded(candidate, "plugin_hooks", "插件的钩子写法不对", lambda: _registered(module, candidate.name))
    if isinstance(manager, Problem):
        return [manager], ()
    return _call_hooks(plugins, candidate, manager)


def _refusal(candidate: Candidate, api_version: object) -> Problem | None:
    if candidate.folder is None:
        fix = "请重新安装该插件,或请作者检查入口(须是模块名,不带冒号)"
        return _problem(candidate, "plugin_missing", "找不到插件的模块", candidate.module, fix=fix)
    if api_version is None or api_version == API_VERSION:
        return None
    newer = isinstance(api_version, int) and api_version > API_VERSION
    fix = "请升级 workbench" if newer else "请升级该插件"
    message = "插件是为另一版接口编写的,已跳过"
    return _problem(candidate, "plugin_api_version", message, str(api_version), str(API_VERSION), fix)


def _problem(
    candidate: Candidate,
    code: str,
    message: str,
    found: str | None = None,
    expected: str | None = None,
    fix: str | None = None,
) -> Problem:
    return Problem(
        code, message, Place(f"插件 {candidate.label}"), found, expected, fix or "请升级或卸载该插件,或联系作者"
    )


def _guarded(candidate: Candidate, code: str, message: str, action: Callable[[], Any]) -> Any:
    """The seam to foreign code: what it raises, ``sys.exit()`` included, becomes a problem."""
    try:
        return action()
    except (Exception, SystemExit) as error:
        what = shorten(f"{type(error).__name__}: {error}", SHOWN_ERROR)
        return _problem(candidate, code, f"{message},已跳过其代码,数据文件不受影响;原因:{what}")


def _import(candidate: Candidate) -> ModuleType:
    if not candidate.workspace:
        return importlib.import_module(candidate.module)
    assert candidate.source is not None  # has_code
    path = candidate.source.resolve()
    name = f"workbench_workspace_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    # With a search location, plugin.py may import the modules beside it: "from . import helpers".
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=[str(path.parent)])
    assert spec is not None and spec.loader is not None  # a .py file always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _registered(module: ModuleType, name: str) -> pluggy.PluginManager:
    """A manager for this plugin alone, so that no other plugin can be lost with it."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    manager.register(module, name)
    manager.check_pending()
    return manager


def _call_hooks(
    plugins: Plugins, candidate: Candidate, manager: pluggy.PluginManager
) -> tuple[list[Problem], tuple[str, ...]]:
    shelves: dict[str, tuple[dict[str, Any], Callable[[Any], str | None]]] = {
        "workbench_rule_kinds": (plugins.kinds, _kind_fault),
        "workbench_derivations": (plugins.derivations, _derivation_fault),
        "workbench_signature_algorithms": (plugins.algorithms, _algorithm_fault),
        "workbench_recheck_rules": (plugins.recheck_rules, _recheck_fault),
    }
    hooks = tuple(name for name in HOOKS if getattr(manager.hook, name).get_hookimpls())
    problems: list[Problem] = []
    for name in hooks:
        results = _guarded(candidate, "plugin_hook_failed", f"钩子 {name} 运行出错", getattr(manager.hook, name))
        if isinstance(results, Problem):
            problems.append(results)
            continue
        shelf, fault = shelves[name]
        for result in results:
            problems += _take(candidate, name, result, shelf, fault)
    return problems, hooks


def _take(
    candidate: Candidate, hook: str, result: object, shelf: dict[str, Any], fault: Callable[[Any], str | None]
) -> list[Problem]:
    """Put what a hook returned on its shelf; each item that is misshapen or whose name is taken is left out."""
    if not isinstance(result, Sequence) or isinstance(result, (str, bytes)):
        return [_problem(candidate, "plugin_result", f"钩子 {hook} 的返回值不对", type(result).__name__, "列表")]
    problems: list[Problem] = []
    for item in result:
        wrong = _guarded(candidate, "plugin_result", f"钩子 {hook} 返回的内容无法读取", partial(fault, item))
        if isinstance(wrong, Problem):
            problems.append(wrong)
        elif wrong is not None:
            message = f"钩子 {hook} 返回的一项不合要求:{wrong},该项已跳过"
            problems.append(_problem(candidate, "plugin_result", message, _shown(item)))
        elif item.name in shelf:
            owner = shelf[item.name].distribution
            message = f"钩子 {hook} 注册的“{item.name}”已由 {owner} 注册,已采用前者"
            fix = _free_name(item.name, shelf)
            problems.append(_problem(candidate, "plugin_duplicate", message, item.name, fix=fix))
        else:
            named = item.distribution == candidate.distribution
            shelf[item.name] = item if named else replace(item, distribution=candidate.distribution)
    return problems


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    number = next(n for n in range(2, len(taken) + 3) if f"{name}_{n}" not in taken)
    return f"请插件作者改名,如“{name}_{number}”"


def _shown(item: object) -> str:
    name = getattr(item, "name", None)
    return f"{type(item).__name__} {name}" if isinstance(name, str) else type(item).__name__


def _common_fault(item: Any, pattern: re.Pattern[str], type_name: str) -> str | None:
    # The classes live in layers this package may not import, so their shape is looked at instead.
    if type_name not in {c.__name__ for c in type(item).__mro__}:
        return f"不是 {type_name}"
    if not isinstance(item.name, str) or not pattern.fullmatch(item.name):
        return "name 须为小写字母开头的英文标识"
    if not isinstance(item.version, str) or not _VERSION.fullmatch(item.version):
        return "version 须形如 1.0.0"
    return None


def _kind_fault(kind: Any) -> str | None:
    """What keeps ``kind`` from being a rule kind, or None."""
    common = _common_fault(kind, _NAME, "RuleKind")
    if common is not None:
        return common
    if not callable(kind.score) or not callable(kind.explain):
        return "score 与 explain 须为函数"
    if kind.judged is not None and not callable(kind.judged):
        return "judged 须为函数或不写"
    if kind.describe is not None and not callable(kind.describe):
        return "describe 须为函数或不写"
    if not isinstance(kind.params, type) or not hasattr(kind.params, "model_validate"):
        return "params 须为参数模型(workbench.base.models.Model 的子类)"
    if not isinstance(kind.branches, Mapping) or next(iter(kind.branches), None) != "unscored":
        return "branches 须为“分支: 含义”,且第一个分支为 unscored"
    return None


def _derivation_fault(derivation: Any) -> str | None:
    """What keeps ``derivation`` from being a derivation, or None."""
    common = _common_fault(derivation, _IDENTIFIER, "Derivation")
    if common is not None:
        return common
    return None if callable(derivation.function) else "function 须为函数"


def _algorithm_fault(algorithm: Any) -> str | None:
    """What keeps ``algorithm`` from being a signature algorithm, or None."""
    common = _common_fault(algorithm, _IDENTIFIER, "SignatureAlgorithm")
    if common is not None:
        return common
    if not isinstance(algorithm.title, str):
        return "title 须为文字"
    functions = (algorithm.generate, algorithm.public, algorithm.sign, algorithm.verify)
    return None if all(callable(f) for f in functions) else "generate、public、sign 与 verify 须为函数"


def _recheck_fault(rule: Any) -> str | None:
    """What keeps ``rule`` from being a rule of finding, or None."""
    common = _common_fault(rule, _NAME, "RecheckRule")
    if common is not None:
        return common
    if not isinstance(rule.declared, Mapping):
        return "declared 须为键值表,写法同内置的规则目录"
    return None if callable(rule.check) else "check 须为函数"
