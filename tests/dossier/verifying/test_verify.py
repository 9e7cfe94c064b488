"""Honest dossiers hold, and say what is proven and what is not; no number in a result can be another."""

from __future__ import annotations

import errno
import json
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dossier.container import open_container
from workbench.dossier.unpacking import parts_of_dossier
from workbench.dossier.verifying.scratch import NoScratch, scratch
from workbench.dossier.verifying.verify import verify
from workbench.runs.opening import open_plan
from workbench.runs.sealed import parts_of_run, restore
from workbench.runs.store import StoredRun, run_folder

ALL = ("container", "manifest", "ledger", "recomputed", "tables")


def verdicts(path: Path) -> dict[str, str]:
    return {c.code: c.verdict for c in verify(path).checks}


def test_an_honest_dossier_holds(honest, temporary):
    found = verify(honest)
    assert found.holds
    assert verdicts(honest) == dict.fromkeys(ALL, "成立") | {"signatures": "未核对"}
    assert found.proven == [
        f"{len(open_container(honest).files)}个文件与清单逐字节一致",
        "清单、档案目录、运行清单与评价结果说的是同一次运行",
        "没有专家评审,得分都是计算得分",
        "用档案中的方案和佐证重新计分,每项得分、总分和等级都相同",
        "评分表等表格与评价结果逐字相同",
    ]
    assert found.unproven == [
        "签名:档案没有签名",
        "没有可信的签名,不能排除整份档案被改动后重新封存",
        "运行环境说明、保管期限、单位名称、文件标题、档案目录中的依据和理由是封存方自己写明的,没有核对",
        "这是工作档案:必备资料不齐,不能作为评价档案归档",
        "佐证资料和扫描件本身是否真实,图和笔记本中的文字是否恰当,不在核验之内",
    ]
    assert found.not_recomputed == []
    result = json.loads(open_container(honest).read("conclusion/result.json"))
    assert [(s["id"], s["total"]) for s in result["subjects"]] == [("S1", "87.25"), ("S2", "90.00")]


def test_a_dossier_with_a_whole_review_holds(reviewed, temporary):
    found = verify(reviewed)
    assert found.holds, found.checks
    events = open_container(reviewed).manifest.ledger_events
    assert f"{events}条事件首尾相连,末尾与清单一致,附件齐全" in found.proven
    result = json.loads(open_container(reviewed).read("conclusion/result.json"))
    # D 14.00 by the experts, Q 22.50, P 90 % of 50 = 45.00 as corrected, bonus 2.00
    assert result["subjects"][0]["total"] == "83.50"


def test_mandatory_papers_that_are_said_not_to_apply_are_named(honest, forger):
    lines = open_container(honest).manifest.checklist
    excuse = {"state": "不适用", "reason": "自评"}
    excused = [i.model_copy(update=excuse) if i.code in ("contract", "team", "independence") else i for i in lines]
    found = verify(forger.forged(honest, {}, forger.out, checklist=excused))
    assert "必备资料2项声明为不适用:委托评价合同或委托书、工作组成员及主评人资格,理由没有核对" in found.unproven


def test_the_environment_of_who_verifies_does_not_count(reviewed, tmp_path, monkeypatch, temporary):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("WORKBENCH_LEDGER", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_REVIEW_HEAD", "small 1 abc")
    assert verify(reviewed).holds
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_a_plugin_computed_is_listed_as_not_recomputed(funds, temporary):
    found = verify(funds)
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    assert found.not_recomputed and {r.what for r in found.not_recomputed} == {"derivation"}
    for ref in found.not_recomputed:
        said = f"计算程序“{ref.name}”({ref.distribution} {ref.version})的结果用的是封存的数值,没有重算"
        assert said in found.unproven
        assert re.fullmatch("[0-9a-f]{64}", ref.code)
    assert "用档案中的方案、佐证和封存的插件结果重新计分,每项得分、总分和等级都相同" in found.proven


def test_a_run_of_a_re_evaluation_holds_and_its_parent_is_only_claimed(case, forger):
    """The run a corrected one was made from is not in its dossier."""
    from dataclasses import replace

    from workbench.dossier.sealing.seal import seal

    parts = parts_of_run(case.saved(), case.root)
    origin = parts.origin.model_copy(update={"changed": ["ruleset"], "parent": parts.origin.run})
    root = restore(replace(parts, origin=origin), case.root / "again")
    evaluation = open_plan("params/plan.yaml", workspace=root)
    evaluation.save()
    path = seal(StoredRun(run_folder(evaluation)), root, root / "again.dossier.zip").path
    found = verify(path)
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    assert f"所称的上一次运行 {parts.origin.run[:16]} 不在档案中,没有核对" in found.unproven


def test_a_result_of_an_earlier_engine_is_held_to_its_numbers(honest, forger):
    """Its sentences may have been worded anew since, and its digest cannot be worked out by this version."""

    def earlier(result: dict[str, Any]) -> None:
        result["engine"]["version"] = "1.1.0"
        result["subjects"][0]["indicators"][0]["explanation"] = "以前的说法"

    path = forger.with_result(honest, earlier, forger.out, engine="1.1.0", run="0" * 64)
    found = verify(path)
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    assert any("没有核对说明文字(评分说明和计算式、" in text and "和运行摘要" in text for text in found.unproven)

    def raised(result: dict[str, Any]) -> None:
        earlier(result)
        result["subjects"][0]["indicators"][0]["final"] = "17.00"

    said = forger.refused(forger.with_result(honest, raised, forger.out, engine="1.1.0"), "recomputed")
    assert "S1 D 立项规范性 最终得分" in said


def at_once(*changes: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], None]:
    def changed(result: dict[str, Any]) -> None:
        for change in changes:
            change(result)

    return changed


def claims_an_earlier_engine(result: dict[str, Any]) -> None:
    result["engine"]["version"] = "1.1.0"


def an_invented_note(result: dict[str, Any]) -> None:
    notes = result["review"]["notes"]
    notes.append(notes[-1] | {"kind": "internal_review", "text": "内部审核通过", "accepted": True, "event": 99})


DRESSED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "name": (lambda r: r["subjects"][0].update(name="另一小学"), "S1 名称"),
    "indicator": (lambda r: r["subjects"][0]["indicators"][0].update(name="换名"), "S1 D 立项规范性 名称"),
    "level1": (lambda r: r["subjects"][0]["indicators"][0].update(level1="效益"), "D 立项规范性 一级指标"),
    "level2": (lambda r: r["subjects"][0]["indicators"][0].update(level2="另设"), "D 立项规范性 二级指标"),
    "shown": (lambda r: r["subjects"][0]["indicators"][2].update(shown="99%"), "P 完成率 完成值"),
    "period": (lambda r: r.update(period="2020"), "评价期间"),
    "stage": (lambda r: r.update(stage="财政评价"), "评价阶段"),
    "as_of": (lambda r: r.update(as_of="2030-01-01"), "截止日期"),
    "finding": (lambda r: r["subjects"][0]["findings"].clear(), "S1 review_correction 发现的问题"),
    "phase": (lambda r: r["review"].update(phase="定稿"), "评审 评审阶段"),
    "note": (an_invented_note, "99 评审 说明"),
    "words": (lambda r: r["review"]["notes"][-1].update(text="不同意"), "评审 说明 文字"),
    "who": (lambda r: r["review"]["notes"][0].update(by="厅长"), "评审 说明 经办人"),
    "people": (lambda r: r["review"]["people"][1].update(name="名家"), "e1 评审 评审组成员 名称"),
    "opinion": (lambda r: r["subjects"][0]["indicators"][0]["review"]["experts"][0].update(reason="好"), "reason"),
    "review": (lambda r: r.update(review=None), "评审"),
    "schema": (lambda r: r.update(schema_version="1.0.0"), "结果格式的版本"),
}
"""What a forger says of a result who claims that an earlier engine wrote it, and where verifying says so."""


@pytest.mark.parametrize("claim", DRESSED)
def test_nothing_but_wording_may_differ_where_an_earlier_engine_is_claimed(reviewed, forger, claim):
    change, place = DRESSED[claim]
    path = forger.with_result(reviewed, at_once(claims_an_earlier_engine, change), forger.out, engine="1.1.0")
    if claim == "review":
        members = {"conclusion/review.csv": None}
        path = forger.forged(path, members, forger.out.with_name("without.zip"))
        assert "有评审台账,评价结果中却没有评审记录" in forger.refused(path, "recomputed", "ledger")
    assert place in "\n".join(str(p) for c in verify(path).checks for p in c.problems if c.code == "recomputed")
    assert not verify(path).holds


def test_a_reviewed_result_of_an_earlier_engine_holds(reviewed, forger):
    """Its composed sentences may be others."""

    def reworded(result: dict[str, Any]) -> None:
        result["subjects"][0]["steps"][0]["text"] = "以前的说法"
        next(n for n in result["review"]["notes"] if n["kind"] == "correction")["text"] = "以前的说法"

    changes = at_once(claims_an_earlier_engine, reworded)
    found = verify(forger.with_result(reviewed, changes, forger.out, engine="1.1.0", run="0" * 64))
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    [said] = [text for text in found.unproven if "1.1.0" in text]
    assert "评审记录中由程序拼成的文字" in said and "计分步骤和提醒的文字" in said


def test_a_temporary_folder_that_takes_nothing_is_no_fault_of_the_dossier(reviewed, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    with pytest.raises(
        NoScratch, match=r"临时文件夹用不了:写不进去\(文件夹不存在\)。档案没有核对完,这不说明它有问题"
    ) as error:
        verify(reviewed)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EACCES])
def test_what_keeps_scratch_from_being_written(code, honest, tmp_path):
    with pytest.raises(NoScratch, match="临时文件夹用不了"), scratch():
        raise OSError(code, "No space left on device")
    (tmp_path / "file").write_text("")
    with pytest.raises(NoScratch, match="文件夹写不进去"), scratch():
        restore(parts_of_dossier(open_container(honest)), tmp_path / "file" / "workspace")


def test_retention_is_the_sealers_word_unless_the_rules_inside_set_it(case, honest, forger):
    said = "运行环境说明、保管期限、单位名称"
    assert any(said in text for text in verify(forger.forged(honest, {}, forger.out, retain_years=30)).unproven)
    policy = yaml.safe_load(open_container(honest).read("proof/scheme/policies/national-default.yaml"))
    clause = {"document": "示例办法", "clause": "第九条"}
    policy["policy"] |= {"id": "local", "retention": {"years": 10, "clause": clause}}
    (case.root / "packs" / "small" / "policies").mkdir()
    (case.root / "packs" / "small" / "policies" / "local.yaml").write_text(
        yaml.safe_dump(policy, allow_unicode=True), "utf-8"
    )
    plan = case.root / "params" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("national-default", "local"), "utf-8")
    path = case.sealed()
    assert open_container(path).manifest.retain_years == 10
    found = verify(path)
    assert found.holds and not any("保管期限" in text for text in found.unproven)
    changed = forger.forged(path, {}, forger.out, retain_years=30)
    assert any(said in text for text in verify(changed).unproven)


def test_memory_stays_flat(case, temporary):
    """20 MB of attachment are hashed, not held. Peak by tracemalloc, which counts what Python asks for."""
    (case.data / "附件" / "报表.txt").write_bytes(b"0" * 20_000_000)
    path = case.sealed()
    verify(path)  # what is imported and kept once is not counted
    tracemalloc.start()
    assert verify(path).holds
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


# -- any number ---------------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"-?\d+(\.\d+)?")


def numbers(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where numbers stand in a result: decimal strings, and what JSON calls numbers."""
    if isinstance(content, dict):
        return [p for key, value in content.items() for p in numbers(value, (*path, key))]
    if isinstance(content, list):
        return [p for n, value in enumerate(content) for p in numbers(value, (*path, n))]
    number = isinstance(content, int) or (isinstance(content, str) and NUMBER.fullmatch(content))
    return [path] if number else []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_no_number_of_a_result_can_be_another(honest, reviewed, forger, data):
    original = data.draw(st.sampled_from([honest, reviewed]))
    content = json.loads(open_container(original).read("conclusion/result.json"))
    path = data.draw(st.sampled_from(numbers(content)))

    def changed(result: dict[str, Any]) -> None:
        *above, last = path
        for key in above:
            result = result[key]
        old = result[last]
        if isinstance(old, bool):
            result[last] = not old
        elif isinstance(old, int):
            result[last] = old + data.draw(st.integers(1, 10))
        else:
            result[last] = data.draw(st.integers(0, 10**6).map(str).filter(lambda new: new != old))

    said = forger.refused(forger.with_result(original, changed, forger.out), "recomputed")
    assert "档案所记与按佐证重算的不一致" in said
    if path[0] == "subjects":
        assert content["subjects"][path[1]]["id"] in said
    if "indicators" in path:
        assert content["subjects"][path[1]]["indicators"][path[3]]["name"] in said
