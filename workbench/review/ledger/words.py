"""What the access log calls the attempts it records, in Chinese."""

from __future__ import annotations

_WORDS = {
    "opened": "建立台账",
    "panel_set": "设定评审组",
    "round_opened": "开始下一轮",
    "opinion": "提出意见",
    "withdrawal": "撤回意见",
    "entry_begin": "开始代录",
    "entry_checked": "复核代录",
    "submission": "提交本轮意见",
    "statement": "提交书面意见",
    "inquiry": "质询",
    "answer": "答复质询",
    "challenge": "提出数据质疑",
    "challenge_rejected": "驳回数据质疑",
    "correction": "数据更正",
    "correction_revoked": "撤销数据更正",
    "merge": "合并评分",
    "sign_off": "签字",
    "reopening": "重新开放",
    "draft_issued": "发出征求意见稿",
    "comment": "登记反馈意见",
    "reply": "答复反馈意见",
    "revision": "修订得分",
    "internal_review": "内部审核",
    "finalised": "定稿",
    "item_opened": "登记整改事项",
    "item_amended": "变更整改事项",
    "item_reported": "报告整改情况",
    "item_checked": "核实整改情况",
    "item_withdrawn": "撤销整改事项",
    "attach": "上传附件",
    "enter": "进入评审",
    "open": "打开评审页面",
    "lead_desk": "以主评人身份打开",
    "hand_out": "发放个人链接",
}


def action_word(action: str) -> str:
    """The Chinese for an action, or the action itself when it is none of ours."""
    return "直接操作页面内核" if action.startswith("kernel_") else _WORDS.get(action, action)
