"""抽样名单.xlsx and the sheet to take along to the site (真实性核查表), from a certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from workbench.analysis.certificate import Certificate, DrawnRow
from workbench.analysis.checksheet import CHECK
from workbench.analysis.printed import LISTED, Printed
from workbench.analysis.projects import CLAIMS, MONEY_UNIT, PROJECTS, Claim
from workbench.analysis.sampling import ONE_EACH
from workbench.base.exact import half_up
from workbench.base.text import plain, trimmed
from workbench.reports.charts.coverage import coverage, coverage_alt, strata_of, whole_of
from workbench.reports.save import png_bytes
from workbench.reports.sheets import Cell, Column, Picture, Sheet, column_of, workbook_bytes
from workbench.scheme.findings import cited

BLANK_LINES = 5
"""Lines left for a project whose indicators the register does not list."""
EMPTY_ROWS = 200
MONEY_SHOWN = 2
"""Decimals of 万元 on paper and on screen; the cells and the certificate keep the amounts to the fen."""
CHECK_WIDTHS = {
    "project": 9, "name": 18, "indicator": 20, "direction": 7, "target": 12, "unit": 8, "claimed": 10, "verified": 10,
    "difference": 10, "proof": 9, "document": 20, "other": 10, "basis": 14, "proposed": 9, "ground": 24, "remark": 14,
    "statement": 20, "heard_on": 12, "confirmed": 9, "confirmer": 8, "confirmed_on": 12, "decision": 16,
}  # fmt: skip
_LIST = [
    Column("序号", 6),
    Column("项目编号", 12),
    Column("项目名称", 34),
    Column("主管部门", 18),
    Column(f"预算数({MONEY_UNIT})", 14, places=MONEY_SHOWN),
    Column("所在层", 22),
    Column("抽中原因", 50),
]
_STRATA = [
    Column("层", 26),
    Column("项目个数", 10),
    Column(f"预算数({MONEY_UNIT})", 16, places=MONEY_SHOWN),
    Column("抽中个数", 10),
    Column(f"抽中预算数({MONEY_UNIT})", 18, places=MONEY_SHOWN),
    Column("个数覆盖(%)", 13),
    Column("资金覆盖(%)", 13),
]
_QUOTAS = [
    Column("名额", 46),
    Column("范围", 20),
    Column("应达到", 16),
    Column("已达到", 16),
    Column("单位", 8),
    Column("结果", 10),
]


def empty_register() -> bytes:
    """The register to be filled in."""
    sheets = []
    for spec in (PROJECTS, CLAIMS):
        columns = [column_of(f, 34 if f.name in ("name", "indicator") else 16) for f in spec.fields]
        sheets.append(Sheet(spec.title, columns, [[None] * len(columns)] * EMPTY_ROWS, fixed=1))
    return workbook_bytes("抽样项目清单", sheets)


def sample_workbook(certificate: Certificate, claims: Sequence[Claim]) -> bytes:
    """The list, the strata with a picture, the quotas and the check sheet."""
    picture = Picture(png_bytes(coverage(certificate)), coverage_alt(certificate))
    strata: list[list[Cell]] = [
        [s.name, s.projects, s.money, s.drawn, s.drawn_money, s.project_share, s.money_share]
        for s in (*strata_of(certificate), whole_of(certificate))
    ]
    return workbook_bytes(
        "抽样名单",
        [
            Sheet(LISTED.title, _LIST, [_listed(d) for d in certificate.drawn], fixed=3),
            Sheet("分层表", _STRATA, strata, fixed=1, total=True),
            Sheet("各层覆盖", [], [], picture=picture),
            Sheet("名额达到情况", _QUOTAS, _reached(certificate)),
            check_sheet(_check_rows(certificate.drawn, claims)),
            *_claims_sheet([c for d in certificate.drawn for c in claims if c.project == d.project]),
            Sheet("抽样说明", [Column("事项", 16), Column("内容", 100)], _facts(certificate)),
        ],
    )


def check_sheet(rows: Iterable[Sequence[Cell]]) -> Sheet:
    """真实性核查表 with these rows, as ``workbench truth`` reads it."""
    columns = [column_of(f, CHECK_WIDTHS[f.name]) for f in CHECK.fields]
    return Sheet(CHECK.title, columns, list(rows), fixed=3)


def printed_sheets(printed: Printed) -> list[Sheet]:
    """The projects drawn and the claims printed, as ``workbench truth`` compares the check sheet with them."""
    sheets = _claims_sheet(printed.claims)
    if printed.projects is not None:
        rows: list[list[Cell]] = [[project, name] for project, name in printed.projects.items()]
        sheets.insert(0, Sheet(LISTED.title, [Column("项目编号", 12), Column("项目名称", 34)], rows, fixed=1))
    return sheets


def _claims_sheet(claims: Sequence[Claim]) -> list[Sheet]:
    if not claims:
        return []
    rows: list[list[Cell]] = [[getattr(c, f.name) for f in CLAIMS.fields] for c in claims]
    return [Sheet(CLAIMS.title, [column_of(f, CHECK_WIDTHS[f.name]) for f in CLAIMS.fields], rows, fixed=2)]


def _listed(row: DrawnRow) -> list[Cell]:
    return [row.order, row.project, row.name, row.department, row.money, row.stratum, row.reason]


def _reached(certificate: Certificate) -> list[list[Cell]]:
    return [
        [r.quota, r.scope, *_amounts(r.unit, r.needed, r.reached), r.unit, "达到" if r.met else "不足"]
        for r in certificate.reached
    ]


def _amounts(unit: str, *numbers: Decimal) -> list[Cell]:
    return [half_up(n, MONEY_SHOWN) if unit == MONEY_UNIT else n for n in numbers]


def money_text(money: Decimal) -> str:
    """An amount in 万元 with the decimals shown everywhere: ``291.40``."""
    return plain(half_up(money, MONEY_SHOWN))


def _check_rows(drawn: Sequence[DrawnRow], claims: Sequence[Claim]) -> list[list[Cell]]:
    rows = []
    for project in drawn:
        own = [c for c in claims if c.project == project.project]
        known: list[dict[str, Cell]] = [
            {
                "indicator": c.indicator,
                "direction": c.direction,
                "target": c.target,
                "unit": c.unit,
                "claimed": c.claimed,
            }
            for c in own
        ] or [{}] * BLANK_LINES
        for values in known:
            filled = {"project": project.project, "name": project.name} | values
            rows.append([filled.get(f.name) for f in CHECK.fields])
    return rows


def _facts(certificate: Certificate) -> list[list[Cell]]:
    rules, source = certificate.rules, certificate.source
    origin = "用户给定" if certificate.seed_given else "由程序随机产生"
    facts: list[list[Cell]] = [
        ["项目清单", f"{source.file},{source.projects}个项目,预算{money_text(source.money)}{MONEY_UNIT}"],
        ["清单内容摘要", source.digest],
    ]
    facts += [["名额", quota_text(certificate, i)] for i in range(len(rules.asks))]
    bands = f";金额分档(万元):{'、'.join(trimmed(b) for b in rules.bounds)}" if rules.bounds else ""
    facts += [
        ["分层依据", ("、".join(rules.by) or "不分层") + bands],
        ["每层至少一个", one_each_text(certificate) or ("是" if rules.one_each else "否")],
        ["随机种子", f"{rules.seed}({origin})"],
        ["抽取办法", certificate.algorithm],
        ["复核", "任何人用同一清单和抽样证书执行 workbench sample 清单.xlsx --replay 抽样证书.json,应得到同一名单"],
    ]
    facts += [["不足", text] for text in certificate.short]
    return [*facts, ["抽取人(签字)", None], ["监督人(签字)", None], ["日期", None]]


def one_each_text(certificate: Certificate) -> str | None:
    """Why more may be drawn than the quota asks for: every stratum has one. None where no project was drawn for that."""
    number = sum(d.reason == ONE_EACH for d in certificate.drawn)
    if not number:
        return None
    needed: dict[str, Decimal] = {}
    for row in certificate.reached:
        if row.unit == "个":
            needed[row.quota] = needed.get(row.quota, Decimal(0)) + row.needed
    most, drawn = max(needed.values(), default=Decimal(0)), len(certificate.drawn)
    more = f",所以实抽{drawn}个,多于名额需要的{trimmed(most)}个" if needed and drawn > most else ""
    return f"按“每层至少一个”抽取{number}个(共{len(certificate.strata)}层)" + more


def quota_text(certificate: Certificate, i: int) -> str:
    """A quota with where its number comes from: ``不少于10个项目(办法:…,条款)``."""
    ask = certificate.rules.asks[i]
    named = f"{ask.what},{cited(ask.clause)}" if ask.what else ""
    origin = ask.origin if not named else f"{ask.origin}:{named}" if ask.origin == "办法" else f"用户设定;办法:{named}"
    return f"{ask.text}({origin})"
