"""Dates that cannot be read: each is reported once, and only they are left out."""

from __future__ import annotations

from geosam_processing.contract.errors import UserError
from geosam_processing.contract.texts import Text
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.objects import Moment


class UnreadDates:
    """The dates of a run that cannot be read, and why.

    Attributes:
        reasons: by date.
    """

    def __init__(self, context: RunContext) -> None:
        self.reasons: dict[str, str] = {}
        self._context = context

    def reason(self, moment: Moment) -> str:
        """Why a date cannot be read; empty if it can, as far as is known."""
        return self.reasons.get(moment.date, "")

    def add(self, moment: Moment, error: UserError) -> str:
        """Remember that a date cannot be read; returns why."""
        if moment.date not in self.reasons:
            self.reasons[moment.date] = error.text
            self._context.say(Text("{} cannot be read: {}", moment.date, error), "warning")
        return self.reasons[moment.date]
