"""report_question: POST → 201 or 200 {report}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import INSTANT, SESSION_ID, TEMPLATE_ID
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import AnswerNotFound, RateLimited, SessionNotFound
from shared.domain.common.fields import Id, NodeId, Text
from shared.domain.sessions.question_report import QuestionReport
from shared.environment import Use


class ReportQuestion(Command):
    """`question_id` is that of a question answered in the session, and stored there."""

    session_id: Id
    question_id: NodeId
    note: Text | None = None


class ReportQuestionReply(BaseModel):
    report: QuestionReport


OPERATION = Operation(
    function="report_question",
    request=ReportQuestion,
    replies={201: ReportQuestionReply, 200: ReportQuestionReply},
    tag=Tag.SESSIONS,
    place=5,
    summary="Report that a question is wrong",
    description="The report keeps the question as it was asked, with the answer, for the owner "
    "of the template. A student has one report of a question; another one replaces its note.",
    refusals=(SessionNotFound, AnswerNotFound, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES}),
    example={
        "session_id": SESSION_ID,
        "question_id": "q-1",
        "note": "Two of the choices are right.",
    },
    reply_example={
        "report": {
            "schema_version": 1,
            "report_id": "5e884898da28047151d0e56f8dc6292773603d0d",
            "student_id": "sam",
            "teacher_id": "ms-lee",
            "template_id": TEMPLATE_ID,
            "template_name": "Daily scales",
            "session_id": SESSION_ID,
            "question_id": "q-1",
            "kind": "numeric",
            "prompt": "How many sharps has D major?",
            "choices": None,
            "answer": "2",
            "correct_answer": 3,
            "feedback": "Not right.",
            "note": "D major has two of them.",
            "reported_at": INSTANT,
        }
    },
)
