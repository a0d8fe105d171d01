"""Explanation of a session's revisions: from the start to the stored one, each by one request.

Every answered change must be at the revision that its reply reports, have the content that the
model computes, and have its items at that place in the log. Revisions that no reply reports must
come from requests whose outcome is open, each used at most once. Alternatives are searched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.domain.common.json_object import is_same_json
from tests.chaos.histories import model
from tests.chaos.histories.model import Content
from tests.chaos.histories.record import History, Json, Stored
from tests.chaos.histories.requests import Outcome, Request, session_id_of

ACTIVE, COMPLETED, ABANDONED = "active", "completed", "abandoned"
MAX_TRIES = 20_000


@dataclass(frozen=True)
class Point:
    """A session at an explained revision.

    `by` is the request that made it, None for a sweep. `used` are the numbers of all requests that
    made a revision, and `revisions` are the revisions up to this one.
    """

    revision: int
    status: str
    content: Content
    used: frozenset[int]
    by: Request | None
    revisions: frozenset[int] = frozenset([1])


@dataclass
class Chain:
    """A stored session with its log in order of `index`.

    `requests` are those about this session, and the starts whose outcome is open.
    """

    history: History
    session_id: str
    document: Stored
    log: list[Json]
    requests: list[Request]

    @property
    def fields(self) -> Json:
        return self.document.fields

    def explain(self) -> Point | str:
        """The last point of an explanation; without one, the fault at the highest revision."""
        highest, why = 0, "no request started it"
        pending = list(self._start_points())
        for _ in range(MAX_TRIES):
            if not pending:
                return why
            point = pending.pop()
            fault = self._fault(point)
            if fault is None and point.revision == self.fields["revision"]:
                fault = self._fault_of_end(point)
                if fault is None:
                    return point
            if fault is None:
                after = list(self._next_points(point))
                pending += after
                if not after:
                    fault = f"nothing explains revision {point.revision + 1}"
            if fault and point.revision >= highest:
                highest, why = point.revision, fault
        return f"undecided after {MAX_TRIES} tries; so far: {why}"

    def _start_points(self) -> Iterator[Point]:
        own = [r for r in self.requests if r.function == "start_session"]
        done = [r for r in own if r.outcome is Outcome.DONE and not r.reply["resumed"]]
        for request in done or [
            r for r in own if r.outcome is Outcome.OPEN and self._may_have_started(r)
        ]:
            state = request.body.get("stored_session")
            if state:
                content = model.apply_practice_state(
                    Content({}), state, self.history.answers_of(state)
                )
            else:
                template = self.history.templates.get(self.fields["template_id"] or "")
                content = model.start_checklist(template, request.body)
            yield Point(1, ACTIVE, content, frozenset([request.number]), request)

    def _may_have_started(self, start: Request) -> bool:
        state = start.body.get("stored_session")
        if state:
            return bool(state["session_id"] == self.session_id)
        here = (self.fields["student_id"], self.fields["template_id"], self.fields["mode"])
        return here == (start.first.uid, start.body.get("template_id"), "checklist")

    def _next_points(self, point: Point) -> Iterator[Point]:
        """The possible next points. The last one is tried first."""
        if point.status != ACTIVE:
            return
        if self.fields["status"] == ABANDONED and point.revision + 1 == self.fields["revision"]:
            last = point.revision + 1
            revisions = point.revisions | {last}
            yield replace(point, revision=last, status=ABANDONED, by=None, revisions=revisions)
        free = [request for request in self.requests if request.number not in point.used]
        for request in free:
            if _may_report_later_revision(request):
                yield from self._point_after(point, request)
        for request in free:
            if request.outcome is Outcome.OPEN:
                yield from self._point_after(point, request)
        for request in free:
            if request.outcome is Outcome.DONE:
                yield from self._point_after(point, request, at_reply_revision=True)

    def _point_after(
        self, point: Point, request: Request, *, at_reply_revision: bool = False
    ) -> Iterator[Point]:
        """The point after this request, if it changes anything and may come next.

        `at_reply_revision`: only at the revision that its reply reports; else at an earlier one.
        """
        body, content, revision = request.body, point.content, point.revision
        if request.function == "start_session":
            return
        if body.get("revision", revision) != revision and "stored_session" not in body:
            return
        status = ACTIVE
        state = body.get("stored_session")
        if state and model.is_newer(content, state):
            content = model.apply_practice_state(content, state, self.history.answers_of(state))
            revision += 1
        if request.function == "complete_session":
            content, status = model.apply_completion(content, body), COMPLETED
            revision += 1
        elif not state:
            content, revision = model.apply_update(content, body), revision + 1
        if revision == point.revision:
            return
        if request.outcome is Outcome.DONE:
            reported = request.session["revision"]
            if reported != revision if at_reply_revision else reported <= revision:
                return
        used, revisions = point.used | {request.number}, point.revisions | {revision}
        yield Point(revision, status, content, used, request, revisions)

    def _fault(self, point: Point) -> str | None:
        """A contradiction in the log or in a reply at this revision, or a lost change."""
        where = f"revision {point.revision} by {point.by or 'a sweep'}"
        if fault := self._fault_of_log(point):
            return f"{where}: {fault}"
        for request in self.requests:
            if request.outcome is not Outcome.DONE:
                continue
            reported = request.session
            if reported["revision"] != point.revision:
                continue
            if fault := _difference(point, reported):
                return f"{where}: the reply to {request} differs: {fault}"
            if request is not point.by and not _changed_nothing(point, request):
                return f"{where}: {request} has a reply with this revision, but its change is lost"
        return None

    def _fault_of_log(self, point: Point) -> str | None:
        content, request = point.content, point.by
        if content.entries > len(self.log):
            return f"the log has {len(self.log)} entries, fewer than {content.entries}"
        if content.state is not None:
            for answer, entry in zip(content.answers, self.log, strict=False):
                if (entry["node_id"], entry["correct"]) != (answer.question_id, answer.correct):
                    return f"entry {entry['index']} of the log is not the submitted answer"
            return None
        items = request.body.get("items", []) if request else []
        for item, entry in zip(items, self.log[content.entries - len(items) :], strict=False):
            wanted = model.log_entry(item)
            if not is_same_json({name: entry[name] for name in wanted}, wanted):
                return f"entry {entry['index']} of the log is not {item}"
        return None

    def _fault_of_end(self, point: Point) -> str | None:
        """The difference between the stored session and this last point."""
        if point.status != self.fields["status"]:
            return f"its status is {self.fields['status']}, which no request explains"
        if fault := _difference(point, {**self.fields, "stored_session": self._stored_session()}):
            return f"stored at revision {point.revision}: {fault}"
        if len(self.log) != point.content.entries:
            return f"the log has {len(self.log)} entries, not {point.content.entries}"
        for request in self.requests:
            if request.outcome is Outcome.DONE:
                revision = request.session["revision"]
                if revision not in point.revisions:
                    return f"the reply to {request} has revision {revision}, which never existed"
        return None

    def _stored_session(self) -> Json | None:
        state = self.history.documents.get(f"practice_sessions/{self.session_id}/state/current")
        return state.fields["stored_session"] if state else None


def _may_report_later_revision(request: Request) -> bool:
    """Whether its reply may report a later revision than the one it made.

    The reply to its commit was lost, other changes followed, and the function then found its effect
    stored: the practice state, or the session data for a stated revision.
    """
    if request.outcome is not Outcome.DONE or request.first.key is not None:
        return False
    body = request.body
    return request.function == "update_progress" and (
        "stored_session" in body or ("revision" in body and "items" not in body)
    )


def _difference(point: Point, session: Json) -> str | None:
    wanted = model.expected_fields(point.content)
    if point.status == COMPLETED:
        wanted |= model.expected_completion_fields(point.content, session["duration_seconds"])
    for name, value in wanted.items():
        if not is_same_json(session[name], value):
            return f"{name} is {session[name]!r}, not {value!r}"
    # An ended session has no state to resume.
    state = {"stored_session": point.content.state if point.status == ACTIVE else None}
    if model.stored_state_key(session) != model.stored_state_key(state):
        return "stored_session is another state"
    if session["status"] != point.status:
        return f"its status is {session['status']}, not {point.status}"
    return None


def _changed_nothing(point: Point, request: Request) -> bool:
    """Whether a request may report this revision although another one made it."""
    body, content = request.body, point.content
    if request.function == "start_session":
        return bool(request.reply["resumed"])
    state = body.get("stored_session")
    if state and (content.state is None or state["seq"] > content.state["seq"]):
        return False
    if request.function == "complete_session":
        expected = model.expected_completion_fields(content, request.session["duration_seconds"])
        return (
            point.status == COMPLETED
            and is_same_json(model.apply_completion(content, body).data, content.data)
            and all(body.get(name, value) == value for name, value in expected.items())
        )
    if state:
        return True
    change = body.get("session_data", {})
    return (
        "items" not in body
        and body.get("revision", point.revision) != point.revision
        and is_same_json({**content.data, **change}, content.data)
    )


def requests_about(session_id: str, requests: list[Request]) -> list[Request]:
    """The requests about a session, and those that may have started it."""
    return [
        request
        for request in requests
        if session_id_of(request) == session_id
        or (request.function == "start_session" and request.outcome is Outcome.OPEN)
    ]
