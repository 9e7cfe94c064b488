"""What is done on the scoring tab: judging one indicator, all the rest at once, taking back, submitting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.base.errors import Problem, ReviewError
from workbench.review.events import CHOICE_WORDS, Opinion
from workbench.review.page.part import Action, Answer
from workbench.review.page.request import FieldError, Request
from workbench.review.page.session import Session
from workbench.review.page.wording import points

_FIELDS = {
    "points_missing": "points",
    "points_bounds": "points",
    "points_decimals": "points",
    "points_not_wanted": "points",
    "not_judged": "points",
    "reason_missing": "reason",
}
_UNDONE = "撤销刚才的操作"


class Scoring:
    """The actions of table, form and head. ``notice`` shows what was done, with the event to undo it by."""

    def __init__(self, session: Session, notice: Callable[[str, int | None], None]) -> None:
        self.session = session
        self._notice = notice

    @property
    def actions(self) -> Mapping[str, Action]:
        """By the name the browser sends."""
        return {
            "opine": self.opine,
            "withdraw": self.withdraw,
            "agree_rest": self.agree_rest,
            "submit": self.submit,
            "piece": self.session.files.take,
            "fetch": self.session.files.give,
        }

    def opine(self, request: Request) -> Answer:
        """Record an opinion; the page then goes on to the next unjudged indicator, if the user wants that."""
        choice, code = request.text("choice"), request.text("code")
        if choice not in CHOICE_WORDS:
            raise FieldError(Problem("no_choice", "请选择认可、调整、不评或回避"))
        number = request.decimal("points", "得分")
        try:
            event = self.session.desk.opine(
                self.session.subject,
                code,
                choice,
                number,
                request.text("reason"),
                request.optional("evidence"),
                self.session.files.named(request, "files"),
                self.session.entry,
            )
        except ReviewError as error:
            raise FieldError(error.problems, [_FIELDS[p.code] for p in error.problems if p.code in _FIELDS]) from None
        given = f"为{points(number)}分" if number is not None else ""
        self._notice(f"已记录:{self.session.name(code)} {CHOICE_WORDS[choice]}{given}", event.seq)
        if request.flag("next"):
            self.session.done = code
        return None

    def withdraw(self, request: Request) -> Answer:
        """Take back an opinion."""
        number = request.number("event")
        self.session.desk.withdraw(number, _UNDONE)
        body = self.session.desk.state.events[number - 1].body
        if isinstance(body, Opinion):
            self.session.selected = body.indicator
            self._notice(f"已撤回:{self.session.name(body.indicator)}", None)
        return None

    def agree_rest(self, request: Request) -> Answer:
        """Accept what follows from verified evidence and was not judged yet."""
        events = self.session.desk.agree_rest(self.session.subject)
        self._notice(f"已认可{len(events)}项定量指标", None)
        return None

    def submit(self, request: Request) -> Answer:
        """Close the round for oneself, or for the expert whose form is typed in."""
        self.session.desk.submit(self.session.entry)
        self._notice("已提交本轮评审意见", None)
        return None
