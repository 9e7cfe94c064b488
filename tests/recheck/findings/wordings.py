"""Ways in which people write one defect, and honest wordings beside them: by code, cell of the clean form and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases import written
from found_in import BENEFIT, COST, QUALITY, QUANTITY, SATISFACTION, TIME, clean, row

from workbench.recheck.model import Form


@dataclass(frozen=True)
class Wording:
    """One text in one cell: of a row (``remark``, ``level3`` …) or of the form (``achieved``, ``expected``, ``note``)."""

    code: str
    number: int
    cell: str
    text: str

    @property
    def form(self) -> Form:
        if self.cell == "note":
            return clean(notes=(written(f"{self.text}。", "A29"),))
        if self.cell in ("achieved", "expected"):
            return clean(**{self.cell: written(self.text, "F15")})
        return row(clean(), self.number, **{self.cell: self.text})


def _each(code: str, number: int, cell: str, *texts: str) -> Iterator[Wording]:
    yield from (Wording(code, number, cell, text) for text in texts)


DEFECTS = [
    *_each("no_evidence_scored", QUALITY, "remark", "佐证不全,无法核实", "未见证明资料", "原始凭证未留存", "资料遗失,无法佐证", "未能提供验收单等依据",
           "相关凭证缺失", "现场核查未见台账", "没有签到表等证明材料", "仅有口头汇报,无书面依据", "支撑材料不充分", "未能出具检测报告",
           "佐证材料未收集齐全"),
    *_each("satisfaction_no_survey", SATISFACTION, "remark", "未做满意度调查", "12345热线无投诉", "无群众举报,视同满意", "主观判断",
           "尚未开展满意度测评", "全年零投诉", "无负面反映", "凭日常了解", "本项目不涉及满意度调查,按满分计"),
    *_each("satisfaction_own_staff", SATISFACTION, "level3", "单位员工满意度", "科室人员满意度", "全体干部满意度", "本中心人员满意度",
           "机关工作人员满意度", "本院医护人员满意度", "我局干部满意度", "所属科室人员满意度", "项目实施单位人员满意度"),
    *_each("reason_boilerplate", QUANTITY, "remark", "受疫情影响", "受客观条件制约", "尽快完成", "持续推进中", "正常偏差", "见自评报告",
           "存在客观困难", "按实际情况填报", "加强绩效管理,提高执行率", "今后加强预算管理,提高资金使用效益"),
    *_each("remark_differs", QUANTITY, "remark", "少办3期", "因汛期道路中断,比计划少3期", "相差3期", "完成目标任务的80%", "因天气原因,完成80%",
           "进度为80%", "完成率只有80%", "该项扣1分"),
    *_each("actual_type", QUANTITY, "actual", "办结", "按实施进度", "完成良好", "已按计划推进", "95%"),
    *_each("actual_type", TIME, "actual", "13期", "18次"),
    *_each("actual_type", QUALITY, "actual", "18期"),
    *_each("actual_signed", SATISFACTION, "actual", "至少95%", "超过95%", "≧95%", "95%+", "九成五以上"),
    *_each("actual_rough", SATISFACTION, "actual", "95%左右", "约95%"),
    *_each("total_noted", 0, "note", "经自评,综合得分92分", "该项目绩效自评结果92分", "自评分数为92", "自评总得分92分,等级为优", "自评得分:92分",
           "自评为92分"),
    *_each("rate_noted", 0, "achieved", "预算资金执行率88%。", "资金使用率达88%。", "预算完成率为88%。", "支出进度88%。", "整体支出执行率88%。"),
    *_each("achieved_differs", 0, "achieved", "举办培训20期。", "全年共举办各类技术培训二十期。", "学员满意度达98%。", "考试合格率99%。",
           "亩均增收350元。"),
    *_each("year_mismatch", 0, "expected", "2021年举办培训20期。", "2021年度完成培训20期。", "2021年,全县举办培训20期。", "我局2021年组织开展培训。"),
    *_each("year_mismatch", 0, "achieved", "2021年共培训学员1130人。"),
    *_each("year_mismatch", TIME, "actual", "2021年6月30日"),
    *_each("level_mismatch", QUANTITY, "level3", "资金拨付率", "人均补助标准", "系统故障率", "发放及时率", "单位成本"),
    *_each("level_mismatch", QUALITY, "level3", "培训满意率", "培训人数"),
    *_each("level_mismatch", BENEFIT, "level3", "群众满意率"),
    *_each("level_mismatch", COST, "level3", "完成时间"),
    *_each("no_evidence_scored", QUALITY, "remark", "因人员变动资料未移交,不能提供", "没有任何记录可查", "照片、签到表均未留存", "缺乏数据支撑", "无法查证"),
    *_each("satisfaction_no_survey", SATISFACTION, "remark", "未进行测评", "没有问卷", "据了解群众较满意", "未收集服务对象意见"),
    *_each("satisfaction_own_staff", SATISFACTION, "remark", "由领导打分"),
    *_each("satisfaction_own_staff", SATISFACTION, "level3", "局内干部职工满意度", "办公室人员满意度", "机关各科室满意度"),
    *_each("reason_boilerplate", QUANTITY, "remark", "受多种因素影响", "按年度计划实施", "正按程序办理"),
    *_each("remark_differs", QUANTITY, "remark", "未完成3期", "缺口3期", "实际完成15期"),
    *_each("actual_signed", SATISFACTION, "actual", "力争95%", "95%(含)以上"),
    *_each("total_noted", 0, "note", "本次自评共得92分", "最终得分92分", "评分结果:92分"),
    *_each("year_mismatch", 0, "expected", "完成2021年培训20期。"),
    *_each("year_mismatch", 0, "achieved", "2021年1-12月举办培训18期。", "2021年为1130名农民提供培训。"),
    *_each("level_mismatch", QUANTITY, "level3", "资金下达率", "合同签订时间", "亩均投资"),
    *_each("level_mismatch", TIME, "level3", "受益人数", "发放准确率"),
    *_each("level_mismatch", COST, "level3", "项目验收时间", "培训场次"),
    *_each("share_above_100", QUALITY, "actual", "104%"),
    *_each("remark_differs", QUANTITY, "remark", "只完成了12期"),
    *_each("total_noted", 0, "note", "综合评定得分93.5分,等级为优", "经自评该项目得分为93.5分", "最后得分93.5分"),
    *_each("executed_accounts", 0, "note", "全年实际支付188.6万元", "实际使用资金188.6万元", "全年支出188.6万元"),
    *_each("satisfaction_no_survey", SATISFACTION, "remark", "群众无意见", "日常了解", "未统计"),
    *_each("no_evidence_scored", QUALITY, "remark", "资料缺失", "无影像资料", "缺少验收资料", "无签到记录"),
    *_each("reason_boilerplate", QUANTITY, "remark", "其他", "工作安排原因", "因故未完成", "数据以实际为准"),
]  # fmt: skip

HONEST = [
    *_each("remark", QUANTITY, "remark", "少办2期,因师资未到位", "因天气原因,完成率90%", "2期培训因疫情取消", "完成年度任务的90%",
           "部分农户申报资料不全,两期未开班", "未能邀请到授课专家,少开2期", "受疫情影响,有两期培训不能集中举办,已改为线上宣讲",
           "与计划相差2期,主要是教师借调", "每期人数增加5人,期数相应减少2期", "线上平台进度80%,两期顺延", "少数学员请假30人次,两期合并"),
    *_each("survey", SATISFACTION, "remark", "发放问卷200份,收回190份,无投诉", "第三方机构电话回访120户,无负面反映",
           "线上问卷调查,有效问卷356份;全年未收到投诉"),
    *_each("asked", SATISFACTION, "level3", "企业职工满意度", "师生满意度", "被服务单位满意度", "全体学员满意度", "单位满意度", "社区干部满意度",
           "内部审计对象满意度", "基层站所满意度", "局属学校学生满意度", "项目受益人员满意度"),
    *_each("told", 0, "achieved", "上半年举办培训5期,全年举办培训18期。", "举办技术培训18期,平均每期63人,满意度95.5%,较上年提高3%。",
           "2022年,全县举办培训18期,2021年结转资金20万元全部支出。", "考试合格率96%,全市平均合格率91%。", "预算执行率97.75%。截至9月底支出进度60%。",
           "计划举办20期,实际举办18期。", "自2021年实施以来,已举办培训58期。", "2021年培训需求调查基础上组织培训18期。",
           "共举办培训十八期,培训学员一千一百三十人。"),
    *_each("planned", 0, "expected", "根据2021年培训情况,举办培训20期。", "2021年立项,2022年建成。", "到2025年实现全覆盖。",
           "按照2020年规划要求完成培训20期。"),
    *_each("level", QUANTITY, "level3", "培训覆盖率", "任务完成率", "建设标准厂房面积"),
    *_each("level", QUALITY, "level3", "故障率", "群众有效投诉次数"),
    *_each("day", TIME, "actual", "十一月二十八日", "按时完成", "2021年12月20日"),
    *_each("duration", TIME, "actual", "100%"),
    *_each("remark", QUANTITY, "remark", "未完成2期,师资不足", "实际完成18期", "实际支出3万元,少办2期", "实施方案变更,两期延后",
           "学员档案未归档影响结业,两期延后"),
    *_each("survey", SATISFACTION, "remark", "回收问卷200份,无效问卷4份", "回访120人,没有群众反映问题"),
    *_each("asked", SATISFACTION, "level3", "中心城区居民满意度", "处级干部培训学员满意度", "局属单位职工满意度", "系统用户满意度"),
    *_each("total", 0, "note", "最终得分97.78分", "产出指标得分47分,效益指标得分30分", "自评等级为优"),
    *_each("remark", QUANTITY, "remark", "对象资料不全,暂缓2期", "只完成18期,因场地维修", "按18/20计分", "偏差率10%,原因为讲师生病", "按完成比例90%得18分"),
    *_each("remark", QUALITY, "remark", "全年无安全事故记录", "无不良记录", "见验收报告"),
    *_each("survey", SATISFACTION, "remark", "现场随机访谈60人,57人满意", "发放问卷300份,无不满意"),
    *_each("money", 0, "note", "部门评价得分95分", "截至2023年2月,累计支出198万元", "项目总投资380万元,分两年实施,本年安排200万元",
           "截至2022年12月31日,实际支出1955000元"),
    *_each("year", 0, "achieved", "2021年度结转资金20万元已全部使用。"),
    *_each("told", 0, "achieved", "完成2021年结转任务及本年培训18期。", "培训1130人、18期。", "人均成本430元。"),
]  # fmt: skip
