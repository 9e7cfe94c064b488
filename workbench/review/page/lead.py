"""汇总与签字: what the points mean, how far the experts agree, and the steps only the lead takes."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.review.page import blocks as b
from workbench.review.page import wording
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import Request
from workbench.review.page.sheet import Sheet
from workbench.review.views import Heading
from workbench.scheme.panel import MERGE_WORDS
from workbench.scoring.outlook import Outlook

_STATES = ("触发", "未核查")


class LeadSheet(Sheet):
    """Conclusion, preview of a merge, progress, agreement; merging, another round, signing, reopening."""

    key = "lead"
    title = "汇总与签字"

    def there(self, heading: Heading) -> bool:
        return heading.current is not None

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "merge": self.merge,
            "round_opened": self.next_round,
            "sign_off": self.sign,
            "reopening": self.reopen,
        }

    def blocks(self, heading: Heading) -> dict[str, Block]:
        found = {"conclusion": b.group("conclusion", "评价结论", self._conclusion(heading))}
        if self.session.run_note is not None:
            found["run"] = b.text(self.session.run_note, "good")
        steps = self._steps(heading)
        if steps:
            found["steps"] = b.group("steps", "下一步", steps)
        if len(heading.progress) > 1 or "merge" in heading.can:
            found["progress"] = b.group("progress", "专家进度", [self._progress(heading)])
        if heading.preview is not None:
            found["preview"] = b.group("preview", wording.PREVIEW, self._preview(heading))
        decided = heading.computed is not None  # a lead who is an expert too makes up their own mind first
        if decided and "lead" in self.session.desk.member.roles and heading.progress:
            found["agreement"] = b.group("agreement", "专家意见一致性", self._agreement(), open_=False)
        compared = self._convergence()
        if compared:
            found["convergence"] = b.group("convergence", "与上一轮相比", compared)
        return found

    # -- what stands there ----------------------------------------------------------------------------------------

    def _conclusion(self, heading: Heading) -> list[Block]:
        wanted = [("计算得分", heading.computed), ("现行得分", heading.current), (wording.PREVIEW, heading.preview)]
        known = [(label, outlook) for label, outlook in wanted if outlook is not None]
        rows = [
            {"id": str(n), "cells": [label, wording.total(o), wording.grade(o), ";".join(wording.boundaries(o)) or "—"]}
            for n, (label, o) in enumerate(known)
        ]
        columns = [("", ""), ("总分", "number"), ("等级", ""), ("距上下等级", "")]
        found = [b.table("totals", columns, rows, "还没有得分。")]
        if heading.current is not None:
            found += [self._levels(heading.current), *self._caps(heading.current)]
        return found

    def _levels(self, outlook: Outlook) -> Block:
        rows = [
            {
                "id": level.name,
                "cells": [level.name, level.weight, level.points or "未评分", f"{level.rate}%" if level.rate else "—"],
            }
            for level in outlook.levels
        ]
        columns = [("一级指标", ""), ("分值", "number"), ("现行得分", "number"), ("得分率", "number")]
        return b.table("levels", columns, rows, "没有一级指标。")

    def _caps(self, outlook: Outlook) -> list[Block]:
        caps = [b.text(f"{c.state}:{c.text}({c.effect})", "warn") for c in outlook.caps if c.state in _STATES]
        follows = [b.text(f"结果应用:{c.text}({c.clause})") for c in outlook.consequence]
        return caps + follows

    def _progress(self, heading: Heading) -> Block:
        rows = [
            {
                "id": p.expert,
                "cells": [p.name, f"{p.judged}/{p.assigned}", "✓ 已提交" if p.submitted else "○ 未提交"],
            }
            for p in heading.progress
        ]
        return b.table("progress", [("专家", ""), ("已评定", "number"), ("本轮", "")], rows, "还没有评审专家。")

    def _preview(self, heading: Heading) -> list[Block]:
        rows = {r.code: r for r in self.session.rows()}
        preview = self.session.desk.preview(self.session.subject)
        moved = []
        for (_, code), merged in preview.items():
            row = rows[code]
            if merged.points != row.final:
                change = None if row.final is None else merged.points - row.final
                sign = "+" if change is not None and change > 0 else ""
                cells = [
                    f"{code} {row.name}",
                    wording.points(row.computed) or "未评分",
                    wording.points(row.final) or "未评分",
                    wording.points(merged.points) or "",
                    "—" if change is None else f"{sign}{wording.points(change)}",
                    str(len(merged.counted)),
                ]
                moved.append({"id": code, "cells": cells})
        columns = [
            ("指标", ""),
            ("计算", "number"),
            ("现行", "number"),
            ("汇总", "number"),
            ("变动", "number"),
            ("意见数", "number"),
        ]
        rule = MERGE_WORDS[self.session.desk.panel.merge]
        asked = sum(r.status != "not_assigned" for r in rows.values())
        words = f"汇总办法:{rule}。{asked}项中{len(preview)}项有足够的有效意见,其中{len(moved)}项的得分会变动;其余暂按计算得分。"
        return [b.text(words, "quiet"), b.table("moved", columns, moved, "按已有意见,各项得分都不变。")]

    def _agreement(self) -> list[Block]:
        from workbench.review.page.consensus import agreement_blocks

        return agreement_blocks(self.session)

    def _convergence(self) -> list[Block]:
        """For the lead at once; for experts once everyone has submitted: half a round would tell who has moved."""
        desk = self.session.desk
        if desk.state.round < 2 or not desk.compares_rounds:
            return []
        from workbench.review.page.consensus import convergence_blocks

        return convergence_blocks(self.session)

    def _steps(self, heading: Heading) -> list[Block]:
        found = []
        if "merge" in heading.can:
            rule = MERGE_WORDS[self.session.desk.panel.merge]
            hint = f"按“{rule}”逐项汇总,四舍五入后相加;计算得分不会被覆盖。"
            found.append(b.form("merge", "汇总专家意见", "merge", [], "汇总本轮意见", hint=hint, sure="确认汇总"))
        if "sign_off" in heading.can:
            fields = [b.area("statement", "签字意见")]
            words = "签字后评审意见、汇总和数据更正都关闭,只有主评人说明理由才能重新开启。"
            found.append(b.form("sign-off", "签字", "sign_off", fields, "签字", hint=words, sure="确认签字"))
        if "round_opened" in heading.can:
            fields = [b.area("reason", "另开一轮的理由", rows=2)]
            words = "专家会看到本轮得分的匿名分布,可以修改自己的意见。"
            found.append(
                b.form(
                    "round",
                    f"开启第{heading.round + 1}轮评审",
                    "round_opened",
                    fields,
                    "开启下一轮",
                    hint=words,
                    folded=True,
                )
            )
        if "reopening" in heading.can:
            fields = [b.area("reason", "重新开启的理由", rows=2)]
            found.append(
                b.form("reopen", "重新开启", "reopening", fields, "重新开启", sure="确认重新开启", folded=True)
            )
        return found

    # -- what is done ---------------------------------------------------------------------------------------------

    def merge(self, request: Request) -> None:
        """Merge the round."""
        self.session.desk.merge()

    def next_round(self, request: Request) -> None:
        """Ask for another round."""
        reason = request.required("reason", "另开一轮的理由")
        number = self.session.desk.state.round + 1
        self.session.desk.say("round_opened", round=number, reason=reason)

    def sign(self, request: Request) -> None:
        """Sign for the panel."""
        statement = request.required("statement", "签字意见")
        self.session.desk.say("sign_off", statement=statement)

    def reopen(self, request: Request) -> None:
        """Open what was closed."""
        reason = request.required("reason", "重新开启的理由")
        self.session.desk.say("reopening", reason=reason)
