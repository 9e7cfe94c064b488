"""``workbench packs list``: what is installed, from where, and what is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, installed, note_sealed

if TYPE_CHECKING:
    from workbench.plugins.manager import Plugins
    from workbench.scheme.library import Entry, Library
    from workbench.scheme.pack import Pack
    from workbench.scheme.policy import Policy
    from workbench.scheme.ruleset import Ruleset

DIGITS = 12
"""Characters of a digest that are shown."""
BROKEN = "无法读取"

_PARTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "packs",
        "指标包",
        (("编号", "id"), ("版本", "version"), ("名称", "title"), ("摘要", "digest"), ("来源", "distribution")),
    ),
    (
        "rulesets",
        "计分规则集",
        (("编号", "id"), ("版本", "version"), ("名称", "title"), ("摘要", "digest"), ("来源", "distribution")),
    ),
    (
        "policies",
        "地区办法",
        (("编号", "id"), ("版本", "version"), ("名称", "title"), ("摘要", "digest"), ("来源", "distribution")),
    ),
    ("kinds", "计分规则", (("名称", "name"), ("版本", "version"), ("含义", "title"), ("来源", "distribution"))),
    ("derivations", "计算程序", (("名称", "name"), ("版本", "version"), ("来源", "distribution"))),
    (
        "algorithms",
        "签名算法",
        (("名称", "name"), ("版本", "version"), ("含义", "title"), ("来源", "distribution")),
    ),
    (
        "plugins",
        "插件",
        (("名称", "name"), ("来源", "distribution"), ("版本", "version"), ("钩子", "hooks"), ("状态", "state")),
    ),
)


def packs_list(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Print all that is installed."""
    plugins, library = installed(workspace)
    note_sealed(workspace)
    content = contents(plugins, library)
    if as_json:
        print_json(content)
        return
    for key, title, columns in _PARTS:
        if content[key]:
            rows = [[_cell(row, column) for _, column in columns] for row in content[key]]
            say(f"{title}(共{len(rows)}个)\n{table([head for head, _ in columns], rows)}\n")
    if content["problems"]:
        say(f"有问题的内容(共{len(content['problems'])}处):")
        for problem in [*plugins.problems, *library.problems, *_broken(content)]:
            say(f"  - {problem}")


def contents(plugins: Plugins, library: Library) -> dict[str, Any]:
    """Everything that is installed as plain data."""
    packs = _entries(library.packs, library.pack)
    rulesets = _entries(library.rulesets, library.ruleset)
    policies = _entries(library.policies, library.policy)
    unreadable = [
        problem for part in (packs, rulesets, policies) for row in part for problem in row.get("problems", [])
    ]
    kinds = sorted(plugins.kinds.values(), key=lambda k: k.name)
    return {
        "packs": packs,
        "rulesets": rulesets,
        "policies": policies,
        "kinds": [
            {"name": k.name, "version": k.version, "title": k.title, "distribution": k.distribution} for k in kinds
        ],
        "derivations": [
            {"name": d.name, "version": d.version, "distribution": d.distribution}
            for d in sorted(plugins.derivations.values(), key=lambda d: d.name)
        ],
        "algorithms": [
            {"name": a.name, "version": a.version, "title": a.title, "distribution": a.distribution}
            for a in sorted(plugins.algorithms.values(), key=lambda a: a.name)
        ],
        "plugins": [info.as_dict() for info in plugins.infos],
        "problems": [p.as_dict() for p in [*plugins.problems, *library.problems]] + unreadable,
    }


def _entries(shelf: Mapping[str, Entry], load: Callable[[str], Pack | Ruleset | Policy]) -> list[dict[str, Any]]:
    from workbench.base.errors import WorkbenchError

    rows = []
    for name, entry in sorted(shelf.items()):
        row: dict[str, Any] = {
            "id": name,
            "digest": entry.digest,
            "distribution": entry.folder.distribution,
            "distribution_version": entry.folder.version,
            "path": entry.path.as_posix(),
        }
        try:
            loaded = load(name)
            row |= {"version": loaded.version, "title": loaded.title}
        except WorkbenchError as error:
            problems = [p.at(file=f"{name} {p.place.file or ''}".strip()) for p in error.problems]
            row |= {"version": None, "title": None, "problems": [p.as_dict() for p in problems]}
        rows.append(row)
    return rows


def _broken(content: Mapping[str, Any]) -> list[str]:
    rows = [row for key in ("packs", "rulesets", "policies") for row in content[key] if "problems" in row]
    return [
        f"{row['id']}({row['distribution']}):{BROKEN},用 workbench packs lint {row['id']} 查看原因。" for row in rows
    ]


def _cell(row: Mapping[str, Any], column: str) -> str:
    if column == "state":
        return "有问题" if row["problem"] else "正常"
    value = row[column]
    if column == "hooks":
        return "、".join(h.removeprefix("workbench_") for h in value) or "—"
    if column == "digest":
        return str(value)[:DIGITS]
    return BROKEN if value is None else str(value)
