"""Each check can fail: a valid history is falsified, and the expected check must report it."""

import copy
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.chaos.histories.checker import CHECKS, violations
from tests.chaos.histories.record import Exchange, History, Json, Sample, SeenSession, Stored, now

EXPLAINED = "every revision is explained, no answered change is lost"
ONE_ACTIVE = "one active session for each student and template"
LOCKS = "locks name the active sessions"
RISING = "revisions only rise"
ENDED_SESSIONS = "ended sessions do not change"
REPLIES = "replies are successes, justified refusals or 503"
KEYS = "one key has one reply"
RECORDS = "idempotency records match the replies"
XP_AND_TOTALS = "XP and totals are the sums over completions"
STREAKS = "streaks follow the completions"
SKILLS = "skills count every answer once"
STRAYS = "no other documents are stored"


def copied(history: History) -> History:
    return replace(
        history,
        exchanges=list(history.exchanges),
        samples=list(history.samples),
        documents={
            path: replace(stored, fields=copy.deepcopy(stored.fields))
            for path, stored in history.documents.items()
        },
        lock=threading.Lock(),
    )


def sessions(history: History, **wanted: Any) -> Iterator[tuple[str, Stored]]:
    """The sessions with these fields, with their paths."""
    for session_id, stored in sorted(history.documents_in("practice_sessions").items()):
        if all(stored.fields[name] == value for name, value in wanted.items()):
            yield f"practice_sessions/{session_id}", stored


def of_template(history: History, status: str) -> tuple[str, Stored]:
    return next(
        found for found in sessions(history, status=status) if found[1].fields["template_id"]
    )


def items(history: History) -> Iterator[tuple[str, Json]]:
    for path, stored in sorted(history.documents.items()):
        if "/items/" in path:
            yield path, stored.fields


def updates(history: History) -> Iterator[tuple[int, Exchange]]:
    """The answered updates without a key that brought items."""
    for number, exchange in enumerate(history.exchanges):
        if exchange.is_success and exchange.key is None and "items" in exchange.body:
            yield number, exchange


def student(history: History) -> Json:
    """A student with XP."""
    return next(
        stored.fields
        for path, stored in sorted(history.documents.items())
        if path.startswith("students/") and stored.fields.get("xp_total")
    )


def repeat(history: History, exchange: Exchange, **changes: Any) -> None:
    """Adds the same request once more, with another reply."""
    later = {"sent_at": now(), "answered_at": now()}
    history.exchanges.append(replace(exchange, **{**later, **changes}))


def keyed(history: History) -> Exchange:
    return next(e for e in history.exchanges if e.key and e.is_success and "session" in e.reply)


def doubled_xp(history: History) -> None:
    student(history)["xp_total"] *= 2


def unearned_xp(history: History) -> None:
    _, stored = next(found for found in sessions(history, status="completed"))
    stored.fields["xp"]["items"] += 10
    stored.fields["xp"]["total"] += 10


def verified_xp_lost(history: History) -> None:
    stored = next(
        stored
        for _, stored in sessions(history, status="completed", mode="infinite")
        if stored.fields["xp"]["items"]
    )
    stored.fields["xp"]["total"] -= stored.fields["xp"]["items"]
    stored.fields["xp"]["items"] = 0


def moved_totals(history: History) -> None:
    totals = student(history)["totals"]
    totals["assigned"], totals["self_practice"] = totals["self_practice"], totals["assigned"]


def renamed_subject(history: History) -> None:
    totals = next(t for t in student(history)["totals"].values() if t["by_subject"])
    name = next(iter(totals["by_subject"]))
    totals["by_subject"]["made up"] = totals["by_subject"].pop(name)


def longer_streak(history: History) -> None:
    student(history)["streak"]["current"] += 1


def paid_a_streak_twice(history: History) -> None:
    _, stored = next(found for found in sessions(history, status="completed"))
    stored.fields["xp"]["streak_bonus"] += 5


def lost_update(history: History) -> None:
    """The effect of an answered change is missing."""
    _, stored = next(s for s in sessions(history) if "mood" in s[1].fields["session_data"])
    del stored.fields["session_data"]["mood"]


def answered_and_not_done(history: History) -> None:
    _, exchange = next(updates(history))
    repeat(history, exchange, sent_at=exchange.sent_at, answered_at=exchange.answered_at)


def done_without_a_request(history: History) -> None:
    number, _ = next(updates(history))
    del history.exchanges[number]


def refused_and_done(history: History) -> None:
    number, exchange = next(updates(history))
    refusal = {"reason": "REVISION_MISMATCH"}
    history.exchanges[number] = replace(exchange, status=412, reply=refusal)


def other_counts_in_reply(history: History) -> None:
    number, exchange = next(updates(history))
    reply = copy.deepcopy(exchange.reply)
    reply["session"]["items_completed"] += 1
    history.exchanges[number] = replace(exchange, reply=reply)


def missing_item(history: History) -> None:
    path, _ = next(items(history))
    del history.documents[path]


def item_twice(history: History) -> None:
    path, fields = next(items(history))
    siblings = [p for p, _ in items(history) if p.rpartition("/")[0] == path.rpartition("/")[0]]
    doubled = {**fields, "index": len(siblings)}
    history.documents[f"{path}-again"] = replace(history.documents[path], fields=doubled)


def other_item(history: History) -> None:
    _, fields = next(items(history))
    fields["node_id"] = "another"


def extra_revision(history: History) -> None:
    _, stored = next(sessions(history))
    stored.fields["revision"] += 1


def abandoned_not_completed(history: History) -> None:
    _, stored = next(sessions(history, status="completed"))
    stored.fields["status"] = "abandoned"


def abandoned_too_soon(history: History) -> None:
    _, stored = next(sessions(history, status="abandoned"))
    later = stored.fields["last_activity_at"] + timedelta(days=1)
    stored.fields.update({"last_activity_at": later, "ended_at": later})


def abandoned_without_its_credit(history: History) -> None:
    _, stored = next(s for s in sessions(history, status="abandoned") if s[1].fields["xp"]["total"])
    stored.fields["xp"] = dict.fromkeys(stored.fields["xp"], 0)


def abandoned_without_a_reason(history: History) -> None:
    _, stored = next(sessions(history, status="abandoned"))
    stored.fields["end_reason"] = "completed"


def wrong_origin(history: History) -> None:
    _, stored = next(sessions(history, origin="assigned"))
    stored.fields["origin"] = "self_practice"


def second_session(history: History) -> None:
    path, stored = of_template(history, "completed")
    history.documents[f"{path}-too"] = stored


def second_session_in_sample(history: History) -> None:
    seen = SeenSession("one", "student-0", "template", "checklist", "active", 1, now())
    history.samples.append(Sample(now(), now(), [seen, replace(seen, session_id="other")]))


def decreased_revision(history: History) -> None:
    path, stored = next(s for s in sessions(history) if s[1].fields["revision"] > 1)
    fields = stored.fields
    seen = SeenSession(
        path.rpartition("/")[2],
        fields["student_id"],
        fields["template_id"],
        fields["mode"],
        "active",
        1,
        stored.created_at,
    )
    history.samples.append(Sample(now(), now(), [seen]))


def older_reply(history: History) -> None:
    """A later request gets an older revision."""
    exchange = next(e for _, e in updates(history) if e.reply["session"]["revision"] > 2)
    start = next(
        e
        for e in history.exchanges
        if e.is_success
        and e.function == "start_session"
        and e.reply["session"]["session_id"] == exchange.body["session_id"]
    )
    repeat(history, start, key=None, status=200, reply={**start.reply, "resumed": True})


def written_after_the_end(history: History) -> None:
    ended = {
        seen.session_id
        for sample in history.samples
        for seen in sample.sessions
        if seen.status == "completed"
    }
    path = f"practice_sessions/{min(ended)}"
    stored = history.documents[path]
    history.documents[path] = replace(stored, updated_at=stored.updated_at + 1)


def missing_lock(history: History) -> None:
    del history.documents[next(path for path in history.documents if "active_sessions/" in path)]


def lock_of_an_ended_session(history: History) -> None:
    lock = next(s for path, s in history.documents.items() if "active_sessions/" in path)
    path, _ = of_template(history, "completed")
    lock.fields["session_id"] = path.rpartition("/")[2]


def extra_lock(history: History) -> None:
    lock = next(s for path, s in history.documents.items() if "active_sessions/" in path)
    history.documents["active_sessions/another"] = lock


def two_replies_to_a_key(history: History) -> None:
    exchange = keyed(history)
    repeat(history, exchange, replayed=True, reply={**exchange.reply, "said": "otherwise"})


def done_twice_for_a_key(history: History) -> None:
    repeat(history, keyed(history), replayed=False)


def no_record(history: History) -> None:
    exchange = keyed(history)
    for path, stored in list(history.documents.items()):
        if stored.fields.get("reply") and stored.fields["uid"] == exchange.uid:
            del history.documents[path]


def record_differs_from_reply(history: History) -> None:
    for path, stored in history.documents.items():
        if path.startswith("idempotency/"):
            stored.fields["status"] = 299


def skill_counted_twice(history: History) -> None:
    next(s for path, s in history.documents.items() if "/skills/" in path).fields["attempts"] += 1


def internal_error(history: History) -> None:
    repeat(history, keyed(history), status=500, reply={"reason": "INTERNAL"})


def unavailable_without_faults(history: History) -> None:
    repeat(history, keyed(history), status=503, reply={"reason": "UNAVAILABLE"})


def refused_as_not_active_while_active(history: History) -> None:
    path, _ = next(sessions(history, status="active"))
    body = {"session_id": path.rpartition("/")[2], "items": []}
    _, exchange = next(updates(history))
    repeat(history, exchange, body=body, status=409, reply={"reason": "SESSION_NOT_ACTIVE"})


def mismatch_without_a_revision(history: History) -> None:
    _, exchange = next(e for e in updates(history) if "revision" not in e[1].body)
    repeat(history, exchange, status=412, reply={"reason": "REVISION_MISMATCH"})


def stray_document(history: History) -> None:
    history.documents["practice_sessions/gone/items/a"] = Stored({}, 0, 0)


Falsification = Callable[[History], None]

FALSIFICATIONS: dict[Falsification, str] = {
    doubled_xp: XP_AND_TOTALS,
    moved_totals: XP_AND_TOTALS,
    renamed_subject: XP_AND_TOTALS,
    unearned_xp: EXPLAINED,
    verified_xp_lost: EXPLAINED,
    longer_streak: STREAKS,
    paid_a_streak_twice: STREAKS,
    lost_update: EXPLAINED,
    answered_and_not_done: EXPLAINED,
    done_without_a_request: EXPLAINED,
    refused_and_done: EXPLAINED,
    other_counts_in_reply: EXPLAINED,
    missing_item: EXPLAINED,
    item_twice: EXPLAINED,
    other_item: EXPLAINED,
    extra_revision: EXPLAINED,
    abandoned_not_completed: EXPLAINED,
    abandoned_too_soon: EXPLAINED,
    abandoned_without_its_credit: XP_AND_TOTALS,
    abandoned_without_a_reason: EXPLAINED,
    wrong_origin: EXPLAINED,
    second_session: ONE_ACTIVE,
    second_session_in_sample: ONE_ACTIVE,
    decreased_revision: RISING,
    older_reply: RISING,
    written_after_the_end: ENDED_SESSIONS,
    missing_lock: LOCKS,
    lock_of_an_ended_session: LOCKS,
    extra_lock: LOCKS,
    two_replies_to_a_key: KEYS,
    done_twice_for_a_key: KEYS,
    no_record: KEYS,
    record_differs_from_reply: RECORDS,
    skill_counted_twice: SKILLS,
    internal_error: REPLIES,
    unavailable_without_faults: REPLIES,
    refused_as_not_active_while_active: REPLIES,
    mismatch_without_a_revision: REPLIES,
    stray_document: STRAYS,
}


def test_every_check_is_shown_to_fail() -> None:
    assert set(FALSIFICATIONS.values()) == set(CHECKS)


@pytest.mark.parametrize("falsify", FALSIFICATIONS, ids=lambda falsify: falsify.__name__)
def test_a_falsified_history_is_reported(valid_history: History, falsify: Falsification) -> None:
    assert violations(valid_history) == []
    history = copied(valid_history)

    falsify(history)

    assert {line.partition(":")[0] for line in violations(history)} >= {FALSIFICATIONS[falsify]}
