"""The options of ``workbench sample`` as the rules of a draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from workbench.analysis.sampling import Ask, Rules
    from workbench.analysis.strata import Dimension
    from workbench.scheme.policy import Policy

SEED_BYTES = 16
_WORDS: dict[str, Dimension] = {"主管部门": "主管部门", "部门": "主管部门", "等级": "等级", "自评等级": "等级"}


@dataclass(frozen=True)
class Wanted:
    """Options as typed."""

    quota: str | None
    size: int | None
    rate: str | None
    money_share: str | None
    per_department: bool
    by: str | None
    money_bands: str | None
    one_each: bool
    must: list[str]
    seed: str | None

    @property
    def given_seed(self) -> str | None:
        """The seed the user gave; blanks are none."""
        return (self.seed or "").strip() or None

    def refuse_with_replay(self, policy: str | None) -> None:
        """A certificate says everything itself. Raises SamplingError."""
        from workbench.base.errors import Problem, SamplingError

        if policy is not None or any(vars(self).values()):
            fix = "请去掉其他抽取选项:名额、分层和种子都以证书为准"
            raise SamplingError(Problem("replay_alone", "--replay 不能与抽取选项同用", fix=fix))


def rules_of(wanted: Wanted, policy: Policy | None) -> Rules:
    """The rules of a draw; a seed that was not given is taken from the system's random source.

    Raises SamplingError: numbers that are none, unknown strata, quotas below the policy's.
    """
    import secrets

    from pydantic import ValidationError

    from workbench.analysis.quotas import asked
    from workbench.analysis.sampling import Rules
    from workbench.base.errors import Problem, SamplingError

    if policy is None and wanted.quota is not None:
        raise SamplingError(Problem("quota_without_policy", "--quota 须与 --policy 同用", found=wanted.quota))
    asks = asked(policy, wanted.quota, _own(wanted))
    by = _dimensions(wanted.by)
    if any(a.per_department for a in asks) and "主管部门" not in by:
        by = ["主管部门", *by]
    bounds = [_number("--money-bands", text) for text in _parts(wanted.money_bands)]
    try:
        return Rules(
            asks=asks,
            by=[*by, "金额"] if bounds else by,
            bounds=bounds,
            one_each=wanted.one_each,
            must=sorted(set(wanted.must)),
            seed=wanted.given_seed or secrets.token_hex(SEED_BYTES),
        )
    except ValidationError as error:
        raise SamplingError(Problem("rules", _said(e)) for e in error.errors()) from None


def _own(wanted: Wanted) -> list[Ask]:
    from pydantic import ValidationError

    from workbench.analysis.sampling import Ask, Counts
    from workbench.base.errors import Problem, SamplingError

    given: list[tuple[str, Counts, str | None]] = [
        ("--size", "个数", str(wanted.size) if wanted.size is not None else None),
        ("--rate", "项目比例", wanted.rate),
        ("--money-share", "资金比例", wanted.money_share),
    ]
    asks = []
    for option, counts, text in given:
        if text is None:
            continue
        try:
            number = _number(option, text) if counts == "个数" else _percent(option, text)
            asks.append(Ask(counts=counts, minimum=number, per_department=wanted.per_department))
        except ValidationError:
            expected = "大于0、不超过100的数,如 20 或 12.5"
            raise SamplingError(Problem("not_a_share", f"{option} 的数不对", found=text, expected=expected)) from None
    return asks


def _percent(option: str, text: str) -> Decimal:
    """A percentage; below 1 only with a percent sign, since 0.3 is rather meant as 30%."""
    from workbench.base.errors import Problem, SamplingError
    from workbench.base.text import half_width, trimmed

    number = _number(option, text)
    if 0 < number < 1 and not half_width(text).endswith("%"):
        fix = f"是否想写{trimmed(number * 100)}(%)?确实是{trimmed(number)}%的,请带百分号写“{trimmed(number)}%”"
        raise SamplingError(Problem("share_for_percent", f"{option} 后面是百分数", found=text, fix=fix))
    return number


def _number(option: str, text: str) -> Decimal:
    from decimal import Decimal

    from workbench.base.errors import Problem, SamplingError
    from workbench.base.text import half_width

    plain = half_width(text).removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", plain):
        raise SamplingError(Problem("not_a_number", f"{option} 后面不是数", found=text, expected="如 20 或 12.5"))
    return Decimal(plain)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in re.split("[,，、;；]", text or "") if part.strip()]


def _dimensions(text: str | None) -> list[Dimension]:
    from workbench.base.errors import Problem, SamplingError

    unknown = [part for part in _parts(text) if part not in _WORDS]
    if unknown:
        fix = "按金额分层请用 --money-bands 写明分档" if "金额" in unknown else None
        raise SamplingError(
            Problem("unknown_dimension", "不能按此分层", found="、".join(unknown), expected="主管部门、等级", fix=fix)
        )
    return [_WORDS[part] for part in _parts(text)]


def _said(error: object) -> str:
    """The sentence of a validator of ours; what pydantic itself says would be English."""
    found = error.get("ctx", {}).get("error") if isinstance(error, dict) else None
    return str(found) if found is not None else "种子太长(不超过200字)"
