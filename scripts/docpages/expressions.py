"""What formulas and derived SQL may say."""

from __future__ import annotations

from collections.abc import Iterator

from docpages.writing import page, table
from workbench.scheme import expressions, selects


def expressions_page() -> list[str]:
    """The allow-lists of formulas and of derived SQL."""

    def listed(names: Iterator[str] | frozenset[str]) -> str:
        return "、".join(f"`{name}`" for name in sorted(names))

    lines = page(
        "公式与汇总 SQL 允许的写法",
        "公式由 DuckDB 的语法解析器读成语法树,只放行下列写法,其余一律拒绝。不能读文件、联网、看时钟、取随机数,也不能建表或改设置。",
        f"一条公式不超过 {expressions.MAX_LENGTH} 字,一条汇总 SQL 不超过 {selects.MAX_SELECT_LENGTH} 字。",
    )
    comparisons = "、".join(f"`{x}`" for x in ("=", "<>", "<", "<=", ">", ">=", "BETWEEN"))
    logic = "、".join(f"`{x}`" for x in ("AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "COALESCE", "CASE WHEN"))
    rows = [
        ["四则运算", listed(expressions.ARITHMETIC)],
        ["函数", listed(expressions.SCALAR - expressions.ARITHMETIC)],
        ["比较", comparisons],
        ["逻辑与空值", logic],
        ["类型转换 CAST", listed(expressions.CAST_TYPES)],
    ]
    lines += [
        "## 公式(value、target、inputs、applies、when)",
        "",
        "写一个列表达式,一个对象得一个值。",
        "",
        *table(("种类", "允许"), rows),
    ]
    rows = [
        ["公式允许的一切", "同上"],
        ["汇总函数", listed(expressions.AGGREGATE)],
        ["窗口函数", listed(expressions.WINDOW)],
        ["不许用的名字(时钟、会话)", listed(selects.CLOCK_AND_SESSION)],
    ]
    lines += [
        "## 汇总 SQL(derived.sql)",
        "",
        "一条 SELECT,只能读本指标包的表;可以连接、子查询、WITH、UNION,不能写 `*`,不能抽样。",
        "",
    ]
    return [*lines, *table(("种类", "内容"), rows)]
