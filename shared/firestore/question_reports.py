"""Reports of wrong questions, each a document that its teacher lists."""

from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.classes.assignment import Assignment
from shared.domain.sessions.items import LoggedItem
from shared.firestore.database import Database
from shared.firestore.documents import (
    Document,
    class_assignment_of,
    class_assignment_path,
    fields_of,
    item_of,
    report_of,
    report_path,
    session_path,
    template_path,
)
from shared.firestore.paging import query_step
from shared.firestore.retry import Deadline, retry_until_settled
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import create_or_update
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.question_reports import DecideReport

# Of the answers to one question; the texts of an old one may be missing.
ANSWERS_READ = 5


class FirestoreQuestionReportRepository:
    """Implements shared.ports.question_reports.QuestionReportRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_answer(self, session_id: str, question_id: str) -> LoggedItem | None:
        items = self._database.client.collection(f"{session_path(session_id)}/items")
        named = items.where(filter=FieldFilter("node_id", "==", question_id)).limit(ANSWERS_READ)
        found = [
            item_of(Document(s.reference.path, s.to_dict()))
            for s in retry_until_settled(query_step(named))
        ]
        return next((item for item in found if item.prompt is not None), next(iter(found), None))

    def find_owner(self, template_id: str) -> str | None:
        path = template_path(template_id)

        def step(deadline: Deadline) -> Documents:
            return self._database.read([path], deadline, only=["owner_id"])

        owner_id: str | None = (retry_until_settled(step)[path].fields or {}).get("owner_id")
        return owner_id

    def find_assignment(self, class_id: str, assignment_id: str) -> Assignment | None:
        path = class_assignment_path(class_id, assignment_id)
        read = retry_until_settled(lambda deadline: self._database.read([path], deadline))
        return class_assignment_of(read[path])

    def change(
        self, report_id: str, decide: DecideReport[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        path = report_path(report_id)

        def decision(documents: Documents, _deadline: Deadline) -> Decision[R]:
            change = decide(report_of(documents[path]))
            if change.report is None:
                return Decision(change.reply)
            write = create_or_update(documents[path], fields_of(change.report))
            return Decision(change.reply, [write])

        return self._database.change([path], decision, idempotency=idempotency)
