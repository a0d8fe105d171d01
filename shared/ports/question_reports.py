"""Reports of wrong questions as the use case reads and stores them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol

from shared.domain.classes.assignment import Assignment
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.question_report import QuestionReport
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply


@dataclass(frozen=True)
class ReportChange(Generic[R_co]):
    """The reply, and the report to store before it is given; None where nothing changes."""

    reply: Reply[R_co]
    report: QuestionReport | None = None


DecideReport = Callable[[QuestionReport | None], ReportChange[R]]


class QuestionReportRepository(Protocol):
    def find_answer(self, session_id: str, question_id: str) -> LoggedItem | None:
        """An answer to the question in the session's log, the first that has the question's texts.

        Raises Unavailable.
        """

    def find_owner(self, template_id: str) -> str | None:
        """The uid of the template's owner, None where it is gone. Raises Unavailable."""

    def find_assignment(self, class_id: str, assignment_id: str) -> Assignment | None:
        """Raises Unavailable."""

    def change(
        self, report_id: str, decide: DecideReport[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        """Decides on the stored report, as SessionRepository does on a session."""
