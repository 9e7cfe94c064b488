"""评审组: the lead says who reviews what, and by which rule their points become one. Nothing counts before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from workbench.base.errors import Problem, ReviewError
from workbench.base.text import half_width, trimmed
from workbench.review.bodies import made
from workbench.review.page import blocks as b
from workbench.review.page.blocks import Block
from workbench.review.page.part import Action
from workbench.review.page.request import FieldError, Request
from workbench.review.page.session import Session
from workbench.review.page.sheet import Sheet
from workbench.review.views import Heading
from workbench.scheme.panel import MERGE_WORDS, ROLE_WORDS, Member, Panel, Specialty

EVERYTHING = "全部"
_SEPARATORS = re.compile(r"[,,、;;\s]+")
_CONFLICT_HINT = "每行一条,写“指标代码:理由”,回避全部的写“全部:理由”"
_ONE_SUBJECT_HINT = ";只回避一个评价对象的,写“对象编号/指标代码:理由”或“对象编号/全部:理由”"
Draft = dict[str, Any]
"""A panel as it would be saved, in the words of the ledger."""


class PanelEditor(Sheet):
    """Members and rules, with a draft that is saved as a whole."""

    key = "panel"
    title = "评审组"

    def __init__(
        self,
        session: Session,
        links: Callable[[str], str] | None = None,
        revoke: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(session)
        self._links = links
        self._revoke = revoke
        self._draft: Draft | None = None
        self._base: Panel | None = None
        """The panel the draft was begun from."""
        self._locked_out: list[str] = []
        self._edited: str | None = None
        self._issued: tuple[str, str] | None = None

    def there(self, heading: Heading) -> bool:
        return "lead" in self.session.desk.member.roles

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "panel_edit": self.edit,
            "panel_remove": self.remove,
            "panel_member": self.keep_member,
            "panel_rules": self.keep_rules,
            "panel_save": self.save,
            "panel_drop": self.drop,
            "panel_link": self.link,
        }

    @property
    def draft(self) -> Draft:
        """What is being edited: the panel as it is, until something is changed."""
        return self._draft or self.session.desk.panel.model_dump()

    # -- what stands there ----------------------------------------------------------------------------------------

    def blocks(self, heading: Heading) -> dict[str, Block]:
        may = "panel_set" in heading.can
        found = {"members": b.group("members", "成员", [self._members(may)])}
        if self._issued is not None:
            found["link"] = self._link()
        if self._locked_out:
            words = f"已收回{'、'.join(self._locked_out)}的链接和登录:成员编号不再是本人的。接任的人请重新发放链接。"
            found["locked_out"] = b.text(words, "good")
        if not may:
            return {**found, "closed": b.text("评审已经签字,变更评审组须先重新开启评审。", "quiet")}
        if self._draft is not None:
            found["unsaved"] = self._unsaved()
        found["member"] = self._member_form()
        found["rules"] = b.group("rules", "评审办法", [self._rules_form()])
        return found

    def _members(self, may: bool) -> Block:
        columns = [
            ("姓名", ""),
            ("角色", ""),
            ("专业", ""),
            ("权重", "number"),
            ("分工", ""),
            ("回避", ""),
            ("本轮", ""),
            ("", ""),
        ]
        rows = [self._line(m, may) for m in self.draft["members"]]
        return b.table("members", columns if may else columns[:-1], rows, "还没有成员。")

    def _line(self, member: Draft, may: bool) -> Block:
        shown = "、".join(member["indicators"]) or EVERYTHING
        recused = ";".join(f"{_what(c)}({c['reason']})" for c in member["conflicts"])
        args = {"member": member["id"]}
        buttons = [b.button("编辑", "panel_edit", args), b.button("移出", "panel_remove", args, sure="确认移出")]
        if self._links is not None and self.session.desk.panel.member(member["id"]) is not None:
            buttons.insert(0, b.button("发放链接", "panel_link", args, sure="原链接将失效,确认"))
        cells = [
            member["name"],
            "、".join(ROLE_WORDS[r] for r in member["roles"]),
            member["specialty"] or "—",
            trimmed(_decimal(member["weight"])),
            shown if "expert" in member["roles"] else "—",
            recused or "—",
            self._progress(member),
        ]
        return {"id": member["id"], "cells": cells, **({"buttons": buttons} if may else {})}

    def _progress(self, member: Draft) -> str:
        heading = self.session.desk.heading(self.session.subject)
        own = next((p for p in heading.progress if p.expert == member["id"]), None)
        if own is None:
            return "—"
        return "已提交" if own.submitted else f"{own.judged}/{own.assigned}项"

    def _link(self) -> Block:
        assert self._issued is not None
        name, address = self._issued
        words = f"{name}的链接(只显示这一次,请单独交给本人):{address}"
        return b.text(words, "good")

    def _unsaved(self) -> Block:
        fields = [b.area("reason", "变更理由(已有评审意见时必填)", required=False, rows=2)]
        inner = [
            b.text("评审组有未保存的修改,保存后才生效。", "warn"),
            b.form("panel-save", "", "panel_save", fields, "保存评审组"),
            b.form("panel-drop", "放弃修改", "panel_drop", [], "放弃修改", sure="确认放弃", folded=True),
        ]
        return b.group("unsaved", "未保存的修改", inner)

    def _member_form(self) -> Block:
        known = next((m for m in self.draft["members"] if m["id"] == self._edited), None)
        levels = list(dict.fromkeys(r.level1 for r in self.session.rows()))
        member = known or {}
        assigned = member.get("indicators", [])
        fields = [
            b.line("name", "姓名", member.get("name", ""), required=True, width="wb-half"),
            b.line(
                "id", "编号", member.get("id", ""), width="wb-half", hint="小写字母和数字;不填则自动编号,保存后不要改"
            ),
            b.checks("roles", "角色", list(ROLE_WORDS.items()), member.get("roles", ["expert"]), required=True),
            b.select(
                "specialty", "专业", [("", "(不限)"), *((s, s) for s in get_args(Specialty))], member.get("specialty")
            ),
            b.line("organisation", "单位", member.get("organisation") or "", width="wb-half"),
            b.line("title", "职务职称", member.get("title") or "", width="wb-half"),
            b.line("weight", "权重", trimmed(_decimal(member.get("weight", "1"))), width="wb-half"),
            b.line("login", "JupyterHub用户名", member.get("login") or "", width="wb-half"),
            b.checks("levels", "分工(都不选为全部)", [(x, x) for x in levels], [x for x in assigned if x in levels]),
            b.line("codes", "另外分派的指标代码", "、".join(x for x in assigned if x not in levels), hint="用顿号隔开"),
            b.area(
                "conflicts",
                "回避声明",
                _written(member),
                required=False,
                rows=2,
                hint=_CONFLICT_HINT + (_ONE_SUBJECT_HINT if len(self.session.desk.subjects) > 1 else ""),
            ),
        ]
        title = f"编辑{member['name']}" if known else "增加一名成员"
        words = "放入评审组(还需保存)"
        form = b.form("panel-member", "", "panel_member", fields, words, args={"edited": self._edited or ""})
        return b.group("member", title, [form], open_=known is not None)

    def _rules_form(self) -> Block:
        draft = self.draft
        fields = [
            b.select("merge", "汇总办法", list(MERGE_WORDS.items()), draft["merge"]),
            b.line("quorum", "每项指标至少需要的有效意见数", str(draft["quorum"] or ""), hint="不填则按办法的规定"),
            b.check("blind", "全部专家提交以前,相互看不到得分", draft["blind"]),
            b.check("hide_computed", "专家提交以前,看不到定性指标的计算得分", draft["hide_computed"]),
        ]
        return b.form("panel-rules", "", "panel_rules", fields, "改用这些办法(还需保存)")

    # -- what is done ---------------------------------------------------------------------------------------------

    def edit(self, request: Request) -> None:
        """Put one member into the form."""
        self._edited = request.text("member") or None

    def remove(self, request: Request) -> None:
        """Take one member off the draft."""
        self._change(members=[m for m in self.draft["members"] if m["id"] != request.text("member")])
        self._edited = None

    def _change(self, **parts: Any) -> None:
        if self._draft is None:
            self._base = self.session.desk.panel
        self._draft = {**self.draft, **parts}

    def keep_member(self, request: Request) -> None:
        """Put the form's member into the draft, in place of the one that was edited."""
        edited = request.text("edited")
        members = self.draft["members"]
        known = {m["id"] for m in members} - {edited}
        member = self._member(request, known)
        if member["id"] in known:
            raise FieldError(Problem("same_id", "编号已有人使用", found=member["id"]), ["id"])
        replaced = [member if m["id"] == edited else m for m in members]
        self._change(members=replaced if edited else [*members, member])
        self._edited = None

    def _member(self, request: Request, known: set[str]) -> Draft:
        weight = request.decimal("weight", "权重")
        codes = [c for c in _SEPARATORS.split(half_width(request.text("codes"))) if c]
        member = made(
            Member,
            {
                "id": request.text("id") or _free_id(known, request.choices("roles")),
                "name": request.required("name", "姓名"),
                "roles": request.choices("roles"),
                "specialty": request.optional("specialty"),
                "organisation": request.optional("organisation"),
                "title": request.optional("title"),
                "weight": "1" if weight is None else str(weight),
                "indicators": [*request.choices("levels"), *codes],
                "conflicts": _conflicts(request.text("conflicts")),
                "login": request.optional("login"),
            },
        )
        self._check_codes(member)
        return member.model_dump()

    def _check_codes(self, member: Member) -> None:
        rows = self.session.rows()
        known = {r.code for r in rows} | {r.level1 for r in rows}
        wrong = [c for c in member.indicators if c not in known]
        if wrong:
            raise FieldError(Problem("unknown_indicator", "没有这个指标", found="、".join(wrong)), ["codes"])

    def keep_rules(self, request: Request) -> None:
        """Put the form's rules into the draft."""
        typed = half_width(request.text("quorum"))
        quorum = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None
        if typed and not quorum:
            raise FieldError(Problem("bad_quorum", "有效意见数须为1以上的整数", found=typed), ["quorum"])
        self._change(
            merge=request.text("merge"),
            quorum=quorum,
            blind=request.flag("blind"),
            hide_computed=request.flag("hide_computed"),
        )

    def save(self, request: Request) -> None:
        """Record the draft as the panel; who is no longer on it, or whose place another has taken, is locked out."""
        desk = self.session.desk
        desk.refresh()
        before = desk.panel
        if self._draft is not None and before != self._base:
            fix = "请放弃修改,看过现行的评审组后再改"
            raise ReviewError(Problem("panel_moved", "评审组已在别处(另一个窗口)改过,这里的修改没有保存", fix=fix))
        desk.say("panel_set", panel=self.draft, reason=request.optional("reason"))
        self._draft = None
        gone = [m for m in before.members if m.id != desk.actor and not _same_person(m, desk.panel.member(m.id))]
        self._locked_out = [m.name for m in gone if self._revoke is not None and self._revoke(m.id)]

    def drop(self, request: Request) -> None:
        """Forget what was not saved."""
        self._draft = self._edited = None

    def link(self, request: Request) -> None:
        """Issue a new personal link for a member."""
        member = self.session.desk.panel.member(request.text("member"))
        if self._links is not None and member is not None:
            self._issued = (member.name, self._links(member.id))


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _free_id(known: set[str], roles: list[str]) -> str:
    """``expert-3`` for the third expert: ids are for links and files, people go by their names."""
    stem = roles[0] if roles else "member"
    return next(name for n in range(1, len(known) + 2) if (name := f"{stem}-{n}") not in known)


def _same_person(before: Member, after: Member | None) -> bool:
    return after is not None and after.name == before.name


def _what(conflict: Mapping[str, Any]) -> str:
    """``B1``, ``全部``, and with a subject ``S2/B1``, ``S2/全部``."""
    subject = f"{conflict['subject']}/" if conflict["subject"] else ""
    return f"{subject}{conflict['indicator'] or EVERYTHING}"


def _written(member: Draft) -> str:
    return "\n".join(f"{_what(c)}:{c['reason']}" for c in member.get("conflicts", []))


def _conflicts(text: str) -> list[dict[str, str | None]]:
    """One conflict per line, ``代码:理由``. Raises FieldError for a line without a reason."""
    found: list[dict[str, str | None]] = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        what, colon, reason = line.replace("：", ":", 1).partition(":")
        if not colon or not reason.strip():
            problem = Problem(
                "bad_conflict", "回避声明须写“指标代码:理由”", found=line, expected="如“B1:近亲属在该单位任职”"
            )
            raise FieldError(problem, ["conflicts"])
        subject, _, indicator = half_width(what).rpartition("/")
        named = None if indicator.strip() == EVERYTHING else indicator.strip()
        found.append({"subject": subject.strip() or None, "indicator": named, "reason": reason.strip()})
    return found
