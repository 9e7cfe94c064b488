"""What is uncertain is asked once, answered in a mapping file, and answered so for every form of that shape."""

from __future__ import annotations

import pytest
import varied_layouts as variants
import xlsxwriter
from drawn_grids import drawn

from workbench.base.errors import FileError
from workbench.base.yamlio import read_yaml
from workbench.recheck.forms import Mappings, forms_of, read_forms, write_mapping

N = ""


def built(titles=variants.TITLES, rows=variants.INDICATORS, last=(variants.TOTAL,), **options):
    return drawn([*variants.head(8), titles, *rows, *last], **options)


def retitled(**names):
    return [names.get(title, title) for title in variants.TITLES]


def asked(grid):
    forms, questions = forms_of([grid], Mappings())
    assert forms == []  # nothing is guessed
    return questions


def answered(grids, path, **answers):
    """The forms once their questions have been answered in the file, as a person would."""
    _, questions = forms_of(grids, Mappings())
    write_mapping(questions, path)
    text = path.read_text("utf-8")
    for subject, answer in answers.items():
        assert f'"{subject}":\n' in text
        text = text.replace(f'"{subject}":\n', f'"{subject}": {answer}\n')
    path.write_text(text, "utf-8")
    return forms_of(grids, Mappings.load(path))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "识别对照.yaml"


def test_two_columns_of_the_same_title(path):
    grid = built(retitled(偏差原因分析及改进措施="得分"), [[*row[:7], 18] for row in variants.INDICATORS])
    first, second = asked(grid)
    assert [(q.code, q.subject, q.spot.cell) for q in (first, second)] == [
        ("columns", "得分", "G11"),
        ("columns", "得分(2)", "H11"),
    ]
    assert "G11“得分”、H11“得分”都可能是“得分”" in second.text
    (form,), left = answered([grid], path, **{"得分(2)": "不用"})
    assert left == []
    assert form.indicators[0].points.text == "19.2"
    assert "18" in [note.text for note in form.notes]


@pytest.mark.parametrize(
    ("title", "role", "kind"),
    [("得分", "得分", "points"), ("完成值", "完成值", "actual"), ("指标值", "指标值", "target")],
)
@pytest.mark.parametrize("chosen", [1, 2])
@pytest.mark.parametrize("by", ["naming it", "ruling out the other"])
def test_the_answer_picks_the_one_of_two_like_columns(title, role, kind, chosen, by):
    old = {"得分": "得分", "完成值": "实际完成值", "指标值": "年度指标值"}[title]
    grid = built(
        retitled(**{old: title, "偏差原因分析及改进措施": title}), [[*row[:7], 18] for row in variants.INDICATORS]
    )
    _, questions = forms_of([grid], Mappings())
    keys = [title, f"{title}(2)"]
    assert [question.subject for question in questions] == keys
    told = {keys[chosen - 1]: role} if by == "naming it" else {keys[2 - chosen]: "不用"}
    mappings = Mappings({(questions[0].shape, "columns", key): answer for key, answer in told.items()})
    (form,), left = forms_of([grid], mappings)
    assert left == []
    first = {"points": "19.2", "actual": "48公里", "target": "≥50公里"}[kind]
    assert getattr(form.indicators[0], kind).text == (first if chosen == 1 else "18")


def test_an_answer_goes_before_a_title_everybody_knows():
    grid = built(retitled(偏差原因分析及改进措施="打勾分"), [[*row[:7], 18] for row in variants.INDICATORS])
    (form,), _ = forms_of([grid], Mappings())
    (form,), left = forms_of([grid], Mappings({(form.shape, "columns", "打勾分"): "得分"}))
    assert (form.indicators[0].points.text, left) == ("18", [])


def test_two_columns_answered_alike_are_asked_about_again():
    grid = built(retitled(偏差原因分析及改进措施="得分"), [[*row[:7], 18] for row in variants.INDICATORS])
    shape = asked(grid)[0].shape
    forms, left = forms_of([grid], Mappings({(shape, "columns", key): "得分" for key in ("得分", "得分(2)")}))
    assert forms == []
    assert "识别对照把G11“得分”、H11“得分”都答作“得分”" in left[0].text


@pytest.mark.parametrize(("chosen", "amount"), [("资金:预算数", "100"), ("资金:预算数(2)", "120")])
def test_the_answer_picks_the_one_of_two_like_columns_of_money(chosen, amount):
    rows = variants.head(8)
    rows[4][2] = rows[4][3] = "预算数"
    grid = drawn([*rows, variants.TITLES, *variants.INDICATORS, variants.TOTAL])
    questions = asked(grid)
    assert [question.subject for question in questions] == ["资金:预算数", "资金:预算数(2)"]
    (form,), left = forms_of([grid], Mappings({(questions[0].shape, "columns", chosen): "全年预算数"}))
    assert (form.funds[0].adjusted.text, left) == (amount, [])


@pytest.mark.parametrize(("title", "lacking"), [("标准", "分值"), ("完成率", "完成值"), ("完成程度", "完成值")])
def test_a_column_usually_not_used_is_asked_about_where_something_is_missing(title, lacking):
    old = {"分值": "分值", "完成值": "实际完成值"}[lacking]
    (question,) = asked(built(retitled(**{old: title})))
    assert (question.subject, question.choices[0]) == (title, lacking)
    assert "通常不用" in question.text
    extra = [[*row, "x"] for row in [retitled(), *variants.INDICATORS]]
    extra[0][-1] = title
    forms, questions = forms_of([drawn([*variants.head(9), *extra])], Mappings())
    assert (len(forms), questions) == (1, [])


def test_the_answer_holds_for_every_form_of_the_shape(path):
    def one(**options):
        return built(retitled(得分="打勾分"), **options)

    (first, second), left = answered([one(title="表1"), one(title="表2", top=2, left=1)], path, 打勾分="得分")
    assert left == []
    assert first.shape == second.shape
    assert second.indicators[0].points.text == "19.2"


def test_an_unknown_title_is_asked_only_where_something_is_missing():
    extra = [[*row, "无"] for row in [retitled(), *variants.INDICATORS]]
    extra[0][-1] = "五星评价人签名栏"
    forms, questions = forms_of([drawn([*variants.head(9), *extra])], Mappings())
    assert (len(forms), questions) == (1, [])
    (question,) = asked(built(retitled(得分="打勾分")))
    assert question.choices[0] == "得分"
    assert "没有见过" in question.text


def test_numbers_without_a_title(path):
    (question,) = asked(built(retitled(分值=N)))
    assert (question.subject, question.spot.cell) == ("第6列", "F12")
    (form,), left = answered([built(retitled(分值=N))], path, 第6列="分值")
    assert left == []
    assert form.indicators[0].weight.text == "20"


def test_a_header_nobody_knows_is_asked_title_by_title(path):
    grid = built(["大类", "小类", "内容", "要求", "结果", "分值", "得分", "备注"])
    questions = asked(grid)
    assert {question.subject for question in questions} == {"大类", "小类", "内容", "要求", "结果"}
    given = {"大类": "一级指标", "小类": "二级指标", "内容": "三级指标", "要求": "指标值", "结果": "完成值"}
    (form,), left = answered([grid], path, **given)
    assert left == []
    assert [row.level3.text for row in form.indicators] == [row[2] for row in variants.INDICATORS]
    assert form.indicators[0].actual.text == "48公里"


def test_a_level_nobody_knows_does_not_keep_the_form_from_being_read(path):
    rows = [["乌托邦", *variants.INDICATORS[0][1:]], *variants.INDICATORS[1:]]
    forms, (question,) = forms_of([built(rows=rows)], Mappings())
    assert (len(forms), question.code, question.subject) == (1, "levels", "乌托邦")
    (form,), left = answered([built(rows=rows)], path, 乌托邦="产出指标")
    assert left == []
    assert form.indicators[1].level1.text == "产出指标"


def test_a_row_with_values_and_no_name(path):
    grid = built(last=([N, N, N, N, N, 100, 95.2, N],))
    (question,) = asked(grid)
    assert (question.code, question.spot.cell) == ("rows", "F17")
    (form,), left = answered([grid], path, 没有名称的行="合计")
    assert left == []
    assert (len(form.indicators), form.total_points.text) == (5, "95.2")
    (form,), _ = answered([grid], path, 没有名称的行="说明")
    assert (len(form.indicators), form.total_points) == (5, None)
    assert [note.text for note in form.notes[-2:]] == ["100", "95.2"]


def test_two_totals_that_disagree(path):
    second = ["总分", "<", "<", "<", "<", 100, 96, N]
    (question,) = asked(built(last=(variants.TOTAL, second)))
    assert "得分分别为95.2和96" in question.text
    (form,), left = answered([built(last=(variants.TOTAL, second))], path, 以哪一行为准="前一行")
    assert left == []
    assert form.total_points.text == "95.2"
    assert "96" in [note.text for note in form.notes]


def test_two_totals_that_agree_are_one():
    second = ["总得分", "<", "<", "<", "<", N, 95.2, "优"]
    (form,), questions = forms_of([built(last=(variants.TOTAL, second))], Mappings())
    assert questions == []
    assert (form.total_weight.text, form.grade.text) == ("100", "优")


def test_amounts_without_a_unit_are_read_and_asked_about(path):
    rows = variants.head(8)
    rows[4][0] = "项目资金"
    grid = drawn([*rows, variants.TITLES, *variants.INDICATORS])
    (form,), (question,) = forms_of([grid], Mappings())
    assert (form.money_unit, question.code) == (None, "money_unit")
    assert question.subject == form.key
    (form,), left = answered([grid], path, 全部="万元")
    assert (form.money_unit, left) == ("万元", [])


def unitless(file, amounts=(100, 120, 96), unit="", note="", **options):
    rows = variants.head(8)
    rows[4][0] = "项目资金"
    rows[5][2:5] = [f"{amount}{unit}" for amount in amounts]
    rows[6:8] = []
    return drawn([*rows, variants.TITLES, *variants.INDICATORS, [note, *"<<<<<<<"]], file=file, **options)


def test_the_unit_is_answered_for_each_form_or_for_all(path):
    grids = [unitless("甲.xlsx"), unitless("乙.xlsx", (1000000, 1200000, 960000)), unitless("丙.xlsx")]
    write_mapping([q for grid in grids for q in forms_of([grid], Mappings())[1]], path)
    text = path.read_text("utf-8")
    assert text.count('"全部":') == 1
    assert "乙.xlsx [Sheet1] D6:资金栏的金额(最大的是1200000)没有写明单位" in text
    path.write_text(text.replace('"全部":', '"全部": 万元').replace('"乙.xlsx#1":', '"乙.xlsx#1": 元'), "utf-8")
    units = [forms_of([grid], Mappings.load(path))[0][0].money_unit for grid in grids]
    assert units == ["万元", "元", "万元"]
    assert forms_of([grids[1]], Mappings.load(path))[1] == []


@pytest.mark.parametrize(
    ("every", "amounts", "note", "told"),
    [
        ("万元", (1000000, 1200000, 960000), "", "10亿元以上"),
        ("元", (100, 120, 96), "", "不到1万元"),
        ("万元", (12000, 12000, 9600), "注:项目总投资12,000元", "把它写作12,000元"),
        ("元", (12000, 12000, 9600), "注:项目总投资12000万元", "把它写作12000万元"),
    ],
)
def test_an_answer_for_all_is_not_taken_against_the_form_s_own_figures(every, amounts, note, told):
    grid = unitless("甲.xlsx", amounts, note=note)
    _, (question,) = forms_of([grid], Mappings())
    (form,), (again,) = forms_of([grid], Mappings({(question.shape, "money_unit", "全部"): every}))
    assert form.money_unit is None
    assert told in again.text and "须单独回答" in again.text
    other = "元" if every == "万元" else "万元"
    both = Mappings({(question.shape, "money_unit", "全部"): every, (question.shape, "money_unit", form.key): other})
    (form,), left = forms_of([grid], both)
    assert (form.money_unit, left) == (other, [])


@pytest.mark.parametrize("unit", ["元", "万元", " 万元"])
def test_a_unit_in_every_amount_is_the_unit(unit):
    (form,), questions = forms_of([unitless("甲.xlsx", unit=unit)], Mappings())
    assert (form.money_unit, questions) == (unit.strip(), [])


def test_an_answer_that_does_not_fit_is_said():
    grid = built(retitled(得分="打勾分"))
    (question,) = asked(grid)
    wrong = Mappings({(question.shape, "columns", "打勾分"): "大概是得分"})
    forms, (again,) = forms_of([grid], wrong)
    assert forms == []
    assert "答案“大概是得分”不适用" in again.text


def test_a_mapping_nobody_uses_is_told():
    mappings = Mappings({("0123456789ab", "columns", "得分"): "得分"})
    (problem,) = mappings.unused(["cafe"], "识别对照.yaml")
    assert problem.found == "0123456789ab"
    assert mappings.unused(["0123456789ab"], "识别对照.yaml") == []


def test_the_file_keeps_what_was_answered(path):
    (question,) = asked(built(retitled(得分="打勾分")))
    known = Mappings({("0123456789ab", "levels", "注: #1\n甲"): "产出指标"})
    write_mapping([question, question], path, known)
    document = read_yaml(path)
    assert [entry["shape"] for entry in document.data["mapping"]] == ["0123456789ab", question.shape]
    assert Mappings.load(path) == known
    text = path.read_text("utf-8")
    assert text.count('打勾分":') == 1
    assert "# 可填:得分、一级指标" in text


def test_hostile_titles_stay_comments(path):
    (question,) = asked(built(retitled(得分='打"勾\n\nmapping: []\n#分')))
    write_mapping([question], path)
    assert Mappings.load(path) == Mappings()
    (entry,) = read_yaml(path).data["mapping"]
    assert list(entry["columns"].values()) == [None]


@pytest.mark.parametrize(
    "text", ["mapping: [1]", "mapping:\n  - shape: a\n    colums: {}", "mapping:\n  - columns: {}"]
)
def test_a_broken_mapping_is_refused(path, text):
    path.write_text(text, "utf-8")
    with pytest.raises(FileError):
        Mappings.load(path)


def test_two_answers_to_one_question_are_refused(path):
    path.write_text("mapping:\n  - {shape: a, columns: {得分: 得分}}\n  - {shape: a, columns: {得分: 分值}}", "utf-8")
    with pytest.raises(FileError, match="两个答案"):
        Mappings.load(path)


def test_a_form_keeps_its_number_while_another_is_asked_about():
    grids = [built(retitled(得分="打勾分"), title="表1"), built(title="表2")]
    (form,), _ = forms_of(grids, Mappings())
    assert (form.number, form.title.spot.sheet) == (2, "表2")


def test_points_in_the_head_count_where_the_total_row_is_blank():
    rows = variants.head(8)
    rows[1] = ["自评总分", 95.2, "<", "自评等级", "良", *"<<<"]
    grid = drawn([*rows, variants.TITLES, *variants.INDICATORS, ["总分", "<", "<", "<", "<", 100, N, N]])
    (form,), _ = forms_of([grid], Mappings())
    assert (form.total_weight.text, form.total_points.text, form.grade.text) == ("100", "95.2", "良")


def test_a_table_without_a_head():
    (form,), _ = forms_of([drawn([variants.TITLES, *variants.INDICATORS])], Mappings())
    assert (form.title.text, form.project, form.funds, len(form.indicators)) == ("", None, (), 5)


def test_an_unknown_title_left_of_the_names_may_be_a_level(path):
    rows = [["甲类" if row[0] != "^" else "^", *row[1:]] for row in variants.INDICATORS]
    (question,) = asked(built(retitled(一级指标="大类"), rows))
    assert question.choices[:1] == ("一级指标",)
    (form,), _ = answered([built(retitled(一级指标="大类"), rows)], path, 大类="一级指标")
    assert form.indicators[0].level1.text == "甲类"


def test_names_of_level_1_below_another_title_are_level_1():
    (form,), questions = forms_of([built(retitled(一级指标="年度绩效目标(80分)"))], Mappings())
    assert questions == []
    assert [row.level1.text for row in form.indicators][::2] == ["产出指标", "产出指标", "满意度指标"]
    assert form.labels["年度绩效目标"].text == "年度绩效目标(80分)"


def test_a_table_without_titles_is_asked_about_column_by_column(path):
    rows = [["绩效指标", *variants.INDICATORS[0]], *(["^", *row] for row in variants.INDICATORS[1:])]
    grid = drawn([*variants.head(9), *rows, ["总分", "<", *variants.TOTAL[1:]]])
    questions = asked(grid)
    assert [question.subject for question in questions] == [f"第{n}列" for n in range(1, 9)]
    assert "没有标题" in questions[0].text
    given = ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分", "偏差原因")
    (form,), left = answered([grid], path, **{f"第{n}列": role for n, role in enumerate(given, 1)})
    (titled,), _ = forms_of([built()], Mappings())
    assert left == []
    assert [row.level3.text for row in form.indicators] == [row.level3.text for row in titled.indicators]
    assert [row.points.text for row in form.indicators] == [row.points.text for row in titled.indicators]
    assert (form.achieved.text, form.total_points.text) == ("养护公路48公里", "95.2")


def test_titles_nobody_knows_are_asked_about_by_their_words():
    questions = asked(built(["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]))
    assert [question.subject for question in questions] == [*"甲乙丙丁戊己庚辛"]
    assert "标题“甲”没有见过" in questions[0].text


def test_a_form_of_a_whole_department_waits_under_its_unit(tmp_path):
    head = [["部门整体支出绩效自评表", *"<<<<<<<"], ["部门名称", "<", "甲县司法局", *"<<<<<"], *variants.head(8)[4:]]
    titles = retitled(偏差原因分析及改进措施="得分")
    path = tmp_path / "整体.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate([*head, titles, *([*row[:7], 18] for row in variants.INDICATORS)]):
            sheet.write_row(number, 0, ["" if cell in ("<", "^") else cell for cell in row])
    (waits,) = read_forms(path, path.name, Mappings()).waiting
    assert (waits.project, waits.unit) == ("甲县司法局", "甲县司法局")
