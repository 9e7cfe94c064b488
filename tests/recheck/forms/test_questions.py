"""What is uncertain is asked once, answered in a mapping file, and answered so for every form of that shape."""

from __future__ import annotations

import pytest
import varied_layouts as variants
from drawn_grids import drawn

from workbench.base.errors import FileError
from workbench.base.yamlio import read_yaml
from workbench.recheck.forms import Mappings, forms_of, write_mapping

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
    (question,) = asked(grid)
    assert (question.code, question.subject, question.spot.cell) == ("columns", "得分(2)", "H11")
    assert "G11“得分”、H11“得分”都可能是“得分”" in question.text
    (form,), left = answered([grid], path, **{"得分(2)": "不用"})
    assert left == []
    assert form.indicators[0].points.text == "19.2"
    assert "18" in [note.text for note in form.notes]


def test_the_later_column_may_be_the_one(path):
    grid = built(retitled(偏差原因分析及改进措施="得分"), [[*row[:7], 18] for row in variants.INDICATORS])
    _, questions = forms_of([grid], Mappings())
    mappings = Mappings({(questions[0].shape, "columns", "得分"): "不用"})
    (form,), left = forms_of([grid], mappings)
    assert left == []
    assert form.indicators[0].points.text == "18"


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
    (form,), left = answered([grid], path, 金额单位="元")
    assert (form.money_unit, left) == ("元", [])


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
