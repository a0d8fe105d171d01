"""A student practises one deck on eight days in two time zones: packs, due dates, streak and XP.

The clock of a server can't be moved, so the functions are called in process, over the emulator.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from local.api import User
from shared.firestore.client import Client
from tests.integration.functions.packs import (
    Json,
    assigned,
    done,
    pack_of,
    right,
    world_at,
    wrong,
)

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
SKILLS = ("scales", "chords", "keys", "modes")
NEVER_RIGHT = "keys"
# Local times; those after midnight are of the day before. The clocks of New York go forward on the
# night to the seventh day, those of Berlin not yet.
SITTINGS = [
    (BERLIN, "2026-03-02T18:00", "2026-03-02"),
    (BERLIN, "2026-03-03T23:50", "2026-03-03"),
    (BERLIN, "2026-03-05T01:30", "2026-03-04"),
    (BERLIN, "2026-03-05T20:00", "2026-03-05"),
    (NEW_YORK, "2026-03-06T17:00", "2026-03-06"),
    (NEW_YORK, "2026-03-07T16:00", "2026-03-07"),
    (NEW_YORK, "2026-03-08T15:00", "2026-03-08"),
    (NEW_YORK, "2026-03-10T03:30", "2026-03-09"),
]


def test_packs_due_dates_streak_and_xp_are_right_each_day(client: Client, student: User) -> None:
    world = world_at(client, datetime(2026, 3, 1, 9, tzinfo=UTC))
    assigned(world, student, *SKILLS, questions=12)
    due: dict[str, datetime] = {}
    xp_total = 0
    asked: set[str] = set()
    for number, (timezone, local, day) in enumerate(SITTINGS, start=1):
        world.now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)

        reply = pack_of(world, student, timezone=timezone)

        pack = reply["pack"]
        assert reply["_status"] == 201
        assert (pack["local_date"], pack["timezone"]) == (day, timezone)
        ends = _begins(date.fromisoformat(day) + timedelta(days=1), timezone)
        expected = {skill for skill, at in due.items() if at < ends}
        assert {item["skill"] for item in pack["review_items"]} == expected
        assert pack["due_total"] == len(expected)
        items = [*pack["review_items"], *pack["new_items"]]
        assert NEVER_RIGHT in {item["skill"] for item in items}
        assert not asked & {item["node_id"] for item in items}
        asked |= {item["node_id"] for item in items}

        summary = done(world, student, reply, _answer)["summary"]

        right_answers = sum(item["skill"] != NEVER_RIGHT for item in items)
        assert summary["questions_correct"] == right_answers
        assert summary["xp"] == {
            "items": 10 * right_answers,
            "session_bonus": 20,
            "streak_bonus": 5 * min(number, 7),
            "total": 10 * right_answers + 20 + 5 * min(number, 7),
            "verified": 10 * right_answers,
        }
        assert (summary["streak_before"], summary["streak_after"]) == (number - 1, number)
        xp_total += summary["xp"]["total"]
        stored = student.read(f"students/{student.uid}")
        assert (stored["xp_total"], stored["streak"]["current"]) == (xp_total, number)
        assert (stored["streak"]["last_local_date"], stored["timezone"]) == (day, timezone)
        for item in items:
            due[item["skill"]] = _due_at(student, item, day, timezone)
        again = pack_of(world, student, timezone=timezone)
        assert (again["resumed"], again["pack"]["status"]) == (True, "completed")
    assert [p["local_date"] for p in _packs(client, student)] == [day for *_, day in SITTINGS]


def _answer(question: Json) -> int:
    return (wrong if NEVER_RIGHT in question["prompt"] else right)(question)


def _due_at(student: User, item: Json, day: str, timezone: str) -> datetime:
    """When the skill is due: as a local day begins, the next one where the answer was wrong."""
    skill = student.read(f"students/{student.uid}/skills/{item['skill_id']}")
    due_at = datetime.fromisoformat(skill["due_at"])
    local = due_at.astimezone(ZoneInfo(timezone))
    assert local.time() == time(4)
    days = (local.date() - date.fromisoformat(day)).days
    assert days == 1 if item["skill"] == NEVER_RIGHT else days > 1
    return due_at


def _begins(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(4), ZoneInfo(timezone)).astimezone(UTC)


def _packs(client: Client, student: User) -> list[Json]:
    packs = client.collection(f"students/{student.uid}/packs").order_by("local_date")
    return [pack.to_dict() or {} for pack in packs.stream()]
