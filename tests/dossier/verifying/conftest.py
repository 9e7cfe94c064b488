"""Small dossiers that are honest, and a forger who has all our tools: whatever is changed, everything else is made to fit.

Two subjects, three indicators of 20, 30 and 50 points, and a bonus of 2 for each case. S1 by hand: D 80 % of 20 = 16.00,
Q 75 % of 30 = 22.50, P 93.5 % of 50 = 46.75, one case more = 2.00: 87.25 in all.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.base.canon import canonical_json
from workbench.dossier.container import BytesSource, open_container, write_container
from workbench.dossier.model import FileEntry, Signature
from workbench.dossier.sealing.crate import crate
from workbench.dossier.sealing.seal import seal
from workbench.dossier.verifying.verify import verify
from workbench.reports.csvfiles import analysis_csv, findings_csv, review_csv, scorecard_csv
from workbench.review.desk import Desk, start_review
from workbench.review.events import CellCorrection, Correction, SignOff
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.store import StoredRun, run_folder
from workbench.scheme.panel import Panel
from workbench.scoring.result import RunResult

RESULT, CRATE, RUN_MANIFEST = "conclusion/result.json", "ro-crate-metadata.json", "conclusion/run-manifest.json"
FUNDS = (
    Path(__file__).resolve().parents[3]
    / "plugins/government-investment-funds/src/workbench_pack_government_investment_funds"
)
WEIGHTS = {"D": ("决策", "立项规范性", 20), "Q": ("效益", "社会效益", 30), "P": ("产出", "完成率", 50)}


def indicators(weights: Mapping[str, int]) -> list[dict[str, Any]]:
    """The three indicators; P by proportion of its target, the others judged in percent."""
    found = []
    for code, (level1, name, weight) in WEIGHTS.items():
        rule: dict[str, Any] = {"rule": {"kind": "qualitative"}}
        if code == "P":
            rule = {"rule": {"kind": "proportional"}, "target": "100"}
        head = {"code": code, "level1": level1, "name": name, "weight": weights.get(code, weight), "unit": "%"}
        found.append(head | rule | {"value": f"data.{code.lower()}"})
    return found


def pack(**weights: int) -> bytes:
    """``pack.yaml``, with other weights where some are given."""
    fields = [{"name": f, "title": f"{f}栏", "type": "number", "unit": "%", "decimals": 2} for f in "dqp"]
    cases = {"name": "cases", "title": "获奖数", "type": "number", "decimals": 0}
    bonus = {"code": "B1", "name": "获省级表彰", "limit": 4, "unit": "次", "decimals": 0, "value": "data.cases"}
    content = {
        "id": "small",
        "version": "1.0.0",
        "api_version": 1,
        "title": "核验示例",
        "object": "示例",
        "basis": [],
        "ruleset": "caiyu-2020-10",
        "tables": [{"name": "data", "title": "基础数据", "per": "subject", "fields": [*fields, cases]}],
        "indicators": indicators(weights),
        "bonus": {"cap": 5, "items": [bonus | {"rule": {"kind": "bonus", "params": {"per_case": 2}}}]},
    }
    return yaml.safe_dump({"pack": content}, allow_unicode=True).encode()


PLAN = {
    "evaluation": "small",
    "title": "核验示例",
    "pack": "small",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2024",
    "stage": "自评",
    "as_of": "2025-03-31",
    "evidence": "params/data",
}
PROOFS = "对象编号,指标编码,佐证状态,资料名称,附件文件\n" + "".join(
    f"{s},{code},核实一致,报表,附件/报表.txt\n" for s in ("S1", "S2") for code in (*WEIGHTS, "B1")
)
PANEL = {
    "members": [
        {"id": "lead", "name": "主评人甲", "roles": ["lead"]},
        *({"id": f"e{n}", "name": f"专家{n}", "roles": ["expert"]} for n in (1, 2, 3)),
    ],
    "merge": "mean",
}


class Case:
    """A workspace with one evaluation; ``review`` gives it a ledger, ``sealed`` a dossier of how it is now."""

    def __init__(self, root: Path) -> None:
        self.root, self.data = root, root / "params" / "data"
        (root / "packs" / "small").mkdir(parents=True)
        (root / "packs" / "small" / "pack.yaml").write_bytes(pack())
        (self.data / "附件").mkdir(parents=True)
        (root / "params" / "plan.yaml").write_text(yaml.safe_dump({"plan": PLAN}, allow_unicode=True), "utf-8")
        (self.data / "评价对象.csv").write_text("对象编号,对象名称\nS1,第一小学\nS2,第二小学\n", "utf-8")
        (self.data / "佐证清单.csv").write_text(PROOFS, "utf-8")
        (self.data / "附件" / "报表.txt").write_text("完成率93.5%", "utf-8")
        self.write("80,75,93.5,1")

    def write(self, s1: str) -> None:
        """What the evidence says of S1."""
        head = "对象编号,d栏(%),q栏(%),p栏(%),获奖数\n"
        (self.data / "基础数据.csv").write_text(f"{head}S1,{s1}\nS2,90,90,90,0\n", "utf-8")

    def saved(self) -> StoredRun:
        """The run as a notebook would save it."""
        evaluation = open_plan("params/plan.yaml", workspace=self.root)
        evaluation.save()
        return StoredRun(run_folder(evaluation))

    def sealed(self, name: str = "小.dossier.zip", **options: Any) -> Path:
        """A dossier of the evaluation as it is now."""
        return seal(self.saved(), self.root, self.root / "dossiers" / name, replace=True, **options).path

    def ledger(self) -> SqlLedger:
        return open_ledger(self.root, "small", create=True)

    def desk(self, ledger: SqlLedger, person: str) -> Desk:
        docket = RunDocket(open_computed("params/plan.yaml", workspace=self.root))
        start_review(ledger, docket, Panel.model_validate(PANEL))
        return Desk(ledger, docket, person)

    def review(self) -> None:
        """Three experts give D of S1 12, 14 and 16 of 20 points (mean 14.00) and agree to the rest; P is corrected before."""
        with self.ledger() as ledger:
            proof = ledger.keep("合同.txt", b"90%")
            change = CellCorrection(target="cell", table="基础数据", field="p", old="93.5", new="90")
            attached = [{"name": "合同.txt", "sha256": proof, "size": 3}]
            content = {"kind": "correction", "subject": "S1", "change": change.model_dump(), "attachments": attached}
            content |= {"reason": "合同载明", "evidence": "合同第3页"}
            self.desk(ledger, "lead").send(Correction.model_validate(content))
            for n, points in ((1, 12), (2, 14), (3, 16)):
                desk = self.desk(ledger, f"e{n}")
                for subject in ("S1", "S2"):
                    for code in WEIGHTS:
                        if (subject, code) == ("S1", "D"):
                            desk.opine(subject, code, "adjust", Decimal(points), "依据不充分")
                        else:
                            desk.opine(subject, code, "agree")
                desk.submit()
            self.desk(ledger, "lead").merge()

    def sign_off(self) -> None:
        with self.ledger() as ledger:
            self.desk(ledger, "lead").send(SignOff(kind="sign_off", statement="同意"))


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.delenv("WORKBENCH_LEDGER", raising=False)
    yield Case(tmp_path / "work")


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier without a review, for tests that only read it."""
    return Case(tmp_path_factory.mktemp("honest")).sealed()


@pytest.fixture(scope="session")
def reviewed_case() -> Callable[[Path], Case]:
    """``reviewed_case(folder)``: a workspace of one's own with a review that is signed off."""

    def make(folder: Path) -> Case:
        made = Case(folder)
        made.review()
        made.sign_off()
        return made

    return make


@pytest.fixture(scope="session")
def reviewed(reviewed_case: Callable[[Path], Case], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier with a whole review, for tests that only read it."""
    return reviewed_case(tmp_path_factory.mktemp("reviewed")).sealed()


@pytest.fixture(scope="session")
def funds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of the fund pack, whose rates of return a plugin computes."""
    root = tmp_path_factory.mktemp("funds")
    shutil.copytree(FUNDS / "example", root / "example")
    evaluation = open_plan("example/plan.yaml", workspace=root)
    evaluation.save()
    return seal(StoredRun(run_folder(evaluation)), root, root / "基金.dossier.zip").path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go; nothing may be left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


# -- the forger -------------------------------------------------------------------------------------------------------


def contents(path: Path) -> dict[str, bytes]:
    """Everything in a dossier by name."""
    container = open_container(path)
    return {name: container.read(name) for name in container.files}


def tables_of(result: RunResult) -> dict[str, bytes]:
    """The CSV files a run would write for this result."""
    found = {"scorecard.csv": scorecard_csv(result), "findings.csv": findings_csv(result)}
    found |= {f"analysis/{a.name}.csv": analysis_csv(a) for a in result.analyses}
    if result.review is not None:
        found["review.csv"] = review_csv(result)
    return {f"conclusion/{name}": data for name, data in found.items()}


def _run_manifest(data: bytes, files: Mapping[str, bytes], run: str) -> bytes:
    apart = ("proof/ledger/", RUN_MANIFEST, CRATE)
    own = (name for name in files if "/documents/" not in name and not name.startswith(apart))
    digests = {name.partition("/")[2]: hashlib.sha256(files[name]).hexdigest() for name in own}
    return canonical_json(json.loads(data) | {"files": digests, "digest": run}, indent=2)


def _entry(path: str, data: bytes) -> FileEntry:
    sha256 = hashlib.sha256(data).hexdigest()
    return FileEntry(path=path, sha256=sha256, size=len(data), crc32=f"{zlib.crc32(data):08x}", title="文件")


def forged(
    original: Path,
    members: Mapping[str, bytes | None],
    out: Path,
    signatures: tuple[Signature, ...] = (),
    **manifest: Any,
) -> Path:
    """The dossier with these members (None: without it) and settings of the manifest, everything else made to fit."""
    container = open_container(original)
    files = {name: data for name, data in (contents(original) | members).items() if data is not None}
    changed = container.manifest.model_copy(update=manifest)
    files[RUN_MANIFEST] = _run_manifest(files[RUN_MANIFEST], files, changed.run)
    try:
        result = RunResult.model_validate_json(files[RESULT])
    except ValueError:
        result = RunResult.model_validate_json(container.read(RESULT))
    others = sorted((_entry(n, d) for n, d in files.items() if n != CRATE), key=lambda e: e.path)
    files[CRATE] = crate(others, result, changed.kind, changed.institution)
    entries = sorted([*others, _entry(CRATE, files[CRATE])], key=lambda e: e.path)
    changed = changed.model_copy(update={"files": entries})
    write_container(out, changed, {n: BytesSource(d) for n, d in files.items()}, signatures)
    return out


def with_result(original: Path, change: Callable[[dict[str, Any]], object], out: Path, **manifest: Any) -> Path:
    """The dossier with another result, and every table written anew from it."""
    content = json.loads(open_container(original).read(RESULT))
    change(content)
    data = canonical_json(content, indent=2)
    return forged(original, {RESULT: data} | tables_of(RunResult.model_validate_json(data)), out, **manifest)


class Forger:
    """What a forger does, and what comes of it: ``refused`` gives the problems as sentences."""

    contents, forged, with_result = staticmethod(contents), staticmethod(forged), staticmethod(with_result)
    pack = staticmethod(pack)

    def __init__(self, folder: Path) -> None:
        self.out = folder / "伪造.dossier.zip"

    def refused(self, path: Path, *checks: str, **options: Any) -> str:
        """All problems of a dossier that must be refused by exactly these checks, each with a place."""
        found = verify(path, **options)
        assert not found.holds
        assert {c.code for c in found.checks if c.verdict == "不成立"} == set(checks)
        problems = [p for c in found.checks for p in c.problems]
        assert problems and all(str(p.place) for p in problems)
        return "\n".join(map(str, problems))


@pytest.fixture
def forger(tmp_path: Path, temporary: Path) -> Forger:
    return Forger(tmp_path)
