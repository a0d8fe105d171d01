"""Storing of infinite practice: its cost, and that it is credited once under every fault."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.common.errors import (
    ContextForked,
    Refusal,
    SessionNotActive,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.json_object import stored_size_bytes
from shared.domain.practice.source import MAX_SKILLS
from shared.domain.practice.state import trim_log
from shared.domain.sessions.document_size import MAX_DOCUMENT_BYTES
from shared.domain.sessions.session import Mode
from shared.firestore.documents import LOCKS, SESSIONS, session_path, state_path
from shared.firestore.locks import LockScope
from shared.ports.calls import StoredReply
from testkit.faults.plans import COMMIT, READ
from tests.support.firestore.faulty_channel import FaultyChannel, Rpc
from tests.support.firestore.practice import (
    ANSWERED,
    CORRECT,
    PAID,
    QUESTIONS,
    begin,
    form,
    practised,
    started,
    template,
)
from tests.support.firestore.scenes import get
from tests.support.firestore.world import SCHEDULER, STUDENT, TEACHER, World, answer
from tests.support.tutor.playing import Player, right, wrong


def _refused_then_lost(channel: FaultyChannel) -> None:
    channel.refuse(COMMIT)
    channel.lose(COMMIT)


FAULTS: dict[str, Callable[[FaultyChannel], None]] = {
    "lost": lambda channel: channel.lose(COMMIT),
    "refused": lambda channel: channel.refuse(COMMIT),
    "refused, then lost": _refused_then_lost,
}


def send(world: World, function: str, player: Player, **fields: Any) -> StoredReply:
    stored = form(world, player.practice)
    if function != "start_session":
        fields["session_id"] = player.practice.session_id
    return world.call(function, {"stored_session": stored, **fields})


def skills(world: World) -> list[dict[str, Any]]:
    return [d for path, d in world.documents().items() if "/skills/" in path]


def items(world: World) -> list[str]:
    return sorted(world.ids("items"))


def entries(count: int, *, since: int = 0) -> list[str]:
    return [f"attempt-{index:06d}" for index in range(since, count)]


def test_a_new_session_is_stored_with_one_read_and_one_commit(world: World) -> None:
    player = begin(world, template(world))
    world.channel.calls.clear()

    send(world, "start_session", player, timezone="UTC")

    # Template, assignment, both locks, student, session, state and skill; then session, state and
    # lock.
    assert world.channel.calls == [get(8), Rpc(COMMIT, 3)]


def test_the_state_is_stored_in_a_document_of_its_own(world: World) -> None:
    player = begin(world, template(world))
    stored = [answer(send(world, "start_session", player, timezone="UTC"))]
    stored.append(answer(send(world, "update_progress", practised(player))))
    note = {"session_id": "practice", "session_data": {"notes": "slowly"}}
    stored.append(answer(world.call("update_progress", note)))

    assert "stored_session" not in world.session("practice")
    state = world.read(state_path("practice"))
    assert state == {"schema_version": 1, "stored_session": stored[1]["session"]["stored_session"]}
    assert [reply["session"]["stored_session"]["seq"] for reply in stored] == [1, 7, 7]
    resumed = answer(send(world, "start_session", player))
    assert resumed["session"]["stored_session"] == state["stored_session"]


def test_the_state_is_deleted_in_the_commit_that_discards_its_session(world: World) -> None:
    started(world, begin(world, template(world)))
    assert world.ids("state") == ["current"]

    answer(world.call("complete_session", {"session_id": "practice", "discard": True}))

    assert world.session("practice")["status"] == "abandoned"
    assert world.ids("state") == []


def test_the_state_is_deleted_in_the_commit_that_ends_its_session(world: World) -> None:
    player = begin(world, template(world))
    started(world, player)

    session = answer(send(world, "complete_session", practised(player)))["session"]

    assert session["stored_session"] is None
    assert world.session("practice")["stored"]["seq"] == 7
    assert world.ids("state") == []


def document_bytes(world: World, path: str) -> int:
    """Size of a document with its name, as Firestore counts it."""
    name = 16 + sum(len(segment.encode()) + 1 for segment in path.split("/"))
    return name + stored_size_bytes(world.read(path))


def test_the_document_of_a_session_stays_below_4_kb_however_long_practice_lasts(
    world: World,
) -> None:
    exercises = [
        {
            "name": f"Exercise {n}",
            "skill": f"Skill {n}, with a name of forty letters",
            "questions": [{**QUESTIONS[0], "question_id": f"question-{n}"}],
        }
        for n in range(MAX_SKILLS)
    ]
    source = template(world, template_data={"sections": [{"name": "All", "exercises": exercises}]})
    player = begin(world, source)
    started(world, player)
    for _ in range(8):
        for _ in range(50):
            player.answer(right(player.pending))
        send(world, "update_progress", player)

    session = world.session("practice")
    assert session["total_questions"] == 400
    skills = {exercise["skill"] for exercise in exercises}
    assert {skill["name"] for skill in session["mastery"]} == skills
    assert document_bytes(world, session_path("practice")) <= MAX_DOCUMENT_BYTES
    assert document_bytes(world, state_path("practice")) > MAX_DOCUMENT_BYTES


@pytest.mark.parametrize("letter", "aéก😀")
def test_the_document_of_a_session_stays_below_4_kb_on_the_longest_texts_of_any_script(
    world: World, letter: str
) -> None:
    label = letter * 120
    names = {f"{n:02}{letter * 198}" for n in range(MAX_SKILLS)}
    exercises = [
        {"name": name, "questions": [{**QUESTIONS[0], "question_id": f"question-{name[:2]}"}]}
        for name in sorted(names)
    ]
    source = template(
        world,
        **dict.fromkeys(("name", "subject", "topic", "grade_level"), label),
        description=letter * 2_000,
        root_id="r" * 128,
        template_data={"sections": [{"name": "All", "exercises": exercises}]},
    )
    player = begin(world, source)
    path = session_path(started(world, player))
    sizes = [document_bytes(world, path)]
    while not all(skill.attempts for skill in player.practice.skills):
        player.answer(right(player.pending))
    send(world, "update_progress", player)
    sizes.append(document_bytes(world, path))
    ended = answer(send(world, "complete_session", player))["session"]
    sizes.append(document_bytes(world, path))

    assert max(sizes) <= MAX_DOCUMENT_BYTES
    assert ended["subject"] == label
    assert ended["name"] == ended["template_name"]
    texts = [ended["name"], ended["topic"], ended["grade_level"]]
    assert all(text.endswith("…") and label.startswith(text[:-1]) for text in texts)
    assert len(ended["mastery"]) == MAX_SKILLS
    assert {skill["name"] for skill in skills(world)} == names
    assert answer(world.call("complete_session", {"session_id": "practice"}))["session"] == ended


@pytest.mark.parametrize("function", ["start_session", "update_progress"])
def test_a_state_that_is_already_stored_costs_one_read(world: World, function: str) -> None:
    player = begin(world, template(world))
    started(world, player)
    world.channel.calls.clear()

    reply = send(world, function, player)

    assert reply.status == 200
    assert COMMIT not in world.channel.methods


def test_a_repeated_completion_costs_a_read_and_credits_nothing(world: World) -> None:
    player = begin(world, template(world))
    started(world, player)
    practised(player)
    first = send(world, "complete_session", player)
    stored = world.documents()
    world.channel.calls.clear()

    assert answer(send(world, "complete_session", player)) == answer(first)
    assert world.channel.methods == [READ]
    assert world.documents() == stored


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("key", [None, "a-key"])
def test_xp_items_and_skills_are_credited_once(world: World, fault: str, key: str | None) -> None:
    """Each call of the session meets the fault."""
    player = begin(world, template(world))
    bodies = [("start_session", {"timezone": "UTC"}), ("update_progress", {})]
    for function, fields in [*bodies, ("complete_session", {})]:
        if function != "start_session":
            fields["session_id"] = "practice"
        FAULTS[fault](world.channel)
        stored = form(world, player.practice)
        reply = world.call(function, {"stored_session": stored, **fields}, key=key)
        assert reply.status == (201 if function == "start_session" else 200)
        if function != "complete_session":
            practised(player)

    stored = world.session("practice")
    answers = 2 * ANSWERED
    assert items(world) == entries(answers)
    assert (stored["total_questions"], stored["revision"]) == (answers, 4)
    assert [skill["attempts"] for skill in skills(world)] == [answers]
    student = world.student()
    assert student["xp_total"] == stored["xp"]["total"]
    assert stored["xp"]["session_bonus"] == 20
    assert student["totals"]["assigned"]["questions_correct"] == stored["questions_correct"]
    assert student["totals"]["assigned"]["sessions"] == 1
    assert student["streak"]["current"] == 1
    assert world.ids(LOCKS) == []


def test_each_question_is_credited_once(world: World) -> None:
    player = begin(world, template(world))
    started(world, player)
    summary = answer(send(world, "complete_session", practised(player)))["summary"]
    assert (summary["total_questions"], summary["questions_correct"]) == (ANSWERED, CORRECT)
    assert summary["xp"]["items"] == PAID


def test_a_note_stored_beside_practice_does_not_reduce_xp(world: World) -> None:
    player = practised(begin(world, template(world)))
    session_id = started(world, player)

    note = {"session_id": session_id, "session_data": {"notes": "slowly"}}
    assert world.call("update_progress", note).status == 200

    summary = answer(world.call("complete_session", {"session_id": session_id}))["summary"]
    assert (summary["xp"]["items"], summary["questions_correct"]) == (PAID, CORRECT)


def test_exercises_ticked_beside_practice_pay_nothing(world: World) -> None:
    player = practised(begin(world, template(world)))
    session_id = started(world, player)
    ticked = [{"name": f"e{n}", "completed": True} for n in range(600)]
    data = {"sections": [{"name": "All", "exercises": ticked}]}
    world.call("update_progress", {"session_id": session_id, "session_data": data})

    summary = answer(world.call("complete_session", {"session_id": session_id}))["summary"]

    assert (summary["xp"]["items"], summary["xp"]["verified"]) == (PAID, PAID)
    totals = world.student()["totals"]["assigned"]
    assert world.student()["xp_verified"] == totals["xp_verified"] == PAID
    assert totals["xp"] == summary["xp"]["total"]


@pytest.mark.parametrize(("days_later", "paid"), [(0, 10), (400, 40)])
def test_questions_of_an_earlier_session_pay_a_quarter_unless_they_are_due(
    world: World, days_later: int, paid: int
) -> None:
    # As many questions as are answered, so that every session asks the same ones.
    exercises = [{"name": "Addition", "questions": QUESTIONS[:4]}]
    source = template(world, template_data={"sections": [{"name": "All", "exercises": exercises}]})
    verified = []
    for session_id, days in (("practice", 0), ("practice-2", days_later)):
        player = begin(world, source, session_id=session_id)
        player.turns = days * 24 * 60
        started(world, player)
        for _ in range(4):
            player.answer(right(player.pending))
        body = {"session_id": session_id, "stored_session": form(world, player.practice)}
        summary = answer(world.call("complete_session", body))["summary"]
        verified.append(summary["xp"]["verified"])

    assert verified == [40, paid]


def test_an_update_overtaken_by_a_later_state_is_answered_with_the_later_state(
    world: World,
) -> None:
    player = begin(world, template(world))
    started(world, player)
    player.answer(right(player.pending))
    early = form(world, player.practice)
    practised(player)
    world.channel.lose(COMMIT)
    world.channel.before(READ, lambda: None, lambda: send(world, "update_progress", player))

    reply = world.call("update_progress", {"session_id": "practice", "stored_session": early})

    assert reply.status == 200
    assert items(world) == entries(1 + ANSWERED)
    assert [skill["attempts"] for skill in skills(world)] == [1 + ANSWERED]
    assert world.session("practice")["total_questions"] == 1 + ANSWERED


def test_one_of_two_concurrent_branches_is_stored_and_the_other_refused(world: World) -> None:
    phone = begin(world, template(world))
    started(world, phone)
    tablet = Player(phone.practice)
    phone.answer(right(phone.pending))
    tablet.answer(wrong(tablet.pending))
    # The phone commits between the tablet's read and its commit.
    world.channel.before(COMMIT, lambda: send(world, "update_progress", phone))

    with pytest.raises(ContextForked):
        send(world, "update_progress", tablet)

    assert items(world) == entries(1)
    assert world.session("practice")["questions_correct"] == 1
    assert [skill["attempts"] for skill in skills(world)] == [1]


def test_a_fork_is_refused_by_completion_too_and_the_session_stays_active(world: World) -> None:
    phone = begin(world, template(world))
    started(world, phone)
    tablet = Player(phone.practice)
    phone.answer(right(phone.pending))
    send(world, "update_progress", phone)
    tablet.answer(wrong(tablet.pending))
    stored = world.documents()

    with pytest.raises(ContextForked):
        send(world, "complete_session", tablet)

    assert world.documents() == stored
    assert send(world, "complete_session", phone).status == 200


@pytest.mark.parametrize("function", ["start_session", "update_progress", "complete_session"])
def test_an_ended_session_is_not_reopened_by_a_seal(world: World, function: str) -> None:
    player = begin(world, template(world))
    started(world, player)
    practised(player)
    world.call("complete_session", {"session_id": "practice"})
    stored = world.documents()

    with pytest.raises(SessionNotActive):
        send(world, function, player, **({"notes": "x"} if function == "complete_session" else {}))

    assert world.documents() == stored


def test_cleanup_of_practice_keeps_what_was_stored_and_deletes_the_state(world: World) -> None:
    player = begin(world, template(world))
    started(world, player)
    send(world, "update_progress", practised(player))
    last_stored = world.now
    player.answer(right(player.pending))  # never stored

    swept = world.call("cleanup_stale_sessions", {}, by=SCHEDULER, after=timedelta(days=4))

    assert answer(swept)["abandoned"] == 1
    stored = world.session("practice")
    assert (stored["status"], stored["ended_at"]) == ("abandoned", last_stored)
    assert (stored["items_count"], stored["items_completed"]) == (ANSWERED, ANSWERED)
    assert (stored["total_questions"], stored["questions_correct"]) == (ANSWERED, CORRECT)
    assert world.ids("state") == []
    assert items(world) == entries(ANSWERED)
    assert [skill["attempts"] for skill in skills(world)] == [ANSWERED]
    assert world.ids(LOCKS) == []
    for function in ("start_session", "update_progress", "complete_session"):
        with pytest.raises(SessionNotActive):
            send(world, function, player)


def test_practice_after_cleanup_starts_anew_with_the_students_skills(
    world: World,
) -> None:
    source = template(world)
    started(world, practised(begin(world, source)))
    world.call("cleanup_stale_sessions", {}, by=SCHEDULER, after=timedelta(days=4))

    again = practised(begin(world, source, session_id="practice-2"))

    assert started(world, again) == "practice-2"
    assert [skill["attempts"] for skill in skills(world)] == [2 * ANSWERED]
    lock = world.read(LockScope(STUDENT, source["template_id"], Mode.INFINITE).lock)
    assert lock["session_id"] == "practice-2"


def change(world: World, source: dict[str, Any], **fields: Any) -> None:
    body = {"template_id": source["template_id"], "version": 1, **fields}
    world.call("update_template", body, by=TEACHER)


def _session(world: World, source: dict[str, Any]) -> dict[str, Any]:
    return world.session(started(world, begin(world, source)))


def test_practice_on_a_template_assigned_to_the_student_is_assigned(world: World) -> None:
    session = _session(world, template(world))
    assert (session["origin"], session["teacher_id"]) == ("assigned", TEACHER)
    assert session["template_version"] == 1


def test_practice_begun_before_a_template_change_keeps_its_version(
    world: World,
) -> None:
    source = template(world)
    player = begin(world, source)
    change(world, source, name="More sums")
    session = world.session(started(world, player))
    assert (session["origin"], session["template_version"]) == ("assigned", 1)
    assert session["template_name"] == "Sums"


@pytest.mark.parametrize("changed_again", [False, True])
def test_a_copy_of_an_old_version_begins_self_practice_only(
    world: World, changed_again: bool
) -> None:
    source = template(world)
    change(world, source, name="More sums")
    player = begin(world, source)
    if changed_again:
        change(world, source, version=2, name="Yet more sums")

    session = world.session(started(world, player))

    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)
    assert session["template_version"] == 1


@pytest.mark.parametrize(
    "changes",
    [{"student_ids": [], "visibility": "public"}, {"student_ids": ["x"], "visibility": "public"}],
)
def test_practice_on_a_public_template_that_is_not_assigned_is_self_practice(
    world: World, changes: dict[str, Any]
) -> None:
    session = _session(world, template(world, **changes))
    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)


def test_practice_on_a_template_unassigned_since_is_self_practice(world: World) -> None:
    source = template(world, visibility="public")
    change(world, source, student_ids=[])
    session = _session(world, source)
    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)


def test_practice_on_a_template_assigned_since_is_assigned(world: World) -> None:
    source = template(world, student_ids=[], visibility="public")
    change(world, source, student_ids=[STUDENT])
    assert _session(world, source)["origin"] == "assigned"


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        (lambda w, s: change(w, s, student_ids=[], visibility="private"), TemplateNotFound),
        (
            lambda w, s: w.call("delete_template", {"template_id": s["template_id"]}, by=TEACHER),
            TemplateArchived,
        ),
        (
            lambda w, s: w.client.document(f"session_templates/{s['template_id']}").delete(),
            TemplateNotFound,
        ),
    ],
    ids=["taken back", "archived", "gone"],
)
def test_practice_on_a_template_that_may_no_longer_be_started_is_not_stored(
    world: World, meanwhile: Callable[[World, dict[str, Any]], object], refusal: type[Refusal]
) -> None:
    source = template(world)
    player = begin(world, source)
    meanwhile(world, source)

    with pytest.raises(refusal):
        started(world, player)

    assert world.ids(SESSIONS) == world.ids(LOCKS) == []


def test_a_running_session_continues_after_its_template_is_archived(world: World) -> None:
    source = template(world)
    player = begin(world, source)
    started(world, player)
    world.call("delete_template", {"template_id": source["template_id"]}, by=TEACHER)

    send(world, "update_progress", practised(player))

    assert answer(send(world, "complete_session", player))["session"]["origin"] == "assigned"


def test_a_teachers_practice_on_an_own_template_is_self_practice(world: World) -> None:
    source = template(world)
    player = begin(world, source, by=TEACHER)
    body = {"stored_session": form(world, player.practice), "timezone": "UTC"}
    session = answer(world.call("start_session", body, by=TEACHER))["session"]
    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)


def test_a_session_without_a_seal_is_bound_to_no_template(world: World) -> None:
    """This holds for every id that the client writes beside it."""
    sections = [{"name": "All", "exercises": [{"name": "Addition"}]}]
    source = {**template(world), "seal": None, "template_data": {"sections": sections}}
    session = _session(world, source)
    assert (session["origin"], session["template_id"]) == ("self_practice", None)
    assert world.ids(LOCKS) == []


def test_trimmed_and_untrimmed_states_are_stored_alike(world: World) -> None:
    player = practised(begin(world, template(world)))
    started(world, player)
    fresh = Player(trim_log(player.practice))
    for one in (player, fresh):
        one.answer(right(one.pending))
    assert player.practice.log != fresh.practice.log

    send(world, "update_progress", fresh)
    stored = world.documents()
    again = send(world, "update_progress", player)

    assert again.status == 200
    assert world.documents() == stored
    assert items(world) == entries(ANSWERED + 1)


def test_different_spellings_of_a_skill_are_one_skill(world: World) -> None:
    exercises = [
        {"name": f"e{n}", "skill": skill, "questions": QUESTIONS[n : n + 1]}
        for n, skill in enumerate(["Adding up", "adding  up", "ADDING UP"])
    ]
    source = template(world, template_data={"sections": [{"name": "All", "exercises": exercises}]})
    player = begin(world, source)
    started(world, player)

    send(world, "complete_session", practised(player))

    (progress,) = world.session("practice")["mastery"]
    assert progress["name"] == "Adding up"
    assert [skill["attempts"] for skill in skills(world)] == [ANSWERED]
