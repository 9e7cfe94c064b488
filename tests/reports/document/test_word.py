"""The report in Word: what stands where, what an institution's template may hold, and that no text is anything but text."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from workbench.base.errors import FileError
from workbench.base.safetext import safe
from workbench.reports.document.blocks import DRAFT, Content, Grid, Heading, Paragraph, Picture, Span, paragraph
from workbench.reports.document.outline import ATTACHED, LEFT_OUT, NOTHING, PARTS
from workbench.reports.document.template import checked, ours, without
from workbench.reports.document.titles import balanced
from workbench.reports.document.word import word
from workbench.reports.papers.grid import Column, Line

ROOT = Path(__file__).resolve().parents[3]
ABOUT = "报告名称 项目名称 委托方 评价机构 主评人 被评价单位 评价年度 评价阶段 评价基准日 报告日期"
FIELDS = f"{ABOUT} 稿次 总分 满分 等级 等级说明 运行 指标包 计分规则 地区办法".split()
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000004000000020802000000f0caea34000000124944415478da63fcff"
    "ff3f030c3031200100480603014e35edf70000000049454e44ae426082"
)
WIDE = Grid(
    "评分表",
    [Column("指标", 3), Column("得分", 1, "right")],
    [Line(["预算执行率", "7.93"])],
    "注：示例权重,可改。",
    wide=True,
)
SMALL = Grid(
    "各级得分", [Column("一级指标", 2), Column("得分", 1)], [Line(["决策", "18.00"]), Line(["合计", "85.30"], "total")]
)
CHART = Picture("levels", "各级得分图", "柱形图：决策18.00分")


def content(fields: Mapping[str, str] = {}, edition: Any = DRAFT, **parts: Any) -> Content:
    """A report with a sentence in every part but those given."""
    filled: dict[str, Any] = {name: [paragraph(f"{name}的内容。")] for name in PARTS} | parts
    texts = {name: f"某{name}" for name in FIELDS} | fields
    return Content("某项目绩效评价报告", texts, filled, edition, (), {"levels": PIXEL})


def body(data: bytes) -> Any:
    return Document(io.BytesIO(data)).element.body


def texts(data: bytes) -> list[str]:
    """The text of every paragraph, tables included."""
    return ["".join(_piece(x) for x in p.iter(qn("w:t"), qn("w:br"), qn("w:tab"))) for p in body(data).iter(qn("w:p"))]


def _piece(element: Any) -> str:
    return {qn("w:br"): "\n", qn("w:tab"): "\t"}.get(element.tag) or element.text or ""


def edited(change: Callable[[Any], None], base: bytes | None = None) -> bytes:
    """Our template after somebody worked on it."""
    document = Document(io.BytesIO(base or ours()))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def own(*paragraphs: str) -> bytes:
    """A template with nothing but these paragraphs."""

    def change(document: Any) -> None:
        for child in list(document.element.body)[:-1]:
            document.element.body.remove(child)
        for text in paragraphs:
            document.add_paragraph(text)
        for section in document.sections:
            for edge in (section.header, section.footer):
                edge.is_linked_to_previous = True

    return edited(change)


def repacked(data: bytes, changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """A docx with members replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            change = changes.get(name)
            old = before.read(name)
            after.writestr(name, change(old) if callable(change) else old if change is None else change)
        for name in changes.keys() - set(before.namelist()):
            after.writestr(name, changes[name])
    return target.getvalue()


def added(text: str, before: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(before.encode(), (text + before).encode())


# ---------------------------------------------------------------------------------------------------------------------
# our template
# ---------------------------------------------------------------------------------------------------------------------


def test_template_in_the_project_is_what_the_script_makes(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    import make_templates

    assert make_templates.template() == ours(), "run python scripts/make_templates.py"


def test_our_template_passes_what_every_template_has_to():
    assert checked(ours(), "report.docx") == ours()


def test_same_content_gives_same_bytes_and_every_part_and_field_is_used():
    given_ = content()
    data = word(given_)
    assert word(given_) == data
    said = texts(data)
    assert [t for t in said if t.endswith("的内容。")] == [f"{name}的内容。" for name in PARTS]
    cover = "\n".join(said[:10])
    assert all(
        f"某{name}" in cover for name in ("报告名称", "项目名称", "委托方", "评价机构", "主评人", "评价年度", "稿次")
    )
    assert not re.search(
        r"\{\{|\{%|urn:workbench", zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    )


def test_outline_is_that_of_the_regulation():
    """财预〔2020〕10号 附3: seven chapters, these titles."""
    heads = [p.text for p in Document(io.BytesIO(word(content()))).paragraphs if p.style.name == "Heading 1"]
    assert heads[:7] == [
        "一、基本情况",
        "二、绩效评价工作开展情况",
        "三、综合评价情况及评价结论",
        "四、绩效评价指标分析",
        "五、主要经验及做法、存在的问题及原因分析",
        "六、有关建议",
        "七、其他需要说明的问题",
    ]
    assert heads[-1] == "主评人签章页"


def test_part_with_nothing_in_it_says_so():
    assert NOTHING in texts(word(content(评价组名单=[])))


def test_template_that_keeps_the_heading_of_an_empty_attachment_says_what_there_is_none_of():
    said = texts(word(content(问卷情况=[], 专家意见=[]), own("附件3", "{{p 问卷情况 }}", "附件4", "{{p 专家意见 }}")))
    assert said == ["附件3", "本次评价没有以问卷取得的指标。", "附件4", "本次评价没有专家评审意见。"]


def test_tag_of_an_earlier_template_is_still_understood():
    made = content()
    assert texts(word(made, own("{{ 计算日 }}"))) == [made.fields["评价基准日"]]


def test_attachments_with_nothing_in_them_are_left_out_and_leave_no_gap():
    def attached(**empty: Any) -> list[str]:
        return [t for t in texts(word(content(**empty))) if re.fullmatch(r"附件\d　.*", t)]

    assert attached() == [f"附件{n}　{part}" for n, part in enumerate(ATTACHED, 1)]
    rest = [part for part in ATTACHED if part not in LEFT_OUT]
    assert attached(**{part: [] for part in LEFT_OUT}) == [f"附件{n}　{part}" for n, part in enumerate(rest, 1)]
    assert "附件2　方法和核验说明" in texts(
        word(content(), own("附件{{ 附件序号 }}　评分表", "附件{{ 附件序号 }}　方法和核验说明"))
    )


# ---------------------------------------------------------------------------------------------------------------------
# captions, contents, sheets, watermark
# ---------------------------------------------------------------------------------------------------------------------


def test_captions_are_numbered_through_the_whole_report():
    data = word(content(综合评价结论=[SMALL, CHART], 指标分析=[CHART], 评分表=[WIDE]))
    captions = [p.text for p in Document(io.BytesIO(data)).paragraphs if p.style.name == "Caption"]
    numbers = [f.text for f in body(data).iter(qn("w:t")) if f.getparent().getparent().tag == qn("w:fldSimple")]
    assert [c[0] for c in captions] == ["表", "图", "图", "表"]
    assert [n for n in numbers if n] == ["1", "1", "2", "2"]


def test_table_of_contents_names_the_headings_and_leads_to_them():
    data = word(content(指标分析=[Heading("（一）决策情况"), Heading("1.立项", 3)]))
    document = Document(io.BytesIO(data))
    heads = [p.text for p in document.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    lines = [p for p in document.paragraphs if p.style.name in ("toc 1", "toc 2")]
    assert [p.text.rstrip("\t") for p in lines] == heads and "（一）决策情况" in heads
    marks = [mark.get(qn("w:name")) for mark in body(data).iter(qn("w:bookmarkStart"))]
    assert [link.get(qn("w:anchor")) for link in body(data).iter(qn("w:hyperlink"))] == marks
    assert len(marks) == len(set(marks)) == len(heads)
    assert document.settings.element.find(qn("w:updateFields")) is not None


def sheets(data: bytes) -> list[tuple[bool, list[str]]]:
    """Sections: on their side or not, and the texts of their headings and captions."""
    found: list[tuple[bool, list[str]]] = [(False, [])]
    for child in body(data):
        layout = child if child.tag == qn("w:sectPr") else child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        style = child.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None and style.get(qn("w:val")) in ("Heading1", "Caption"):
            found[-1][1].append("".join(t.text for t in child.iter(qn("w:t"))))
        if layout is not None:
            size = layout.find(qn("w:pgSz"))
            found[-1] = (int(size.get(qn("w:w"))) > int(size.get(qn("w:h"))), found[-1][1])
            found.append((False, []))
    return found[:-1]


def test_wide_tables_stand_on_their_side_with_their_headings():
    found = sheets(word(content(评分表=[WIDE, WIDE], 问题清单=[WIDE], 专家意见=[paragraph("见下表。"), WIDE])))
    assert [turned for turned, _ in found] == [False, False, True, False, True, False]
    assert found[2][1] == ["附件1　评分表", "表1　评分表", "表2　评分表", "附件2　问题清单", "表3　评分表"]
    assert found[4][1] == ["附件4　专家意见", "表4　评分表"]


def test_turned_sheets_keep_head_foot_and_page_numbers():
    layouts = list(body(word(content(评分表=[WIDE]))).iter(qn("w:sectPr")))
    starts = [
        x.find(qn("w:pgNumType")) is not None and qn("w:start") in x.find(qn("w:pgNumType")).attrib for x in layouts
    ]
    assert starts == [False, True, False, False], "only the body begins with page 1"
    edges = [[ref.get(qn("r:id")) for ref in x.findall(qn("w:footerReference"))] for x in layouts[1:]]
    assert edges[0] and edges == [edges[0]] * 3


def test_no_table_is_wider_than_the_text():
    data = word(content(综合评价结论=[SMALL], 评分表=[WIDE]))
    widths = [int(t.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w"))) for t in body(data).iter(qn("w:tbl"))]
    # GB/T 9704-2012 5.2.1: the type area is 156 × 225 mm; on its side 225 mm wide. 1 mm = 1440/25.4 twips.
    assert widths == pytest.approx([156 * 1440 / 25.4, 225 * 1440 / 25.4], abs=2)


def test_picture_is_as_wide_as_the_text_and_says_what_it_shows():
    inline = next(body(word(content(综合评价结论=[CHART]))).iter(qn("wp:inline")))
    extent, about = inline.find(qn("wp:extent")), inline.find(qn("wp:docPr"))
    assert int(extent.get("cx")) == pytest.approx(156 * 36_000, abs=40_000)
    assert int(extent.get("cx")) == pytest.approx(2 * int(extent.get("cy")), abs=2)
    assert about.get("descr") == "柱形图：决策18.00分"


def test_a_picture_of_a_draft_lets_the_watermark_through():
    def picture(edition: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(word(content(edition=edition, 综合评价结论=[CHART])))) as archive:
            return archive.read("word/media/image1.png")

    assert b"tRNS" in picture(DRAFT) and b"tRNS" not in picture("定稿")


def heads(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if re.fullmatch(r"word/header\d+\.xml", n)]
        return [archive.read(n).decode() for n in names]


def test_every_page_is_marked_until_the_report_is_final():
    def titled(document: Any) -> None:
        document.sections[0].different_first_page_header_footer = True
        document.settings.odd_and_even_pages_header_footer = True

    template = edited(titled)
    draft = heads(word(content(), template))
    assert len(draft) == 4 and all(f'string="{DRAFT}"' in xml for xml in draft), "first, even and two common ones"
    assert not any("textpath" in xml for xml in heads(word(content(edition="定稿"), template)))


# ---------------------------------------------------------------------------------------------------------------------
# texts are texts
# ---------------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "{{ 总分 }}",
    "{{p 评分表 }}",
    "{%p if 总分 %}",
    "{_{ 总分 }_}",
    "<w:br/>",
    "</w:t></w:r>",
    "=cmd|' /C calc'!A0",
    "a\x07b\x1b",
    "]]>&amp;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_content_is_never_a_tag_or_markup(text):
    grid = Grid(text, [Column(text, 1)], [Line([text])], text)
    parts = {"项目概况": [paragraph(text), Heading(text), Paragraph((Span(text, bold=True),)), grid]}
    said = texts(word(content({"报告名称": text, "委托方": text}, **parts)))
    shown = safe(text)
    assert said.count(shown) >= 6 and f"委托方：{shown}" in said and f"表1　{shown}" in said


@settings(max_examples=8)
@given(text=st.text(st.characters(codec="utf-8"), max_size=60).filter(str.strip))
def test_any_text_comes_through(text):
    said = texts(
        word(content({"委托方": text}, 项目概况=[paragraph(text)]), own("甲{{ 委托方 }}乙", "{{p 项目概况 }}"))
    )
    assert said[0] == f"甲{safe(text)}乙"
    assert said[1] == safe(text)


def test_long_cells_and_many_rows():
    rows = [Line([f"指标{n}", "长" * 5000 if n == 3 else "1.00"]) for n in range(80)]
    table = next(body(word(content(评分表=[replace(WIDE, lines=rows)]))).iter(qn("w:tbl")))
    assert len(table.findall(qn("w:tr"))) == 81
    assert "长" * 5000 in {t.text for t in table.iter(qn("w:t"))}


# ---------------------------------------------------------------------------------------------------------------------
# an institution's template
# ---------------------------------------------------------------------------------------------------------------------


def test_template_with_styles_of_word_s_own_ids_keeps_its_look():
    """A Chinese Word calls “heading 2” style 2, and gives styles with Chinese names ids like a3."""
    new = {"Heading2": "2", "表格文字": "a3", "BodyText": "a4"}

    def renamed(data: bytes) -> bytes:
        uses = r'(w:styleId=|<w:(?:pStyle|basedOn|next|link) w:val=)"([^"]+)"'
        return re.sub(uses, lambda m: f'{m[1]}"{new.get(m[2], m[2])}"', data.decode()).encode()

    template = repacked(ours(), {"word/styles.xml": renamed, "word/document.xml": renamed})
    data = word(content(项目概况=[Heading("一节"), SMALL]), template)
    used = {style.get(qn("w:val")) for style in body(data).iter(qn("w:pStyle"))}
    assert used >= set(new.values()) and used.isdisjoint(new)
    assert "一节" in [t.strip() for t in texts(data)[:40]], "it stands in the table of contents"


def test_template_without_our_styles_gets_them():
    def plain(document: Any) -> None:
        for name in ("表格文字", "表头", "说明", "toc 1", "Caption"):
            document.styles[name].delete()

    document = Document(io.BytesIO(word(content(项目概况=[SMALL]), edited(plain))))
    assert {"表格文字", "表头", "toc 1", "Caption"} <= {style.name for style in document.styles}


def test_tag_that_word_split_into_runs_is_one_tag():
    def split(document: Any) -> None:
        line = document.add_paragraph("得分：{")
        for piece in ("{ 总", "分", " }", "}分"):
            line.add_run(piece).italic = True

    assert "得分：85.30分" in texts(word(content({"总分": "85.30"}), edited(split)))


def test_condition_drops_what_has_no_content_and_compares():
    template = own(
        "{%p if 问卷情况 %}",
        "附：问卷",
        "{{p 问卷情况 }}",
        "{%p else %}",
        "没有问卷",
        "{%p endif %}",
        "{% if 等级 == '优' %}祝贺{% endif %}",
    )
    assert texts(word(content({"等级": "优"}, 问卷情况=[]), template))[:2] == ["没有问卷", "祝贺"]
    assert texts(word(content({"等级": "良"}), template))[:3] == ["附：问卷", "问卷情况的内容。", ""]


def test_part_in_a_table_cell_is_as_wide_as_the_cell():
    def framed(document: Any) -> None:
        cell = document.add_table(1, 2).rows[0].cells[1]
        cell.paragraphs[0].add_run("{{p 评价组名单 }}")

    data = word(content(评价组名单=[replace(WIDE, wide=True)]), edited(framed, own("正文")))
    outer, inner = body(data).iter(qn("w:tbl"))
    room = int(next(outer.iter(qn("w:tcW"))).get(qn("w:w")))
    assert int(inner.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w"))) < room
    assert not any(turned for turned, _ in sheets(data))


WRONG = {
    "{{ 总粉 }}": ("没有“总粉”这个标签", "总分"),
    "{{p 评分 }}": ("没有“评分”这个标签", "评分表"),
    "{{ 评分表 }}": ("须单独成段", "{{p 评分表 }}"),
    "附件：{{p 评分表 }}": ("须单独成段", "{{p 评分表 }}"),
    "{{p 总分 }}": ("不是一部分", "{{ 总分 }}"),
    "{{ 总分|upper }}": ("没有“总分|upper”这个标签", "总分"),
    "{{ 总分.__class__ }}": ("没有“总分.__class__”这个标签", "总分"),
    "{{r 总分 }}": ("不能用 {{r 标签", "{{ 总分 }}"),
    "｛｛ 总分 ｝｝": ("标签用了全角括号", "半角"),
    "{{ 总分 }": ("标签的括号不成对", "两边成对"),
    "{% for i in 总分 %}": ("只有 if、elif、else、endif", "{%p if"),
    "{% if 总分 %}": ("条件标签不成对", "endif"),
    "文字{%p if 总分 %}": ("没有单独成段", "单独成段"),
    "{% if 总粉 %}有{% endif %}": ("没有“总粉”这个标签", "总分"),
    "{% if 总分 > '90' %}高{% endif %}": ("不能比较大小", "== 和 !="),
    "{% if lipsum() %}有{% endif %}": ("只能写名称", "{%p if"),
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_tag_is_named_with_what_to_write_instead(text):
    with pytest.raises(FileError) as caught:
        word(content(), own("一", text), "本院模板.docx")
    said = str(caught.value)
    assert all(piece in said for piece in ("本院模板.docx", *WRONG[text])), said


def test_all_wrong_tags_are_named_at_once_those_in_the_head_too():
    def headed(document: Any) -> None:
        document.sections[0].header.paragraphs[0].add_run("{{ 机构 }}{{p 评分表 }}")

    with pytest.raises(FileError) as caught:
        word(content(), edited(headed, own("{{ 总粉 }}", "{{ 等第 }}")), "t.docx")
    assert [p.code for p in caught.value.problems] == ["tag_unknown", "tag_unknown", "tag_unknown", "tag_place"]


EXTERNAL = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="http://example.org/x" TargetMode="External"/>'
)
INSIDE = '<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="x.bin"/>'
OLE_TYPE = '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
RELS, SETTINGS_RELS = "word/_rels/document.xml.rels", "word/_rels/settings.xml.rels"
_SETTINGS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FIELD = (
    '<w:p><w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "\\\\host\\x"</w:instrText></w:r></w:p>'
)
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:document>'
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"no docx", "template_no_docx"),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "template_locked"),
    "cut": (lambda: ours()[:-200], "template_no_docx"),
    "workbook": (
        lambda: repacked(zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}), {}),
        "template_no_docx",
    ),
    "macros": (lambda: repacked(ours(), {"word/vbaProject.bin": b"x"}), "template_macros"),
    "docm": (lambda: repacked(ours(), {"[Content_Types].xml": lambda d: d.replace(MAIN, MACRO)}), "template_kind"),
    "dotx": (
        lambda: repacked(
            ours(), {"[Content_Types].xml": lambda d: d.replace(MAIN, MAIN.replace(b"document.main", b"template.main"))}
        ),
        "template_kind",
    ),
    "image": (lambda: repacked(ours(), {RELS: added(EXTERNAL.format("image"), "</Relationships>")}), "template_linked"),
    "attached": (
        lambda: repacked(ours(), {SETTINGS_RELS: _SETTINGS.format(EXTERNAL.format("attachedTemplate")).encode()}),
        "template_attached",
    ),
    "entity": (
        lambda: repacked(ours(), {"word/comments.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
        "template_entities",
    ),
    "object": (lambda: repacked(ours(), {"word/embeddings/oleObject1.bin": b"x"}), "template_embedded"),
    "external": (
        lambda: repacked(
            ours(), {RELS: added(EXTERNAL.replace('"External"', '"external"').format("image"), "</Relationships>")}
        ),
        "template_damaged",
    ),
    "untyped": (lambda: repacked(ours(), {"word/x.dat": b"x"}), "template_damaged"),
    "absent": (lambda: repacked(ours(), {RELS: added(INSIDE.format("image"), "</Relationships>")}), "template_damaged"),
    "object elsewhere": (
        lambda: repacked(ours(), {RELS: added(INSIDE.format("oleObject"), "</Relationships>")}),
        "template_embedded",
    ),
    "object by type": (
        lambda: repacked(ours(), {"[Content_Types].xml": added(OLE_TYPE, "</Types>"), "word/x.bin": b"x"}),
        "template_embedded",
    ),
    "field": (lambda: repacked(ours(), {"word/document.xml": added(FIELD, "<w:sectPr")}), "template_field"),
    "no body": (lambda: repacked(ours(), {"word/document.xml": DOCUMENT.format("").encode()}), "template_damaged"),
    "no layout": (
        lambda: repacked(ours(), {"word/document.xml": DOCUMENT.format("<w:body><w:p/></w:body>").encode()}),
        "template_damaged",
    ),
    "other part": (lambda: repacked(ours(), {"word/styles.xml": b"<a/>"}), "template_damaged"),
    "other properties": (lambda: repacked(ours(), {"docProps/core.xml": b"<a/>"}), "template_damaged"),
    "other relations": (lambda: repacked(ours(), {RELS: b"<a/>"}), "template_damaged"),
    "broken": (lambda: repacked(ours(), {"word/styles.xml": b"<a>"}), "template_damaged"),
    "bomb": (lambda: repacked(ours(), {"word/x.xml": bytes(17 * 1024**2)}), "template_large"),
    "crowd": (lambda: crowded(ours()), "template_large"),
}


def crowded(data: bytes) -> bytes:
    """A zip that says at its end that it has more parts than any document has."""
    at = data.rindex(b"PK\x05\x06")
    return data[: at + 8] + b"\xff\xfe\xff\xfe" + data[at + 12 :]


def zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("kind", REFUSED)
def test_template_that_is_not_only_a_docx_is_refused(kind):
    make, code = REFUSED[kind]
    with pytest.raises(FileError) as caught:
        word(content(), make(), "本院模板.docx")
    assert {p.code for p in caught.value.problems} == {code}
    assert "本院模板.docx" in str(caught.value)


def test_hyperlinks_in_a_template_are_allowed():
    linked = repacked(ours(), {RELS: added(EXTERNAL.format("hyperlink"), "</Relationships>")})
    assert word(content(), linked)


def test_xml_is_well_formed_and_shape_ids_are_unique():
    data = word(content(综合评价结论=[CHART, CHART], 评分表=[WIDE]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    numbers = [shape.get("id") for shape in body(data).iter(qn("wp:docPr"))]
    assert numbers == ["1", "2"]


# -- sheets that look made by hand ----------------------------------------------------------------------------------


def test_a_long_title_is_parted_evenly_and_never_within_a_word() -> None:
    assert balanced("某县农业农村局2023年度高标准农田建设项目绩效自评报告", 20) == [
        "某县农业农村局2023年度",
        "高标准农田建设项目绩效自评报告",
    ]
    assert balanced("短标题评价报告", 20) == ["短标题评价报告"]


@given(st.text(st.sampled_from("某县项目绩效自评报告2023年度（）、的"), min_size=1, max_size=70))
def test_parting_a_title_loses_nothing(title: str) -> None:
    assert "".join(balanced(title, 20)) == title


def test_a_template_s_missing_parts_are_named() -> None:
    assert without(ours(), "") == []

    def change(document: Any) -> None:
        for p in document.paragraphs:
            if p.text == "{{p 有关建议 }}":
                p._p.getparent().remove(p._p)

    assert without(edited(change), "") == ["有关建议"]


def test_nothing_high_follows_a_wide_table_and_rows_to_sign_stay_together() -> None:
    bare_table = replace(WIDE, note="")
    signed = Grid("", [Column("", 1), Column("", 1)], [Line(["主评人", ""], height=16), Line(["日期", ""], height=12)])
    document = body(word(content(评分表=[bare_table], 签章页=[signed])))
    first, last = next(iter(document.iter(qn("w:tbl")))), list(document.iter(qn("w:tbl")))[-1]
    assert first.getnext().find(f"{qn('w:pPr')}/{qn('w:spacing')}").get(qn("w:line")) == "20"
    assert [bool(list(row.iter(qn("w:keepNext")))) for row in last.iter(qn("w:tr"))] == [True, False]


def test_lines_of_the_cover_without_a_text_are_left_out() -> None:
    said = texts(word(content({"委托方": "", "报告日期": "2025-03-31", "等级说明": ""})))
    assert not any(t.startswith("委托方") for t in said)
    assert "报告日期：2025-03-31" in said and "总分：某总分　等级：某等级" in said
