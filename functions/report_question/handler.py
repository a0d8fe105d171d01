"""Keeps a student's report that a question is wrong, with the question as it was asked."""

from dataclasses import dataclass
from datetime import datetime

from functions.report_question.contract import ReportQuestion, ReportQuestionReply
from shared.domain.classes.assignment import Feedback
from shared.domain.common.errors import AnswerNotFound
from shared.domain.sessions.question_report import QuestionReport, add_note, report_question
from shared.domain.sessions.session import Session, require_owned
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.question_reports import QuestionReportRepository, ReportChange
from shared.ports.sessions import SessionRepository


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository
    reports: QuestionReportRepository


def handle(
    command: ReportQuestion, call: Call, dependencies: Dependencies
) -> Reply[ReportQuestionReply] | StoredReply:
    stored_session = dependencies.sessions.read(command.session_id)
    session = require_owned(stored_session, by=call.caller.uid)
    answer = dependencies.reports.find_answer(session.session_id, command.question_id)
    if answer is None or _is_kept(session, dependencies.reports, at=call.received_at):
        raise AnswerNotFound
    # A client may have made up a template without a version, under the id of another's.
    template_id = None if session.template_version is None else session.template_id
    owner_id = dependencies.reports.find_owner(template_id) if template_id else None
    report = report_question(
        session, answer, owner_id=owner_id, note=command.note, at=call.received_at
    )

    def decide(stored: QuestionReport | None) -> ReportChange[ReportQuestionReply]:
        made = Reply(ReportQuestionReply(report=report), status=201)
        if stored is None:
            return ReportChange(made, report)
        if stored == report:
            # This very request's own: its commit took effect, and only the response got lost.
            return ReportChange(made)
        noted = add_note(stored, command.note)
        changed = noted if noted != stored else None
        return ReportChange(Reply(ReportQuestionReply(report=noted)), changed)

    return dependencies.reports.change(report.report_id, decide, idempotency=call.idempotency)


def _is_kept(session: Session, reports: QuestionReportRepository, *, at: datetime) -> bool:
    """Whether the answer is not shown yet: a report has the right one."""
    work = session.assignment
    if work is None or work.feedback is not Feedback.AFTER_DUE:
        return False
    assert session.class_id is not None
    assert session.assignment_id is not None
    assignment = reports.find_assignment(session.class_id, session.assignment_id)
    return assignment is None or assignment.keeps_answers(at=at)
