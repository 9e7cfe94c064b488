"""The RO-Crate: what RO-Crate 1.1 and Process Run Crate 0.5 ask for, by the validator of their authors, without a network."""

from __future__ import annotations

import io
import json
from importlib.metadata import distribution
from urllib.parse import unquote

import pytest
import requests
from requests_cache import CachedSession
from rocrate_validator.models import Severity
from rocrate_validator.services import ValidationSettings, validate
from urllib3 import HTTPResponse

from workbench.dossier.container import open_container
from workbench.dossier.sealing.crate import NAME, SPECIFICATION

# The validator uses what rdflib is about to rename; that is for its authors to follow.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use .* instead:DeprecationWarning")

CONTEXT = f"{SPECIFICATION}/context"
PAPERS = {"委托 合同(终稿)#1%.pdf": b"%PDF", "录音.xyz": b"\0"}
LEFT = {
    "process-run-crate-0.5_3.2": "an address of the program",
    "process-run-crate-0.5_5.1": "the same address as its identifier",
    "process-run-crate-0.5_8.4": "when the run ended: no time of day, so that the same run has the same bytes",
    "ro-crate-1.1_31.2": "an address of the institution",
}
"""What the profiles recommend and no dossier says, because nobody told it."""


@pytest.fixture
def crate(sealed, declare):
    """A dossier with papers whose names need encoding, a withheld one, and the institution."""
    items = {"contract": {"files": list(PAPERS)[:1]}, "fieldwork": {"files": list(PAPERS)[1:]}}
    return open_container(sealed(declare(items, PAPERS, institution="某某会计师事务所")).path)


@pytest.fixture
def cache(tmp_path):
    """The validator's own cache, holding the one document it would fetch: the JSON-LD context of RO-Crate 1.1."""
    data = distribution("rocrate").locate_file("rocrate/data/ro-crate.jsonld").read_bytes()
    assert json.loads(data)["@id"] == CONTEXT
    answer = requests.Response()
    answer.status_code, answer.url = 200, CONTEXT
    answer.headers["Content-Type"] = "application/ld+json"
    answer.request = requests.Request("GET", CONTEXT).prepare()
    answer.raw = HTTPResponse(io.BytesIO(data), preload_content=False)
    path = tmp_path / "http"
    with CachedSession(str(path), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(answer)
        session.cache.close()
    return path


def issues(folder, cache, level):
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="process-run-crate",
        requirement_severity=level,
        offline=True,
        cache_path=cache,
    )
    found = validate(settings).get_issues()
    return {(i.severity, i.check.identifier): i.message for i in found}


def test_it_validates(crate, cache, tmp_path):
    """Against Process Run Crate, which includes RO-Crate 1.1: all that is required, and what is recommended but for :data:`LEFT`."""
    folder = tmp_path / "展开"
    crate.extract(folder, list(crate.files))
    found = issues(folder, cache, Severity.RECOMMENDED)
    assert {check for _, check in found} == set(LEFT), found
    assert {severity for severity, _ in found} == {Severity.RECOMMENDED}


def test_the_validator_is_awake(crate, cache, tmp_path):
    """It does say so when a term is used that the context does not have, or a file lacks."""
    folder = tmp_path / "展开"
    crate.extract(folder, list(crate.files))
    content = json.loads((folder / NAME).read_bytes())
    content["@context"] = CONTEXT
    (folder / NAME).write_text(json.dumps(content), encoding="utf-8")
    (folder / "conclusion" / "result.json").unlink()
    said = " ".join(issues(folder, cache, Severity.REQUIRED).values())
    assert '"sha256"' in said
    assert "result.json" in said


def test_every_file_is_described_with_its_digest(crate):
    graph = {e["@id"]: e for e in json.loads(crate.read(NAME))["@graph"]}
    files = {unquote(name): e for name, e in graph.items() if e["@type"] == "File"}
    assert {n: (e["sha256"], e["contentSize"]) for n, e in files.items()} == {
        n: (f.sha256, str(f.size)) for n, f in crate.files.items() if n != NAME
    }
    assert {p["@id"] for p in graph["./"]["hasPart"]} == {n for n, e in graph.items() if e["@type"] == "File"}


def test_the_run_used_the_proof_and_made_the_conclusion(crate):
    """Papers handed in were neither used by the program nor made by it."""
    run = next(e for e in json.loads(crate.read(NAME))["@graph"] if e["@type"] == "CreateAction")
    used, made = ([unquote(r["@id"]) for r in run[key]] for key in ("object", "result"))
    assert {"proof/plan.json", "proof/evidence.json", "proof/scheme/pack.yaml", "proof/ledger/ledger.jsonl"} <= {*used}
    assert {"conclusion/result.json", "conclusion/scorecard.csv"} <= {*made}
    assert not [name for name in [*used, *made] if "/documents/" in name]


def test_types_do_not_depend_on_the_computer(crate):
    """Not asked of the system's table, which differs: the bytes would differ with it."""
    graph = {unquote(e["@id"]): e for e in json.loads(crate.read(NAME))["@graph"]}
    assert graph["proof/documents/fieldwork/录音.xyz"]["encodingFormat"] == "application/octet-stream"
    assert graph[f"initiation/documents/contract/{next(iter(PAPERS))}"]["encodingFormat"] == "application/pdf"


def test_who_did_the_evaluation_is_said_only_when_somebody_said_so(sealed, crate):
    assert crate.manifest.institution == "某某会计师事务所"
    plain = open_container(sealed(name="无机构.zip").path)
    assert plain.manifest.institution is None
    assert "Organization" not in plain.read(NAME).decode()
