"""A practising client: it keeps the stored session and sends it back, turn after turn."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from cryptography.fernet import Fernet
from pydantic import BaseModel, JsonValue
from pydantic_core import to_json

from shared.domain.practice.client_view import client_view, hash_of
from shared.domain.practice.source import Binding, source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import start_practice
from shared.domain.questions.answers import Answer
from shared.domain.questions.kinds.cloze import Cloze
from shared.domain.questions.kinds.free_response import FreeResponse
from shared.domain.questions.kinds.matching import Matching
from shared.domain.questions.kinds.multi_select import MultiSelect
from shared.domain.questions.kinds.multiple_choice import MultipleChoice
from shared.domain.questions.kinds.numeric import Numeric
from shared.domain.questions.kinds.ordering import Ordering
from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.questions.kinds.short_answer import ShortAnswer
from shared.domain.questions.question import Question
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.tutor.graph import run_turn
from shared.tutor.offline import OfflineTutor
from shared.tutor.ports import Tutor, Usage
from shared.tutor.state import Turn, TurnContext, usage_so_far

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SEALER = FernetPracticeSealer(FernetBox([Fernet.generate_key().decode()]))
OFFLINE = OfflineTutor()

Message = dict[str, Any]


def practice_on(
    template: Mapping[str, Any], *, session_id: str = "session-1", owner_id: str | None = None
) -> Practice:
    """Practice on the template of this owner; None for one without a seal."""
    source = source_from_template(template, None)
    if owner_id:
        binding = Binding(
            template_id="template", owner_id=owner_id, version=1, content_hash="0" * 64
        )
        source = source.model_copy(update={"binding": binding})
    return start_practice(
        source, session_id=session_id, student_id="student-1", tutor="offline", at=NOON
    )


def template_with(*questions: Mapping[str, Any], **exercise: Any) -> dict[str, Any]:
    """A template of one exercise with these questions."""
    bank = {"questions": list(questions)} if questions else {}
    exercises = [{"name": "Arithmetic", **bank, **exercise}]
    sections = [{"name": "All", "exercises": exercises}]
    return {"name": "Sums", "template_data": {"sections": sections}}


def collaborators(tutor: Tutor = OFFLINE, *, now: datetime = NOON) -> TurnContext:
    return TurnContext(tutor=tutor, fallback=OFFLINE, now=now, sealer=SEALER)


def right(question: Question) -> Answer:
    match question:
        case ShortAnswer(answer=[*_, accepted]):
            return question.parse_answer(accepted)
        case SelfRated():
            return question.parse_answer("good")
        case Cloze():
            return [str(right(part)) for part in question.parts]
        case FreeResponse():
            return question.parse_answer("An answer of several words.")
        case _:
            return question.parse_answer(question.answer)


def wrong(question: Question) -> Answer:
    match question:
        case MultipleChoice():
            return next(choice for choice in question.choice_ids if choice != question.answer)
        case MultiSelect(answer=list(key)):
            return [choice for choice in question.choice_ids if choice not in key]
        case Numeric():
            return "-987654321"
        case SelfRated():
            return "again"
        case Ordering() | Matching() | Cloze():
            return wrong_in_parts(question)
        case _:
            return "certainly not this"


def wrong_in_parts(question: Ordering | Matching | Cloze) -> Answer:
    match question:
        case Cloze():
            return [str(wrong(part)) for part in question.parts]
        case Ordering():
            return cast("list[JsonValue]", question.answer)[::-1]
        case Matching():
            first, *_ = cast("list[str]", question.answer)
            other = next(choice for choice in question.choice_ids if choice != first)
            return [other for _ in question.items]


class Player:
    """`received` has all messages so far, `usage` the sum over all turns."""

    def __init__(self, practice: Practice, tutor: Callable[[], Tutor] = lambda: OFFLINE) -> None:
        self.practice = practice
        self.tutor = tutor
        self.received: list[Message] = []
        self.usage = Usage()
        self.turns = 0

    @property
    def pending(self) -> Question:
        question = self.practice.pending
        assert question is not None
        return question

    def present(self) -> list[Message]:
        return self._turn({"do": "present"})

    def hint(self) -> list[Message]:
        return self._turn({"do": "hint"})

    def answer(self, answer: Answer) -> list[Message]:
        return self._turn({"do": "answer", "answer": answer})

    def _turn(self, asked: Turn) -> list[Message]:
        self.turns += 1
        context = collaborators(self.tutor(), now=NOON + timedelta(minutes=self.turns))
        given: Turn = {"practice": self.practice, **asked}
        if self.practice.seq:
            given["state_hash"] = hash_of(self.practice)
        done = run_turn(given, context)
        stored = done.get("stored_session") or context.sealer.seal(done["practice"])
        # Over the wire and back: a client holds JSON.
        form = json.loads(to_json(stored))
        self.practice = SEALER.open(form, student_id=self.practice.student_id).practice
        messages = as_json(done["messages"])
        self.received += messages
        self.usage = self.usage.plus(usage_so_far(done))
        return messages


def as_json(messages: Sequence[BaseModel]) -> list[Message]:
    """The messages in the JSON that a client receives."""
    found: list[Message] = json.loads(to_json(messages))
    return found


def calls(messages: list[Message], name: str | None = None) -> list[dict[str, Any]]:
    """The arguments of the tool calls, of those with this name or of all."""
    found = [call for message in messages for call in message.get("tool_calls", [])]
    return [call["args"] for call in found if name in (None, call["name"])]


def names(messages: list[Message]) -> list[str]:
    return [call["name"] for message in messages for call in message.get("tool_calls", [])]


def unsettled(messages: list[Message]) -> list[str]:
    """The names of the calls without a result."""
    settled = {message.get("tool_call_id") for message in messages}
    found = [call for message in messages for call in message.get("tool_calls", [])]
    return [call["name"] for call in found if call["id"] not in settled]


def shown(player: Player, messages: list[Message]) -> str:
    """All text that a client can read in a turn's reply. The seal is opaque."""
    readable = to_json([messages, client_view(player.practice)]).decode()
    for args in calls(messages, "concept_presentation"):
        if "full_session_payload" in args:
            readable = readable.replace(args["full_session_payload"]["seal"], "")
    return readable
