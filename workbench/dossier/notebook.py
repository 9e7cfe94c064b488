"""``wb.seal``, ``wb.verify``, ``wb.rerun``, ``wb.compare``: what notebooks work with. Each gives a view that shows itself.

Paths start at the current folder or at the workspace. An empty text is no path, so that a parameter left empty is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from workbench.base.errors import FileError, PlanError, Problem
from workbench.dossier.compare.comparing import Compared
from workbench.dossier.compare.view import ComparisonView
from workbench.dossier.rerunning.changing import Change, Experts
from workbench.dossier.views import RerunView, SealedView, VerificationView
from workbench.runs.store import MANIFEST, StoredRun, find_run
from workbench.runs.workspace import find_workspace

PathText: TypeAlias = str | Path
_EXPERTS: tuple[Experts, ...] = ("kept", "dropped", "new")


def seal(
    run: PathText | RerunView, out: PathText = "", *, documents: PathText = "", recipients: Sequence[PathText] = ()
) -> SealedView:
    """Seal a run into a dossier.

    Args:
        run: evaluation id (its latest run), a run folder, or what ``wb.rerun`` gave.
        out: the file to write; ``dossiers/<evaluation>-<run>.dossier.zip`` of the workspace when empty.
        documents: the YAML file of the papers handed in.
        recipients: public keys (``.pub`` files) of those who may open confidential papers and attachments.

    Raises:
        WorkbenchError: see :func:`workbench.dossier.sealing.seal.seal`.
    """
    from workbench.dossier.sealing import seal as sealing
    from workbench.dossier.trust.keys import read_public

    here = find_workspace()
    if isinstance(run, RerunView):
        root, stored = run.workspace, StoredRun(run.found.outcome.folder)
    else:
        root, stored = here, find_run(_run(run), here)
    target = _target(out) or here / sealing.FOLDER / sealing.default_name(stored)
    addresses = [read_public(_path(file) or Path()).recipient for file in recipients]
    return SealedView(sealing.seal(stored, root, target, documents=_path(documents), recipients=addresses))


def verify(dossier: PathText, trust: PathText | Sequence[PathText] = ()) -> VerificationView:
    """Verify a dossier; nothing of it is executed.

    Args:
        trust: public keys (``.pub`` files or folders of them) one of which has to have signed, and nobody else; without any,
            the signatures prove that nothing was changed, and not who signed.

    Raises:
        KeyFileError: a public key cannot be used. What is wrong with the dossier is found, not raised.
    """
    from workbench.dossier.trust.keys import trusted_keys
    from workbench.dossier.verifying import verify as verifying
    from workbench.plugins.manager import load_plugins

    algorithms = load_plugins().algorithms
    places = [place for given in ([trust] if isinstance(trust, str | Path) else trust) if (place := _path(given))]
    trusted = trusted_keys(places, algorithms) if places else None
    return VerificationView(verifying.verify(_dossier(dossier), trusted, algorithms))


def rerun(
    dossier: PathText,
    *,
    evidence: PathText = "",
    scheme: PathText = "",
    ruleset: str = "",
    policy: str = "",
    experts: Experts = "kept",
    into: PathText = "",
) -> RerunView:
    """Run a dossier again in a clean kernel, as it was or with something changed.

    Args:
        evidence: a corrected workbook, or a folder of table files.
        scheme: a plan whose pack, tree, ruleset and declared changes are taken.
        ruleset, policy: id of an installed one, or a YAML file.
        experts: ``kept``, ``dropped``, or ``new`` for a new panel.
        into: the folder to unfold into; one below ``reruns/`` of the workspace when empty.

    Raises:
        WorkbenchError: the dossier is not sound, what is changed does not fit, or the run stopped.
    """
    from workbench.dossier.rerunning.rerun import rerun as run_again

    if experts not in _EXPERTS:
        expected = "kept(沿用)、dropped(不计)、new(另组评审组)"
        raise PlanError(Problem("bad_experts", "experts 的写法不对", found=experts, expected=expected))
    change = Change(
        evidence=_path(evidence),
        scheme=_path(scheme),
        ruleset=_name_or_file(ruleset),
        policy=_name_or_file(policy),
        experts=experts,
    )
    return RerunView(run_again(_dossier(dossier), _target(into), change))


def compare(
    old: PathText | RerunView,
    new: PathText | RerunView,
    *,
    mapping: Mapping[str, str] | None = None,
    points: str | int | Decimal = "10",
    percent: str | int | Decimal | None = None,
    renamed: bool = False,
    verification: VerificationView | None = None,
) -> ComparisonView:
    """Compare two evaluations and attribute the difference.

    Args:
        old, new: a dossier, a run folder, an evaluation id, or what ``wb.rerun`` gave.
        mapping: code in the first → code in the second, confirmed by a person.
        points, percent: from which difference on one is 差异较大; no notice gives a number (示例,可改).
        renamed: subjects of one id are the same under another name, confirmed by a person.
        verification: what ``wb.verify`` found about the first one, for the report.

    Raises:
        PlanError: points or percent is no number.
        WorkbenchError: one of them cannot be opened, or they have no subject in common.
    """
    from workbench.analysis.comparison import Thresholds
    from workbench.dossier.compare.comparing import compare as compared
    from workbench.dossier.telling import verdict

    limits = Thresholds(
        points=_limit("points", points), percent=None if percent is None else _limit("percent", percent)
    )
    sides = [_side(given) for given in (old, new)]
    found = compared(*sides, mapping=mapping, thresholds=limits, other_names=renamed)
    return ComparisonView(found, verdict(verification.found) if verification is not None else None)


def _limit(name: str, given: object) -> str:
    """A threshold as text. Raises PlanError for what is no number, below 0, or binary (a float)."""
    from workbench.analysis.comparison import THRESHOLD_PATTERN

    exact = isinstance(given, str | int | Decimal) and not isinstance(given, bool)
    if not exact or not re.fullmatch(THRESHOLD_PATTERN, str(given)):
        fix = f'写整数,或带引号的小数,例如 {name} = 10 或 {name} = "2.5"'
        raise PlanError(Problem("bad_threshold", f"{name} 须为不小于 0 的数", found=str(given), fix=fix))
    return str(given)


def _side(given: PathText | RerunView) -> Compared:
    """One of the two, opened where it lies."""
    from workbench.dossier.compare.opened import compared

    root = find_workspace()
    if isinstance(given, RerunView):
        return compared(str(given.found.outcome.folder), given.found.workspace.resolve())
    return compared(str(_dossier(given)) if str(given).endswith(".zip") else _run(given), root)


def _run(given: PathText) -> str:
    """A run folder as it lies, or an evaluation id."""
    path = _path(given)
    return str(path) if path is not None and (path / MANIFEST).is_file() else str(given)


def _path(text: PathText) -> Path | None:
    """A path as it is, or from the workspace on; None for an empty text."""
    if not str(text).strip():
        return None
    path = Path(text)
    return path if path.exists() else find_workspace() / path


def _target(text: PathText) -> Path | None:
    """Where something is to be written: from the workspace on, wherever the notebook lies."""
    return find_workspace() / text if str(text).strip() else None


def _name_or_file(text: str) -> str | None:
    return str(_path(text)) if text.endswith((".yaml", ".yml")) else text or None


def _dossier(text: PathText) -> Path:
    """One file; ``*`` in its name stands for whatever it is called. Raises FileError for none and for several."""
    path = _path(text) or Path()
    found = sorted(path.parent.glob(path.name)) if "*" in path.name else [path] if path.is_file() else []
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(p.name for p in found)
        raise FileError(Problem("several_dossiers", "有几份档案符合,请写明一份", found=str(text), expected=names))
    fix = "请检查路径;还没有档案的,先用 workbench run 运行计划,再用 workbench seal 封存"
    raise FileError(Problem("no_dossier", "找不到档案", found=str(text), fix=fix))
