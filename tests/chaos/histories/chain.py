"""The revisions of one session, from its start to what is stored, each explained by one request.

Every answered change must stand at the revision that its reply says, hold what the model says, and
have its items in the log at that place. Revisions that no reply tells of must come from requests
whose outcome is open, each taken once at most. Where there is a choice it is searched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.domain.common.json_object import is_same_json
from tests.chaos.histories import model
from tests.chaos.histories.model import Content
from tests.chaos.histories.record import History, Json, Stored
from tests.chaos.histories.requests import Outcome, Request, session_id_of

ACTIVE, COMPLETED, ABANDONED = "active", "completed", "abandoned"
MOST_TRIES = 20_000


@dataclass(frozen=True)
class Point:
    """A session at a revision, as far as it is explained, and the revisions it had on the way.

    `by` is who made this revision, and `used` are all who made one.
    """

    revision: int
    status: str
    content: Content
    used: frozenset[int]
    by: Request | None
    revisions: frozenset[int] = frozenset([1])


@dataclass
class Chain:
    """`requests` are those about this session, and the starts whose outcome is open."""

    history: History
    session_id: str
    document: Stored
    log: list[Json]
    requests: list[Request]

    @property
    def fields(self) -> Json:
        return self.document.fields

    def explained(self) -> Point | str:
        """The last point of an explanation, or why there is none: the fault farthest on."""
        deepest, why = 0, "nobody started it"
        waiting = list(self._starts())
        for _ in range(MOST_TRIES):
            if not waiting:
                return why
            point = waiting.pop()
            fault = self._fault(point)
            if fault is None and point.revision == self.fields["revision"]:
                fault = self._fault_of_end(point)
                if fault is None:
                    return point
            if fault is None:
                after = list(self._after(point))
                waiting += after
                if not after:
                    fault = f"nothing explains revision {point.revision + 1}"
            if fault and point.revision >= deepest:
                deepest, why = point.revision, fault
        return f"undecided after {MOST_TRIES} tries; so far: {why}"

    def _starts(self) -> Iterator[Point]:
        own = [r for r in self.requests if r.function == "start_session"]
        done = [r for r in own if r.outcome is Outcome.DONE and not r.reply["resumed"]]
        for request in done or [r for r in own if r.outcome is Outcome.OPEN and self._may_be(r)]:
            state = request.body.get("stored_session")
            if state:
                content = model.advanced(Content({}), state, self.history.answers_of(state))
            else:
                template = self.history.templates.get(self.fields["template_id"] or "")
                content = model.begun(template, request.body)
            yield Point(1, ACTIVE, content, frozenset([request.number]), request)

    def _may_be(self, start: Request) -> bool:
        state = start.body.get("stored_session")
        if state:
            return bool(state["session_id"] == self.session_id)
        here = (self.fields["student_id"], self.fields["template_id"], self.fields["mode"])
        return here == (start.first.uid, start.body.get("template_id"), "checklist")

    def _after(self, point: Point) -> Iterator[Point]:
        """Where it may have gone on from here; what is tried first comes last."""
        if point.status != ACTIVE:
            return
        if self.fields["status"] == ABANDONED and point.revision + 1 == self.fields["revision"]:
            last = point.revision + 1
            revisions = point.revisions | {last}
            yield replace(point, revision=last, status=ABANDONED, by=None, revisions=revisions)
        free = [request for request in self.requests if request.number not in point.used]
        for request in free:
            if _may_be_told_later(request):
                yield from self._taken(point, request)
        for request in free:
            if request.outcome is Outcome.OPEN:
                yield from self._taken(point, request)
        for request in free:
            if request.outcome is Outcome.DONE:
                yield from self._taken(point, request, as_told=True)

    def _taken(self, point: Point, request: Request, *, as_told: bool = False) -> Iterator[Point]:
        """The point after this request, if it changes anything and may stand here.

        `as_told`: only at the very revision of its reply; else at one before that.
        """
        body, content, revision = request.body, point.content, point.revision
        if request.function == "start_session":
            return
        if body.get("revision", revision) != revision and "stored_session" not in body:
            return
        status = ACTIVE
        state = body.get("stored_session")
        if state and model.is_newer(content, state):
            content = model.advanced(content, state, self.history.answers_of(state))
            revision += 1
        if request.function == "complete_session":
            content, status, revision = model.closed(content, body), COMPLETED, revision + 1
        elif not state:
            content, revision = model.updated(content, body), revision + 1
        if revision == point.revision:
            return
        if request.outcome is Outcome.DONE:
            told = request.session["revision"]
            if told != revision if as_told else told <= revision:
                return
        used, revisions = point.used | {request.number}, point.revisions | {revision}
        yield Point(revision, status, content, used, request, revisions)

    def _fault(self, point: Point) -> str | None:
        """What contradicts this point: the log, a reply from this revision, or a lost change."""
        where = f"revision {point.revision} by {point.by or 'a sweep'}"
        if fault := self._fault_of_log(point):
            return f"{where}: {fault}"
        for request in self.requests:
            if request.outcome is not Outcome.DONE:
                continue
            said = request.session
            if said["revision"] != point.revision:
                continue
            if fault := _differs(point, said):
                return f"{where}: {request} was told otherwise: {fault}"
            if request is not point.by and not _changed_nothing(point, request):
                return f"{where}: {request} was told the same revision, and its change is lost"
        return None

    def _fault_of_log(self, point: Point) -> str | None:
        content, request = point.content, point.by
        if content.entries > len(self.log):
            return f"the log has {len(self.log)} entries of {content.entries}"
        if content.state is not None:
            for answer, entry in zip(content.answers, self.log, strict=False):
                if (entry["node_id"], entry["correct"]) != (answer.question_id, answer.correct):
                    return f"entry {entry['index']} of the log is not the answer given"
            return None
        items = request.body.get("items", []) if request else []
        for item, entry in zip(items, self.log[content.entries - len(items) :], strict=False):
            wanted = model.entry(item)
            if not is_same_json({name: entry[name] for name in wanted}, wanted):
                return f"entry {entry['index']} of the log is not {item}"
        return None

    def _fault_of_end(self, point: Point) -> str | None:
        """What is stored against what was explained."""
        if point.status != self.fields["status"]:
            return f"it is {self.fields['status']}, and nothing made it so"
        if fault := _differs(point, self.fields):
            return f"stored at revision {point.revision}: {fault}"
        if len(self.log) != point.content.entries:
            return f"the log has {len(self.log)} entries, not {point.content.entries}"
        for request in self.requests:
            if request.outcome is Outcome.DONE:
                said = request.session
                if said["revision"] not in point.revisions:
                    return f"{request} was told revision {said['revision']}, which never was"
        return None


def _may_be_told_later(request: Request) -> bool:
    """Whether its answer may be of a later revision than the one it made.

    Its commit's reply got lost, others went on from there, and it found its change in place: the
    state of practice stored, or the data that it brought for a certain revision.
    """
    if request.outcome is not Outcome.DONE or request.first.key is not None:
        return False
    body = request.body
    return request.function == "update_progress" and (
        "stored_session" in body or ("revision" in body and "items" not in body)
    )


def _differs(point: Point, said: Json) -> str | None:
    wanted = model.facts(point.content)
    if point.status == COMPLETED:
        wanted |= model.closing_facts(point.content, said["duration_seconds"])
    for name, value in wanted.items():
        if not is_same_json(said[name], value):
            return f"{name} is {said[name]!r}, not {value!r}"
    if point.content.state is not None:
        state = {"stored_session": point.content.state}
        if model.stored_key(said) != model.stored_key(state):
            return "stored_session is another state"
    if said["status"] != point.status:
        return f"it is {said['status']}, not {point.status}"
    return None


def _changed_nothing(point: Point, request: Request) -> bool:
    """Whether a request may have been answered with this revision though another one made it."""
    body, content = request.body, point.content
    if request.function == "start_session":
        return bool(request.reply["resumed"])
    state = body.get("stored_session")
    if state and (content.state is None or state["seq"] > content.state["seq"]):
        return False
    if request.function == "complete_session":
        said = model.closing_facts(content, request.session["duration_seconds"])
        return (
            point.status == COMPLETED
            and is_same_json(model.closed(content, body).data, content.data)
            and all(body.get(name, value) == value for name, value in said.items())
        )
    if state:
        return True
    change = body.get("session_data", {})
    return (
        "items" not in body
        and body.get("revision", point.revision) != point.revision
        and is_same_json({**content.data, **change}, content.data)
    )


def about(session_id: str, requests: list[Request]) -> list[Request]:
    """The requests about a session, and those that may have started it."""
    return [
        request
        for request in requests
        if session_id_of(request) == session_id
        or (request.function == "start_session" and request.outcome is Outcome.OPEN)
    ]
