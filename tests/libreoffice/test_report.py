"""The report in LibreOffice: 80 indicators with long explanations stay on the page, every Chinese letter is drawn, contents have pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document

from workbench.base.yamlio import read_yaml
from workbench.reports.document.content import content
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.document.word import word
from workbench.reports.gallery import drawn, gallery
from workbench.scheme.plan import Plan
from workbench.scoring.result import RunResult

ROOT = Path(__file__).resolve().parents[2]
NAME = "huangshi_sponge_2022"
COUNT = 80
LONG = "按合同、验收单和支付凭证逐项核对,第{}项完成值低于指标值,按完成率比例计分;" * 12
SHORT_SIDE, LONG_SIDE = 595.3, 841.9
LEFT, RIGHT = 79.4, 73.7
"""Margins of the type area in points: 28 and 26 mm (GB/T 9704-2012 5.2.1); on its side 35 and 37 mm."""
HANGING = 16
"""A punctuation mark of the body's size may hang over the end of its line."""
UNKNOWN = "\U0001311f"
"""A hieroglyph, which is in none of the fonts here."""
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')


def said(*command: str | Path) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60).stdout


def large() -> ReportSource:
    """A real run whose indicators were multiplied until there are 80, every fourth explained at length."""
    result = RunResult.model_validate_json((ROOT / "tests" / "golden" / f"{NAME}.json").read_bytes())
    plan = Plan.model_validate(read_yaml(ROOT / "params" / f"{NAME}.yaml").data["plan"])
    pictures = {c.name: drawn(c).png for c in list(gallery(result))[:1]}
    (subject,) = result.subjects
    own = subject.indicators
    many = [
        own[n * len(own) // COUNT].model_copy(
            update={
                "code": f"X{n:02}",
                "name": f"第{n}项指标",
                "explanation": LONG.format(*[n] * 12) if n % 4 == 0 else "达标",
            }
        )
        for n in range(COUNT)
    ]
    whole = result.model_copy(update={"subjects": [subject.model_copy(update={"indicators": many})]})
    return ReportSource(whole, "0123456789abcdef" * 4, plan, pictures=pictures)


@pytest.fixture(scope="module")
def papers(convert: Callable[[list[Path], str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "report.docx").write_bytes(word(content(large(), Texts())))
    letters = Document()
    letters.add_paragraph(f"国{UNKNOWN}")
    letters.save(folder / "letters.docx")
    return convert(sorted(folder.iterdir()), "pdf")


@pytest.fixture(scope="module")
def paper(papers: Path, keep: Callable[[Path, str], Path]) -> Path:
    keep(papers / "report.pdf", "report")
    return papers / "report.pdf"


def pages(paper: Path) -> list[tuple[float, float, list[tuple[float, float, float, float, str]]]]:
    """Width, height and words of each page."""
    found = []
    for page in said("pdftotext", "-bbox", paper, "-").split("<page ")[1:]:
        width, height = (float(x) for x in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        found.append((width, height, [(*map(float, w[:4]), w[4]) for w in WORD.findall(page)]))
    return found


def test_nothing_runs_off_the_page_and_nothing_is_lost(paper):
    found = pages(paper)
    assert {(round(w), round(h)) for w, h, _ in found} == {(595, 842), (842, 595)}, "A4, upright and on its side"
    for width, height, words in found:
        turned = width > height
        left, right = (99.2, 104.9) if turned else (LEFT, RIGHT)
        assert all(x >= left - 1 and x_end <= width - right + HANGING for x, _, x_end, _, _ in words)
        assert all(y >= 0 and y_end <= height for _, y, _, y_end, _ in words)
    text = re.sub(r"\s", "", "".join(w[4] for *_, words in found for w in words))
    assert all(f"第{n}项指标" in text for n in range(COUNT))


def test_every_letter_is_drawn(paper, papers, undrawn):
    assert undrawn(papers / "letters.pdf") == {UNKNOWN}, "a letter no font has is found"
    assert undrawn(paper) == set()
    fonts = [line.split() for line in said("pdffonts", paper).splitlines()[2:]]
    assert any(f[0].endswith("NotoSansSC-Regular") for f in fonts)
    assert all(f[-5] == "yes" for f in fonts), "every font is embedded"
    text = said("pdftotext", paper, "-")
    assert "\ufffd" not in text and "征求意见稿" in text


def test_contents_name_the_pages(paper):
    lines = said("pdftotext", "-f", "2", "-l", "2", "-layout", paper, "-").splitlines()
    entries = [line for line in lines if "..." in line]
    numbers = [int(line.split(".")[-1]) for line in entries]
    assert len(entries) > 20 and numbers[0] == 1
    assert all(a <= b for a, b in pairwise(numbers))
    first_annex = next(n for line, n in zip(entries, numbers, strict=True) if "附件1" in line.replace(" ", ""))
    # The cover and the contents have no number: page 1 is the third sheet.
    assert "评分表" in "".join(w[4] for w in pages(paper)[first_annex + 1][2])
