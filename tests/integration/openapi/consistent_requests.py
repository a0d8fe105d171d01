"""Makes generated requests meet the conditions that JSON schema cannot express.

Ids that exist, states that were sealed, a question that is pending, an answer among the choices:
without these, no generated request would get any further than its validation. Everything else in
the request stays as it was generated.
"""

from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Any
from zoneinfo import available_timezones

from shared.domain.common.json_object import MAX_DEPTH
from shared.domain.common.text_normalisation import clean_text
from tests.integration.openapi.world import TEXT_QUESTION, Json, World
from tests.support.rest_format import in_rest
from tests.unit.domain.questions.samples import a_question, key_of, kind_module

SECTION: Json = {"name": "Warm-up", "exercises": [{"name": "Scales"}]}
BY_REST: Json = {
    "name": "projects/p/databases/(default)/documents/session_templates/t",
    "fields": {
        "name": {"stringValue": "Contract"},
        "template_data": {
            "mapValue": {
                "fields": {
                    "sections": {"arrayValue": {"values": [in_rest(SECTION)]}},
                }
            }
        },
    },
}


def unique_key(key: str) -> str:
    """An unused key, as long as the given one if that is long enough."""
    return f"{token_hex(8)}{key}"[: max(len(key), 16)]


def with_consistent_parts(body: Json) -> Json:
    """The request with consistent parts."""
    for name in ("template_data", "session_data"):
        if isinstance(body.get(name), dict):
            body = {**body, name: _shallow(body[name], MAX_DEPTH)}
    if isinstance(body.get("template_data"), dict):
        body = {**body, "template_data": _template_data(body["template_data"])}
    criterion = body.get("mastery_criterion")
    if isinstance(criterion, dict):
        m, n = sorted((criterion["m"], criterion["n"]))
        body = {**body, "mastery_criterion": {**criterion, "m": m, "n": n}}
    if isinstance(body.get("timezone"), str) and body["timezone"] not in available_timezones():
        body = {**body, "timezone": "Europe/Berlin"}
    return body


def with_existing_data(operation_id: str, body: Json, world: World) -> Json:
    """The same request about existing data."""
    return WITH_EXISTING_DATA.get(operation_id, with_existing_ids)(body, world)


def with_linked_data(operation_id: str, body: Json, world: World) -> Json:
    """The same request, with fields that fit the ids and states of an earlier response."""
    if operation_id == "start_session":
        body = _start_assignment(body)
    match operation_id:
        case "update_progress" | "complete_session":
            # It may be at any revision now, and is not a practice session.
            others = {k: v for k, v in body.items() if k not in ("revision", "stored_session")}
            if operation_id == "update_progress" and not others.get("session_data"):
                others["items"] = others.get("items") or [{"node_id": "scales"}]
            return _with_extra_items(others)
        case "start_session" if body.get("stored_session") is not None:
            if "template_id" in body:
                return {"template_id": body["template_id"]}
            # The next request may report items, which infinite practice refuses.
            return {name: value for name, value in body.items() if name != "stored_session"}
        case "practice_turn" if _is_sealed(body["session_context"].get("stored_session")):
            state = world.as_answered(body["session_context"]["stored_session"])
            body = {**body, "session_context": {"stored_session": state}}
            given = body.get("input") or {}
            return {**body, "input": _right(state)} if given.get("type") == "answer" else body
    if operation_id in FROM_LINKS or operation_id not in WITH_EXISTING_DATA:
        return body
    return WITH_EXISTING_DATA[operation_id](body, world)


def with_existing_ids(fields: Json, world: World) -> Json:
    """The fields, with the ids of a new template and a new session in place of theirs."""
    new_ids = {"template_id": world.template, "session_id": world.session}
    return {**fields, **{name: new_id() for name, new_id in new_ids.items() if fields.get(name)}}


def _update_template(body: Json, world: World) -> Json:
    return {**body, "template_id": world.template(), "version": 1}


def _assignment(body: Json, _world: World) -> Json:
    """An assignment with one date, whose policy and feedback go together."""
    body = {name: value for name, value in body.items() if name not in ("opens_at", "closes_at")}
    is_later = body.get("feedback", "immediate") != "immediate"
    if body.get("policy") == "strict" or is_later:
        body = {**body, "mode": "questions", "policy": "strict"}
    if body.get("feedback") == "after_due":
        body = {**body, "due_at": body.get("due_at") or "2026-03-09T17:00:00Z"}
    return body


def _update_assignment(body: Json, world: World) -> Json:
    """One that keeps a date, which it may need."""
    kept = {k: v for k, v in body.items() if k != "due_at" or v is not None}
    return {"title": "Sums", **_assignment(kept, world)}


def _update_class(body: Json, _world: World) -> Json:
    """The owner, who stays, is not known."""
    return {**{k: v for k, v in body.items() if k != "teacher_ids"}, "name": "Guitar"}


def _start_assignment(body: Json) -> Json:
    """A start from an assignment alone, where both of its ids are there."""
    ids = ("class_id", "assignment_id")
    if all(body.get(name) is not None for name in ids):
        return {name: body[name] for name in ids}
    return {name: value for name, value in body.items() if name not in ids}


def _start_session(body: Json, world: World) -> Json:
    body = _start_assignment(body)
    if body.get("stored_session") is not None:
        return {**body, "stored_session": _in_notation_of(body, world.practice())}
    if body.get("template_id") is not None:
        return {**body, "template_id": world.lasting_template()}
    return body


def _update_progress(body: Json, world: World) -> Json:
    if body.get("stored_session") is None:
        session_id = world.session()
        own: Json = _with_extra_items(body)
    else:
        # Practice is graded by its turns, so other calls report no items of it.
        state = world.stored_practice()
        sent = _in_notation_of(body, state)
        session_id, own = state["session_id"], {"stored_session": sent, "items": []}
    revision = {"revision": 1} if body.get("revision") is not None else {}
    return {**body, **own, **revision, "session_id": session_id}


def _with_extra_items(body: Json) -> Json:
    """The request with items that need not name exercises of their session."""
    if not body.get("items"):
        return body
    return {**body, "items": [{**item, "extra": True} for item in body["items"]]}


def _complete_session(body: Json, world: World) -> Json:
    if body.get("stored_session") is None:
        return {**body, "session_id": world.session()}
    state = world.stored_practice()
    sent = _in_notation_of(body, state)
    return {**body, "session_id": state["session_id"], "stored_session": sent}


def _practice_turn(body: Json, world: World) -> Json:
    context, given = body["session_context"], body.get("input")
    answers = isinstance(given, dict) and given.get("type") == "answer"
    if context.get("stored_session") is not None or answers:
        # A session that has not begun has no pending question.
        sent = _in_notation_of(context, world.lasting_practice())
        body = {**body, "session_context": {"stored_session": sent}}
        messages = [_human(message) for message in body.get("messages", [])]
        body = {**body, "messages": messages} if "messages" in body else body
    else:
        body = {**body, "session_context": {**context, **_source(context["source_data"])}}
    if isinstance(given, dict) and answers:
        text = given["answer"]
        fits = isinstance(text, str) and clean_text(text)
        pending = {"question_id": TEXT_QUESTION["question_id"], "answer": text if fits else "G"}
        body = {**body, "input": {**given, **pending}}
    return body


def _in_notation_of(generated: Json, state: Json) -> Json:
    """The state, in Firestore's notation where the generated one is."""
    sent = generated.get("stored_session")
    return in_rest(state) if isinstance(sent, dict) and "mapValue" in sent else state


def _source(source: Json) -> Json:
    if "template_data" not in source:
        return {"source_data": BY_REST}
    consistent = with_consistent_parts({k: v for k, v in source.items() if k != "seal"})
    content = consistent["template_data"]
    if not any(section.get("exercises") for section in content["sections"]):
        # An empty template can't be practised.
        content = {**content, "sections": [*content["sections"], SECTION]}
    return {"source_data": {**consistent, "template_data": content}}


def _human(message: Json) -> Json:
    """A message other than a tool result: only the pending call's result would be valid."""
    by = {name: "human" for name in ("type", "role") if message.get(name) == "tool"}
    return {**message, **by}


def _run(body: Json, world: World) -> Json:
    """The run, its messages in answer to the question that is asked first."""
    run = _practice_turn(body["input"], world)
    if run.get("messages") and run.get("input") is None:
        state = world.lasting_practice()
        messages = [world.asked(state), *map(_said, run["messages"])]
        run = {**run, "session_context": {"stored_session": state}, "messages": messages}
    return {**body, "input": run}


def _agui(body: Json, world: World) -> Json:
    """The run of an agent, with its turn in the state and the native input."""
    state, props = body.get("state") or {}, body.get("forwardedProps") or {}
    turn = {
        "session_context": state.get("session_context") or props.get("session_context"),
        "input": props.get("input"),
        "messages": body.get("messages", []),
    }
    run = _run({"input": turn}, world)["input"]
    messages = [_as_agent(m) if "tool_calls" in m else m for m in run["messages"]]
    return {
        **body,
        "messages": messages,
        "resume": [],
        "state": {**state, "session_context": run["session_context"]},
        "forwardedProps": {**props, "session_context": None, "input": run["input"]},
    }


def _strict_run(body: Json, _world: World) -> Json:
    """The run of a session that is not found, its messages without results of unknown calls."""
    messages = [_human(message) for message in body["input"].get("messages") or []]
    return {**body, "input": {**body["input"], "messages": messages}}


def _strict_agui(body: Json, _world: World) -> Json:
    messages = [_human(message) for message in body.get("messages") or []]
    return {**body, "messages": messages, "resume": []}


def _as_agent(message: Json) -> Json:
    """A message of a run as AG-UI has it."""
    return {"role": "assistant", "toolCalls": [{"id": c["id"]} for c in message["tool_calls"]]}


def _said(message: Json) -> Json:
    """A message whose text, if it has any, is an answer."""
    message = _human(message)
    parts = message.get("content")
    texts = parts if isinstance(parts, list) else [parts]
    texts = [text.get("text") if isinstance(text, dict) else text for text in texts]
    if all(clean_text(text) for text in texts if isinstance(text, str)):
        return message
    return {**message, "content": "G"}


def _is_sealed(state: Any) -> bool:
    return isinstance(state, dict) and str(state.get("seal", "")).startswith("gAAAA")


def _right(state: Json) -> Json:
    """An answer to the pending question of the state, of its kind."""
    question_id = state["current"]["question_id"]
    (question,) = (
        question
        for block in state["blocks"]
        for question in block.get("questions", [])
        if question["question_id"] == question_id
    )
    return {"type": "answer", "question_id": question_id, "answer": _valid_answer(question)}


def _valid_answer(question: Json) -> Any:
    match question["kind"]:
        case "numeric":
            return 7
        case "self_rated":
            return "good"
        case "multiple_choice":
            return question["choices"][0]["id"]
        case "multi_select":
            return [choice["id"] for choice in question["choices"]]
        case "short_answer" | "free_response":
            return "G"
        case kind:  # its question is the sample: see _question
            return key_of(a_question(kind))


# These get their ids from links; a request without one is left to be not found.
FROM_LINKS = ("update_template", "start_session")
WITH_EXISTING_DATA: dict[str, Callable[[Json, World], Json]] = {
    "update_template": _update_template,
    "create_assignment": _assignment,
    "update_assignment": _update_assignment,
    "update_class": _update_class,
    "start_session": _start_session,
    "update_progress": _update_progress,
    "complete_session": _complete_session,
    "practice_turn": _practice_turn,
    "practice_turn_runs_wait": _run,
    "practice_turn_runs_stream": _run,
    "practice_turn_thread_runs_wait": _run,
    "practice_turn_thread_runs_stream": _run,
    "practice_turn_agui": _agui,
    "assignment_turn_runs_wait": _strict_run,
    "assignment_turn_runs_stream": _strict_run,
    "assignment_turn_thread_runs_wait": _strict_run,
    "assignment_turn_thread_runs_stream": _strict_run,
    "assignment_turn_agui": _strict_agui,
}


def _shallow(value: Any, levels: int) -> Any:
    """The value without deeper levels."""
    if isinstance(value, dict):
        return {k: _shallow(v, levels - 1) for k, v in value.items()} if levels else None
    if isinstance(value, list):
        return [_shallow(entry, levels - 1) for entry in value] if levels else None
    return value


def _template_data(content: Json) -> Json:
    """The content with unique ids and answer keys that fit their questions."""
    seen: set[str] = set()
    sections = []
    for section in content.get("sections", []):
        exercises = []
        for exercise in section.get("exercises", []):
            changed = dict(exercise)
            if exercise.get("id") is not None:
                changed["id"] = _unique(exercise["id"], seen)
            if exercise.get("questions"):
                changed["questions"] = [_question(q, seen) for q in exercise["questions"]]
            exercises.append(changed)
        sections.append({**section, "exercises": exercises} if exercises else section)
    return {**content, "sections": sections}


def _question(question: Json, seen: set[str]) -> Json:
    changed = {**question, "question_id": _unique(question["question_id"], seen)}
    for name, keys in (("choices", ("id", "text")), ("rubric", ("criterion_id",))):
        if question.get(name):
            changed[name] = _distinct(question[name], keys)
    if question.get("unit") is not None:
        changed["unit"] = "cm"
    ids = [choice["id"] for choice in changed.get("choices") or []]
    match question["kind"]:
        case "multiple_choice":
            changed["answer"] = ids[0]
        case "multi_select":
            changed["answer"] = ids[: len(question["answer"])]
        case "numeric":
            if isinstance(question["answer"], str):
                changed["answer"] = "12"
        case "short_answer" | "free_response" | "self_rated":
            pass
        case kind:  # its key may have to fit other fields: those of the sample do
            changed |= kind_module(kind).SAMPLE
    return changed


def _distinct(parts: Iterable[Json], keys: Iterable[str]) -> list[Json]:
    seen: dict[str, set[str]] = {key: set() for key in keys}
    return [
        {**part, **{key: _unique(part[key], used) for key, used in seen.items()}} for part in parts
    ]


def _unique(value: str, seen: set[str]) -> str:
    """The value if it is unused, else a different one."""
    alike = " ".join(clean_text(value).split())
    if alike in seen or not alike:
        value = alike = f"{len(seen)}-{token_hex(4)}"
    seen.add(alike)
    return value
