"""``workbench sample``: draw projects from a register, and repeat a draw from its certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import print_json, quoted, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, installed
from workbench.cli.sample_rules import Wanted, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.analysis.certificate import Certificate
    from workbench.analysis.projects import Register
    from workbench.base.errors import Problem
    from workbench.scheme.policy import Policy

CERTIFICATE, LIST, PICTURE = "抽样证书.json", "抽样名单.xlsx", "各层覆盖.png"
HELP = "从项目清单中随机抽取项目(部门评价、财政重点评价、真实性核查),写出名单、核查表和可复核的抽样证书。"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        help=HELP, epilog="用办法的名额:--policy 办法编号 --quota 名额编号。自行设定:--size、--rate、--money-share。"
    )(sample)


def sample(
    projects: Annotated[Path, typer.Argument(metavar="清单.xlsx", help="项目清单;配合 --new 时为要生成的空表")],
    new: Annotated[bool, typer.Option("--new", help="生成空的项目清单,不抽取")] = False,
    policy: Annotated[str | None, typer.Option(metavar="编号", help="按哪个地区办法的名额抽取")] = None,
    quota: Annotated[str | None, typer.Option(metavar="编号", help="办法中的名额,如 DEPARTMENT_EVALUATION")] = None,
    size: Annotated[int | None, typer.Option(metavar="个数", min=1, help="至少抽取多少个项目")] = None,
    rate: Annotated[str | None, typer.Option(metavar="百分数", help="至少抽取项目个数的百分之几")] = None,
    money_share: Annotated[str | None, typer.Option(metavar="百分数", help="抽中项目至少占预算总额的百分之几")] = None,
    per_department: Annotated[bool, typer.Option("--per-department", help="名额须由各主管部门分别达到")] = False,
    by: Annotated[str | None, typer.Option(metavar="依据", help="分层依据:主管部门、等级,可用逗号并列")] = None,
    money_bands: Annotated[
        str | None, typer.Option(metavar="分档", help="再按金额分层,写出界限(万元),如 100,500")
    ] = None,
    one_each: Annotated[bool, typer.Option("--one-each", help="每层至少抽取一个")] = False,
    must: Annotated[list[str] | None, typer.Option(metavar="编号", help="必查项目的编号,可写多次")] = None,
    seed: Annotated[str | None, typer.Option(metavar="种子", help="随机种子,任意文字;不写则随机产生并记录")] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="证书.json", help="按抽样证书重抽一遍,核对是否一致;不一致时退出码为 4")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="写到哪里;默认清单旁的“清单名-抽样”")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的、内容不同的同名文件")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw projects, or write an empty register, or repeat a draw."""
    if new:
        _write_empty(projects, force=force)
        return
    wanted = Wanted(quota, size, rate, money_share, per_department, by, money_bands, one_each, must or [], seed)
    if replay is not None:
        wanted.refuse_with_replay(policy)
        _replay(projects, replay, workspace, as_json=as_json)
        return
    _draw(projects, wanted, _policy(policy, workspace), out, force=force, as_json=as_json)


def _policy(name: str | None, workspace: Path | None) -> Policy | None:
    return installed(workspace, code=False)[1].policy(name) if name is not None else None


def _write_empty(path: Path, *, force: bool) -> None:
    from workbench.base.errors import FileError, Problem
    from workbench.reports.sampling import empty_register
    from workbench.runs.outputs import write_once

    if path.suffix.lower() != ".xlsx":
        raise FileError(Problem("suffix", "项目清单是 Excel 工作簿", found=path.name, expected="以 .xlsx 结尾的文件名"))
    write_once([(path.name, empty_register())], path.parent, force=force)
    say(f"已生成 {path.as_posix()}。一行填一个项目;“自评指标”表可不填。")


def _draw(path: Path, wanted: Wanted, policy: Policy | None, out: Path | None, *, force: bool, as_json: bool) -> None:
    from workbench.analysis.certificate import certify, policy_ref
    from workbench.analysis.projects import read_register
    from workbench.base.errors import CheckFailed, Problem
    from workbench.runs.outputs import write_once

    found = read_register(path)
    rules = rules_of(wanted, policy)
    ref = policy_ref(policy) if policy is not None else None
    certificate = certify(found, rules, ref, seed_given=wanted.given_seed is not None)
    folder = out if out is not None else path.parent / f"{path.stem}-抽样"
    write_once(_files(certificate, found), folder, force=force)
    if as_json:
        print_json({"folder": folder.as_posix(), "certificate": certificate.model_dump()})
    else:
        _show(certificate, found.notes, path, folder)
    if certificate.short:
        raise CheckFailed(
            Problem("quota_short", text, fix="名单已写出;请核对清单是否完整") for text in certificate.short
        )


def _files(certificate: Certificate, found: Register) -> list[tuple[str, bytes]]:
    from workbench.reports.charts.coverage import coverage
    from workbench.reports.sampling import sample_workbook
    from workbench.reports.save import png_bytes

    return [
        (LIST, sample_workbook(certificate, found.claims)),
        (PICTURE, png_bytes(coverage(certificate))),
        (CERTIFICATE, certificate.content()),
    ]


def _show(certificate: Certificate, notes: list[Problem], register: Path, folder: Path) -> None:
    from workbench.base.text import trimmed
    from workbench.reports.charts.coverage import rows_of
    from workbench.reports.sampling import money_text, one_each_text, quota_text

    for note in notes:
        say(f"提示:{note}", error=True)
    source, rules = certificate.source, certificate.rules
    say(f"清单:{source.file},{source.projects}个项目,预算数合计{money_text(source.money)}万元")
    for i in range(len(rules.asks)):
        say(f"名额:{quota_text(certificate, i)}")
    why = one_each_text(certificate)
    if why is not None:
        say(f"说明:{why}")
    say(f"种子:{rules.seed}({'用户给定' if certificate.seed_given else '随机产生'},已记入证书)\n")
    rows = [
        (
            r.name,
            f"{r.drawn}/{r.projects}",
            money_text(r.drawn_money),
            money_text(r.money),
            f"{trimmed(r.money_share)}%",
        )
        for r in rows_of(certificate)
    ]
    say(table(("层", "抽中/项目", "抽中金额(万元)", "预算数(万元)", "资金覆盖"), rows) + "\n")
    drawn = [(str(d.order), d.project, d.name, money_text(d.money), d.stratum, d.reason) for d in certificate.drawn]
    say(table(("序号", "编号", "项目", "万元", "层", "抽中原因"), drawn))
    say(f"\n已写出 {folder.as_posix()}/:{LIST}(含真实性核查表)、{PICTURE}、{CERTIFICATE}")
    say(f"下一步:填好核查表后执行 workbench truth {quoted(folder / LIST)}")
    say(f"复核:任何人可执行 workbench sample {quoted(register)} --replay {quoted(folder / CERTIFICATE)}")


def _replay(path: Path, file: Path, workspace: Path | None, *, as_json: bool) -> None:
    from workbench.analysis.certificate import differences, read_certificate
    from workbench.analysis.projects import read_register
    from workbench.analysis.quotas import against_policy, misnamed, unfounded
    from workbench.base.errors import CheckFailed

    certificate, found = read_certificate(file), read_register(path)
    problems = differences(certificate, found) + unfounded(certificate.rules.asks, certificate.policy)
    policy = _cited_policy(certificate, workspace)
    if policy is not None and certificate.policy is not None:
        problems += misnamed(certificate.policy, policy) + against_policy(certificate.rules.asks, policy)
    told = [] if problems else list(_told(certificate, policy))
    if as_json:
        print_json({"identical": not problems, "differences": [p.as_dict() for p in problems], "notes": told})
        raise typer.Exit(CheckFailed.exit_code if problems else 0)
    if problems:
        raise CheckFailed(problems)
    say(f"一致:按证书的种子“{certificate.rules.seed}”重抽,得到同样的{len(certificate.drawn)}个项目。")
    for line in told:
        say(line)


def _cited_policy(certificate: Certificate, workspace: Path | None) -> Policy | None:
    """The policy a certificate names, where it is installed."""
    if certificate.policy is None:
        return None
    library = installed(workspace, code=False)[1]
    return library.policy(certificate.policy.id) if certificate.policy.id in library.policies else None


def _told(certificate: Certificate, policy: Policy | None) -> Iterator[str]:
    """What the quotas rest on, and what drawing again cannot show."""
    from workbench.analysis.quotas import standing

    ref = certificate.policy
    if ref is not None and policy is None:
        yield f"办法:证书写的是“{ref.title}”({ref.id} {ref.version});本机没有安装该办法,名额依据没有核对。"
    elif ref is not None and policy is not None:
        other = f",证书写的是{ref.version}版,按本机安装的核对" if ref.version != policy.version else ""
        yield f"办法:{policy.title}({policy.version}{other})"
        yield from (f"  {line}" for line in standing(certificate.rules.asks, policy))
    else:
        yield "办法:没有引用办法,名额都是用户设定的。"
    origin = "用户给定" if certificate.seed_given else "随机产生"
    yield f"种子:证书写的是“{origin}”。这只是证书自己写的,重抽核对不出种子是谁定的。"
