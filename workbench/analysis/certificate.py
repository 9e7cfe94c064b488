"""The certificate of a draw (抽样证书): all that anyone needs to draw the same projects again, and what came of it."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from workbench.analysis.projects import MONEY_PLACES, MONEY_UNIT, Register, tidy
from workbench.analysis.sampling import Drawing, Rules, draw
from workbench.analysis.strata import draw_key, total
from workbench.base.canon import canonical_json
from workbench.base.errors import FileError, Place, Problem
from workbench.base.exact import from_units, half_up_fraction, to_units
from workbench.base.models import DecimalText, Model, key_path
from workbench.base.text import reason, trimmed
from workbench.scheme.policy import Policy

ALGORITHM = (
    "SHA256-STRATA-1:各层项目按“种子|层名|项目编号”(UTF-8)的SHA-256十六进制值从小到大排列;先列入必查项目(层名先后),"
    "再按要求每层列入第一个;其余名额逐个给予“应得−已得”最大的层(并列的取“种子|层名|”的SHA-256较小者),由该层排在最前的未抽项目列入,直到达到名额。"
    "应得按各层项目个数(资金名额按预算数)比例分配;先后按Unicode码位。"
)
SHOWN_DECIMALS = 8
"""Decimals of what a quota needs; whether it is met is decided on the fraction."""
SHOWN_DIFFERENCES = 20


class RegisterRef(Model):
    """The register drawn from. ``digest``: of its content, see ``Register.digest``; ``money`` in 万元."""

    file: str
    digest: str
    projects: int
    money: DecimalText


class PolicyRef(Model):
    """The policy whose quota was taken."""

    id: str
    version: str
    title: str


class StratumRow(Model):
    """One stratum: how many projects and how much money (万元), and how much of it was drawn."""

    name: str
    projects: int
    money: DecimalText
    drawn: int
    drawn_money: DecimalText


class DrawnRow(Model):
    """One project drawn. ``key`` is what the projects of its stratum were ordered by."""

    order: int
    project: str
    name: str
    department: str
    money: DecimalText
    stratum: str
    reason: str
    key: str


class ReachedRow(Model):
    """A quota in one scope: ``needed`` and ``reached`` in projects or 万元."""

    quota: str
    scope: str
    unit: Literal["个", "万元"]
    needed: DecimalText
    reached: DecimalText
    met: bool


class Certificate(Model):
    """See the module. ``seed_given``: by the user; else it came from the system's random source."""

    format: Literal["workbench-sample"] = "workbench-sample"
    version: Literal[1] = 1
    algorithm: str = ALGORITHM
    source: RegisterRef
    policy: PolicyRef | None
    rules: Rules
    seed_given: bool
    strata: list[StratumRow]
    drawn: list[DrawnRow]
    reached: list[ReachedRow]
    short: list[str]

    def content(self) -> bytes:
        """The file's bytes."""
        return canonical_json(self.model_dump(), indent=2)

    @property
    def money(self) -> Decimal:
        """Money of the projects drawn, 万元."""
        return tidy(from_units(sum(to_units(d.money, MONEY_PLACES) for d in self.drawn), MONEY_PLACES))


def certify(register: Register, rules: Rules, policy: PolicyRef | None, *, seed_given: bool) -> Certificate:
    """Draw and write down what came of it. Raises SamplingError as :func:`workbench.analysis.sampling.draw` does."""
    drawing = draw(register.projects, rules)
    reached = _reached(drawing)
    return Certificate(
        source=RegisterRef(
            file=Path(register.file).name,
            digest=register.digest,
            projects=len(register.projects),
            money=total(register.projects),
        ),
        policy=policy,
        rules=rules,
        seed_given=seed_given,
        strata=[
            StratumRow(
                name=s.name,
                projects=len(s.projects),
                money=s.money,
                drawn=len(s.drawn),
                drawn_money=s.drawn_money,
            )
            for s in drawing.strata
        ],
        drawn=_drawn(drawing, rules.seed),
        reached=reached,
        short=[_short(r) for r in reached if not r.met],
    )


def _drawn(drawing: Drawing, seed: str) -> list[DrawnRow]:
    return [
        DrawnRow(
            order=number,
            project=d.project.id,
            name=d.project.name,
            department=d.project.department,
            money=d.project.money,
            stratum=d.stratum,
            reason=d.reason,
            key=draw_key(seed, d.stratum, d.project.id),
        )
        for number, d in enumerate(drawing.drawn, 1)
    ]


def _reached(drawing: Drawing) -> list[ReachedRow]:
    return [
        ReachedRow(
            quota=r.ask.text,
            scope=r.scope,
            unit="万元" if r.ask.counts == "资金比例" else "个",
            needed=_shown(r.needed),
            reached=_shown(r.reached),
            met=r.met,
        )
        for r in drawing.reached
    ]


def _shown(number: Fraction) -> DecimalText:
    return tidy(half_up_fraction(number, SHOWN_DECIMALS))


def _short(row: ReachedRow) -> str:
    lacking = trimmed(row.needed - row.reached)
    return f"{row.scope}:{row.quota},需{trimmed(row.needed)}{row.unit},清单内项目已全部抽取,仍差{lacking}{row.unit}"


def policy_ref(policy: Policy) -> PolicyRef:
    """How a certificate names a policy."""
    return PolicyRef(id=policy.id, version=policy.version, title=policy.title)


def read_certificate(path: Path) -> Certificate:
    """Read a certificate. Raises FileError when the file is none."""
    place, fix = Place(path.name), "请使用 workbench sample 写出的“抽样证书.json”原件"
    try:
        return Certificate.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FileError(Problem("file_unreadable", f"抽样证书打不开({reason(error)})", place)) from None
    except ValidationError as error:
        first = error.errors()[0]
        message = "不是抽样证书,或内容被改得无法识别"
        raise FileError(
            Problem("certificate_invalid", message, place, found=key_path(first["loc"]) or None, fix=fix)
        ) from None


def differences(certificate: Certificate, register: Register) -> list[Problem]:
    """Draw again by a certificate; every place where the register or the result is not what the certificate says.

    Raises SamplingError when a project the certificate orders in is not in the register.
    """
    again = certify(register, certificate.rules, certificate.policy, seed_given=certificate.seed_given)
    renamed = again.source.model_copy(update={"file": certificate.source.file})
    again = again.model_copy(update={"source": renamed})
    said, found = (json.loads(c.content()) for c in (certificate, again))
    return [
        Problem("not_the_same", f"{where}与证书不一致", found=_text(b), expected=f"“{_text(a)}”")
        for where, a, b in _unequal(said, found, "")
    ][:SHOWN_DIFFERENCES]


_WORDS = {
    "source": "项目清单",
    "digest": "内容摘要",
    "projects": "项目个数",
    "money": f"预算数({MONEY_UNIT})",
    "algorithm": "抽取办法",
    "strata": "分层表",
    "drawn": "抽中名单",
    "drawn_money": f"抽中预算数({MONEY_UNIT})",
    "reached": "名额达到情况",
    "short": "不足",
    "project": "项目编号",
    "name": "名称",
    "department": "主管部门",
    "stratum": "所在层",
    "reason": "抽中原因",
    "key": "排序值",
    "needed": "应达到",
    "met": "是否达到",
    "scope": "范围",
    "quota": "名额",
}


def _unequal(said: Any, found: Any, where: str) -> list[tuple[str, Any, Any]]:
    """Leaves that differ, with where they stand in words."""
    if isinstance(said, dict) and isinstance(found, dict):
        return [x for k in said for x in _unequal(said[k], found.get(k), f"{where}{_WORDS.get(k, k)}")]
    if isinstance(said, list) and isinstance(found, list):
        pairs = zip(said, found, strict=False)
        rows = [x for i, (a, b) in enumerate(pairs, 1) for x in _unequal(a, b, f"{where}第{i}项")]
        return rows if len(said) == len(found) else [*rows, (f"{where}的项数", len(said), len(found))]
    return [] if said == found else [(where, said, found)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
