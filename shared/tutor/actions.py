"""The student's action in a turn, as the request gives it."""

from collections.abc import Callable

from shared.contract.turn_input import AnswerInput, HintInput, Input
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.practice.state import Practice
from shared.domain.questions.algebra.port import Algebra
from shared.tutor.state import Turn


def choose_action(practice: Practice, given: Input | None, algebra: Callable[[], Algebra]) -> Turn:
    """The student's action, as fields of a turn. Without one the pending question is presented.

    An answer that only the algebra can grade is graded here, because it may be refused. Raises
    InvalidArgument, with paths below `input`.
    """
    pending = practice.pending
    match given:
        case AnswerInput(question_id=question_id, answer=answer, duration_ms=duration_ms):
            if pending is None or pending.question_id != question_id:
                message = "is not the question that waits for an answer"
                raise InvalidArgument(errors=[FieldError("input.question_id", message)])
            parsed = pending.parse_answer(answer)
            turn: Turn = {
                "do": "answer",
                "answer": parsed,
                "given": answer,
                "duration_ms": duration_ms,
            }
            if pending.graded_by_algebra:
                turn["verdict"] = pending.grade_with(parsed, algebra())
            return turn
        case HintInput() if pending is not None:
            return {"do": "hint"}
        case _:
            return {"do": "present"}
