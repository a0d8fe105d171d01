"""The checks of a history, and their violations."""

from collections.abc import Callable, Iterator, Mapping

from tests.chaos.histories import replies, sessions, students
from tests.chaos.histories.record import History

Check = Callable[[History], Iterator[str]]

CHECKS: Mapping[str, Check] = {
    "replies are successes, justified refusals or 503": replies.statuses,
    "one key has one reply": replies.keys,
    "idempotency records match the replies": replies.records,
    "every revision is explained, no answered change is lost": sessions.revisions,
    "one active session for each student and template": sessions.one_active,
    "locks name the active sessions": sessions.locks,
    "revisions only rise": sessions.rising_revisions,
    "ended sessions do not change": sessions.ended_sessions,
    "XP and totals are the sums over completions": students.xp_and_totals,
    "streaks follow the completions": students.streaks,
    "skills count every answer once": students.skills,
    "no other documents are stored": sessions.stray_documents,
}


def violations(history: History) -> list[str]:
    """One line for each violation, with the check that reports it."""
    return [f"{name}: {fault}" for name, check in CHECKS.items() for fault in check(history)]
