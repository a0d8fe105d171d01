"""daily_pack: what is due on a local day and a little that is new, made once a day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import pytest

from bench.meter import Meter, start_meter
from local.api import User
from local.emulator import Emulator
from shared.domain.practice.question_bank import skill_id
from shared.domain.students.skills import Skill, SkillSource
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, skill_path
from shared.ports.packs import MAX_READS
from tests.conftest import NewUser
from tests.integration.functions.conftest import Sweep, created
from tests.integration.functions.packs import (
    Json,
    assigned,
    call,
    deck,
    done,
    exercise,
    pack_of,
    pending,
    practised,
    right,
    world_at,
    wrong,
)
from tests.support.answers import invalid, ok
from tests.support.at_once import at_once
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import TEACHER, World

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def world(client: Client) -> World:
    return world_at(client, MORNING)


def test_a_first_pack_is_of_new_questions_each_of_another_skill(
    world: World, student: User
) -> None:
    template_id = assigned(world, student, "scales", "chords", "keys", subject="Music")

    reply = pack_of(world, student, timezone="Europe/Berlin")

    assert reply["_status"] == 201
    pack = reply["pack"]
    assert pack["review_items"] == []
    assert [item["skill"] for item in pack["new_items"]] == ["scales", "chords", "keys"]
    assert {item["template_id"] for item in pack["new_items"]} == {template_id}
    assert pack["new_items"][0]["node_id"] == "scales-0"
    assert pack["new_items"][0]["question"]["prompt"] == "scales: write 10"
    assert "'answer':" not in str(reply)
    assert (pack["pack_id"], pack["local_date"]) == ("daily_2026-03-02", "2026-03-02")
    assert (pack["status"], pack["due_total"], pack["deferred"]) == ("active", 0, 0)
    assert (pack["timezone"], pack["subject"]) == ("Europe/Berlin", "Music")
    session = student.read(f"practice_sessions/{pack['session_id']}")
    assert (session["mode"], session["origin"]) == ("daily", "self_practice")
    assert (session["items_count"], session["items_completed"]) == (3, 0)
    concept = reply["stored_session"]["blocks"][0]["concept"]
    assert (concept["title"], concept["explanation"]) == ("scales", "scales: About scales")


def test_it_ends_after_its_last_question_and_pays_verified_xp(world: World, student: User) -> None:
    assigned(world, student, "scales", "chords", "keys")
    reply = pack_of(world, student)

    completed = done(world, student, reply)

    summary = completed["summary"]
    assert (summary["questions_correct"], summary["total_questions"]) == (3, 3)
    assert (summary["items_completed"], summary["items_count"]) == (3, 3)
    assert summary["xp"]["items"] == summary["xp"]["verified"] == 30
    assert summary["xp"]["session_bonus"] == 20
    pack = student.read(f"students/{student.uid}/packs/daily_2026-03-02")
    assert pack["status"] == "completed"
    again = pack_of(world, student)
    assert (again["resumed"], again["stored_session"]) == (True, None)
    assert again["pack"]["status"] == "completed"


def test_nothing_is_left_to_present_at_the_end(world: World, student: User) -> None:
    assigned(world, student, "scales")
    stored = practised(world, student, pack_of(world, student)["stored_session"])
    turn = {"session_context": {"stored_session": stored}}

    for given in ({}, {"input": {"type": "hint"}}):
        reply = call(world, "practice_turn", student, {**turn, **given})
        assert reply["messages"] == []
        assert reply["session_context"]["stored_session"]["current"]["awaiting"] is None


def test_a_pack_is_resumed_on_its_day(world: World, student: User) -> None:
    assigned(world, student, "scales", "chords")
    first = pack_of(world, student)
    question = pending(first["stored_session"])
    given = {"type": "answer", "question_id": question["question_id"], "answer": right(question)}
    context = {"stored_session": first["stored_session"]}
    turn = call(world, "practice_turn", student, {"session_context": context, "input": given})[
        "session_context"
    ]
    session_id = first["pack"]["session_id"]
    call(world, "update_progress", student, {"session_id": session_id, **turn})
    world.now += timedelta(hours=20)  # 03:00 the next day, by the world on the wall

    again = pack_of(world, student)

    assert (again["_status"], again["resumed"]) == (200, True)
    assert {**again["pack"]} == first["pack"]
    assert again["stored_session"]["progress"]["questions_answered"] == 1
    world.now += timedelta(hours=1)
    assert pack_of(world, student)["pack"]["pack_id"] == "daily_2026-03-03"


def test_what_is_due_comes_first_and_the_least_known_of_it(world: World, student: User) -> None:
    assigned(world, student, "scales", "chords", "keys", "modes")
    first = pack_of(world, student, limits={"new": 3})
    done(world, student, first, lambda q: wrong(q) if "keys" in q["prompt"] else right(q))
    world.now = MORNING + timedelta(days=4)

    pack = pack_of(world, student)["pack"]

    reviews = pack["review_items"]
    assert {item["skill"] for item in reviews} == {"scales", "chords", "keys"}
    assert reviews[0]["skill"] == "keys"
    risks = [item["retrievability"] for item in reviews]
    assert risks == sorted(risks)
    assert all(0 < risk < 1 for risk in risks)
    assert all(item["due_at"] < "2026-03-07" for item in reviews)
    # Each review asks what was not asked before.
    assert {item["node_id"][-1] for item in reviews} == {"1"}
    assert [item["skill"] for item in pack["new_items"]] == ["modes"]
    assert (pack["due_total"], pack["deferred"]) == (3, 0)


def test_reviews_that_fill_the_cap_leave_no_room_for_new_ones_and_more_draws_the_rest(
    world: World, student: User
) -> None:
    assigned(world, student, *(f"skill{n}" for n in range(6)))
    done(world, student, pack_of(world, student, limits={"new": 5}), wrong)
    world.now = MORNING + timedelta(days=2)

    first = pack_of(world, student, limits={"review": 3, "new": 5})
    assert (len(first["pack"]["review_items"]), first["pack"]["new_items"]) == (3, [])
    assert (first["pack"]["due_total"], first["pack"]["deferred"]) == (5, 2)
    # It is resumed while it lasts, whatever is asked for.
    again = pack_of(world, student, more=True, limits={"review": 1})
    assert (again["resumed"], again["pack"]) == (True, first["pack"])
    paid = done(world, student, first)["summary"]["xp"]["session_bonus"]

    more = pack_of(world, student, more=True)
    assert (more["_status"], more["pack"]["portion"]) == (201, 2)
    assert more["pack"]["pack_id"] == first["pack"]["pack_id"]
    assert len(more["pack"]["review_items"]) == 2
    # Then what is not mastered yet, with questions that were never asked.
    assert [item["skill"] for item in more["pack"]["new_items"]][:1] == ["skill5"]
    paid_later = done(world, student, more)["summary"]["xp"]["session_bonus"]
    assert (paid, paid_later) == (20, 0)


def test_a_student_with_nothing_gets_an_empty_pack_and_nothing_is_stored(
    world: World, student: User
) -> None:
    reply = pack_of(world, student)

    assert reply["_status"] == 200
    assert (reply["pack"]["status"], reply["pack"]["session_id"]) == ("empty", None)
    assert reply["stored_session"] is None
    assert student.get(f"students/{student.uid}/packs/daily_2026-03-02").status_code == 404
    assert not pack_of(world, student, more=True)["resumed"]


def test_a_subject_takes_its_templates_alone(world: World, student: User) -> None:
    assigned(world, student, "scales", subject="Music")
    assigned(world, student, "sums", subject="Mathematics")

    pack = pack_of(world, student, subject="Music")["pack"]

    assert [item["skill"] for item in pack["new_items"]] == ["scales"]


def test_questions_of_two_templates_may_have_one_id(world: World, student: User) -> None:
    ids = [assigned(world, student, skill, subject="Music") for skill in ("scales", "chords")]
    renamed = exercise("modes")
    renamed["questions"][0]["question_id"] = "scales-0"
    data = {"sections": [{"name": "All", "exercises": [renamed]}]}
    body = {"name": "Third", "template_data": data, "student_ids": [student.uid]}
    ids.append(call(world, "create_template", TEACHER, body)["template"]["template_id"])

    reply = pack_of(world, student)
    summary = done(world, student, reply)["summary"]

    items = reply["pack"]["new_items"]
    assert sorted(item["template_id"] for item in items) == sorted(ids)
    assert len({item["item_id"] for item in items}) == 3
    assert summary["questions_correct"] == 3
    for item in items:
        skill = student.read(f"students/{student.uid}/skills/{item['skill_id']}")
        (source,) = skill["sources"]
        assert (source["template_id"], source["node_ids"]) == (
            item["template_id"],
            [item["node_id"]],
        )


def test_a_template_that_is_gone_keeps_nothing_else_from_the_student(
    world: World, student: User
) -> None:
    gone = assigned(world, student, "scales")
    assigned(world, student, "chords")
    done(world, student, pack_of(world, student))
    call(world, "delete_template", TEACHER, {"template_id": gone})
    world.now = MORNING + timedelta(days=30)

    pack = pack_of(world, student)["pack"]

    assert [item["skill"] for item in pack["review_items"]] == ["chords"]
    assert (pack["due_total"], pack["deferred"]) == (1, 0)


def test_blocks_of_a_template_are_passed_through_and_ticked(world: World, student: User) -> None:
    dialog = {"title": "At the market", "lines": [{"who": "A", "says": "Hi"}]}
    assigned(world, student, "words", data={"blocks": {"dialog": dialog}})

    reply = pack_of(world, student)
    session_id = reply["pack"]["session_id"]
    assert reply["pack"]["blocks"] == {"dialog": dialog, "pronunciation_drill": None}
    tick = {"session_id": session_id, "items": [{"node_id": "dialog"}]}
    call(world, "update_progress", student, tick)
    summary = done(world, student, pack_of(world, student))["summary"]

    assert (summary["items_completed"], summary["items_count"]) == (2, 2)
    assert (summary["questions_correct"], summary["total_questions"]) == (1, 1)
    assert summary["xp"]["items"] == 12
    assert summary["xp"]["verified"] == 10


def test_asking_ten_times_at_once_makes_one_session(student: User, teacher: User) -> None:
    created(teacher, **deck("scales", "chords"), student_ids=[student.uid])

    replies = at_once([lambda: student.call("daily_pack", {})] * 10)

    assert sorted(reply.status_code for reply in replies) == [200] * 9 + [201]
    assert len({reply.json()["pack"]["session_id"] for reply in replies}) == 1
    assert len({reply.json()["stored_session"]["seal"] for reply in replies}) == 1
    structured = {
        "from": [{"collectionId": "practice_sessions"}],
        "where": {
            "fieldFilter": {
                "field": {"fieldPath": "student_id"},
                "op": "EQUAL",
                "value": {"stringValue": student.uid},
            }
        },
    }
    assert len(student.query(structured).json()) == 1


def test_the_same_idempotency_key_gives_the_same_reply(student: User, teacher: User) -> None:
    created(teacher, **deck("scales"), student_ids=[student.uid])
    headers = {"Idempotency-Key": "one"}

    first = student.call("daily_pack", {}, headers=headers)
    second = student.call("daily_pack", {}, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"limits": {"review": 21}}, "limits.review"),
        ({"limits": {"new": -1}}, "limits.new"),
        ({"limits": {"reviews": 3}}, "limits.reviews"),
        ({"day_begins": "13:00"}, "day_begins"),
        ({"more": "yes"}, "more"),
        ({"subject": ""}, "subject"),
        ({"day": "2026-03-02"}, "day"),
    ],
)
def test_a_wrong_field_is_named(student: User, body: Json, path: str) -> None:
    assert invalid(student.call("daily_pack", body)) == [path]


def test_another_students_pack_cannot_be_read(student: User, teacher: User, user: NewUser) -> None:
    created(teacher, **deck("scales"), student_ids=[student.uid])
    pack = ok(student.call("daily_pack", {}), 201)["pack"]
    path = f"students/{student.uid}/packs/{pack['pack_id']}"

    assert student.read(path)["session_id"] == pack["session_id"]
    assert user("student").get(path).status_code == 403
    assert teacher.get(path).status_code == 403


def test_a_question_of_the_pack_is_not_reported_by_the_client(student: User, teacher: User) -> None:
    created(teacher, **deck("scales"), student_ids=[student.uid])
    pack = ok(student.call("daily_pack", {}), 201)["pack"]
    item = {"node_id": pack["new_items"][0]["item_id"], "correct": True}

    reply = student.call("update_progress", {"session_id": pack["session_id"], "items": [item]})

    assert invalid(reply) == ["items.0"]


def test_a_discarded_pack_stays_so_and_more_goes_on(student: User, teacher: User) -> None:
    created(teacher, **deck("scales", "chords"), student_ids=[student.uid])
    pack = ok(student.call("daily_pack", {}), 201)["pack"]
    ok(student.call("complete_session", {"session_id": pack["session_id"], "discard": True}))

    again = ok(student.call("daily_pack", {}))
    assert (again["pack"]["status"], again["stored_session"]) == ("abandoned", None)
    more = ok(student.call("daily_pack", {"more": True}), 201)
    assert more["pack"]["portion"] == 2
    assert len(more["pack"]["new_items"]) == 2


def test_a_pack_that_is_left_is_swept_with_what_was_stored(
    world: World, student: User, sweep: Sweep
) -> None:
    assigned(world, student, "scales", "chords")
    world.now = MORNING - timedelta(days=800)
    reply = pack_of(world, student)
    ok(sweep())

    session = student.read(f"practice_sessions/{reply['pack']['session_id']}")
    assert (session["status"], session["end_reason"]) == ("abandoned", "stale")
    assert (
        student.read(f"students/{student.uid}/packs/{reply['pack']['pack_id']}")["status"]
        == "abandoned"
    )
    state = f"practice_sessions/{reply['pack']['session_id']}/state/current"
    assert student.get(state).status_code == 404


def test_a_day_begins_at_a_time_of_the_students_choice(world: World, student: User) -> None:
    assigned(world, student, "scales")
    world.now = MORNING.replace(hour=5)

    early = pack_of(world, student, day_begins="06:00")

    assert early["pack"]["local_date"] == "2026-03-01"
    stored = student.read(f"students/{student.uid}")
    assert (stored["day_begins"], stored["timezone"]) == ("06:00", "UTC")
    # It is kept, and changes once in 24 hours.
    assert pack_of(world, student)["pack"] == early["pack"]
    assert pack_of(world, student, day_begins="00:00")["pack"] == early["pack"]
    completed = done(world, student, early)
    assert completed["session"]["day_begins"] == "06:00"
    assert student.read(f"students/{student.uid}")["streak"]["last_local_date"] == "2026-03-01"
    world.now = MORNING.replace(day=3, hour=5, minute=30)
    assert pack_of(world, student, day_begins="00:00")["pack"]["local_date"] == "2026-03-03"


def test_streak_and_pack_count_the_same_days(world: World, student: User) -> None:
    """Practice after midnight is that of the evening, in the zone that counts."""
    assigned(world, student, "scales", "chords")
    world.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 00:30 in Berlin

    reply = pack_of(world, student, timezone="Europe/Berlin")
    done(world, student, reply)

    assert reply["pack"]["local_date"] == "2026-03-02"
    stored = student.read(f"students/{student.uid}")
    assert stored["streak"]["last_local_date"] == "2026-03-02"
    assert stored["timezone"] == "Europe/Berlin"


LIMIT_CASES = {
    "sixty due skills of as many templates": (60, 1),
    "more than sixty due skills, several of a template": (20, 4),
    "nothing due, and templates enough": (30, 0),
}


@pytest.fixture(scope="module")
def meter(emulator: Emulator) -> Iterator[Meter]:
    with start_meter(emulator) as running:
        yield running


@pytest.fixture
def metered(world: World, meter: Meter, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same world, whose documents are counted."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", meter.host)
    client = Client(project=world.client.project)
    made = World(client, FaultyChannel(), id_prefix=token_hex(6))
    made.now = MORNING
    yield made
    client.close()


def assign_many(world: World, student: User, *, templates: int, due: int) -> None:
    """Assigns private templates, each with so many skills that are due, or with one that is new."""
    for n in range(templates):
        names = [f"skill {n} {m}" for m in range(max(due, 1))]
        template_id = assigned(world, student, *names)
        for name in names if due else ():
            skill = Skill(
                skill_id=skill_id(name),
                name=name,
                attempts=1,
                p_half=0.4,
                p_known=0.4,
                due_at=MORNING - timedelta(days=n + 1),
                sources=[SkillSource(template_id=template_id, node_ids=[f"{name}-0"])],
            )
            world.client.document(skill_path(student.uid, skill.skill_id)).set(fields_of(skill))


@pytest.mark.parametrize(("templates", "due"), LIMIT_CASES.values(), ids=LIMIT_CASES.keys())
def test_a_pack_reads_seventy_documents_at_most(
    templates: int, due: int, metered: World, meter: Meter, student: User
) -> None:
    """Each template takes two documents to read it: it is private, and assigned."""
    assign_many(metered, student, templates=templates, due=due)

    meter.reset()
    reply = pack_of(metered, student)
    first = meter.reset()
    again = pack_of(metered, student)
    second = meter.reset()

    assert reply["_status"] == 201
    assert 10 <= first.reads <= MAX_READS == 70
    assert bool(reply["pack"]["review_items"]) == bool(due)
    # The pack, its session, the state and, in a first pack, nothing of the student.
    assert first.writes == 3
    assert again["resumed"]
    assert (second.reads, second.writes) == (4, 0)


@pytest.mark.parametrize(
    ("blocks", "path"), [({"dialogue": {}}, "dialogue"), ({"dialog": "Hello"}, "dialog")]
)
def test_a_template_with_wrong_blocks_is_refused(teacher: User, blocks: Json, path: str) -> None:
    reply = teacher.call("create_template", deck("words", data={"blocks": blocks}))
    assert invalid(reply) == [f"template_data.blocks.{path}"]


TRAIN = {"stem_id": "s1", "text": "A train leaves at ten."}


def a_stemmed_exercise(skill: str) -> Json:
    """Three steps of one stem."""
    found = exercise(skill, questions=3)
    steps = [{**question, "stem": "s1"} for question in found["questions"]]
    return {**found, "stems": [TRAIN], "questions": steps}


def test_new_steps_are_asked_together_and_one_that_is_due_with_its_stem(
    world: World, student: User
) -> None:
    """Two templates have stems with the same id."""
    for skill in ("trains", "ships"):
        content = {"sections": [{"name": "All", "exercises": [a_stemmed_exercise(skill)]}]}
        assigned(world, student, data=content)

    first = pack_of(world, student)

    items = first["pack"]["new_items"]
    by_skill = [item["skill"] for item in items]
    assert sorted(by_skill) == ["ships"] * 3 + ["trains"] * 3
    assert [item["node_id"][-1] for item in items] == ["0", "1", "2"] * 2
    assert {item["stem"]["text"] for item in items} == {TRAIN["text"]}
    ids = {item["skill"]: item["stem"]["stem_id"] for item in items}
    assert len(set(ids.values())) == 2
    assert all(item["question"]["stem"] == ids[item["skill"]] for item in items)
    turn = call(
        world,
        "practice_turn",
        student,
        {"session_context": {"stored_session": first["stored_session"]}},
    )
    (question,) = [
        called["args"]
        for message in turn["messages"]
        for called in message.get("tool_calls", [])
        if called["name"] == "question_presentation"
    ]
    assert question["stem"]["text"] == TRAIN["text"]
    done(world, student, first)
    session_id = first["pack"]["session_id"]
    logged = student.read(f"practice_sessions/{session_id}/items/attempt-000000")
    assert logged["stem"] == {"text": TRAIN["text"], "image": None}
    world.now = MORNING + timedelta(days=5)

    reviews = pack_of(world, student)["pack"]["review_items"]

    assert sorted(item["skill"] for item in reviews) == ["ships", "trains"]
    assert {item["stem"]["text"] for item in reviews} == {TRAIN["text"]}
