"""All that must hold for a history, and what of it does not."""

from collections.abc import Callable, Iterator, Mapping

from tests.chaos.histories import replies, sessions, students
from tests.chaos.histories.record import History

Check = Callable[[History], Iterator[str]]

CHECKS: Mapping[str, Check] = {
    "replies are good, justified refusals or 503": replies.replies,
    "one key has one answer": replies.keys,
    "records say what was replied": replies.records,
    "every revision is explained, no answered change is lost": sessions.explained,
    "one active session for each student and template": sessions.one_active,
    "locks name the active sessions": sessions.locks,
    "revisions only rise": sessions.rising,
    "ended sessions stay as they are": sessions.final,
    "XP and totals are the sums over completions": students.paid,
    "streaks follow the completions": students.streaks,
    "skills count every answer once": students.skills,
    "nothing else is stored": sessions.no_strays,
}


def violations(history: History) -> list[str]:
    """One line for each fault, with the check that it breaks."""
    return [f"{name}: {fault}" for name, check in CHECKS.items() for fault in check(history)]
