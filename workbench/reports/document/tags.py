"""The tags of a template: which there are, what is wrong with them, and putting the content in their place.

``{{ 总分 }}`` stands for a short text, ``{{p 评分表 }}``, alone in its paragraph, for a part of the report, and
``{%p if 问卷情况 %}`` … ``{%p endif %}`` keep or drop what stands between them. docxtpl and Jinja do the work; nothing but these
is let through, so that a template cannot compute, loop or call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from workbench.base.errors import FileError, Place, Problem, shorten
from workbench.base.safetext import safe
from workbench.base.text import suggest

NAMESPACE = "urn:workbench:report"
PART = f"{{{NAMESPACE}}}part"
"""The element that holds the place of a part until it is written."""
ANNEX = "附件序号"
"""Counts: 1 where it stands first, 2 where it stands next."""
FORMER = {"计算日": "评价基准日"}
"""Names that templates made earlier may still have → what they are called now."""
_VALUE = re.compile(r"\{\{(?:(p|r|tr|tc)\s)?\s*(.*?)\s*\}\}")
_CONDITION = re.compile(r"\{%(?:(p|r|tr|tc)\s)?\s*(.*?)\s*%\}")
_REMARK = re.compile(r"\{#.*?#\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝|｛％|％｝")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Const),
    *(nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or),
)
_TEXT_HOLDERS = {qn(f"w:{tag}") for tag in ("t", "delText", "instrText", "delInstrText")}
_HOLLOW = {qn(f"w:{tag}") for tag in ("body", "hdr", "ftr", "p", "r", "tbl", "tr", "tc", "footnote")}
"""Elements that hold no text of their own."""


class Filled:
    """A part as a template sees it: true when there is something in it; written out as the element that holds its place."""

    def __init__(self, name: str, filled: bool) -> None:
        self._name, self._filled = name, filled

    def __bool__(self) -> bool:
        return self._filled

    def __html__(self) -> str:
        return f'<part xmlns="{NAMESPACE}" name="{escape(self._name)}"/>'


class Counted:
    """A number that is one more wherever a template writes it, so that attachments left out leave no gap."""

    def __init__(self) -> None:
        self._count = 0

    def __html__(self) -> str:
        self._count += 1
        return str(self._count)


class Tagged(DocxTemplate):  # type: ignore[misc]
    """A template whose tags are checked before they are filled in, every mistake named at once.

    What is put in is not looked at again: text with braces in it stays text.
    """

    def __init__(self, template: Any, name: str, fields: Mapping[str, str], parts: Mapping[str, bool]) -> None:
        super().__init__(template)
        former = {old: fields[new] for old, new in FORMER.items() if new in fields}
        self._name, self._fields, self._parts = name, {**fields, ANNEX: "", **former}, parts
        self.problems: list[Problem] = []

    def filled(self) -> Any:
        """The document with its texts in place and :data:`PART` elements where parts go.

        Raises:
            FileError: tags that are unknown, misplaced or not closed, all of them.
        """
        self.init_docx()
        self._check(self.docx.element.body)
        for uri in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(uri):
                self._check(etree.fromstring(part.blob), edge=True)
        for part in self.docx.part.package.iter_parts():
            if part.content_type.endswith(("footnotes+xml", "endnotes+xml")):
                texts = filter(_BRACES.search, _paragraphs(etree.fromstring(part.blob)))
                self.problems += [self._problem("tag_place", "脚注、尾注里不能用标签", t, fix=_KINDS) for t in texts]
        self._stop_at_problems()
        values = {name: _text(value) for name, value in self._fields.items()}
        parts = {name: Filled(name, filled) for name, filled in self._parts.items()}
        self.render({**values, ANNEX: Counted(), **parts}, _environment())
        self._stop_at_problems()
        return self.docx

    # What docxtpl calls while it renders ------------------------------------------------------------------------------

    def render_xml_part(self, src_xml: str, part: Any, context: Mapping[str, Any], jinja_env: Environment) -> str:
        """Fill in one part of the file. docxtpl would look through the text put in for tags and line ends of its own."""
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)
        try:
            tree = jinja_env.parse(source)
        except TemplateSyntaxError as error:
            self._fail(_unpaired(source) or _excerpt(source, error.lineno))
        self.problems += [self._odd(node, source) for node in _strangers(tree)]
        unequal = [n for n in tree.find_all(nodes.Compare) if any(x.op not in ("eq", "ne") for x in n.ops)]
        self.problems += [
            self._problem("tag_compare", "标签的值是文字,不能比较大小", _excerpt(source, node.lineno), fix=_EQUAL)
            for node in unequal
        ]
        named = {(node.name, node.lineno) for node in tree.find_all(nodes.Name)}
        self.problems += [
            self._unknown(name, _excerpt(source, line)) for name, line in sorted(named) if name not in context
        ]
        self._stop_at_problems()
        filled = re.sub(r"\n<w:p([ >])", r"<w:p\1", jinja_env.from_string(tree).render(context))
        for text in _stray(self.fix_tables(filled)):
            self.problems.append(self._problem("tag_place", "标签放错了位置", text, fix=_ALONE))
        return filled

    def fix_tables(self, xml: str) -> Any:
        """What was filled in as a tree. docxtpl would mend what does not hold together, and lose some of it."""
        try:
            return etree.fromstring(xml)
        except etree.XMLSyntaxError:
            self._fail(None)

    def render_properties(self, context: Mapping[str, Any], jinja_env: Environment | None = None) -> None:
        """Nothing: the properties of a report are not the template's."""

    def render_footnotes(self, context: Mapping[str, Any], jinja_env: Environment | None = None) -> None:
        """Nothing: docxtpl would fill them in once per section, what it put in before included."""

    # What is wrong with the tags --------------------------------------------------------------------------------------

    def _check(self, root: Any, *, edge: bool = False) -> None:
        for text in _paragraphs(root):
            if _BRACES.search(text):
                self.problems += self._check_text(text, edge)

    def _check_text(self, text: str, edge: bool) -> Iterator[Problem]:
        for kind, name in _VALUE.findall(text):
            yield from self._check_value(kind, name, text, edge)
        for kind, condition in _CONDITION.findall(text):
            if kind == "p" and not _alone(text):
                yield self._problem("tag_place", "标签没有单独成段", text, fix=_ALONE)
            elif kind in ("r", "tc"):
                yield self._problem("tag_kind", f"不能用 {{%{kind} 标签", text, fix="请改用 {%p if … %},单独成段")
            elif condition.split(" ")[0] not in ("if", "elif", "else", "endif"):
                yield self._problem("tag_kind", "模板中的条件只有 if、elif、else、endif", text, fix=_KINDS)
        rest = _REMARK.sub("", _CONDITION.sub("", _VALUE.sub("", text)))
        if braces := _BRACES.search(rest):
            wide = braces[0][0] in "｛｝%％" and braces[0] not in ("%}",)
            message = "标签用了全角括号" if wide else "标签的括号不成对"
            yield self._problem("tag_braces", message, text, fix="请用半角的 {{ 和 }},两边成对,写在同一段")

    def _check_value(self, kind: str, name: str, text: str, edge: bool) -> Iterator[Problem]:
        if kind in ("r", "tr", "tc"):
            yield self._problem("tag_kind", f"不能用 {{{{{kind} 标签", text, fix=_KINDS)
        elif name not in self._fields and name not in self._parts:
            yield self._unknown(name, text)
        elif kind == "p" and name in self._fields:
            yield self._problem("tag_kind", f"“{name}”是一项文字,不是一部分", text, fix=f"请写作 {{{{ {name} }}}}")
        elif name in self._parts and (edge or kind != "p" or not _alone(text)):
            fix = f"请在正文中另起一段,只写 {{{{p {name} }}}}"
            yield self._problem("tag_place", f"“{name}”是报告的一部分,须单独成段", text, fix=fix)

    def _unknown(self, name: str, text: str | None) -> Problem:
        known = [x for x in (*self._fields, *self._parts) if x not in FORMER]
        return self._problem("tag_unknown", f"没有“{shorten(name, 40)}”这个标签", text, fix=suggest(name, known))

    def _odd(self, node: nodes.Node, source: str) -> Problem:
        text = _excerpt(source, node.lineno)
        return self._problem("tag_expression", "标签里只能写名称,条件里只能比较", text, fix=_KINDS)

    def _problem(self, code: str, message: str, text: str | None, fix: str) -> Problem:
        return Problem(code, message, Place(self._name), found=text, fix=fix)

    def _fail(self, text: str | None) -> NoReturn:
        fix = "请检查 {%p if … %} 与 {%p endif %} 是否成对、是否各自单独成段"
        raise FileError([*self.problems, self._problem("tag_pairs", "条件标签不成对,或放错了位置", text, fix)])

    def _stop_at_problems(self) -> None:
        if self.problems:
            raise FileError(dict.fromkeys(self.problems))


_ALONE = "条件和部分的标签各自单独成段,段中不要有别的文字"
_EQUAL = "条件里只能用 == 和 !=,如 {%p if 等级 == '优' %}"
_KINDS = "可用 {{ 总分 }} 一类的文字标签、{{p 评分表 }} 一类的部分标签和 {%p if 问卷情况 %}…{%p endif %}"


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    environment.globals.clear()
    return environment


def _text(value: str) -> Markup:
    """A field's text for a ``w:t``; a line's end becomes a break."""
    return Markup('</w:t><w:br/><w:t xml:space="preserve">').join(safe(value).split("\n"))


def _paragraphs(root: Any) -> Iterator[str]:
    """The text of each paragraph, without that of text boxes in it, which have paragraphs of their own."""
    for paragraph in root.iter(qn("w:p")):
        own = (t for t in paragraph.iter(qn("w:t")) if next(t.iterancestors(qn("w:p"))) is paragraph)
        yield "".join(t.text or "" for t in own)


def _alone(text: str) -> bool:
    """Whether a paragraph holds nothing but one tag; docxtpl drops what stands beside it."""
    return any(pattern.fullmatch(text.strip()) for pattern in (_VALUE, _CONDITION)) and len(_BRACES.findall(text)) == 2


def _strangers(tree: nodes.Template) -> Sequence[nodes.Node]:
    return [node for node in tree.find_all(nodes.Node) if not isinstance(node, _ALLOWED)]


_WORDS = re.compile(r"\{%-?\s*(if|elif|else|endif)\b(.*?)-?%\}", re.DOTALL)


def _unpaired(source: str) -> str | None:
    """The condition nothing ends, the last of several, or the end of none."""
    waiting: list[str] = []
    for found in _WORDS.finditer(source):
        text = re.sub(r"<[^>]+>", "", found[0])
        if found[1] == "if":
            waiting.append(text)
        elif not waiting:
            return text
        elif found[1] == "endif":
            waiting.pop()
    return waiting[-1] if waiting else None


def _excerpt(source: str, line: int) -> str | None:
    """The words of the paragraph a template's line is."""
    lines = source.split("\n")
    text = re.sub(r"<[^>]+>", "", lines[line - 1]) if 0 < line <= len(lines) else ""
    return text.strip() or None


def _stray(tree: Any) -> Iterator[str]:
    """Text, and parts, where the format has none: what a tag of the wrong kind left there."""
    for element in tree.iter():
        if element.tag == PART and element.getparent().tag in _TEXT_HOLDERS | {qn("w:r"), qn("w:p")}:
            yield element.get("name")
        inside = element.text if element.tag in _HOLLOW else None
        behind = element.tail if element.getparent() is not None and element.getparent().tag in _HOLLOW else None
        yield from (text for text in (inside, behind) if text and text.strip())
