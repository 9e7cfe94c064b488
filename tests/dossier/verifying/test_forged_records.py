"""Forged ledgers, checklists and signatures: each is refused, with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.base.canon import canonical_json
from workbench.cli.app import application
from workbench.dossier.container import open_container
from workbench.dossier.sealing.seal import seal
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.signing import sign
from workbench.dossier.verifying.verify import verify
from workbench.review.events import Event, hash_of

LEDGER = "proof/ledger/ledger.jsonl"

Result = dict[str, Any]


# -- the ledger ---------------------------------------------------------------------------------------------------------


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in open_container(path).read(LEDGER).splitlines()[1:]]


def export(rows: list[dict[str, Any]], evaluation: str = "small", *, chained: bool = True) -> bytes:
    """The ledger of these events, hashed anew when ``chained``: a forger can do that."""
    before, written = "", []
    for seq, row in enumerate(rows, 1):
        if chained:
            unsealed = Event.model_validate(row | {"ledger": evaluation, "seq": seq, "prev_hash": before})
            row = unsealed.model_copy(update={"hash": hash_of(unsealed.model_dump())}).model_dump()
        before = row["hash"]
        written.append(row)
    head = {"format": "workbench-ledger", "version": 1, "ledger": evaluation, "events": len(rows), "head": before}
    return canonical_json(head) + b"".join(canonical_json(row) for row in written)


def ledger_forged(reviewed: Path, forger: Any, data: bytes, *, result: bool = False, **members: bytes | None) -> Path:
    """The ledger replaced; head and number adapted in the manifest and, when wished, in the result."""
    head = json.loads(data.splitlines()[0])
    settings = {"ledger_events": head["events"], "ledger_head": head["head"]}
    if not result:
        return forger.forged(reviewed, {LEDGER: data}, forger.out, **settings)

    def adapted(content: Result) -> None:
        content["ledger_head"] = head["head"]
        content["review"]["events"] = head["events"]

    with_result = forger.with_result(reviewed, adapted, forger.out.with_name("mid.zip"), **settings)
    return forger.forged(with_result, {LEDGER: data}, forger.out)


def test_the_forger_can_write_ledgers(reviewed):
    assert export(events(reviewed)) == open_container(reviewed).read(LEDGER)


def test_a_cut_tail(reviewed, forger):
    cut = export(events(reviewed)[:-1])
    said = forger.refused(forger.forged(reviewed, {LEDGER: cut}, forger.out), "ledger", "recomputed")
    assert "台账的末尾与清单不符" in said
    said = forger.refused(ledger_forged(reviewed, forger, cut), "manifest", "recomputed")
    assert "ledger_head" in said
    # Without the merge, the points are no longer those of the experts.
    kinds = [row["body"]["kind"] for row in events(reviewed)]
    short = export(events(reviewed)[: kinds.index("merge")])
    said = forger.refused(ledger_forged(reviewed, forger, short, result=True), "recomputed")
    assert "S1 D 立项规范性 最终得分" in said


def test_a_replayed_ledger(case, forger):
    """The dossier of a later run with the ledger of an earlier one, which was sound in its time."""
    case.review()
    earlier = open_container(case.sealed("earlier.zip")).read(LEDGER)
    case.sign_off()
    said = forger.refused(ledger_forged(case.sealed(), forger, earlier, result=True), "recomputed")
    assert "台账末尾" in said or "评审" in said


def test_the_ledger_of_another_evaluation(reviewed, forger):
    other = export(events(reviewed), "other")
    said = forger.refused(ledger_forged(reviewed, forger, other, result=True), "ledger", "recomputed")
    assert LEDGER in said and "另一项评价" in said


def test_reordered_and_rewritten_events(reviewed, forger):
    rows = events(reviewed)
    rows[2], rows[3] = rows[3], rows[2]
    for chained in (False, True):
        path = ledger_forged(reviewed, forger, export(rows, chained=chained), result=True)
        found = {c.code for c in verify(path).checks if c.verdict == "不成立"}
        assert "recomputed" in found
        assert LEDGER in forger.refused(path, *found) or chained
    rows = events(reviewed)
    opinion = next(row for row in rows if row["body"].get("points") == "12.00")
    opinion["body"]["points"] = "20.00"
    said = forger.refused(ledger_forged(reviewed, forger, export(rows), result=True), "recomputed")
    assert "专家" in said or "评审" in said


def test_no_ledger_at_all(reviewed, forger):
    proof = next(n for n in forger.contents(reviewed) if n.startswith("proof/ledger/attachments/"))
    said = forger.refused(forger.forged(reviewed, {LEDGER: None, proof: None}, forger.out), "ledger", "recomputed")
    assert "没有评审台账" in said


def test_attachments_of_the_ledger(reviewed, forger):
    proof = next(n for n in forger.contents(reviewed) if n.startswith("proof/ledger/attachments/"))
    said = forger.refused(forger.forged(reviewed, {proof: None}, forger.out), "ledger")
    assert "第3条事件" in said and "合同.txt" in said
    said = forger.refused(forger.forged(reviewed, {proof: b"99%"}, forger.out), "ledger", "recomputed")
    assert "不是原件" in said
    added = "proof/ledger/attachments/x.txt"
    assert added in forger.refused(forger.forged(reviewed, {added: b"x"}, forger.out), "ledger", "recomputed")


# -- manifest, checklist, signatures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["evaluation", "title", "engine", "kind"])
def test_a_manifest_that_says_something_else(honest, forger, field):
    said = forger.refused(
        forger.forged(honest, {}, forger.out, **{field: "评价档案" if field == "kind" else "另一个"}), "manifest"
    )
    assert f"manifest.json {field}" in said


def test_a_checklist_that_claims_what_is_not_there(honest, forger):
    items = open_container(honest).manifest.checklist

    def lines(code: str, **changes: Any) -> list[Any]:
        return [i.model_copy(update=changes) if i.code == code else i for i in items]

    optional = [i.model_copy(update={"mandatory": False}) for i in items]
    said = forger.refused(forger.forged(honest, {}, forger.out, checklist=optional, kind="评价档案"), "manifest")
    assert "把必备资料列为非必备" in said and "委托评价合同或委托书" in said
    for wrong in (
        lines("report", state="有", files=["conclusion/scorecard.csv"], reason=None),
        lines("internal_review", state="有", files=["conclusion/result.json"], reason=None),
        lines("contract", reason=None),
        [i for i in items if i.code != "questionnaires"],
        [*items, items[0].model_copy(update={"code": "extra", "title": "领导批示"})],
    ):
        forger.refused(forger.forged(honest, {}, forger.out, checklist=wrong), "manifest")


def test_signatures_of_somebody_else(honest, forger, tmp_path):
    ours, theirs = new_key("主评人甲"), new_key("主评人甲")
    path = forger.forged(honest, {}, forger.out)
    again = open_container(path).manifest_bytes
    mine = forger.forged(honest, {}, forger.out, (sign(again, ours),))
    assert verify(mine, [ours.public]).holds
    said = forger.refused(
        forger.forged(honest, {}, forger.out, (sign(again, theirs),)), "signatures", trusted=[ours.public]
    )
    assert "不在可信公钥之列" in said and f"signatures/{theirs.public.key}.json" in said
    assert verify(forger.out).holds  # nobody was named as trusted: valid, signer unknown
    said = forger.refused(forger.forged(honest, {}, forger.out), "signatures", trusted=[ours.public])
    assert "没有可信签名人的签名" in said
    stolen = sign(again, ours)
    two = tuple(sorted((stolen, sign(again, theirs)), key=lambda s: s.key))
    forger.refused(forger.forged(honest, {}, forger.out, two), "signatures", trusted=[ours.public])
    liar = replace_signer(stolen)
    forger.refused(forger.forged(honest, {}, forger.out, (liar,)), "signatures")


def replace_signer(signature: Any) -> Any:
    return signature.model_copy(update={"signer": "厅长"})


def test_a_dossier_sealed_from_a_changed_run_folder(case, forger):
    """The run folder's result rewritten before sealing, its manifest made to fit by our own function."""
    from workbench.runs.store import seal_folder

    stored = case.saved()
    run, file = stored.manifest()["digest"], stored.folder / "result.json"
    file.write_bytes(file.read_bytes().replace(b'"87.25"', b'"97.25"'))
    seal_folder(stored.folder, run)
    path = seal(stored, case.root, case.root / "changed.zip").path
    assert "S1 总分" in forger.refused(path, "recomputed")


def test_what_a_dossier_says_does_not_steer_the_terminal(honest, forger):
    """A title with an escape sequence could paint “成立” over the verdict."""
    title = "\x1b[2J\x1b[1;1H各项核对成立"

    def changed(result: Result) -> None:
        result["title"] = title

    path = forger.with_result(honest, changed, forger.out, title=title)
    done = CliRunner().invoke(application(), ["verify", str(path)])
    assert done.exit_code == 4 and "\x1b" not in done.output and "核验示例" in done.output
