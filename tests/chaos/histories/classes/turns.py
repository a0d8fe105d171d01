"""Checks of strict work: one answer to a seq, stored before anything is said about it."""

import json
from collections.abc import Iterator

from tests.chaos.histories.classes.record import given_of, name, turns_of, work_of
from tests.chaos.histories.record import Exchange, History, Json

TURN = "assignment_turn"


def one_answer(history: History) -> Iterator[str]:
    """Of all that was sent to one seq of a session, one input succeeded, always with one reply."""
    for exchange in _with_input(history):
        session_id, seq = exchange.body["session_id"], exchange.body["seq"]
        turn = turns_of(history, session_id).get(seq)
        if exchange.is_success:
            if turn is None:
                yield f"{name(exchange)} was answered, but its seq {seq} is not stored"
            elif given_of(turn.fields) != exchange.body["input"]:
                yield f"{name(exchange)} was answered, but seq {seq} has another answer"
            elif json.loads(turn.fields["reply"]) != exchange.reply:
                yield f"{name(exchange)} has another reply than is stored for seq {seq}"
        committed = exchange.reply.get("committed")
        if committed and (turn is None or json.loads(turn.fields["reply"]) != committed):
            yield f"{name(exchange)} was refused with a reply that is not stored"


def every_turn_was_sent(history: History) -> Iterator[str]:
    """Turns have the seqs of the session without a gap, and each is an input that was sent."""
    for session_id, session in work_of(history).items():
        turns = turns_of(history, session_id)
        seqs = sorted(turns)
        if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            yield f"session {session_id} has the turns {seqs}"
        sent = [
            (exchange.body["seq"], exchange.body["input"])
            for exchange in _with_input(history)
            if exchange.body["session_id"] == session_id
            and exchange.uid == session.fields["student_id"]
        ]
        for seq, turn in turns.items():
            if (seq, given_of(turn.fields)) not in sent:
                yield f"session {session_id}: nobody sent what seq {seq} has"


def stored_before_told(history: History) -> Iterator[str]:
    """A reply that tells of an answer comes after the commit of that answer."""
    for exchange in _with_input(history):
        turn = turns_of(history, exchange.body["session_id"]).get(exchange.body["seq"])
        tells = exchange.is_success or exchange.reply.get("committed")
        if turn and tells and turn.created_at > exchange.answered_at:
            yield f"{name(exchange)} was answered before its answer was stored"


def nothing_told_before(history: History) -> Iterator[str]:
    """With feedback after handing in, no turn tells what was right."""
    later = {
        session_id
        for session_id, session in work_of(history).items()
        if session.fields["assignment"]["feedback"] == "after_submit"
    }
    for exchange in history.exchanges:
        if exchange.function != TURN or exchange.body["session_id"] not in later:
            continue
        reply = exchange.reply.get("committed") or exchange.reply
        for told in _feedback(reply):
            if not told.get("withheld") or told["correct"] is not None or told["correct_answer"]:
                yield f"{name(exchange)} tells what was right"
        if reply.get("state", {}).get("progress", {}).get("questions_correct"):
            yield f"{name(exchange)} counts what was right"


def _feedback(reply: Json) -> Iterator[Json]:
    for message in reply.get("messages", []):
        for call in message.get("tool_calls", []):
            if call["name"] == "feedback_presentation":
                yield call["args"]


def _with_input(history: History) -> Iterator[Exchange]:
    for exchange in history.exchanges:
        if exchange.function == TURN and "input" in exchange.body:
            yield exchange
