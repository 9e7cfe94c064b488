"""``workbench report check``: exit codes, JSON, the list of findings, several files."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from report_cases import clean, mutants
from typer.testing import CliRunner

from workbench.cli.app import application


def run(*args: str, code: int):
    result = CliRunner().invoke(application(), ["report", "check", *args], prog_name="workbench")
    assert result.exit_code == code and "Traceback" not in result.output, result.output
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A clean report, one with a falsified total on its cover, one that is no docx."""
    made = tmp_path_factory.mktemp("reports")
    mutant = next(m for m in mutants() if m.kind == "cover total")
    (made / "好.docx").write_bytes(clean()[0].data())
    (made / "错.docx").write_bytes(mutant.report.data({mutant.key: mutant.after}))
    (made / "坏.docx").write_bytes("绩效评价报告".encode())
    return made


@pytest.fixture(autouse=True)
def here(folder, monkeypatch):
    monkeypatch.chdir(folder)


def test_a_clean_report_ends_with_0_and_says_what_was_looked_at():
    said = run("好.docx", code=0).stdout
    assert "没有发现问题" in said and "核对范围:段落" in said and "评分表" in said


def test_a_contradiction_ends_with_4_and_names_place_found_and_expected():
    said = run("错.docx", code=4).stdout
    assert "total_twice" in said and "总分此处为83.7,第2张表" in said and "为83.8" in said


def test_what_cannot_be_read_ends_with_2_and_the_others_are_still_checked(folder):
    result = run("好.docx", "坏.docx", "错.docx", code=2)
    assert "不是 Word 文档" in result.stderr and "3/3" in result.stderr
    assert "共3份报告:有问题的1份,没有发现问题的1份,读不出来的1份" in result.stdout


def test_json_has_findings_places_and_what_was_not_read():
    answer = json.loads(run("错.docx", "坏.docx", "--json", code=2).stdout)
    [file] = answer["files"]
    found = file["findings"][0]
    assert {"code", "severity", "found", "expected", "place", "source"} <= set(found) and found["place"]["text"]
    assert answer["unreadable"][0]["code"] == "file_not_docx" and "优≥90" in answer["scale"]


@pytest.mark.parametrize("name", ["清单.xlsx", "清单.csv"])
def test_the_list_is_written_once_and_left_alone_when_edited(name, folder):
    run("错.docx", "--out", name, code=4)
    data = (folder / name).read_bytes()
    run("错.docx", "--out", name, code=4)
    assert (folder / name).read_bytes() == data
    if name.endswith("xlsx"):
        book = openpyxl.load_workbook(folder / name)
        assert book.sheetnames == ["问题清单", "核对范围"] and book["问题清单"].max_row > 1
        assert {c.data_type for r in book["问题清单"].iter_rows() for c in r} <= {"s", "n"}
    (folder / name).write_bytes(b"edited")
    assert "已有同名而内容不同的文件" in run("错.docx", "--out", name, code=2).stderr
    (folder / name).unlink()


def test_wrong_usage_is_said(folder):
    assert ".xlsx 或 .csv" in run("好.docx", "--out", "清单.txt", code=2).stderr
    assert "没有安装名为" in run("好.docx", "--policy", "没有", code=2).stderr


def test_a_policy_can_be_named():
    run("好.docx", "--policy", "kizilsu-2023", code=0)
