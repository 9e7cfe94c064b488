"""Verify (核验): every check of a dossier, and a plain verdict: what is proven and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.base.errors import Place, Problem, WorkbenchError, shorten
from workbench.base.signatures import BUILT_IN, SignatureAlgorithm
from workbench.dossier.container import Container, examine
from workbench.dossier.container.examining import Progress
from workbench.dossier.container.layout import MANIFEST_NAME
from workbench.dossier.model import Check, Verdict, Verification
from workbench.dossier.trust.keys import PublicKey
from workbench.dossier.trust.signing import check_signatures
from workbench.dossier.unpacking import result_of
from workbench.dossier.verifying.consistency import ledger_problems, manifest_problems, table_problems
from workbench.dossier.verifying.contradictions import WORDING, contradictions, same_engine
from workbench.dossier.verifying.recomputing import Recomputed, recomputed
from workbench.dossier.verifying.scratch import NoScratch
from workbench.runs.evaluation import SHORT
from workbench.runs.versions import ENGINE_VERSION
from workbench.scoring.result import RunResult

TITLES = {
    "container": "文件完整",
    "signatures": "签名",
    "manifest": "清单与目录",
    "ledger": "评审台账",
    "recomputed": "得分重算",
    "tables": "表格与结果一致",
}
RECOMPUTED = "用档案中的方案和佐证重新计分,每项得分、总分和等级都相同"
REPLAYED = "用档案中的方案、佐证和封存的插件结果重新计分,每项得分、总分和等级都相同"
NOT_LOOKED_AT = "前面的核对没有通过,这一项没有核对"


def verify(
    path: Path,
    trusted: Sequence[PublicKey] | None = None,
    algorithms: Mapping[str, SignatureAlgorithm] = BUILT_IN,
    progress: Progress | None = None,
) -> Verification:
    """Check a dossier from its bytes to its points. Nothing of it is executed, and nothing is written beside it.

    Args:
        trusted: public keys one of which has to have signed, and nobody else; None leaves open who signed.
        progress: told bytes done and bytes in all while the file is read.

    Never raises for what is wrong with the dossier: see ``checks``.

    Raises:
        NoScratch: this computer's temporary folder takes nothing; that is no fault of the dossier.
    """
    container, problems = examine(path, progress)
    checks = [_check("container", problems, "每个字节都与清单一致")]
    if container is None or problems:
        return _verification(container, [*checks, *map(_unlooked, list(TITLES)[1:])])
    work = _Work(container)
    checks.append(check_signatures(container, trusted, algorithms))
    checks += work.contents()
    return _verification(container, checks, work)


@dataclass
class _Work:
    """Checks of the contents, of a container whose bytes are sound."""

    container: Container
    result: RunResult | None = None
    again: Recomputed | None = None

    def contents(self) -> list[Check]:
        """Manifest, ledger, points and tables."""
        try:
            result = self.result = result_of(self.container)
        except WorkbenchError as error:
            return [_check("manifest", error.problems, ""), *map(_unlooked, ("ledger", "recomputed", "tables"))]
        c, events = self.container, self.container.manifest.ledger_events
        ledger = f"{events}条事件首尾相连,末尾与清单一致,附件齐全" if events else "没有专家评审,得分都是计算得分"
        return [
            self._look(
                "manifest", lambda: manifest_problems(c, result), "清单、档案目录、运行清单与评价结果说的是同一次运行"
            ),
            self._look("ledger", lambda: ledger_problems(c, result), ledger),
            self._recomputing(result),
            self._look("tables", lambda: table_problems(c, result), "评分表等表格与评价结果逐字相同"),
        ]

    def _look(self, code: str, look: Callable[[], Iterable[Problem]], text: str) -> Check:
        try:
            return _check(code, list(look()), text)
        except NoScratch:
            raise
        except WorkbenchError as error:
            file = self.container.path.name
            return _check(code, [p if str(p.place) else p.at(file=file) for p in error.problems], text)

    def _recomputing(self, result: RunResult) -> Check:
        check = self._look("recomputed", lambda: self._recompute(result), RECOMPUTED)
        replayed = check.verdict == "成立" and self.again is not None and self.again.replayed
        return check.model_copy(update={"text": REPLAYED}) if replayed else check

    def _recompute(self, result: RunResult) -> Iterable[Problem]:
        again = self.again = recomputed(self.container)
        yield from contradictions(result, again.result)
        run = self.container.manifest.run
        if same_engine(result) and again.digest != run:
            message = "方案、佐证或台账与运行摘要不符"
            yield Problem("run_digest", message, Place(MANIFEST_NAME, key="run"), run[:SHORT], again.digest[:SHORT])

    def limits(self) -> Iterator[str]:
        """What working it out again leaves open."""
        for ref in self.again.replayed if self.again is not None else ():
            what = "计算程序" if ref.what == "derivation" else "计分规则"
            named = f"“{shorten(ref.name)}”({shorten(ref.distribution)} {shorten(ref.version)})"
            yield f"{what}{named}的结果用的是封存的数值,没有重算"
        if self.result is None:
            return
        if not same_engine(self.result):
            engines = f"档案由评分引擎 {self.result.engine.version} 算得,本机为 {ENGINE_VERSION}"
            yield f"{engines}:没有核对说明文字({WORDING})和运行摘要"
        if self.again is not None and self.again.parent_claimed:
            yield f"所称的上一次运行 {shorten(str(self.result.parent)[:SHORT])} 不在档案中,没有核对"

    def declared(self) -> str:
        """What the dossier says of itself and nothing in it can confirm. Retention can be, where the rules inside set it."""
        manifest = self.container.manifest
        said = (manifest.retain_years, manifest.retain_clause)
        ruled = self.again is not None and said == self.again.retention and said[0] is not None
        names = ["运行环境说明", *([] if ruled else ["保管期限"]), "单位名称", "文件标题", "档案目录中的依据和理由"]
        return f"{'、'.join(names)}是封存方自己写明的,没有核对"


def _check(code: str, problems: Sequence[Problem], text: str) -> Check:
    verdict: Verdict = "不成立" if problems else "成立"
    return Check(
        code=code,
        title=TITLES[code],
        verdict=verdict,
        text=_failed(problems) if problems else text,
        problems=list(problems),
    )


def _failed(problems: Sequence[Problem]) -> str:
    return f"有{len(problems)}处不符"


def _unlooked(code: str) -> Check:
    return Check(code=code, title=TITLES[code], verdict="未核对", text=NOT_LOOKED_AT)


def _verification(container: Container | None, checks: list[Check], work: _Work | None = None) -> Verification:
    again = work.again if work is not None else None
    return Verification(
        holds=not any(c.verdict == "不成立" for c in checks),
        manifest=container.manifest if container is not None else None,
        checks=checks,
        proven=list(_proven(container, checks)),
        unproven=list(_unproven(container, checks, work)),
        not_recomputed=list(again.replayed) if again is not None else [],
    )


def _proven(container: Container | None, checks: Sequence[Check]) -> Iterator[str]:
    """What follows from the checks that hold, in sentences."""
    held = {c.code: c for c in checks if c.verdict == "成立"}
    if container is not None and "container" in held:
        yield f"{len(container.files)}个文件与清单逐字节一致"
    if "signatures" in held:
        yield held["signatures"].text
    yield from (held[code].text for code in ("manifest", "ledger", "recomputed", "tables") if code in held)


def _unproven(container: Container | None, checks: Sequence[Check], work: _Work | None) -> Iterator[str]:
    """What nobody may conclude from this dossier, in sentences."""
    for check in checks:
        if check.verdict != "成立":
            yield f"{check.title}:{check.text}"
    if work is not None and not any(c.code == "signatures" and c.verdict == "成立" for c in checks):
        yield "没有可信的签名,不能排除整份档案被改动后重新封存"
    if work is not None:
        yield from work.limits()
        yield work.declared()
    withheld = sum(f.withheld for f in container.manifest.files) if container is not None else 0
    if withheld:
        yield f"{withheld}份保密资料没有打开:没有收件人的密钥,不能证明其中的内容就是所记摘要的那一份"
    excused = [i for i in container.manifest.checklist if i.mandatory and i.state == "不适用"] if container else []
    if excused:
        titles = "、".join(shorten(i.title) for i in excused)
        yield f"必备资料{len(excused)}项声明为不适用:{titles},理由没有核对"
    if container is not None and container.manifest.kind == "工作档案":
        yield "这是工作档案:必备资料不齐,不能作为评价档案归档"
    yield "佐证资料和扫描件本身是否真实,图和笔记本中的文字是否恰当,不在核验之内"
