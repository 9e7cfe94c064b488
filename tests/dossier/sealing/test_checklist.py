"""The checklist: what the regulation asks for, what the program finds itself, and what is said about the rest."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import DossierError
from workbench.base.yamlio import parse_yaml
from workbench.dossier.model import CheckItem, Group
from workbench.dossier.sealing.checklist import checklist, declared, kind_of, lacking, template_lines, titles
from workbench.dossier.sealing.documents import Documents, read_documents, template
from workbench.scoring.result import ReviewNote

NONE = read_documents(None, titles())
CODES = [item.code for item in declared()]
MEMBERS = ("conclusion/notebook.ipynb", "conclusion/scorecard.csv")


def note(event, kind, **others):
    return ReviewNote(event=event, kind=kind, by="lead", at="2024-01-01T00:00:00Z", text="", **others)


@pytest.fixture
def lines(bench):
    """``lines(notes, given)``: the checklist of the shared result with these notes in its review, by code."""

    def made(notes=(), given=NONE, handed_in=None, members=MEMBERS):
        result = bench.run.result()
        review = result.review.model_copy(update={"notes": list(notes)})
        found = checklist(given, handed_in or {}, result.model_copy(update={"review": review}), members)
        return {line.code: line for line in found}

    return made


def test_the_items_are_those_of_the_design():
    """合同/委托书, 成员及主评人资格, 独立性声明 … 信用平台上传回执, in the three groups of 财监〔2021〕4号 第二十条."""
    groups = {group: [i.code for i in declared() if i.group == group] for group in get_args(Group)}
    assert groups == {
        "立项性": ["contract", "team", "independence"],
        "证明性": ["plan", "materials", "verification", "workpapers", "fieldwork", "questionnaires"],
        "结论性": ["comments", "internal_review", "report", "upload_receipt"],
    }


def test_what_no_clause_demands_is_marked_as_an_example():
    """财监〔2021〕4号 asks for independence and for the upload, not for a declaration (第六条、第十三条) or a receipt (第十九条)."""
    assert {i.code for i in declared() if not i.mandatory} == {"independence", "upload_receipt"}
    for item in declared():
        assert "财监〔2021〕4号 第" in item.clause
        assert item.clause.startswith("示例,可改") is not item.mandatory


def test_without_papers_only_what_the_program_makes_is_there(lines):
    found = lines()
    assert {code for code, line in found.items() if line.state == "有"} == {"materials", "workpapers"}
    assert found["contract"].reason == "未提供"
    assert kind_of(list(found.values())) == "工作档案"


def test_workpapers_are_those_the_container_has(lines):
    """A run saved from a notebook has no executed notebook in it."""
    assert lines(members=MEMBERS[1:])["workpapers"].files == ["conclusion/scorecard.csv"]


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        ([], "没有发出征求意见稿"),
        ([note(1, "comment")], "没有发出征求意见稿"),
        ([note(1, "draft_issued")], None),
        ([note(1, "draft_issued"), note(2, "comment")], "有1条反馈意见尚未答复"),
        ([note(1, "draft_issued"), note(2, "comment"), note(3, "reply", refers=[2], accepted=False)], None),
        (
            [note(1, "draft_issued"), note(2, "comment"), note(3, "comment"), note(4, "reply", refers=[3])],
            "有1条反馈意见尚未答复",
        ),
    ],
)
def test_each_comment_needs_its_answer(lines, notes, reason):
    """财监〔2021〕4号 第十八条第(二)项: 逐一核实, 逐条说明采纳或不予采纳的理由."""
    line = lines(notes)["comments"]
    assert (line.state == "有") is (reason is None)
    assert line.reason is reason is None or reason in line.reason


@pytest.mark.parametrize(
    ("verdicts", "passed"), [((), False), ((True,), True), ((False,), False), ((True, False), False)]
)
def test_the_last_internal_review_counts(lines, verdicts, passed):
    notes = [note(n, "internal_review", accepted=verdict) for n, verdict in enumerate(verdicts, 1)]
    assert (lines(notes)["internal_review"].state == "有") is passed


def test_an_internal_review_of_what_was_opened_again_counts_no_more(lines):
    """财监〔2021〕4号 第十八条第(三)项: what is reviewed is the report as it was changed."""
    notes = [note(1, "internal_review", accepted=True), note(2, "reopening")]
    assert lines(notes)["internal_review"].reason == "评审重新开放后还没有通过内部审核"
    assert lines([*notes, note(3, "internal_review", accepted=True)])["internal_review"].state == "有"


def test_an_excuse_does_not_hide_what_the_ledger_says(lines, declare):
    given = read_documents(declare({"comments": {"not_applicable": "单位内部评价"}}), titles())
    notes = [note(1, "draft_issued"), note(2, "comment")]
    line = lines(notes, given)["comments"]
    assert (line.state, line.reason) == ("不适用", "单位内部评价;评审台账中有1条反馈意见尚未答复")


def test_an_excuse_for_what_is_there_is_refused(lines, declare):
    given = read_documents(declare({"workpapers": {"missing": "丢失"}}), titles())
    with pytest.raises(DossierError, match=r"第3行 .*程序已自动放入"):
        lines(given=given)


def test_papers_stand_beside_what_the_program_makes(lines):
    line = lines(handed_in={"workpapers": ["proof/documents/workpapers/底稿.pdf"]})["workpapers"]
    assert line.files == [*MEMBERS, "proof/documents/workpapers/底稿.pdf"]


def test_everything_wrong_is_said_at_once(declare):
    """A reason that is blank, and an item there is none of: one look at the file mends both. Invalid input, no bad dossier."""
    with pytest.raises(DossierError) as caught:
        read_documents(declare({"plan": {"missing": " "}, "contrakt": {"missing": "x"}}), titles())
    said = str(caught.value)
    assert "不能是空白" in said and "是否想写“contract”" in said
    assert caught.value.exit_code == 2


def test_an_institution_may_demand_more(lines, declare):
    given = read_documents(declare({}, also_mandatory=["independence", "plan"]), titles())
    found = lines(given=given)
    assert found["independence"].mandatory
    assert found["independence"].clause.startswith("归档资料文件列为必备;示例,可改")
    assert found["plan"].clause.startswith("财监〔2021〕4号")


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["有", "无", "不适用"])), min_size=1))
def test_only_a_lacking_mandatory_item_makes_it_a_working_file(states):
    found = [
        CheckItem(code=f"i{n}", title="", group="证明性", mandatory=mandatory, state=state)
        for n, (mandatory, state) in enumerate(states)
    ]
    assert (kind_of(found) == "工作档案") is ((True, "无") in states)
    assert [line.code for line in lacking(found)] == [f"i{n}" for n, s in enumerate(states) if s == (True, "无")]


@pytest.mark.parametrize(("stage", "hinted"), [("自评", True), ("财政评价", False)])
def test_the_template_is_a_documents_file(tmp_path, stage, hinted):
    """A self-evaluation has no commission: the template says what to write, and writes nothing for the user."""
    text = template(template_lines(), stage)
    (tmp_path / "归档资料.yaml").write_text(text, encoding="utf-8")
    found = read_documents(tmp_path / "归档资料.yaml", titles()).documents
    assert list(found.items) == [i.code for i in declared() if i.made is None]
    assert {d.missing for d in found.items.values()} == {"尚未收集"}
    assert ("自评没有委托第三方的" in text) is hinted


def test_every_line_of_the_template_may_be_used():
    """Those that are commented out too: what a remark explains stands after two more blanks, or names the item."""
    lines = template(template_lines(), "自评").splitlines()
    start = lines.index("documents:")
    titled = tuple(f"    # {title}(" for title in titles().values())
    used = [line.replace("# ", "", 1) for line in lines[start:] if not line.startswith(titled)]
    text = "\n".join(used).replace("files: []", "files: [x.pdf]")
    found = Documents.model_validate(parse_yaml(text, "归档资料.yaml").data["documents"])
    assert sorted(found.items) == sorted(CODES)
    assert found.retain.years == 10
