"""The checks of a history with classes, and their violations."""

from collections.abc import Mapping

from tests.chaos.histories import replies, sessions
from tests.chaos.histories.checker import Check
from tests.chaos.histories.classes import grades, membership, refusals, turns
from tests.chaos.histories.classes.record import ClassHistory

CHECKS: Mapping[str, Check] = {
    "replies are successes, justified refusals or 503": refusals.statuses,
    "one key has one reply": replies.keys,
    "idempotency records match the replies": replies.records,
    "revisions only rise": sessions.rising_revisions,
    "ended sessions do not change": grades.ended_sessions,
    "one answer to a seq, and one reply": turns.one_answer,
    "every committed turn was sent": turns.every_turn_was_sent,
    "an answer is stored before anything is said about it": turns.stored_before_told,
    "with feedback after handing in nothing is told before": turns.nothing_told_before,
    "cells say what the sessions say": grades.cells,
    "items are the answers that were sent": grades.logs,
    "the audit log has one entry for each revision": grades.audit,
    "an answered override is in the audit log": grades.answered_overrides,
    "versions of an assignment are of one change each": grades.assignments,
    "work is graded without the questions that are out": grades.voiding,
    "what is shown live is in progress": grades.live,
    "XP and totals are the sums over completions": grades.xp_and_totals,
    "free places and members are the maximum": membership.places,
    "rows and students agree with the members": membership.members,
    "nothing is read across students": membership.nothing_of_others,
    "no other documents are stored": membership.stray_documents,
}


def violations(history: ClassHistory) -> list[str]:
    """One line for each violation, with the check that reports it."""
    return [f"{name}: {fault}" for name, check in CHECKS.items() for fault in check(history)]
