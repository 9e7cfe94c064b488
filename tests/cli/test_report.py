"""``workbench report``: texts to fill in, a template to edit, the files of a report, and what stands in the way of 定稿."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from workbench.base.errors import NotWritten
from workbench.reports.document.template import ours
from workbench.runs.outputs import WRITTEN, write_outputs
from workbench.runs.reportset import MADE

ROOT = Path(__file__).resolve().parents[2]
NAME = "huangshi_sponge_2022"
EVALUATION = "huangshi-sponge-2022"
DRAFTS = ["评价报告-征求意见稿.docx", "评价报告-征求意见稿.html", "评分表.xlsx"]
PAPERS = ["评价结果简报-征求意见稿.docx", "项目支出绩效自评表.docx"]


@pytest.fixture
def run(finished) -> Path:
    """A finished run of a published self-evaluation."""
    return finished(NAME)


def test_a_run_becomes_a_report_and_what_is_lacking_is_told(cli, run, workspace):
    said = cli("report", EVALUATION, code=0).stdout
    folder = workspace / "reports" / EVALUATION / run.name
    assert {p.name for p in folder.iterdir()} == {*DRAFTS, *PAPERS, "图", WRITTEN, MADE}
    assert "还不能定稿" in said and "overview.md:“项目概况”还没有写" in said
    assert f"下一步:workbench report init {EVALUATION}" in said
    assert {p.name for p in (folder / "图").glob("*-level_bars.*")} == {"P01-level_bars.png", "P01-level_bars.svg"}
    words = "\n".join(p.text for p in Document(folder / DRAFTS[0]).paragraphs)
    assert "总分为99.55分" in words, "the published total: 黄石市公开的自评表"

    before = {p: p.read_bytes() for p in folder.rglob("*.*")}
    told = cli.json("report", "write", str(run))
    assert {p: p.read_bytes() for p in folder.rglob("*.*")} == before, "the same run gives the same bytes"
    assert told["edition"] == "征求意见稿" and told["blocking"]
    assert [name for name in told["files"] if "/" not in name] == [*DRAFTS, *PAPERS]


def test_final_writes_nothing_before_everything_is_there(cli, run, workspace):
    said = cli("report", "--final", EVALUATION, code=4).stderr
    assert "overview.md:“项目概况”还没有写" in said and "评审台账没有定稿记录" in said
    assert not (workspace / "reports").exists()


def test_the_publication_edition_needs_both_consents(cli, run, workspace):
    said = cli("report", EVALUATION, "--publication", code=4).stderr
    assert "没有委托方同意公开的记录" in said and "没有委托方的同级财政部门同意公开的记录" in said
    assert "财监〔2021〕4号第二十一条" in said and not (workspace / "reports").exists()
    folder = workspace / "params" / "reports" / EVALUATION
    folder.mkdir(parents=True)
    given = '{by: 某单位, date: "2023-08-01", document: 某函1号}'
    consent = f'report:\n  publication: {{consent: {{run: "{run.name}", client: {given}, finance: {given}}}}}\n'
    (folder / "report.yaml").write_text(consent, "utf-8")
    told = cli.json("report", EVALUATION, "--publication")
    assert told["files"] == ["评价报告-公开版-征求意见稿.docx", "评价报告-公开版-征求意见稿.html"]
    assert told["folder"].endswith(f"reports/{EVALUATION}/{run.name}/公开版"), "nothing else lies beside it"
    assert "不是定稿" in cli("report", EVALUATION, "--publication", code=0).stderr
    assert "overview.md" in cli("report", EVALUATION, "--publication", "--final", code=4).stderr


def test_init_writes_texts_and_a_template_and_touches_neither_again(cli, run, workspace):
    said = cli("report", "init", EVALUATION, code=0).stdout
    folder = workspace / "params" / "reports" / EVALUATION
    assert (folder / "template.docx").read_bytes() == ours()
    assert "report.yaml" in said and "下一步" in said
    (folder / "overview.md").write_text("本项目经批准实施。", "utf-8")
    (folder / "template.docx").write_bytes(b"mine")
    assert "没有改动" in cli("report", "init", EVALUATION, code=0).stdout
    assert (folder / "overview.md").read_text("utf-8") == "本项目经批准实施。"
    assert "template.docx" in cli("report", EVALUATION, code=2).stderr, (
        "the template in the folder is the one that is used"
    )


def test_an_institution_s_template_is_copied_edited_and_used(cli, run, tmp_path, workspace):
    mine = tmp_path / "本院模板.docx"
    cli("report", "template", str(mine), code=0)
    document = Document(mine)
    document.paragraphs[0].text = "本院编号：{{ 运行 }}"
    document.save(mine)
    cli("report", str(run), "--template", str(mine), "--out", "交付", code=0)
    first = Document(io.BytesIO((workspace / "交付" / DRAFTS[0]).read_bytes())).paragraphs[0].text
    assert first == f"本院编号：{EVALUATION} {run.name}"


def test_mistakes_are_named(cli, run, tmp_path):
    assert "没有“总粉”这个标签" in cli("report", str(run), "--template", str(_wrong(tmp_path)), code=2).stderr
    assert "找不到这个模板文件" in cli("report", str(run), "--template", "nowhere.docx", code=2).stderr
    assert "找不到报告文字的文件夹" in cli("report", str(run), "--text", "nowhere", code=2).stderr
    assert "找不到这次运行" in cli("report", "huangshi-spong", code=2).stderr
    assert ".docx" in cli("report", "template", "x.doc", code=2).stderr
    (tmp_path / "there.docx").write_bytes(b"x")
    assert "文件已存在" in cli("report", "template", str(tmp_path / "there.docx"), code=2).stderr


def _wrong(folder: Path) -> Path:
    path = folder / "wrong.docx"
    document = Document(io.BytesIO(ours()))
    document.add_paragraph("{{ 总粉 }}")
    document.save(path)
    return path


def test_without_a_run_the_help_is_shown(cli):
    assert "template" in cli("report", code=0).stdout


# ---------------------------------------------------------------------------------------------------------------------
# outputs made again and again
# ---------------------------------------------------------------------------------------------------------------------


def test_outputs_nobody_touched_are_replaced(tmp_path):
    write_outputs([("a", b"1"), ("b", b"1")], tmp_path)
    write_outputs([("a", b"2")], tmp_path)
    write_outputs([("b", b"3")], tmp_path)
    assert (tmp_path / "a").read_bytes() == b"2" and (tmp_path / "b").read_bytes() == b"3"


def test_outputs_somebody_edited_are_left_alone_unless_forced(tmp_path):
    write_outputs([("a", b"1"), ("b", b"1")], tmp_path)
    (tmp_path / "a").write_bytes(b"edited")
    with pytest.raises(NotWritten, match="有人改过"):
        write_outputs([("a", b"2"), ("b", b"2")], tmp_path)
    assert (tmp_path / "a").read_bytes() == b"edited" and (tmp_path / "b").read_bytes() == b"1"
    write_outputs([("a", b"2")], tmp_path, force=True)
    assert (tmp_path / "a").read_bytes() == b"2"


def test_outputs_whose_list_was_lost_count_as_edited(tmp_path):
    write_outputs([("a", b"1")], tmp_path)
    (tmp_path / WRITTEN).write_text("{", "utf-8")
    write_outputs([("a", b"1")], tmp_path)
    (tmp_path / WRITTEN).unlink()
    with pytest.raises(NotWritten):
        write_outputs([("a", b"2")], tmp_path)


def test_whoever_is_stopped_while_writing_is_not_told_to_have_edited(tmp_path):
    write_outputs([("a", b"1"), ("b", b"1")], tmp_path)
    (tmp_path / "c").mkdir()
    with pytest.raises(NotWritten):  # stopped at the third file
        write_outputs([("a", b"2"), ("b", b"2"), ("c", b"2")], tmp_path)
    assert (tmp_path / "a").read_bytes() == b"2"
    write_outputs([("a", b"3"), ("b", b"3")], tmp_path)
    assert (tmp_path / "a").read_bytes() == b"3" and not list(tmp_path.glob("*.part"))
