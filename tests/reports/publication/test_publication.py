"""The publication edition: only with both consents, and what is removed is in no byte of any of its files."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from review_shapes import NAMES, record, with_review

from workbench.base.errors import CheckFailed, TextsError
from workbench.reports.document.blocks import Grid, Paragraph, Span
from workbench.reports.document.bundle import Chosen, in_word, report_files
from workbench.reports.document.content import content
from workbench.reports.document.earlier import Earlier
from workbench.reports.document.source import EvidenceFile, ReportSource
from workbench.reports.document.template import ours
from workbench.reports.document.texts import Texts, read_texts
from workbench.reports.gallery import gallery
from workbench.reports.publication.edition import KINDS, published
from workbench.reports.publication.files import publication_files
from workbench.reports.publication.redaction import Redaction
from workbench.scheme.plan import Plan
from workbench.scoring.result import CapState, EvidenceRef, FindingLine, ReviewNote, RunResult

DIGEST = "3f" * 32
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000004000000020802000000f0caea34000000124944415478da63fcff"
    "ff3f030c3031200100480603014e35edf70000000049454e44ae426082"
)
CONSENT = """
  publication:
    consent:
      run: demo 0123456789abcdef
      client: {by: 某县财政局绩效股, date: "2025-03-01", document: 某财绩函〔2025〕8号}
      finance: {by: 某县财政局, date: "2025-03-02", document: 某财公开〔2025〕2号}
"""
REPORT = """report:
  client: 某县农业农村局
  institution: 某某咨询公司
  lead: 王敏
  evaluated: 某县农田站
  group: [{name: 周组员, title: 会计师}]
  problems:
    - {title: 执行偏慢, indicators: [B1], finding: 见资金明细.xlsx第3行, cause: 采购晚, suggestion: 提前采购, responsible: 农田站,
       deadline: 年内, evidence: 佐证/内部审计.pdf}
"""
CHAPTER = "专家李 建国认为可行，张**丽华**同意。联系电话13812345678、0714-6352788，邮箱lead@example.cn，身份证420281198001011234。"
CHAPTER += "供应商宏大建材中标13812345678元。"
SECRETS = [
    *NAMES,
    *("周组员", "抽查两处与台账不一致", "群众意见", "某大学教授", "批准科长", "宏大建材"),
    *("基础数据", "资金明细.xlsx", "内部审计", "合同扫描件.pdf", DIGEST, DIGEST[:12]),
    *("13812345678、", "0714-6352788", "lead@example.cn", "420281198001011234"),
]
"""What is put into run and texts, and may be in no file."""


@pytest.fixture
def source(run, make) -> ReportSource:
    """A reviewed run in which secrets stand wherever a result can hold them."""
    subject = with_review(make("complete"))
    refs = [EvidenceRef(title="决算", place="基础数据.xlsx [项目资金] C5", document="合同扫描件.pdf", sha256=DIGEST)]
    items = [i.model_copy(update={"evidence": refs}) for i in subject.indicators]
    waived = {"status": "not_applicable", "explanation": "不适用:未实施;证明:函;批准科长于2025-01-02批准"}
    items[1] = items[1].model_copy(update=waived)
    items[2] = items[2].model_copy(update={"explanation": f"见合同扫描件.pdf,SHA-256 {DIGEST},按李建国意见得7.93分"})
    finding = FindingLine(code="x", severity="warning", message="附件合同扫描件.pdf缺页,古丽娜尔·艾合买提已告知")
    cap = {"rule": "a", "text": "审计问题", "state": "触发", "effect": "降级", "kind": "measure", "grade": None}
    caps = [CapState.model_validate({**cap, "clause": "第三条", "document": "内部审计.pdf", "date": None})]
    subject = subject.model_copy(update={"indicators": items, "findings": [finding], "caps": caps})
    people = [p.model_copy(update={"organisation": "某大学教授", "title": "某大学教授"}) for p in record().people]
    note = ReviewNote(event=3, kind="expert_statement", by="赵刚", at="2025-01-01T00:00:00Z", text="群众意见大")
    review = record().model_copy(update={"people": people, "notes": [note]})
    result: RunResult = run(subject).model_copy(update={"review": review})
    plan = {"evaluation": "demo", "title": "示例", "pack": "a", "ruleset": "b", "policy": "c", "stage": "自评"}
    plan |= {
        "period": "2024年度",
        "as_of": "2025-01-01",
        "evidence": "params/基础数据.xlsx",
        "parties": {"lead": "王敏"},
    }
    pictures = {c.name: PIXEL for c in gallery(result) if c.name.endswith(("dumbbell", "expert_spread"))}
    files = [EvidenceFile("params/附件/合同扫描件.pdf", DIGEST)]
    return ReportSource(result, "0123456789abcdef" * 4, Plan.model_validate(plan), evidence=files, pictures=pictures)


@pytest.fixture
def texts(tmp_path: Path):
    """``texts(more)``: texts with secrets in them; ``more`` goes into the declaration of publication."""

    def write(publication: str = CONSENT + "    words: [宏大建材]\n") -> Texts:
        (tmp_path / "report.yaml").write_text(REPORT + publication, "utf-8")
        (tmp_path / "overview.md").write_text(CHAPTER, "utf-8")
        return read_texts(tmp_path)

    return write


def unpacked(files: dict[str, bytes]) -> str:
    """Every byte of the files as text: members of the docx as they are and without their tags, pictures of the page too."""
    found = []
    for name, data in files.items():
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found += [archive.read(n).decode("utf-8", "replace") + n for n in archive.namelist()]
        else:
            text = data.decode("utf-8")
            inside = re.findall(r'data:image/[\w+]+;base64,([^"]+)', text)
            found += [text, *(b64decode(x).decode("utf-8", "replace") for x in inside)]
    return "\n".join([*found, *(re.sub(r"<[^>]*>", "", x) for x in found)])


def test_what_is_removed_is_in_no_byte(source, texts):
    files = dict(publication_files(published(source, texts())))
    assert list(files) == ["评价报告-公开版-征求意见稿.docx", "评价报告-公开版-征求意见稿.html"]
    whole = unpacked(files)
    assert [x for x in SECRETS if x in whole] == []
    assert "本报告为公开版，已删去下列内容" in whole and all(kind in whole for kind in KINDS)
    assert "依据财监〔2021〕4号第二十一条，经某县财政局绩效股（2025-03-01，某财绩函〔2025〕8号）和某县财政局" in whole
    assert "中标13812345678元" in whole, "an amount is no telephone"
    assert "7.93" in whole and "某某咨询公司" in whole
    again = dict(publication_files(published(source, texts())))
    assert again == files, "the same bytes"


QUOTED = "决算与批复相差较大,得10×79.27%=7.93分"


@pytest.mark.parametrize("hidden", ["评分说明", "B1"])
def test_what_a_finding_quotes_of_an_explanation_goes_with_it(source, texts, hidden):
    """Findings quote the explanation as it was before the experts: a clause of the present one."""
    subject = source.result.subjects[0]
    more = {"explanation": f"{QUOTED};经2名专家评审(算术平均)由7.93分调整为8.00分"}
    items = [i.model_copy(update=more) if i.code == "B1" else i for i in subject.indicators]
    found = [
        FindingLine(code="claimed", severity="warning", message=f"自评得分7.00,相差-0.93分;{QUOTED}", indicator=code)
        for code in ("B1", None)
    ]
    subject = subject.model_copy(update={"indicators": items, "findings": found})
    source = replace(source, result=source.result.model_copy(update={"subjects": [subject]}))
    whole = unpacked(dict(publication_files(published(source, texts(f"{CONSENT}    remove: [{hidden}]\n")))))
    assert "79.27%=7.93" not in whole and "决算与批复相差较大" not in whole
    assert "自评得分7.00" in whole


def test_the_secrets_were_there(source, texts):
    report = content(source, texts())
    made = report_files(source, report, in_word(report))
    whole = unpacked({name: data for name, data in made if name.endswith((".docx", ".html"))})
    assert [x for x in SECRETS if x not in whole and x not in {"李建国", "张丽华"}] == []


def test_without_both_consents_there_is_none(source, texts):
    with pytest.raises(CheckFailed) as refused:
        published(source, texts(""))
    assert [p.place.key for p in refused.value.problems] == [
        "report.publication.consent.client",
        "report.publication.consent.finance",
    ]
    with pytest.raises(CheckFailed, match="同级财政部门同意公开的记录:缺同意的文件") as refused:
        published(source, texts(CONSENT.replace("某财公开〔2025〕2号", '""')))
    assert len(refused.value.problems) == 1 and refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("changed", "key", "told"),
    [
        (
            ("      run: demo 0123456789abcdef\n", ""),
            "run",
            '没有写明同意公开的是哪一次运行的报告.*run: "0123456789abcdef"',
        ),
        (("0123456789abcdef", "0123456789abcdee"), "run", "另一次运行的报告.*0123456789abcdee.*重新取得同意"),
        (("0123456789abcdef", "0123"), "run", "另一次运行的报告"),
        (("2025-03-02", "1999-12-31"), "finance.date", "早于评价基准日.*1999-12-31"),
    ],
)
def test_consent_is_to_this_report(source, texts, changed, key, told):
    with pytest.raises(CheckFailed, match=f"(?s){told}") as refused:
        published(source, texts(CONSENT.replace(*changed)))
    assert [p.place.key for p in refused.value.problems] == [f"report.publication.consent.{key}"]


def test_whatever_else_is_asked_for_is_removed_too(source, texts):
    asked = CONSENT + "    remove: [问题清单, C1]\n"
    made = published(source, texts(asked))
    said = "".join(b.text for b in made.content.parts["其他需要说明的问题"] if isinstance(b, Paragraph))
    assert "“问题清单”部分" in said and "指标“建成面积完成率”的指标值、完成值和评分说明" in said
    assert not made.content.parts["问题清单"], "the notice says so; no sheet with nothing on it"
    assert "校验值均为" not in "".join(b.note for b in made.content.parts["方法和核验说明"] if isinstance(b, Grid))
    [gone] = [i for i in made.result.subjects[0].indicators if i.code == "C1"]
    assert gone.shown is None and gone.explanation == "（已删去）" and gone.final is not None
    with pytest.raises(TextsError, match="可删去的这一项"):
        published(source, texts(CONSENT + "    remove: [问题青单]\n"))


def test_only_a_final_report_loses_its_watermark(source, texts):
    made = published(source, texts())
    final = replace(made, content=replace(made.content, edition="定稿"))
    (name, data), _ = publication_files(final)
    assert name == "评价报告-公开版.docx" and b"PowerPlusWaterMark" not in unpacked({name: data}).encode()


def _template(change) -> Chosen:
    document, stream = Document(io.BytesIO(ours())), io.BytesIO()
    change(document)
    document.save(stream)
    return Chosen(stream.getvalue(), "本院.docx")


def test_a_template_does_not_bring_back_what_is_removed(source, texts):
    made = published(source, texts())

    def typed(document):
        document.core_properties.author = "赵刚"
        document.add_paragraph("项目负责人：李建国")

    with pytest.raises(CheckFailed, match=r"请在模板 本院\.docx 中删去"):
        list(publication_files(made, _template(typed)))
    with pytest.raises(CheckFailed, match="批注或修订"):
        list(publication_files(made, _template(lambda d: d.add_comment(d.paragraphs[0].runs, "看", "某人"))))
    [(_, data), _] = publication_files(
        made, _template(lambda d: setattr(d.core_properties, "last_modified_by", "赵刚"))
    )
    assert "赵刚" not in unpacked({"a.docx": data})

    def without_notice(document):
        for p in [p for p in document.paragraphs if "其他需要说明的问题 }}" in p.text]:
            p._p.getparent().remove(p._p)

    with pytest.raises(CheckFailed, match="说不出删去了什么"):
        list(publication_files(made, _template(without_notice)))


def test_a_template_that_always_shows_a_part_says_that_it_was_removed(source, texts):
    def always(document):
        for p in document.paragraphs:
            if p.text.startswith("{%p"):
                p._p.getparent().remove(p._p)

    [(_, data), _] = publication_files(published(source, texts(CONSENT + "    words: [宏大建材]\n")), _template(always))
    said = [p.text for p in Document(io.BytesIO(data)).paragraphs]
    assert said[said.index("主评人签章页") + 1] == "公开版已删去本部分。"


RELATION = '<Relationship Id="rId97" Type="http://schemas.microsoft.com/office/2011/relationships/{}" Target="{}"/>'
PEOPLE = (
    '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
    '<w15:person w15:author="赵某某"/></w15:people>'
)
OVERRIDE = '<Override PartName="/{}" ContentType="{}"/></Types>'


def _packed(members: dict[str, bytes], changes: dict[str, tuple[str, str]]) -> Chosen:
    """Our template with more members, and with strings put in the place of others."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ours())) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode("utf-8")
            after.writestr(name, text.replace(*changes[name], 1) if name in changes else text)
        for name, data in members.items():
            after.writestr(name, data)
    return Chosen(target.getvalue(), "本院.docx")


def _with_part(name: str, kind: str, data: bytes, relation: str) -> Chosen:
    changes = {
        "[Content_Types].xml": ("</Types>", OVERRIDE.format(name, kind)),
        "word/_rels/document.xml.rels": (
            "</Relationships>",
            RELATION.format(relation, name.removeprefix("word/")) + "</Relationships>",
        ),
    }
    return _packed({name: data}, changes)


def _photo() -> bytes:
    data, picture = io.BytesIO(), Image.new("RGB", (4, 4))
    about = picture.getexif()
    about[0x13B] = "Zhao 13900001111"
    picture.save(data, "JPEG", exif=about, comment=b"wangmin")
    return data.getvalue()


def test_parts_of_a_template_about_people_are_left_out(source, texts):
    made = published(source, texts())
    people = _with_part("word/people.xml", "application/vnd.ms-word.people+xml", PEOPLE.encode(), "people")
    photo = _with_part("word/media/logo.jpg", "image/jpeg", _photo(), "image")
    variables = '<w:docVars><w:docVar w:name="by" w:val="赵某某 13900001111"/></w:docVars></w:settings>'
    for template in (people, photo, _packed({}, {"word/settings.xml": ("</w:settings>", variables)})):
        [(name, data), _] = publication_files(made, template)
        whole = unpacked({name: data})
        assert [x for x in ("赵某某", "13900001111", "wangmin", "Exif") if x in whole] == []
        assert ("logo.jpg" in whole or "image/jpeg" in whole) == (template is photo)


@pytest.mark.parametrize(
    "inside",
    [
        '<w:bookmarkStart w:id="900" w:name="x_13900001111"/><w:bookmarkEnd w:id="900"/>',
        '<w:sdt><w:sdtPr><w:tag w:val="zhao@fin.example.cn"/></w:sdtPr><w:sdtContent/></w:sdt>',
        '<w:sdt><w:sdtPr><w:alias w:val="D:\\王敏\\合同"/></w:sdtPr><w:sdtContent/></w:sdt>',
        '<w:sdt><w:sdtPr><w:alias w:val="某项目合同.docx"/></w:sdtPr><w:sdtContent/></w:sdt>',
        "<!-- 电话13900001111 -->",
    ],
)
def test_values_within_the_markup_of_a_template_are_looked_at(source, texts, inside):
    template = _packed({}, {"word/document.xml": ("<w:body>", f"<w:body><w:p>{inside}</w:p>")})
    with pytest.raises(CheckFailed, match="公开版里还有须删去的内容"):
        list(publication_files(published(source, texts()), template))


@pytest.mark.parametrize(
    ("member", "kind", "told"),
    [("word/media/a.emf", "image/x-emf", "图片"), ("word/fonts/a.odttf", "application/obfuscated-font", "无法检查")],
)
def test_what_cannot_be_looked_into_is_refused(source, texts, member, kind, told):
    with pytest.raises(CheckFailed, match=told):
        list(publication_files(published(source, texts()), _with_part(member, kind, b"x", "image")))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("王　敏、王敏和李建国", "×××、×××和×××"),
        ("见 附件/基础数据.xlsx [项目资金] C5。", "见 （已删去）。"),
        ("得分8.93分，执行13812345678.50元", "得分8.93分，执行13812345678.50元"),
        ("财监〔2021〕4号第二十一条，GB/T 9704-2012", "财监〔2021〕4号第二十一条，GB/T 9704-2012"),
        (f"SHA-256 {DIGEST}", "（已删去）"),
        ("电话：(0714) 6352788", "电话：（已删去）"),
        ("１３８００１３８０００;138 0013 8000;＋86-13800138000", "（已删去）;（已删去）;（已删去）"),
        ("021-5888 8888;（0531）8888 7777;0531　8888 7777", "（已删去）;（已删去）;（已删去）"),
        ("证号１１０１０１１９９００１０１１２３Ｘ;110101 19900101 123X", "证号（已删去）;（已删去）"),
        ("abc＠x.com，微信 wangmin88", "（已删去），（已删去）"),
        ("证据材料.wps;照片.heic、会议录音.mp3。", "（已删去）;（已删去）、（已删去）。"),
        ("报告(终稿).pdf，“合同 扫描件.pdf”，D:\\资料\\合同 扫描件.pdf", "（已删去），“（已删去）”，（已删去）"),
        ("见evil 名 单.xlsx [表 1] C5。D:\\x y\\evil 名 单.xlsx", "见（已删去）。（已删去）"),
        ("Ｗang；王·敏 １２３．４５ 分", "×××；王·敏 １２３．４５ 分"),
        ("编号20230101 2022，金额13812345678元、800 600 500", "编号20230101 2022，金额13812345678元、800 600 500"),
    ],
)
def test_what_a_redaction_takes_and_leaves(text, left):
    taken = Redaction(("王敏", "李建国", "王", "Wang"), ("evil 名 单.xlsx",))
    assert taken.text(text) == left
    assert list(taken.found(left)) == []


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["{}", "{}分", "{:,}", "{:,}万元", "{}%"]))
def test_numbers_of_tables_stay(number, shape):
    shown = shape.format(number)
    assert Redaction(("王敏",), ("资金.xlsx",)).text(shown) == shown


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.sampled_from(["、", "；", "\n"]))
def test_counts_one_beside_the_other_stay(numbers, between):
    shown = between.join(str(n) for n in numbers)
    assert Redaction((), ()).text(shown) == shown


def test_a_name_in_pieces_of_different_looks_is_found():
    block = Paragraph((Span("张", bold=True), Span("丽华同意")))
    assert Redaction(("张丽华",), ()).block(block).text == "×××同意"


EVERYWHERE = """report:
  title: 王　敏主评的报告
  client: 某县农业农村局李建国
  institution: 王敏工作室
  lead: 王敏、赵刚
  evaluated: 李建国农场（13812345678）
  scope:
    text: 赵刚老师带队，存于D:\\资料\\赵刚
    sampling: 由Li Wei抽取（li.wei@example.cn）
    not_sampled: LI WEI说明
  facts: {联系人: {value: 李建国 0714-6352788, source: 王敏}}
  group: [{name: 李建国（会计师）}, {name: Li Wei}, {name: 高峰}]
  problems:
    - {title: 王敏发现的问题, indicators: [B1], finding: 李建国称, cause: 专家高峰指出高峰期用水不足, suggestion: 请李教授复核, responsible: 李建国,
       deadline: 王敏定, evidence: 李建国手机}
  not_material: {C1: 赵刚认为不重要}
"""
CARRIED = {
    "number": 1,
    "title": "李建国未整改",
    "responsible": "李建国",
    "due": "2024-08-31",
    "status": "整改中",
    "days_late": 182,
    "suggestion": "请赵刚整改",
    "last": "王敏已催办 13812345678",
}
EARLIER = {
    "evaluation": "old-2023",
    "title": "王敏去年的评价",
    "period": "2023年度",
    "as_of": "2025-03-01",
    "events": 4,
    "head": DIGEST,
    "items": [CARRIED],
}


def test_names_are_in_no_text_whoever_wrote_it(source, tmp_path):
    (tmp_path / "report.yaml").write_text(EVERYWHERE + CONSENT, "utf-8")
    (tmp_path / "overview.md").write_text(
        '{{ 事实["联系人"] }}，**李**建国\n\n|姓名|电话|\n|-|-|\n|钱某某|6352788|', "utf-8"
    )
    (tmp_path / "other.md").write_text("高峰期用水不足。Li Wei、高峰认为可行，Likely。", "utf-8")
    made = published(source, replace(read_texts(tmp_path), earlier=[Earlier.model_validate(EARLIER)]))
    whole = unpacked(dict(publication_files(made)))
    secrets = [
        "王敏",
        "李建国",
        "赵刚",
        "Li Wei",
        "LI WEI",
        "李教授",
        "钱某某",
        "6352788",
        "13812345678",
        "li.wei",
        "D:\\",
    ]
    assert [x for x in secrets if x in whole] == []
    assert "高峰期用水不足" in whole and "高峰认为" not in whole and "高峰指出" not in whole and "Likely" in whole
    assert "“高峰”" in next(made.hints)
