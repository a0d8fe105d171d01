"""The scores that an LMS lacks, found and sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from admin.lti.journal import Entry, Journal, State
from admin.lti.scores import NO_SCORE, Score, maximum_of, score_of_work
from admin.lti.service import CONFLICT, Refused, ScoreService
from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.rows import Row

TAG = "practice"


@dataclass(frozen=True)
class Due:
    """A score that the LMS lacks, of a student in an assignment."""

    student_id: str
    assignment_id: str
    line_item: str | None
    lms_user_id: str
    score: Score

    def describe(self) -> dict[str, Any]:
        return {
            "student_id": self.student_id,
            "assignment_id": self.assignment_id,
            "line_item": self.line_item,
            "score": {"userId": self.lms_user_id, **self.score},
        }


@dataclass(frozen=True)
class Plan:
    """`unknown` are the students with a score whom the LMS's ids do not name."""

    due: Sequence[Due]
    unchanged: int
    unknown: Sequence[str]


def line_item_fields(assignment: Assignment) -> dict[str, Any]:
    """What a new line item says. It is found again by its resource."""
    return {
        "label": assignment.title,
        "scoreMaximum": maximum_of(assignment),
        "resourceId": assignment.assignment_id,
        "tag": TAG,
    }


@dataclass(frozen=True)
class LineItems:
    """The LMS's line items of our assignments: the one at `line_item`, or those below `course`,
    each found by its assignment's id.
    """

    service: ScoreService
    line_item: str | None
    course: str | None

    def find(self, assignment: Assignment) -> str | None:
        """None where the LMS has none yet. Raises LmsError."""
        if self.course is None:
            return self.line_item
        return self.service.find_line_item(self.course, assignment.assignment_id)

    def provide(self, due: Sequence[Due], assignments: Mapping[str, Assignment]) -> Sequence[Due]:
        """The scores with a line item each. Those that lack are created. Raises LmsError."""
        lacking = {each.assignment_id for each in due if each.line_item is None}
        created = {
            assignment_id: self.service.provide_line_item(
                self.course or "", line_item_fields(assignments[assignment_id])
            )
            for assignment_id in sorted(lacking)
        }
        return [
            replace(each, line_item=each.line_item or created[each.assignment_id]) for each in due
        ]


def plan_of(
    rows: Sequence[Row],
    assignments: Sequence[Assignment],
    line_items: LineItems,
    users: Mapping[str, str],
    sent: Mapping[tuple[str, str], Entry],
    *,
    at: datetime,
) -> Plan:
    """Raises LmsError where line items are asked for."""
    due: list[Due] = []
    unchanged, unknown = 0, set[str]()
    for assignment in assignments:
        line_item = line_items.find(assignment)
        for row in rows:
            score = score_of_work(row, assignment, at=at)
            user = users.get(row.student_id)
            if user is None and score is not None:
                unknown.add(row.student_id)
            if not user:
                continue
            last = sent.get((line_item, user)) if line_item else None
            score = _wanted(score, last)
            if score is None:
                continue
            if last and last.state is State.SENT and last.score == score:
                unchanged += 1
                continue
            due.append(Due(row.student_id, assignment.assignment_id, line_item, user, score))
    return Plan(due, unchanged, sorted(unknown))


def _wanted(score: Score | None, last: Entry | None) -> Score | None:
    """Where nothing is graded any more, what the LMS was told before is taken back."""
    return dict(NO_SCORE) if score is None and last is not None else score


class Outcome(StrEnum):
    SENT = "sent"
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


@dataclass(frozen=True)
class Sending:
    """`why` is the LMS's refusal."""

    due: Due
    outcome: Outcome
    why: str | None = None


def send(
    due: Sequence[Due], service: ScoreService, journal: Journal, *, now: Callable[[], datetime]
) -> Iterator[Sending]:
    """Sends one score after the other. A refused one does not stop the others.

    Raises LmsError where the LMS does not answer, and where it takes no scores from us at all;
    ValueError for a score without a line item.
    """
    for each in due:
        yield _send(each, service, journal, now())


def _send(due: Due, service: ScoreService, journal: Journal, now: datetime) -> Sending:
    if due.line_item is None:
        raise ValueError(due.assignment_id)
    entry = journal.next_entry(due.line_item, due.lms_user_id, due.score, now=now)
    is_repeated = journal.of(due.line_item, due.lms_user_id) is entry
    if not is_repeated:
        journal.note(entry)
    timestamp = entry.timestamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"userId": due.lms_user_id, **due.score, "timestamp": timestamp}
    try:
        service.post_score(due.line_item, body)
    except Refused as refused:
        if refused.status == CONFLICT and (is_repeated or refused.attempts > 1):
            journal.note(entry.model_copy(update={"state": State.SENT}))
            return Sending(due, Outcome.ALREADY_THERE)
        journal.note(entry.model_copy(update={"state": State.REFUSED}))
        if refused.status in (401, 403):
            raise
        return Sending(due, Outcome.REFUSED, str(refused))
    journal.note(entry.model_copy(update={"state": State.SENT}))
    return Sending(due, Outcome.SENT)
