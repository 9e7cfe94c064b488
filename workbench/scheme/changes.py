"""Applies a plan's declared changes to the indicator tree."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workbench.base.errors import Place, Problem, SchemeError
from workbench.base.text import plain, suggest
from workbench.scheme.pack import Indicator
from workbench.scheme.plan import AddChange, DropChange, Plan, TargetChange, WeightChange


def apply_changes(plan: Plan, indicators: Sequence[Indicator], from_sheet: Collection[str]) -> list[Indicator]:
    """The tree after the plan's changes.

    Args:
        from_sheet: codes whose weight and target are already set in the workbook's 绩效指标 sheet; setting them in the
            plan too would give one setting two homes.

    Raises:
        SchemeError: unknown code, the same setting changed twice, or a setting in two homes.
    """
    tree = {i.code: i for i in indicators}
    problems: list[Problem] = []
    done: set[tuple[str, str]] = set()
    for number, change in enumerate(plan.changes):
        place = Place(key=f"plan.changes[{number}]")
        if isinstance(change, AddChange):
            if change.indicator.code in tree:
                problems.append(Problem("duplicate_code", "增加的指标编码已存在", place, change.indicator.code))
            tree[change.indicator.code] = change.indicator
            done.add(("add", change.indicator.code))
        elif isinstance(change, (WeightChange, TargetChange, DropChange)):
            problem = _why_not(change.kind, change.indicator, tree, from_sheet, done)
            if problem is not None:
                problems.append(problem.at(key=place.key))
                continue
            done.add((change.kind, change.indicator))
            _change(tree, change)
    if problems:
        raise SchemeError(problems)
    return list(tree.values())


def _why_not(
    kind: str, code: str, tree: dict[str, Indicator], from_sheet: Collection[str], done: set[tuple[str, str]]
) -> Problem | None:
    if code not in tree:
        return Problem("unknown_indicator", "没有这个指标编码", found=code, fix=suggest(code, tree))
    if (kind, code) in done:
        return Problem("two_homes", f"同一设置写了两次({kind})", found=code, fix="请只保留一条")
    earlier = [k for k, c in done if c == code and (k == "add" or kind == "drop")]
    if earlier:
        return Problem("two_homes", f"同一指标先{earlier[0]}后{kind},互相矛盾", found=code, fix="请合并为一条")
    if kind == "target" and tree[code].target is None:
        fix = "该指标按基准、标准或档次计分,请在资料中修改相应数值"
        return Problem("no_target", "该指标没有指标值可改", found=code, fix=fix)
    if code in from_sheet and kind != "drop":
        fix = "请只在“绩效指标”表中修改,或删去该表中的设置"
        return Problem("two_homes", "该指标的设置已在“绩效指标”表中,不能在计划中再改", found=code, fix=fix)
    return None


def _change(tree: dict[str, Indicator], change: WeightChange | TargetChange | DropChange) -> None:
    if isinstance(change, DropChange):
        del tree[change.indicator]
        return
    old = tree[change.indicator]
    if isinstance(change, WeightChange):
        tree[change.indicator] = old.model_copy(update={"weight": change.value})
    else:  # the approved wording would go on naming the old target
        tree[change.indicator] = old.model_copy(update={"target": plain(change.value), "target_text": None})
