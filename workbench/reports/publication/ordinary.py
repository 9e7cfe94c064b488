"""Lists of words that tell a name from an ordinary word."""

from __future__ import annotations

_ORDINARY = """
高峰 高度 高效 高级 方法 方案 方面 方向 成果 成本 成绩 成效 成立 成功 程序 程度 周期 周边 文件 文化
文明 安全 安排 安置 平安 平均 平台 金额 金融 江山 江河 建设 建成 建立 黎明 时间 时效 时期 时段 常规
常态 常年 任务 任何 项目 单位 单价 全面 全部 全年 管理 管护 计划 计算 经费 经济 经验 和平 和谐 应用
应急 应当 路线 温度 水平 水利 水库 权重 明确 明显 明细 白天 田间 林业 林地 花园 车辆 车间 严重 严格
关键 关于 党员 党建 解决 支付 支出 公开 公平 公正 公路 公众 农业 农田 农村 万元 池塘 谷物 年度 年初
荣誉 巩固 宣传 范围 相关 连续 满意 满分 空间 能力 强化 居民 步骤 养护 广泛 利用 施工 施行 章程 章节
苗木 史料 费用 廉政 齐全 康复 黄河 黄金 于是 别人 向上 习惯 曾经 昌盛 毕业 毕竟 罗列 雷雨 冷水 沙石
石油 牛羊 终结 严密 周密 周到 申报 申请 申领 包含 包括 包装 巫山 柏树 柳树 杨树 松树 梅花 云计算
安全员 计划性 关键词 方便 强调 修订 修缮 危房 危害 危险 从事 从业 从严 查处 查询 查看 查阅 曲线 晏子
符合 景观 景区 充分 充足 宣讲 幸福 相应 有效 有关 后期 后续
"""
ORDINARY = frozenset(_ORDINARY.split())
"""Words of evaluation reports that begin as surnames do, so that somebody may be called one."""
_COMPOUND = """
欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 夏侯 端木 南宫 百里 呼延 闻人
独孤 轩辕 申屠 太史 赫连
"""
COMPOUND = frozenset(_COMPOUND.split())
"""Surnames of two characters."""
_TITLES = """
老师 教授 副教授 主任 副主任 组长 副组长 先生 女士 同志 科长 副科长 处长 副处长 局长 副局长 院长 博士
经理 总经理 会计师 工程师 研究员 评委 主评人
"""
TITLES = tuple(_TITLES.split())
"""Stand behind a surname."""
_BEFORE = """
主评人 组长 副组长 组员 成员 专家 评委 评审员 联系人 负责人 经办人 填报人 复核人 审核人 代录人 姓名 教授 老师 主任 同志
"""
BEFORE = tuple(_BEFORE.split())
_BEHIND = """
（男 （女 (男 (女 等专家 等评委 等人 认为 提出 指出 表示 签名 签字 给出 同意 不同意 任组长 任主评人
"""
BEHIND = (*TITLES, *_BEHIND.split())
"""Beside a name, and hardly beside the ordinary word."""
