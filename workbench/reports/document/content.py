"""The report's content, made once: a result, the analyst's texts and the review become the blocks Word and page render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.base.errors import Place, Problem, TextsError
from workbench.base.text import moment
from workbench.reports import reading
from workbench.reports.document import attached, conclusion, narrative, reviewed, working
from workbench.reports.document.blocks import (
    DRAFT,
    FINAL,
    Block,
    Content,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Span,
    paragraph,
)
from workbench.reports.document.earlier import earlier_blocks
from workbench.reports.document.manuscript import Manuscript, manuscript
from workbench.reports.document.outline import HEADED, PARTS
from workbench.reports.document.problems import Links
from workbench.reports.document.shown import DAY, NOT_FILLED, SELF_EVALUATION, ended, fields, listed, typeset
from workbench.reports.document.source import Album, ReportSource
from workbench.reports.document.texts import REPORT_FILE, ReportedProblem, Texts
from workbench.reports.papers.outcome import Outcome
from workbench.review.state import PHASE_WORDS

FROM_RESULT = ("综合评价结论", "情形核查", "评分表", "方法和核验说明")
"""Parts nobody has to write a word for."""
_WRITTEN_FIRST = frozenset({"评价目的对象和范围", "评价原则方法和标准", "存在的问题及原因分析", "有关建议", "问卷情况"})
"""Parts that begin with the analyst's words; in the others these follow what is computed."""


def content(source: ReportSource, texts: Texts) -> Content:
    """The whole report; 定稿 when the review is final and nothing blocks it.

    Raises:
        TextsError: the texts refer to what the result does not have, or hold what a report cannot; every place at once.
    """
    written, links = manuscript(source, texts), Links(source.result, texts)
    faults = [*written.faults, *links.unknown()]
    if faults:
        raise TextsError(faults)
    blocking = list(_blocking(source, texts, written, links))
    edition = FINAL if not blocking else DRAFT
    named = fields(source, texts.report, edition)
    pictures = _pictures(source)
    parts = _parts(source, written, links, named, conclusion.Pictures(pictures))
    parts |= _waiting(parts, written, blocking)
    shown = {b.name for blocks in parts.values() for b in blocks if isinstance(b, Picture)}
    used = Album([name for name in source.pictures if name in shown], source.pictures.__getitem__)
    return Content(named["报告名称"], named, parts, edition, [str(p) for p in blocking], used)


def on_template(made: Content, lacking: Sequence[str], template: str) -> Content:
    """The report on a template that lacks mandatory parts: no 定稿, and what it lacks stands in the way of one."""
    if not lacking:
        return made
    tags = "、".join(f"{{{{p {part} }}}}" for part in lacking)
    message = f"模板没有放报告必有的部分:{'、'.join(lacking)}"
    problem = Problem("template_lacks", message, Place(template), fix=f"请在模板中加上 {tags},各自单独成段")
    return held_back(made, [problem])


def held_back(made: Content, problems: Sequence[Problem]) -> Content:
    """The report with more that stands in the way of 定稿; as it is where there is none."""
    if not problems:
        return made
    fields = {**made.fields, "稿次": DRAFT}
    return replace(made, fields=fields, edition=DRAFT, blocking=[*made.blocking, *map(str, problems)])


def _waiting(
    parts: Mapping[str, Sequence[Block]], written: Manuscript, blocking: Iterable[Problem]
) -> dict[str, Sequence[Block]]:
    """The parts something blocks 定稿 in, with a line where somebody's words are to come."""
    gap = [paragraph(NOT_FILLED)]
    lacking = {_LACKING[p.code] for p in blocking if p.code in _LACKING}
    found: dict[str, Sequence[Block]] = {part: gap for part in lacking if not parts[part]}
    for part in {chapter.part for chapter in written.empty}:
        found[part] = [*gap, *parts[part]] if part in _WRITTEN_FIRST else [*parts[part], *gap]
    return found


_LAST_STEPS = ("internal_review", "finalised")
_LACKING = {"no_group": "评价组名单", "no_sample": "抽样情况", "unlinked_loss": "存在的问题及原因分析"}
"""What blocks 定稿 → the part it is lacking in."""


def remarks(source: ReportSource, texts: Texts) -> Sequence[Problem]:
    """What does not block 定稿 but is better mended: numbers typed into prose."""
    return [*manuscript(source, texts).remarks, *_early(source, texts)]


def _early(source: ReportSource, texts: Texts) -> Iterator[Problem]:
    """A report dated before what it tells of: 评价基准日, or the last step of the review."""
    date, review = texts.report.date, source.result.review
    steps = [moment(note.at)[:10] for note in review.notes if note.kind in _LAST_STEPS] if review is not None else []
    latest = max([source.result.as_of, *steps])
    if date and date < latest:
        message = "报告日期早于评审定稿的日期" if latest in steps else f"报告日期早于{DAY}"
        fix = "请核对报告日期"
        yield Problem("date_early", message, texts.place("date"), date, f"不早于{latest}", fix)


def _pictures(source: ReportSource) -> dict[str, Block]:
    """The pictures that are there, with their titles and the sentences that say them; of one with little in it the sentence alone."""
    if not source.pictures:
        return {}
    from workbench.reports.gallery import gallery, told

    drawn = [c for c in gallery(source.result) if c.name in source.pictures]
    pictures: dict[str, Block] = {c.name: Picture(c.name, typeset(c.title), c.alt) for c in drawn}
    whose = {c.subject for c in drawn}
    return pictures | {t.name: paragraph(typeset(t.text)) for t in told(source.result) if t.subject in whose}


def _parts(
    source: ReportSource,
    written: Manuscript,
    links: Links,
    named: Mapping[str, str],
    pictures: conclusion.Pictures,
) -> dict[str, Sequence[Block]]:
    """Every part: what was written for it and what is computed, the computed part first where it says what is talked about."""
    report, outcome = links.texts.report, _outcome(source)
    made: dict[str, Iterable[Block]] = {
        "评价目的对象和范围": working.object_and_scope(source, written.scope),
        "评价原则方法和标准": working.system_and_standards(source),
        "抽样情况": working.sampling(written.scope),
        "评价组名单": working.group(report.group, named["主评人"]),
        "综合评价结论": conclusion.conclusion(source, pictures),
        "情形核查": conclusion.situations(source),
        "指标分析": conclusion.analysis(source, links, pictures),
        "存在的问题及原因分析": [*_problems(written.problems, links), *earlier_blocks(links.texts.earlier)],
        "有关建议": _advice(written.problems),
        "其他需要说明的问题": _limitations(source),
        "评分表": attached.score_sheets(source),
        "问题清单": attached.problem_list(written.problems, links, written.not_material),
        "意见采纳情况表": reviewed.comments(outcome),
        "专家意见": reviewed.expert_opinions(outcome),
        "问卷情况": attached.surveys(source),
        "方法和核验说明": attached.method(source, written.checked),
        "签章页": attached.signatures(source, named),
    }
    parts: dict[str, Sequence[Block]] = {}
    for part in PARTS:
        own, computed = _below(written.of(part), part), list(made.get(part, ()))
        own = [] if computed and _nothing(own) else own
        at = _own_place(part, computed)
        parts[part] = [*computed[:at], *own, *computed[at:]]
    return parts


def _own_place(part: str, computed: Sequence[Block]) -> int:
    """Where the analyst's words stand among what is computed: in the conclusion behind its sentences, before tables and charts."""
    if part in _WRITTEN_FIRST:
        return 0
    if part != "综合评价结论":
        return len(computed)
    ends = Heading if any(isinstance(b, Heading) for b in computed) else Grid
    return next((n for n, b in enumerate(computed) if isinstance(b, ends)), len(computed))


def _below(own: list[Block], part: str) -> list[Block]:
    """An analyst's blocks with their headings one level below the part's own; what is deeper than a report goes is a bold line."""
    top = min((b.level for b in own if isinstance(b, Heading)), default=2)
    lower = (3 if part in HEADED else 2) - top
    return [_lowered(b, lower) if isinstance(b, Heading) else b for b in own]


def _lowered(heading: Heading, lower: int) -> Block:
    if heading.level + lower > 3:
        return Paragraph((Span(heading.text, bold=True),))
    return replace(heading, level=3 if heading.level + lower == 3 else 2)


def _nothing(own: Sequence[Block]) -> bool:
    """Whether an analyst wrote no more than 无: not beside what was computed."""
    return len(own) == 1 and isinstance(own[0], Paragraph) and own[0].text.strip("。（） ") in ("无", "没有")


def _outcome(source: ReportSource) -> Outcome | None:
    review = source.result.review
    return Outcome(source.result, review, source.run) if review is not None else None


def _problems(problems: Sequence[ReportedProblem], links: Links) -> Iterator[Block]:
    """Each problem with what it cost, what was found, why."""
    for n, problem in enumerate(problems, 1):
        yield Paragraph((Span(f"{n}. {problem.title or NOT_FILLED}", bold=True),))
        lost = links.lost_by(problem)
        told = all(links.named(x) in problem.finding for x in lost)
        cost = [] if told else [f"涉及失分：{'、'.join(links.named(x) for x in lost)}。"]
        for text in (ended(problem.finding), *cost, f"原因：{ended(problem.cause)}"):
            yield paragraph(text)


def _advice(problems: Sequence[ReportedProblem]) -> Iterator[Block]:
    """What is to be done about each problem, by whom and until when."""
    for n, problem in enumerate(problems, 1):
        if problem.suggestion:
            who = f"责任单位：{problem.responsible or NOT_FILLED}；时限：{problem.deadline or NOT_FILLED}"
            said = problem.suggestion.rstrip("。")
            yield paragraph(f"{n}. 针对“{problem.title or NOT_FILLED}”：{said}（{who}）。", "item")


def _limitations(source: ReportSource) -> Iterator[Block]:
    """评价局限性 and what the program noticed, as far as they can be computed."""
    for head, found in (
        ("评价局限性：", narrative.limitations(source.result)),
        ("程序核对资料时发现的事项：", narrative.findings(source.result)),
    ):
        if found:
            yield paragraph(head)
        for n, text in enumerate(found, 1):
            named = text.replace(source.result.ruleset.id, typeset(source.ruleset_title))
            yield paragraph(f"{n}. {named}", "item")


# -- what blocks 定稿 -----------------------------------------------------------------------------------------------


def _blocking(source: ReportSource, texts: Texts, written: Manuscript, links: Links) -> Iterator[Problem]:
    """Everything that has to be done before 定稿, in the order somebody would do it."""
    yield from _unscored(source)
    yield from _cover(source, texts)
    for chapter in written.empty:
        fix = f"请写明{chapter.guide}" if chapter.mandatory else "请写总的建议,或在各问题中写明建议"
        yield Problem("empty_chapter", f"“{chapter.part}”还没有写", Place(chapter.file), fix=fix)
    yield from links.missing()
    yield from written.contradictions
    yield from _unsigned(source)


def _unscored(source: ReportSource) -> Iterator[Problem]:
    """Subjects that lack a total; those that lack the same indicators together."""
    lacking: dict[tuple[str, ...], list[str]] = {}
    for subject in source.result.subjects:
        waiting = reading.awaiting(subject)
        if waiting:
            lacking.setdefault(tuple(i.name for i in waiting), []).append(subject.name)
        elif subject.total is None:
            fix = "请在评价方案中说明如何处理后重新运行"
            yield Problem("unscored", f"{subject.name}有一级指标全部不适用,没有总分", fix=fix)
    for names, subjects in lacking.items():
        who = subjects[0] if len(subjects) == 1 else f"{'、'.join(subjects)}都"
        message = f"{who}有{len(names)}项指标未评分:{listed(names)}"
        yield Problem("unscored", message, fix="请补充资料后重新运行")


def _cover(source: ReportSource, texts: Texts) -> Iterator[Problem]:
    """Names of the cover, the group and the sample."""
    report, named = texts.report, fields(source, texts.report, DRAFT)
    commissioned = source.result.stage != SELF_EVALUATION  # a unit that evaluates itself: 财预〔2020〕10号 第四条
    keys = {"client": "委托方", "institution": "评价机构", "lead": "主评人"} if commissioned else {}
    keys["evaluated"] = "被评价单位"
    for key, name in keys.items():
        if named[name] == NOT_FILLED:
            fix = f"请在 {REPORT_FILE} 或评价计划(parties)中写明"
            yield Problem("no_party", f"没有写明{name}", texts.place(key), fix=fix)
    if commissioned and not report.group:
        yield Problem("no_group", "没有评价组名单", texts.place("group"), fix="请列出姓名、职称和分工")
    if not report.scope.told:
        fix = "请写抽样数(subjects);没有抽样的,写 not_sampled(说明)"
        yield Problem("no_sample", "没有说明抽样情况", texts.place("scope"), fix=fix)


def _unsigned(source: ReportSource) -> Iterator[Problem]:
    """财监〔2021〕4号 第十八条: comments answered one by one, internal review, signature; the ledger's last phase says so."""
    review = source.result.review
    if review is None:
        fix = "请用 workbench review 组织评审,征求意见并经内部审核后定稿"
        yield Problem("not_reviewed", "评审台账没有定稿记录:还没有评审", fix=fix)
        return
    if review.phase != PHASE_WORDS["final"]:
        fix = "请在评审页完成征求意见、逐条答复、内部审核后定稿,再对定稿后的运行生成报告"
        yield Problem("not_final", "评审还没有定稿", found=review.phase, fix=fix)
    if review.not_applied:
        message = f"有{len(review.not_applied)}项评审意见因资料或方案有变不再适用"
        yield Problem("not_applied", message, fix="请在评审页重新评定")
