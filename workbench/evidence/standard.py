"""The sheets every evidence workbook has, and the code lists of 财预〔2021〕101号 附件1 三(四)(五)(八)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from workbench.evidence.tables import EvidenceStatus
from workbench.scheme.pack import FieldSpec, IndicatorSheet, Pack, TableSpec

METHODS = ["直接证明法", "情况统计法", "情况说明法", "问卷调查法", "趋势判断法"]
"""取值方式, 三(四)."""
SOURCE_KINDS = [
    "统计部门统计数据",
    "权威机构调查(统计)",
    "部门统计年鉴",
    "部门业务统计",
    "部门业务记录",
    "部门业务评判",
    "问卷调查报告",
    "媒体舆论",
    "其他数据来源",
]
"""完成值数据来源, 三(五)."""
EVIDENCE_KINDS = ["正式资料", "工作资料", "原始凭证", "说明材料"]
"""佐证资料类型, 三(八)."""
TRIGGERED: Final = "触发"
CLEAR: Final = "已核查未触发"
UNCHECKED: Final = "未核查"
"""核查结果 of a 情形, and of a bonus or deduction item."""
PEER = "参照"
"""Role of a subject that only serves for comparison."""
ROLES = ["评价对象", PEER]
SIGNS = {"≥": "gte", "≤": "lte", "=": "eq", "定性": "qualitative", "是否": "yes_no", "时限": "deadline"}
"""指标性质 as the sheet writes it -> direction of the indicator."""

SUBJECTS = TableSpec(
    name="subjects",
    title="评价对象",
    per="subject",
    fields=[
        FieldSpec(
            name="subject", title="对象编号", type="text", required=True, note="每个评价对象一个,不得重复,如 P01"
        ),
        FieldSpec(name="name", title="对象名称", type="text", required=True, note="项目、单位或政策的全称"),
        FieldSpec(
            name="role", title="类型", type="code", codes=ROLES, note="留空为“评价对象”;“参照”只用于比较,不出结论"
        ),
        FieldSpec(
            name="published_total", title="公布总分", type="number", unit="分", decimals=2, note="如已公布,用于对照"
        ),
        FieldSpec(name="published_grade", title="公布等级", type="text", note="如已公布,用于对照"),
    ],
    note="一行一个评价对象。",
)

REGISTER = TableSpec(
    name="register",
    title="佐证清单",
    required=False,
    fields=[
        FieldSpec(name="indicator", title="指标编码", type="text", required=True, note="见“说明”表的取证要求"),
        FieldSpec(
            name="status",
            title="佐证状态",
            type="code",
            codes=[s.value for s in EvidenceStatus],
            note="留空时:写了资料名称为“已提供未核实”,没写为“未提供(待补)”",
        ),
        FieldSpec(name="document", title="资料名称", type="text"),
        FieldSpec(name="number", title="文号或编号", type="text"),
        FieldSpec(
            name="source_kind", title="数据来源", type="code", codes=SOURCE_KINDS, note="财预〔2021〕101号 三(五)"
        ),
        FieldSpec(
            name="evidence_kind", title="资料类型", type="code", codes=EVIDENCE_KINDS, note="财预〔2021〕101号 三(八)"
        ),
        FieldSpec(name="method", title="取值方式", type="code", codes=METHODS, note="财预〔2021〕101号 三(四)"),
        FieldSpec(
            name="attachment", title="附件文件", type="text", note="相对于本工作簿所在文件夹的路径,如 附件/决算表.pdf"
        ),
        FieldSpec(name="attachment_sha256", title="附件摘要(SHA-256)", type="text", note="可留空,读取时由程序计算"),
        FieldSpec(
            name="verified_value", title="核定值", type="number", decimals=6, note="核实后认定的数值,单位与指标一致"
        ),
        FieldSpec(name="notice_number", title="补充资料通知文号", type="text"),
        FieldSpec(name="notice_date", title="补充资料通知日期", type="date"),
        FieldSpec(name="deadline", title="补充期限", type="date"),
        FieldSpec(name="verifier", title="核实人", type="text"),
        FieldSpec(name="verified_on", title="核实日期", type="date"),
    ],
    note="一行一份资料;同一指标可有多行。没有佐证的数值只能得“拟得分”。",
)

WAIVERS = TableSpec(
    name="waivers",
    title="不适用申请",
    required=False,
    key=["indicator"],
    fields=[
        FieldSpec(name="indicator", title="指标编码", type="text", required=True),
        FieldSpec(name="reason", title="不适用理由", type="text", required=True, note="未实施不等于不适用"),
        FieldSpec(name="proof", title="证明材料", type="text", required=True),
        FieldSpec(name="approver", title="批准人", type="text", required=True),
        FieldSpec(name="approved_on", title="批准日期", type="date", required=True),
        FieldSpec(name="adjustment", title="绩效目标调整批复文号", type="text", note="指标属于已批复绩效目标时必填"),
    ],
    note="只有书面说明理由并经批准的指标才按不适用处理。",
)

CAP_FACTS = TableSpec(
    name="cap_facts",
    title="情形核查",
    required=False,
    key=["cap"],
    fields=[
        FieldSpec(name="cap", title="情形代码", type="text", required=True, note="见“代码表”"),
        FieldSpec(name="event", title="情形", type="text", note="供对照,程序不读取"),
        FieldSpec(
            name="state", title="核查结果", type="code", codes=[TRIGGERED, CLEAR, UNCHECKED], note="留空为“未核查”"
        ),
        FieldSpec(name="document", title="依据文件及文号", type="text"),
        FieldSpec(name="date", title="文件日期", type="date"),
        FieldSpec(name="note", title="备注", type="text"),
    ],
    note="逐条核查;影响等级的情形未核查时,等级只能是暂定。",
)

INDICATOR_SHEET = TableSpec(
    name="indicators",
    title="绩效指标",
    fields=[
        FieldSpec(name="code", title="指标编码", type="text", note="可留空,按行编为 I01、I02……"),
        FieldSpec(name="level1", title="一级指标", type="text", required=True),
        FieldSpec(name="level2", title="二级指标", type="text"),
        FieldSpec(name="name", title="三级指标", type="text", required=True),
        FieldSpec(
            name="direction",
            title="指标性质",
            type="code",
            codes=list(SIGNS),
            required=True,
            note="≥ 越大越好;≤ 越小越好;= 等于;定性;是否;时限",
        ),
        FieldSpec(
            name="target", title="年度指标值", type="text", note="按批复的绩效目标填写,如 ≥95%、266米、2022年12月31日"
        ),
        FieldSpec(name="unit", title="计量单位", type="text"),
        FieldSpec(name="weight", title="分值", type="number", unit="分", decimals=2, required=True, min=Decimal(0)),
        FieldSpec(name="actual", title="实际完成值", type="text", note="填实际数,不写≥≤;没有数据请留空,不要填0"),
        FieldSpec(
            name="degree",
            title="评定比例",
            type="percent",
            unit="%",
            decimals=2,
            min=Decimal(0),
            max=Decimal(100),
            note="只用于定性指标,填 0—100",
        ),
        FieldSpec(name="start", title="开始日期", type="date", note="只用于时限指标,可不填"),
        FieldSpec(name="claimed", title="自评得分", type="number", unit="分", decimals=2, min=Decimal(0)),
        FieldSpec(name="reason", title="偏差原因及改进措施", type="text"),
        FieldSpec(name="proof", title="佐证资料", type="text"),
    ],
    note="一行一个三级指标;分值为批复的权重。",
)

GUIDE_TITLE = "说明"
CODES_TITLE = "代码表"
RESERVED_TITLES = (GUIDE_TITLE, CODES_TITLE)
"""Sheets the template adds that hold no evidence."""


def subjects_spec(subject_fields: Sequence[FieldSpec] = ()) -> TableSpec:
    """The 评价对象 sheet with a pack's own fields about the subject."""
    return SUBJECTS.model_copy(update={"fields": [*SUBJECTS.fields, *subject_fields]})


def indicator_spec(sheet: IndicatorSheet | None = None) -> TableSpec:
    """The 绩效指标 sheet under the title the pack gives it."""
    if sheet is None:
        return INDICATOR_SHEET
    return INDICATOR_SHEET.model_copy(update={"title": sheet.title, "note": sheet.note or INDICATOR_SHEET.note})


def workbook_specs(pack: Pack) -> list[TableSpec]:
    """Every table of a pack's workbook in the order of its sheets."""
    middle = [indicator_spec(pack.indicator_sheet)] if pack.indicator_sheet else []
    return [subjects_spec(pack.subject_fields), *pack.tables, *middle, REGISTER, WAIVERS, CAP_FACTS]
