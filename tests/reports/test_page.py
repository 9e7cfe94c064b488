"""The page: one file that asks for nothing, says what the content and the result say, and takes every text for text."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from page_shapes import drawings, whole, with_parts
from review_shapes import record, with_review

from workbench.base.yamlio import read_yaml
from workbench.reports import reading
from workbench.reports.document.blocks import Content, Grid, Heading, Paragraph, Picture, paragraph
from workbench.reports.document.content import content
from workbench.reports.document.outline import PARTS
from workbench.reports.document.shown import set_row, typeset
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.document.word import word
from workbench.reports.page.figures import Figures
from workbench.reports.page.page import page
from workbench.reports.papers.grid import Column, Line
from workbench.reports.tables import score_table
from workbench.scheme.plan import Plan
from workbench.scoring.result import EvidenceRef, RunResult

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}&lt;b&gt;\x1b[31m\u202eםולש'\"</table>=cmd|' /C calc'!A0"
SEEN = "[U+001B]"
FIELDS = (
    "报告名称",
    "项目名称",
    "委托方",
    "被评价单位",
    "评价机构",
    "主评人",
    "评价年度",
    "评价基准日",
    "报告日期",
    "稿次",
    "运行",
    "总分",
    "等级",
    "等级说明",
)
VOID = {"meta", "link", "img", "br", "col", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """Elements of these tags below, in order; all without tags."""
        below = [e for c in self.children if isinstance(c, Element) for e in (c, *c.all())]
        return [e for e in below if e.tag in tags] if tags else below

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else "\n" if c.tag == "br" else c.text for c in self.children)

    def of(self, name: str) -> list[Element]:
        return [e for e in self.all() if name in e.attributes.get("class", "").split()]


class Reader(HTMLParser):
    """A small tree; fails where elements are not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("", {})]

    def handle_starttag(self, tag, attrs):
        made = Element(tag, {k: v or "" for k, v in attrs})
        assert len(made.attributes) == len(attrs)
        self.stack[-1].children.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_endtag(self, tag):
        assert self.stack.pop().tag == tag

    def handle_data(self, data):
        self.stack[-1].children.append(data)


def read(data: bytes) -> Element:
    reader = Reader()
    reader.feed(data.decode("utf-8"))
    reader.close()
    [root] = reader.stack
    return root


@pytest.fixture
def reviewed(make, run):
    """A result with a review, drawn nowhere."""
    return run(with_review(make("complete"))).model_copy(update={"review": record()})


def test_nothing_is_fetched_and_only_our_style_and_script_may_run(reviewed):
    report = whole(reviewed)
    root = read(page(report, reviewed, drawings(reviewed)))
    for element in root.all():
        for name, value in element.attributes.items():
            assert not name.startswith("on") and name != "style"
            if name in ("src", "href"):
                assert value.startswith(("data:", "#")), value
    [policy] = [m.attributes["content"] for m in root.all("meta") if "http-equiv" in m.attributes]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag in ("style", "script"):
        [own] = root.all(tag)
        digest = b64encode(sha256(own.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "http:" not in root.all("style")[0].text and "url(" not in root.all("style")[0].text


def test_same_input_gives_the_same_bytes(reviewed):
    assert page(whole(reviewed, drawn=False), reviewed) == page(whole(reviewed, drawn=False), reviewed)


@pytest.mark.parametrize("name", ["tangxi_2022_commission", "state_owned_enterprises_2022"])
def test_the_page_of_a_real_run_says_everything_the_word_report_says(name):
    root = Path(__file__).parents[2]
    result = RunResult.model_validate_json((root / "tests" / "golden" / f"{name}.json").read_bytes())
    plan = Plan.model_validate(read_yaml(root / "params" / f"{name}.yaml").data["plan"])
    report = content(ReportSource(result, "ab" * 32, plan), Texts())
    found = read(page(report, result))
    text = visible(found.text)
    assert len(found.of("scores")) == len(result.subjects)
    for blocks in report.parts.values():
        for block in blocks:
            for said in words(block):
                assert visible(said) in text, said
    for said in report.fields.values():
        assert said in text


def words(block):
    """Everything a block says, line by line."""
    match block:
        case Heading() | Paragraph():
            return block.text.split("\n")
        case Grid():
            cells = [c for line in block.lines for c in line.cells]
            return [
                x for c in (block.title, block.note, *(c.title for c in block.columns), *cells) for x in c.split("\n")
            ]
        case Picture():
            return [block.title]


def test_the_score_table_says_what_every_other_output_says(make, run, shape):
    result = run(make(shape))
    [sheet] = read(page(whole(result, drawn=False), result)).of("scores")
    subject = result.subjects[0]
    table = score_table(subject)
    rows = sheet.all("tbody")[0].all("tr")
    assert len(rows) == len(table.rows)
    indicators = [i for level in subject.levels for i in reading.members(subject, level.name)]
    for row, expected in zip(rows, table.rows, strict=True):
        found = {c.attributes["data-label"]: c for c in row.all("td")}
        for column, text in zip(table.columns, set_row(expected, table.columns), strict=True):
            if column == "得分率" and "indicator" in row.attributes["class"]:
                continue  # the product's own table leaves it to the levels
            assert found[column].text.startswith(visible(text)) or not text
    own = [row for row in rows if "indicator" in row.attributes["class"].split()]
    for row, indicator in zip(own, indicators, strict=True):
        [more] = row.of("more")
        assert indicator.code in more.text and typeset(indicator.evidence_status) in more.text
        assert (indicator.formula or "") in more.text and (indicator.substituted or "") in more.text
        if indicator.final is not None and float(indicator.weight):
            share = reading.share(reading.number(indicator.final), reading.number(indicator.weight))
            assert f"{share}%" in [c.text for c in row.all("td")]
        for ref in indicator.evidence:
            assert ref.title in more.text


def visible(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


def test_a_review_is_told_without_saying_who_gave_what(reviewed):
    [sheet] = read(page(whole(reviewed, drawn=False), reviewed)).of("scores")
    heads = [h.text for h in sheet.all("th")]
    assert "计算得分" in heads and "最终得分" in heads and "专家得分" not in heads
    assert "李建国" not in sheet.text and "专家评审5.65（算术平均）" in sheet.text


def test_whatever_was_written_is_shown_as_text(make, run):
    subject = make("complete")
    first = subject.indicators[0]
    ref = EvidenceRef(title=HOSTILE, place="x.xlsx [表] C5", document=HOSTILE)
    indicator = first.model_copy(
        update={"name": HOSTILE, "explanation": HOSTILE + "长" * 5000, "formula": HOSTILE, "evidence": [ref]}
    )
    subject = subject.model_copy(update={"name": HOSTILE, "indicators": [indicator, *subject.indicators[1:]]})
    result = run(subject).model_copy(update={"title": HOSTILE})
    report = whole(result, prose=HOSTILE)
    blocks = [
        Heading(HOSTILE),
        Grid(HOSTILE, [Column(HOSTILE, 1)], [Line([HOSTILE]), Line([HOSTILE], "group")], HOSTILE),
    ]
    root = read(page(with_parts(report, {HOSTILE: blocks}), result, drawings(result)))
    assert len(root.all("script")) == 1
    known = {"alt", "data-level", "data-status", "data-key", "data-label", "aria-label"}
    assert not any("onerror" in name for e in root.all() for name in e.attributes)
    for e in root.all():
        assert all("alert(1)" not in value for name, value in e.attributes.items() if name not in known)
    text = root.text
    assert text.count("<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}&lt;b&gt;") > 20
    assert "\x1b" not in text and SEEN in text and "长" * 5000 in text
    # Text that turns round is closed off: as many openings as endings on every line.
    for line in text.split("\n"):
        assert sum(c in "\u2066\u2067\u2068" for c in line) == line.count("\u2069")


def test_the_draft_is_marked_and_the_final_report_is_not(make, run):
    result = run(make("complete"))
    draft = read(page(whole(result, drawn=False), result))
    [mark] = draft.of("watermark")
    assert mark.attributes["data-text"] == "征求意见稿" and "征求意见稿" in draft.all("title")[0].text
    final = read(page(whole(result, edition="定稿", drawn=False), result))
    assert not final.of("watermark") and "征求意见稿" not in final.text


def test_headings_go_down_one_by_one_and_the_contents_lead_to_them(reviewed):
    root = read(page(whole(reviewed, drawn=False), reviewed))
    [body] = root.all("main")
    levels = [int(e.tag[1]) for e in body.all("h2", "h3", "h4", "h5")]
    assert levels[0] == 2 and all(after <= before + 1 for before, after in pairwise(levels))
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = [a.attributes["href"][1:] for a in root.all("nav")[0].all("a")]
    named = {e.attributes["id"]: e.text for e in body.all("h2", "h3") if "id" in e.attributes}
    assert links == list(named)
    referred = [e.attributes[n] for e in root.all() for n in ("for", "aria-labelledby") if n in e.attributes]
    assert {name for names in referred for name in names.split()} <= set(ids)


@pytest.mark.parametrize("empty", [(), ("意见采纳情况表", "专家意见")])
def test_the_outline_is_that_of_the_word_report(make, run, empty):
    result = run(make("complete"))
    parts = {name: [] if name in empty else [paragraph("已写明。")] for name in PARTS}
    report = Content("报告", dict.fromkeys(FIELDS, "某"), parts, "定稿")
    paragraphs = Document(io.BytesIO(word(report))).paragraphs
    heads = [p.text for p in paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    main = read(page(report, result)).all("main")[0]
    assert [h.text for h in main.all("h2", "h3")] == heads
    assert heads[-2] == f"附件{6 - len(empty)}　方法和核验说明"


def test_captions_are_numbered_through_and_pictures_say_what_they_show(reviewed):
    report = whole(reviewed)
    root = read(page(report, reviewed, drawings(reviewed)))
    tables = [c.text for c in root.all("caption")]
    assert [c.split("　")[0] for c in tables] == [f"表{n}" for n in range(1, len(tables) + 1)]
    figures = root.all("figure")
    shown = [b for blocks in report.parts.values() for b in blocks if isinstance(b, Picture)]
    assert len(figures) == len(shown) == 6  # four of every result, two of a review
    for n, (figure, picture) in enumerate(zip(figures, shown, strict=True), 1):
        [image] = figure.all("svg")
        assert image.attributes["aria-label"] == picture.alt and image.attributes["role"] == "img"
        assert figure.all("figcaption")[0].text == f"图{n}　{picture.title}"
        assert not image.all("text", "image", "style") and image.all("path") and image.all("use")


def test_the_letters_of_all_charts_stand_in_the_page_once(make, run):
    """Five subjects with four charts each: as pictures of their own they would be five times as much."""
    subjects = [make("complete").model_copy(update={"id": f"P{n}"}) for n in range(5)]
    result = run(*subjects)
    pictures = drawings(result)
    text = page(whole(result), result, pictures)
    assert len(text) < sum(map(len, pictures.values())) / 3
    root = read(text)
    named = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(named) == len(set(named))
    referred = {e.attributes["href"].removeprefix("#") for e in root.all("use")}
    referred |= {
        m for e in root.all("path", "rect") for m in re.findall(r"url\(#(.*?)\)", e.attributes.get("fill", ""))
    }
    assert referred and referred <= set(named)


def test_a_chart_holds_nothing_but_outlines():
    foreign = b'<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"><foreignObject/></svg>'
    with pytest.raises(ValueError, match="foreignObject"):
        Figures().inline(foreign, "")
    hostile = b'<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"><g onload="x" style="behavior: url(x)"/></svg>'
    drawn = Figures().inline(hostile, 'a"<b>')
    assert "onload" not in drawn and "behavior" not in drawn and "<b>" not in drawn


def test_a_picture_nobody_drew_as_svg_is_the_one_of_the_report(make, run):
    result = run(make("complete"))
    report = whole(result)
    [first, *_] = read(page(report, result)).all("img")
    picture = next(b for b in report.parts["综合评价结论"] if isinstance(b, Picture))
    assert b64decode(first.attributes["src"].removeprefix("data:image/png;base64,")) == report.pictures[picture.name]


def test_a_part_the_outline_does_not_know_stands_at_the_end(make, run):
    result = run(make("complete"))
    report = with_parts(whole(result, drawn=False), {"另一部分": [paragraph("还有一件事。")]})
    chapters = read(page(report, result)).all("section")
    assert chapters[-1].all("h2")[0].text == "另一部分" and "还有一件事。" in chapters[-1].text


def test_several_subjects_have_a_table_each_and_other_tables_stay_plain(make, run):
    result = run(make("extras"), make("incomplete"))
    report = whole(result, drawn=False)
    assert len(read(page(report, result)).of("scores")) == 2
    fewer = with_parts(report, {"评分表": list(report.parts["评分表"])[:1]})
    assert read(page(fewer, result)).of("scores") == []
