"""One number of our own report changed by hand, of each kind of place in which reports give numbers, is always found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from report_checked import NATIONAL, unpacked

from workbench.reports.checking.check import check_document
from workbench.reports.checking.document.model import Cell, Document
from workbench.reports.checking.document.reading import read_body
from workbench.reports.checking.telling import text as told
from workbench.reports.document.content import content
from workbench.reports.document.texts import read_texts
from workbench.reports.document.word import word
from workbench.runs.opening import open_computed
from workbench.runs.reporting import report_source
from workbench.runs.store import StoredRun, run_folder

ROOT = Path(__file__).resolve().parents[3]
PLANS = ["liangping_forestry_2022", "yongde_mingliang_school_2022", "huangshi_sponge_2022", "lf_foodschool_2019_hvac"]
REPORT = """report:
  facts: {年初预算: {value: "200.00", unit: 万元, source: 预算批复}}
  problems:
    - title: 预算执行进度偏慢
      indicators: [EXEC]
      finding: 预算执行率失2.07分。
      cause: 结算晚
      suggestion: 及时结算
      responsible: 林业局
      deadline: 收到报告后60日内
"""
IN_WORDS = (
    r"总分为(\d[\d.]*)分",
    r"总分为[^,，]*，得分率([\d.]+)%",
    r"^\S{2,8}得([\d.]+)分（满分",
    r"^\S{2,8}得[\d.]+分（满分([\d.]+)分",
    r"^\S{2,8}得[^，]*，得分率([\d.]+)%",
    r"，(\d+)项指标均得满分",
    r"共(\d+)项指标，其中",
    r"其中(\d+)项得满分",
    r"共(\d+)项一级指标",
    r"、(\d+)项三级指标",
    r"失分的指标为[^（]+（([\d.]+)分",
    r"^\d+\. .*得满分([\d.]+)分",
    r"达到目标([\d.]+)[^\d。]*,得满分",
    r"^\d+\. .*=([\d.]+)分",
    r"（失([\d.]+)分",
    r"\)失([\d.]+)分",
    r"率失([\d.]+)分。",
    r"年初预算.*执行率([\d.]+)%",
    r"^总分([\d.]+)分（满分",
)
"""Places in the text, one number each."""
HEADS = {"分值": "[\\d.]+", "得分": "[\\d.]+", "得分率": "[\\d.]+%", "分数": "[\\d.]+", "完成值": "[\\d.]+%"}
"""Columns whose numbers stand in another table or in words as well."""
IN_CELLS = (r"得([\d.]+)分/", r"得[\d.]+分/([\d.]+)分", r"合计([\d.]+)分", r"^总分([\d.]+)分$", r"按总分([\d.]+)分")


@pytest.fixture(scope="module", params=PLANS)
def document(request, tmp_path_factory) -> Document:
    """The body of a report with the texts an analyst adds."""
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(ROOT / "params", root / "params")
    evaluation = open_computed(f"params/{request.param}.yaml", workspace=root)
    evaluation.save()
    texts = root / "texts"
    texts.mkdir()
    if request.param == PLANS[0]:
        (texts / "report.yaml").write_text(REPORT, encoding="utf-8")
        (texts / "overview.md").write_text("年初预算200.00万元,执行率79.27%。", encoding="utf-8")
    made = content(report_source(StoredRun(run_folder(evaluation)), pictures=False), read_texts(texts))
    return read_body(unpacked(word(made)), "报告.docx")


def falsified(number: str) -> str:
    """Digits changed places, as when typing; else the next whole number."""
    digits = [n for n, c in enumerate(number) if c.isdigit()]
    for first, second in pairwise(digits):
        if number[first] != number[second]:
            swapped = list(number)
            swapped[first], swapped[second] = number[second], number[first]
            return "".join(swapped)
    return str(int(number[: digits[0] + 1]) + 1) + number[digits[0] + 1 :]


def other(text: str, match: re.Match[str]) -> str:
    return text[: match.start(1)] + falsified(match[1]) + text[match.end(1) :]


def in_words(document: Document) -> Iterator[tuple[str, Document]]:
    for pattern in IN_WORDS:
        places = [(n, m) for n, p in enumerate(document.paragraphs) if (m := re.search(pattern, p.text))]
        for n, match in places[:1] + places[1:][-1:]:
            changed = list(document.paragraphs)
            changed[n] = replace(changed[n], text=other(changed[n].text, match))
            yield changed[n].text, Document(changed, document.tables)


def in_tables(document: Document) -> Iterator[tuple[str, Document]]:
    for t, table in enumerate(document.tables):
        done: dict[int | str, int] = {}
        for y, row in enumerate(table.rows[1:], 1):
            for x, cell in enumerate(row):
                head = table.rows[0][x].text
                whole = re.fullmatch(f"({HEADS[head]})", cell.text) if head in HEADS else None
                found = [(x, whole)] if whole else [(p, m) for p in IN_CELLS if (m := re.search(p, cell.text))]
                for key, match in found:
                    done[key] = done.get(key, 0) + 1
                    if done[key] <= 2:
                        rows = [list(r) for r in table.rows]
                        rows[y][x] = Cell(other(cell.text, match), cell.origin)
                        tables = [*document.tables]
                        tables[t] = replace(table, rows=rows)
                        place = f"{table.before} {head} {cell.text}→{rows[y][x].text}"
                        yield place, Document(document.paragraphs, tables)


def test_every_falsified_number_is_found(document):
    assert not check_document(document, "报告.docx", NATIONAL).found
    changed = [*in_words(document), *in_tables(document)]
    missed = [place for place, wrong in changed if not check_document(wrong, "报告.docx", NATIONAL).found]
    assert len(changed) > 40 and missed == []


def test_a_wrong_grade_is_found_where_it_stands(document):
    """Not at the places that agree with the score."""
    n, stated = next((n, p) for n, p in enumerate(document.paragraphs) if "评价等级为“优”" in p.text)
    changed = list(document.paragraphs)
    changed[n] = replace(stated, text=stated.text.replace("为“优”", "为“良”"))
    found = check_document(Document(changed, document.tables), "报告.docx", NATIONAL).found
    assert [(f.spot.part, f.spot.number) for f in found] == [("paragraph", stated.number)]


def test_a_clean_report_with_every_number_judged_says_nothing_of_what_was_left_out(document):
    assert "没有核对" not in told(check_document(document, "报告.docx", NATIONAL))
