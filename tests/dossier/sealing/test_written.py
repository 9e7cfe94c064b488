"""The written report beside a dossier: never sealed unasked; the lines that bring its signed copy into the archive are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.dossier.sealing.documents import Documents
from workbench.dossier.sealing.seal import run_digest
from workbench.dossier.sealing.written import lines_for, without_scan, written_report
from workbench.runs.outputs import write_outputs


def test_only_the_final_report_of_this_run_as_it_was_written(bench, tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "demo" / run_digest(bench.run)[:16]
    assert written_report(bench.run, tmp_path) is None
    write_outputs([("评价报告-征求意见稿.docx", b"draft")], folder)
    assert written_report(bench.run, tmp_path) is None
    write_outputs([("评价报告-定稿.docx", b"final")], folder)
    assert written_report(bench.run, tmp_path) == folder / "评价报告-定稿.docx"
    (folder / "评价报告-定稿.docx").write_bytes(b"edited")
    assert written_report(bench.run, tmp_path) is None


def test_lines_name_it_as_a_documents_file_has_to(tmp_path: Path) -> None:
    report = tmp_path / "reports" / "demo" / "评价报告-定稿.docx"
    inside = ["    report:", "      files: [签章的评价报告.pdf, reports/demo/评价报告-定稿.docx]"]
    assert lines_for(report, tmp_path) == inside
    assert lines_for(report, tmp_path / "归档")[1] == "      files: [签章的评价报告.pdf, 评价报告-定稿.docx]"


@pytest.mark.parametrize(("files", "lacking"), [(["a.docx"], True), (["a.docx", "b.PDF"], False), ([], False)])
def test_an_editable_file_alone_is_no_scan(files: list[str], lacking: bool) -> None:
    items = {"report": {"files": files}} if files else {}
    assert without_scan(Documents.model_validate({"items": items})) is lacking
