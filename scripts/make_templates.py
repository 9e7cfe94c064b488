"""Write the report template the product brings: cover, contents, the outline of 财预〔2020〕10号 (附3) and what is attached.

Institutions take a copy (``workbench report template my.docx``) and edit it in Word. Made by code, so that it can be read and
reviewed; ``tests/reports/document/test_word.py`` fails when the committed file is not what this script makes.

    python scripts/make_templates.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from workbench.base.packed import repacked
from workbench.reports.document.outline import ATTACHED, INSTITUTION, LEFT_OUT, OUTLINE, SIGNED, SIGNS
from workbench.reports.document.styles import CONTENTS_TITLE, FURTHER, HEADING
from workbench.reports.document.tags import ANNEX
from workbench.reports.document.template import OURS
from workbench.reports.papers.look import BODY, NOTE, SINGLE, SMALL, blank, lay_out, set_style

ROOT = Path(__file__).resolve().parents[1]
COVER = [
    ("委托方", "委托方"),
    ("被评价单位", "被评价单位"),
    ("评价机构", "评价机构"),
    ("主评人", "主评人"),
    ("评价年度", "评价年度"),
    ("评价基准日", "评价基准日"),
    ("报告日期", "报告日期"),
]
"""Lines of the cover; each is left out where its field is empty."""
_RULE = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:space="1" w:color="808080"/></w:pBdr>'


def template() -> bytes:
    """The template's bytes."""
    document = blank("绩效评价报告")
    for name, look in FURTHER.items():
        set_style(document, name, look)
    set_style(document, "Header", (SMALL, 18, f'{SINGLE}<w:jc w:val="center"/>'))
    lay_out(document.sections[0], landscape=False)
    _cover(document)
    body = document.add_section(WD_SECTION.NEW_PAGE)
    lay_out(body, landscape=False)
    _running(body)
    for title, sections in OUTLINE:
        document.add_paragraph(title, style=HEADING[1])
        for name, part in sections:
            if name:
                document.add_paragraph(name, style=HEADING[2])
            document.add_paragraph(f"{{{{p {part} }}}}", style=BODY)
    for part in ATTACHED:
        _sheet(document, f"附件{{{{ {ANNEX} }}}}　{part}", part)
    _sheet(document, f"{{% if {INSTITUTION} %}}{SIGNS[0]}{{% else %}}{SIGNS[1]}{{% endif %}}{SIGNED}", SIGNED)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _cover(document: Document) -> None:
    """The title page and the table of contents, without page numbers."""
    lead = document.add_paragraph("{{ 稿次 }}", style=NOTE)
    lead.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("{{ 报告名称 }}", style="Title").paragraph_format.space_before = Mm(35)
    document.add_paragraph("{{ 项目名称 }}", style="Subtitle").paragraph_format.space_after = Mm(25)
    for label, name in COVER:
        document.add_paragraph(f"{{%p if {name} %}}", style=BODY)
        _line(document, f"{label}：{{{{ {name} }}}}")
        document.add_paragraph("{%p endif %}", style=BODY)
    grade = "{{ 等级 }}{% if 等级说明 %}（{{ 等级说明 }}）{% endif %}"
    _line(document, f"总分：{{{{ 总分 }}}}　等级：{grade}")
    document.add_paragraph("目　　录", style=CONTENTS_TITLE).paragraph_format.page_break_before = True
    document.add_paragraph("{{p 目录 }}", style=BODY)


def _line(document: Document, text: str) -> None:
    line = document.add_paragraph(text, style=BODY)
    line.paragraph_format.first_line_indent = Pt(0)
    line.paragraph_format.left_indent = Mm(20)


def _running(section: Any) -> None:
    """Head and foot of the body: what every sheet belongs to, and page numbers from 1.

    GB/T 9704-2012 7.5: size 4 (14 points), a dash on both sides; in the middle, because it is not known how sheets are bound.
    """
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    section.header.paragraphs[0].add_run("{{ 报告名称 }}　{{ 稿次 }}")
    section.header.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(_RULE))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    foot._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    foot.add_run(" —")
    for run in foot._p.iter(qn("w:r")):
        run.get_or_add_rPr().append(parse_xml(f'<w:sz {nsdecls("w")} w:val="28"/>'))
    below = section.footer.add_paragraph("运行 {{ 运行 }}", style="Footer")
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)


def _sheet(document: Document, title: str, part: str) -> None:
    """An attachment, or the sheet to sign; ``{%p if … %}`` round those that are left out when they are empty."""
    if part in LEFT_OUT:
        document.add_paragraph(f"{{%p if {part} %}}", style=BODY)
    _on_a_sheet(document, title, part)
    if part in LEFT_OUT:
        document.add_paragraph("{%p endif %}", style=BODY)


def _on_a_sheet(document: Document, title: str, part: str) -> None:
    """A part on a sheet of its own. 主评人签章页 is what 财监〔2021〕4号 第七条 and 第十八条 ask for."""
    document.add_paragraph(title, style=HEADING[1]).paragraph_format.page_break_before = True
    document.add_paragraph(f"{{{{p {part} }}}}", style=BODY)


def main() -> None:
    """Write the template in place, or under ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "workbench" / "reports" / "templates", help="write into this folder"
    )
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    target = out / OURS
    target.write_bytes(template())
    print(target)


if __name__ == "__main__":
    main()
