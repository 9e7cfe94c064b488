"""``workbench packs show``: what one pack judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, find_packs, installed, note_sealed, warn_of_broken
from workbench.cli.packs_list import DIGITS

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.cli.packs_rules import PackRules
    from workbench.scheme.pack import Extra, Indicator, Pack


_ROWS = {"subject": "一个对象一行", "rows": "一个对象可多行", "shared": "各对象共用"}


def packs_show(
    pack: Annotated[
        str, typer.Argument(metavar="指标包", help="已安装的指标包或插件的编号,或指标包文件夹、pack.yaml 的路径")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a pack's head, variants, evidence tables and indicator tree; of a plugin with several packs their list."""
    _, library = installed(workspace, code=False)
    note_sealed(workspace)
    paths = find_packs(pack, library)
    if len(paths) > 1:
        _show_list(pack, paths, as_json)
    elif as_json:
        _show_json(paths[0])
    else:
        _show(paths[0], workspace)


def _show_list(plugin: str, paths: list[Path], as_json: bool) -> None:
    from workbench.scheme.library import described

    rows = described(paths)
    if as_json:
        packs = [{"id": n, "title": t, "path": p.as_posix()} for (n, t), p in zip(rows, paths, strict=True)]
        print_json({"plugin": plugin, "packs": packs})
        return
    say(f"“{plugin}”里有{len(paths)}个指标包,各自独立评价,分值不相加:\n")
    say(table(("编号", "名称"), rows))
    say("\n下一步:")
    for name, title in rows:
        say(f"  workbench packs show {name}  # {title}")


def _show_json(path: Path) -> None:
    from workbench.scheme.library import declared_digest, load_pack

    print_json({"digest": declared_digest(path), "path": path.as_posix(), "pack": load_pack(path).model_dump()})


def _show(path: Path, workspace: Path | None) -> None:
    from workbench.cli.packs_rules import PackRules
    from workbench.scheme.library import declared_digest, load_pack

    loaded = load_pack(path)
    plugins, library = installed(workspace)  # rules are described by code, their plugins' own included
    warn_of_broken(plugins)
    rules = PackRules(loaded, plugins.kinds, library)
    say(f"{loaded.title}({loaded.id} {loaded.version},摘要 {declared_digest(path)[:DIGITS]})")
    say(f"评价对象:{loaded.object}")
    for basis in loaded.basis:
        say(f"依据:{' '.join(part for part in (basis.document, basis.number, basis.clause) if part)}")
    for note in loaded.notes:
        say(f"说明:{note}")
    indicators, said = _indicators(loaded, rules), "\n".join(rules.lines())
    sections = {"指标树": _variants(loaded), "佐证表": _tables(loaded), "指标": indicators, "计分规则": said}
    for title, text in sections.items():
        if text:
            say(f"\n{title}\n{text}")
    if loaded.indicator_sheet is not None:
        say(f"\n三级指标由“{loaded.indicator_sheet.title}”表逐项填写。")


def _variants(pack: Pack) -> str:
    from workbench.base.text import plain

    rows = []
    for name, variant in pack.variants.items():
        points = "、".join(f"{level1}{plain(value)}" for level1, value in variant.level1.items())
        rows.append((name, variant.title, points, variant.ruleset or pack.ruleset))
    return table(("编号", "名称", "一级指标分值", "计分规则集"), rows) if rows else ""


def _tables(pack: Pack) -> str:
    rows = [(t.title, t.name, _ROWS[t.per], f"{len(t.fields)}个字段") for t in pack.tables]
    return table(("工作表", "表名", "行", "字段"), rows) if rows else ""


def _indicators(pack: Pack, rules: PackRules) -> str:
    from workbench.base.text import plain

    trees = _weights(pack)
    rows = [
        (
            i.level1,
            i.level2 or "",
            i.code,
            i.name,
            *(w.get(i.code, "—") for w in trees.values()),
            rules.title(i),
            _label(i),
        )
        for i in pack.indicators
    ]
    for what, block in (("加分", pack.bonus), ("扣分", pack.deductions)):
        limits = [[f"≤{plain(e.limit)}"] * len(trees) for e in block.items]
        rows += [
            (what, "", e.code, e.name, *most, rules.title(e), _label(e))
            for e, most in zip(block.items, limits, strict=True)
        ]
    return table(("一级指标", "二级指标", "编码", "三级指标", *trees, "计分", "依据"), rows) if rows else ""


def _weights(pack: Pack) -> dict[str, dict[str, str]]:
    """Heading of the column -> points by code; one column a tree where the trees weigh indicators differently."""
    from workbench.base.text import plain
    from workbench.scheme.weights import in_tree

    if not any(v.weights for v in pack.variants.values()):
        return {"分值": {i.code: plain(i.weight) for i in pack.indicators}}
    return {
        f"分值({name})": {i.code: plain(i.weight) for i in in_tree(variant, pack.indicators)}
        for name, variant in pack.variants.items()
    }


def _label(item: Indicator | Extra) -> str:
    from workbench.scheme.basis import EXAMPLE_LABEL
    from workbench.scheme.findings import cited

    return EXAMPLE_LABEL if item.example else cited(item.clause) or "—"
