"""The graph of a turn: its routes, each node alone, and the invariants of every reply."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from langgraph.runtime import Runtime
from pydantic_core import to_json

from local.examples import GUITAR_TEMPLATE, theory_template
from shared.domain.practice.client_view import client_view
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft, add_block
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding
from shared.tutor import nodes
from shared.tutor.graph import graph, run_turn, stream_turn
from shared.tutor.ports import DraftRefused, Tutor, TutorFailed, Usage
from shared.tutor.state import Turn, TurnContext
from shared.tutor.tool_calls import UNGRADED, Evaluation, Message
from tests.support.tutor.drafts import draft_of, free_response, question
from tests.support.tutor.playing import (
    OFFLINE,
    Player,
    as_json,
    calls,
    collaborators,
    names,
    practice_on,
    right,
    template_with,
    unsettled,
    wrong,
)

Solutions = dict[str, list[str]]

ONE_CALL = Usage(model_calls=1, input_tokens=10, output_tokens=5)


def fresh() -> Practice:
    return practice_on(template_with({"question_id": "b1", "kind": "self_rated", "prompt": "Go."}))


def started_with(*questions: Question) -> Practice:
    practice = fresh()
    return add_block(practice, draft_of(practice, *questions), tutor="scripted", degraded=False)


class Scripted:
    """A scripted tutor, one step per call: a value is returned, an error is raised."""

    name = "scripted"
    grades_free_text = True

    def __init__(
        self, *steps: BlockDraft | list[Finding] | Solutions | TutorFailed, solves: bool = False
    ) -> None:
        self.steps = list(steps)
        self.solves_drafts = solves
        self.repairs: list[list[str]] = []
        self.solved: list[list[Question]] = []

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        self.repairs.append(list(repair))
        step = self._next()
        assert isinstance(step, BlockDraft)
        return step, ONE_CALL

    def solve(self, questions: Sequence[Question]) -> tuple[Solutions, Usage]:
        self.solved.append(list(questions))
        step = self._next()
        assert isinstance(step, dict)
        return step, ONE_CALL

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        step = self._next()
        assert isinstance(step, list)
        return step, ONE_CALL

    def _next(self) -> BlockDraft | list[Finding] | Solutions:
        step = self.steps.pop(0)
        if isinstance(step, TutorFailed):
            raise step
        return step


def run_of(tutor: Tutor = OFFLINE) -> tuple[Runtime[TurnContext], list[Any]]:
    """The runtime that LangGraph passes to a node, and the events that the node announces."""
    events: list[Any] = []
    context = replace(collaborators(tutor), announce=events.append)
    return Runtime(context=context), events


# Routes


@pytest.mark.parametrize(
    ("do", "node"),
    [("answer", "evaluate_answer"), ("hint", "give_hint"), ("present", "present_question")],
)
def test_a_turn_starts_with_the_requested_step_and_a_session_with_its_first_block(
    do: Any, node: str
) -> None:
    assert nodes.first_node({"practice": started_with(question(1)), "do": do}) == node
    assert nodes.first_node({"practice": fresh(), "do": do}) == "initialize"


@pytest.mark.parametrize(
    ("block_complete", "node"), [(True, "generate_block"), (False, "present_question")]
)
def test_feedback_is_followed_by_the_next_question_or_a_new_block(
    block_complete: bool, node: str
) -> None:
    evaluation = Evaluation(question(1), None, 0.1, block_complete)
    command = nodes.present_feedback(
        {"practice": started_with(question(1)), "evaluation": evaluation}
    )
    assert command.goto == node


@pytest.mark.parametrize(
    ("do", "path"),
    [
        ("present", ["present_question"]),
        ("hint", ["give_hint", "present_question"]),
        ("answer", ["evaluate_answer", "present_feedback", "present_question"]),
    ],
)
def test_a_turn_takes_the_fewest_steps(do: str, path: list[str]) -> None:
    turn: Any = {"practice": started_with(question(1), question(2)), "do": do, "answer": "1"}
    assert _path(turn) == path


def test_the_longest_turn_answers_and_begins_a_new_block_in_five_steps() -> None:
    assert _path({"practice": started_with(question(1)), "do": "answer", "answer": "1"}) == [
        "evaluate_answer",
        "present_feedback",
        "generate_block",
        "present_concept",
        "present_question",
    ]


def _path(turn: Turn) -> list[str]:
    return [node for node, _ in stream_turn(turn, collaborators())]


def test_a_graph_is_compiled_once_for_each_first_node() -> None:
    assert graph("give_hint") is graph("give_hint")
    assert graph("give_hint") is not graph("evaluate_answer")


def test_a_turn_is_in_the_end_what_langgraph_has() -> None:
    turn: Turn = {"practice": started_with(question(1)), "do": "answer", "answer": "1"}
    found = graph("evaluate_answer").invoke(turn, context=collaborators())
    assert found == run_turn(turn, collaborators())
    assert found.keys() == {*turn, "evaluation", "messages", "usage"}


# Nodes


def test_initialize_advances_a_new_session_by_one_turn() -> None:
    found = nodes.initialize({"practice": fresh(), "do": "present"})
    assert found["practice"].seq == 1


def after(do: Any, practice: Practice) -> Practice:
    """The state after a turn through the whole graph."""
    turn: Turn = {"practice": practice, "do": do, "answer": "1"}
    return run_turn(turn, collaborators())["practice"]


@pytest.mark.parametrize(("do", "seq"), [("present", 0), ("answer", 1), ("hint", 1)])
def test_every_request_but_present_takes_a_turn(do: Any, seq: int) -> None:
    assert after(do, started_with(question(1), question(2))).seq == seq


@pytest.mark.parametrize(
    ("do", "degraded"), [("present", True), ("answer", False), ("hint", False)]
)
def test_a_turn_clears_the_degraded_mark_of_the_last_one(do: Any, degraded: bool) -> None:
    practice = started_with(question(1), question(2)).model_copy(update={"degraded": True})
    assert after(do, practice).degraded is degraded


def generated(practice: Practice, tutor: Tutor) -> tuple[Practice, Usage, list[Any]]:
    runtime, events = run_of(tutor)
    found = nodes.generate_block({"practice": practice, "usage": ONE_CALL}, runtime)
    assert found.keys() == {"practice", "usage"}
    return found["practice"], found["usage"], events


def test_a_good_draft_becomes_the_block_and_its_cost_is_added() -> None:
    practice = fresh()
    made, usage, events = generated(practice, Scripted(draft_of(practice, question(1))))
    assert made.block is not None
    assert [q.question_id for q in made.block.questions] == ["q1"]
    assert (made.tutor, made.degraded, made.blocks_made) == ("scripted", False, 1)
    assert usage.model_calls == 2
    assert events == ["generating_block"]


def _faulty(practice: Practice) -> list[tuple[BlockDraft, str]]:
    one, two = question(1), question(2)
    return [
        (draft_of(practice), "a block has 1 to 8 questions"),
        (draft_of(practice, *map(question, range(9))), "a block has 1 to 8 questions"),
        (draft_of(practice, one, question(1, prompt="Other?")), "question ids must differ"),
        (draft_of(practice, one, question(2, prompt=" question 1? ")), "the same prompt"),
        (draft_of(practice, question(0, prompt="ASKED  before?")), "question 1 was asked before"),
        (
            draft_of(practice, one, two, worked_example="So: Question 2?"),
            "question 2 is the worked",
        ),
        (
            replace(draft_of(practice, one), skill_id="x"),
            "for a skill of the template",
        ),
    ]


@pytest.mark.parametrize("case", range(7))
def test_a_faulty_draft_is_repaired_once_with_the_reason(case: int) -> None:
    practice = started_with(question(9, prompt="Asked before?"))
    faulty, reason = _faulty(practice)[case]
    tutor = Scripted(faulty, draft_of(practice, question(1)))
    made, usage, _ = generated(practice, tutor)
    first, (repair,) = tutor.repairs
    assert first == []
    assert reason in repair
    assert (made.tutor, made.degraded, usage.model_calls) == ("scripted", False, 3)


def test_two_faulty_drafts_are_replaced_offline() -> None:
    practice = fresh()
    faulty = draft_of(practice)
    tutor = Scripted(faulty, faulty, draft_of(practice, question(1)))
    made, usage, _ = generated(practice, tutor)
    assert (made.tutor, made.degraded) == ("offline", True)
    assert made.pending is not None
    assert usage.model_calls == 3
    assert len(tutor.steps) == 1


def test_a_draft_that_was_refused_counts_as_one_of_the_two() -> None:
    practice = fresh()
    refused = DraftRefused(["no key"], ONE_CALL)
    tutor = Scripted(refused, draft_of(practice, question(1)))
    made, usage, _ = generated(practice, tutor)
    assert tutor.repairs == [[], ["no key"]]
    assert (made.tutor, made.degraded, usage.model_calls) == ("scripted", False, 3)

    made, usage, _ = generated(practice, Scripted(refused, draft_of(practice)))
    assert (made.tutor, made.degraded, usage.model_calls) == ("offline", True, 3)


def test_a_tutor_that_failed_is_not_called_again() -> None:
    tutor = Scripted(TutorFailed("timed_out", ONE_CALL), draft_of(fresh(), question(1)))
    made, usage, _ = generated(fresh(), tutor)
    assert (made.tutor, made.degraded, usage.model_calls) == ("offline", True, 2)
    assert len(tutor.steps) == 1


def solved(*numbers: int, **others: list[str]) -> Solutions:
    """These questions solved as their keys are, and others as given."""
    return {**{f"q{n}": [f"{n}"] for n in numbers}, **others}


def served(practice: Practice) -> list[str]:
    assert practice.block is not None
    return [q.question_id for q in practice.block.questions]


def test_questions_with_faults_are_dropped_while_four_are_left() -> None:
    practice = started_with(question(9, prompt="Asked before?"))
    faulty = [
        question(2, explanation="1 + 1 = 3, which is 2"),
        question(3, prompt="Before, asked?"),
    ]
    draft = draft_of(practice, question(1), *faulty, *map(question, (4, 5, 6)))
    made, usage, _ = generated(practice, Scripted(draft))
    assert served(made) == ["q1", "q4", "q5", "q6"]
    assert (made.tutor, made.degraded, usage.model_calls) == ("scripted", False, 2)


def test_a_draft_with_fewer_than_four_good_questions_is_repaired_with_the_reasons() -> None:
    practice = fresh()
    wrong = question(2, explanation="1 + 1 = 3, which is 2")
    tutor = Scripted(
        draft_of(practice, question(1), wrong, question(3), question(4)),
        draft_of(practice, *map(question, (5, 6, 7, 8))),
    )
    made, _, _ = generated(practice, tutor)
    assert tutor.repairs == [[], ["question 2 1 + 1 = 3 is not true: Question 2?"]]
    assert served(made) == ["q5", "q6", "q7", "q8"]


def test_questions_that_are_solved_otherwise_are_dropped() -> None:
    practice = fresh()
    draft = draft_of(practice, *map(question, range(1, 7)))
    tutor = Scripted(draft, solved(1, 3, 4, 5, q2=["3"]), solves=True)
    made, usage, events = generated(practice, tutor)
    assert served(made) == ["q1", "q3", "q4", "q5"]
    assert [[q.question_id for q in asked] for asked in tutor.solved] == [
        ["q1", "q2", "q3", "q4", "q5", "q6"]
    ]
    assert (made.tutor, made.degraded, usage.model_calls) == ("scripted", False, 3)
    assert events == ["generating_block"]


def test_a_block_of_which_too_much_is_solved_otherwise_is_drafted_once_more() -> None:
    practice = fresh()
    draft = draft_of(practice, *map(question, (1, 2, 3, 4)))
    other = draft_of(practice, *map(question, (5, 6, 7, 8)))
    tutor = Scripted(draft, solved(1, 2, 3, q4=["5"]), other, solved(5, 6, 7, 8), solves=True)
    made, usage, events = generated(practice, tutor)
    assert tutor.repairs == [
        [],
        ["question 4 solved without its key, has another answer: Question 4?"],
    ]
    assert served(made) == ["q5", "q6", "q7", "q8"]
    assert usage.model_calls == 5
    assert events == ["generating_block"] * 2


def test_two_drafts_that_are_solved_otherwise_are_replaced_offline() -> None:
    practice = fresh()
    draft = draft_of(practice, *map(question, (1, 2, 3, 4)))
    tutor = Scripted(draft, solved(1), draft, solved(1), solves=True)
    made, usage, _ = generated(practice, tutor)
    assert (made.tutor, made.degraded, usage.model_calls) == ("offline", True, 5)


def test_a_draft_that_the_tutor_fails_to_solve_is_served_as_code_has_checked_it() -> None:
    practice = fresh()
    wrong = question(5, explanation="1 + 1 = 3, which is 5")
    draft = draft_of(practice, *map(question, (1, 2, 3, 4)), wrong)
    tutor = Scripted(draft, TutorFailed("timed_out", ONE_CALL), solves=True)
    made, usage, _ = generated(practice, tutor)
    assert served(made) == ["q1", "q2", "q3", "q4"]
    assert (made.tutor, made.degraded, usage.model_calls) == ("scripted", False, 3)


def test_free_text_is_served_unsolved() -> None:
    practice = fresh()
    draft = draft_of(practice, *map(question, (1, 2, 3)), free_response(4))
    tutor = Scripted(draft, solved(1, 2, 3), solves=True)
    made, _, _ = generated(practice, tutor)
    assert served(made) == ["q1", "q2", "q3", "q4"]
    assert [q.question_id for q in tutor.solved[0]] == ["q1", "q2", "q3"]
    only_free = Scripted(draft_of(practice, free_response(4)), solves=True)
    assert served(generated(practice, only_free)[0]) == ["q4"]
    assert only_free.solved == []


def test_a_draft_with_faults_is_not_solved() -> None:
    practice = fresh()
    tutor = Scripted(
        draft_of(practice, question(1), question(1)), draft_of(practice, question(2)), solves=True
    )
    tutor.steps.append(solved(2))
    made, _, _ = generated(practice, tutor)
    assert len(tutor.solved) == 1
    assert served(made) == ["q2"]


def test_present_concept_shows_a_new_session_whole() -> None:
    practice = started_with(question(1))
    runtime, _ = run_of()
    turn: Turn = {"practice": practice, "messages": []}
    found = nodes.present_concept(turn, runtime)
    (args,) = calls(as_json(found["messages"]))
    assert args["concept"]["title"] == "Sums"
    assert args["full_session_payload"] == json.loads(to_json(found["stored_session"]))
    view = {name: value for name, value in found["stored_session"].items() if name != "seal"}
    assert to_json(view) == to_json(client_view(practice))

    later = add_block(practice, draft_of(practice, question(2)), tutor="scripted", degraded=False)
    found = nodes.present_concept({**turn, "practice": later}, runtime)
    assert found.keys() == {"messages"}
    assert "full_session_payload" not in calls(as_json(found["messages"]))[0]


def test_present_question_leaves_its_call_pending_and_appends_to_the_messages() -> None:
    before: list[Any] = [{"type": "ai", "id": "before"}]
    found = nodes.present_question({"practice": started_with(question(1)), "messages": before})
    assert found.keys() == {"messages"}
    assert found["messages"][0] == before[0]
    assert before == [{"type": "ai", "id": "before"}]
    assert unsettled(as_json(found["messages"])) == ["question_presentation"]


def test_give_hint_presents_the_next_hint_and_counts_it() -> None:
    practice = started_with(question(1, hints=["One.", "Two."]))
    found = nodes.give_hint({"practice": practice, "messages": []})
    (args,) = calls(as_json(found["messages"]), "hint_presentation")
    assert (args["hint"], args["hints_left"]) == ("One.", 1)
    assert found["practice"].hints_used == 1
    assert practice.hints_used == 0


@pytest.mark.parametrize(("answer", "score"), [("1", 1.0), ("2", 0.0)])
def test_evaluate_answer_grades_closed_questions_without_a_model(answer: str, score: float) -> None:
    runtime, events = run_of(Scripted())
    turn: Turn = {"practice": started_with(question(1)), "answer": answer, "usage": Usage()}
    found = nodes.evaluate_answer(turn, runtime)
    verdict = found["evaluation"].verdict
    assert verdict is not None
    assert verdict.score == score
    assert found["evaluation"].question.question_id == "q1"
    assert found["evaluation"].block_complete is True
    assert found["practice"].totals.questions_answered == 1
    assert found["usage"] == Usage()
    assert events == []


def _examined(*steps: list[Finding] | TutorFailed, answer: str) -> tuple[Turn, list[Any]]:
    runtime, events = run_of(Scripted(*steps))
    practice = started_with(free_response(), question(2))
    turn: Turn = {"practice": practice, "answer": answer, "usage": ONE_CALL, "messages": []}
    return {**turn, **nodes.evaluate_answer(turn, runtime)}, events


def _feedback(turn: Turn) -> list[Message]:
    update: Any = nodes.present_feedback(turn).update
    ((_, changes),) = update
    return list(changes["messages"])


def test_free_text_scores_the_criteria_that_its_quotes_prove() -> None:
    findings = [Finding("cause", True, "the tilted AXIS"), Finding("effect", True, "it is warm")]
    found, events = _examined(findings, answer="Because of the tilted axis.")
    verdict = found["evaluation"].verdict
    assert verdict is not None
    assert (verdict.score, verdict.correct, verdict.criteria_met) == (0.75, True, ("cause",))
    assert found["usage"].model_calls == 2
    assert events == ["grading"]
    (presented,) = calls(as_json(_feedback(found)))
    assert "- shown: Names the cause\n- missing: Names the effect" in presented["feedback"]


@pytest.mark.parametrize(
    "step",
    [TutorFailed("timed_out", ONE_CALL), [Finding("other", True, "the tilted axis")]],
    ids=["the tutor failed", "findings that belong to no criterion"],
)
def test_free_text_that_cannot_be_graded_is_skipped(step: list[Finding] | TutorFailed) -> None:
    found, _ = _examined(step, answer="Because of the tilted axis.")
    assert found["evaluation"].verdict is None
    practice = found["practice"]
    assert practice.degraded is True
    assert (practice.totals.questions_answered, practice.log.entries, practice.missed) == (
        0,
        (),
        [],
    )
    assert practice.skills == fresh().skills
    assert practice.pending == question(2)
    assert found["usage"].model_calls == 2
    (presented,) = calls(as_json(_feedback(found)))
    assert (presented["correct"], presented["score"]) == (None, None)
    assert presented["feedback"].startswith(UNGRADED)


def test_evaluate_answer_needs_a_pending_question() -> None:
    runtime, _ = run_of()
    with pytest.raises(ValueError, match="no question is pending"):
        nodes.evaluate_answer({"practice": fresh(), "answer": "1", "usage": Usage()}, runtime)


# Replies


@pytest.mark.parametrize("template", [theory_template(), GUITAR_TEMPLATE], ids=["bank", "no bank"])
def test_every_reply_leaves_one_call_pending_the_question(template: dict[str, Any]) -> None:
    player = Player(practice_on(template))
    for turn in range(25):
        if turn == 0:
            messages = player.present()
        elif turn % 4 == 2:
            messages = player.hint()
        else:
            messages = player.answer((wrong, right)[turn % 2](player.pending))
        assert unsettled(messages) == ["question_presentation"]
        assert messages[-1]["tool_calls"][0]["name"] == "question_presentation"
        for call, result in itertools.pairwise(messages):
            if result["type"] == "tool":
                assert result["tool_call_id"] == call["tool_calls"][0]["id"]
        asked = calls(messages, "question_presentation")[0]["question"]
        assert asked["question_id"] == player.pending.question_id
        # A client appends the messages of all turns to one list and identifies them by their ids.
        ids = [message["id"] for message in player.received]
        assert len(set(ids)) == len(ids)
        for args in calls(messages):
            assert args["session_id"] == player.practice.session_id
            assert args["progress"].keys() == {
                "blocks_completed",
                "questions_answered",
                "questions_correct",
                "score_percent",
            }
            assert args["block_id"]


def test_only_the_first_call_of_a_new_session_has_all_of_it() -> None:
    player = Player(practice_on(theory_template()))
    player.present()
    for _ in range(12):
        player.answer(right(player.pending))
        player.hint()
        player.present()
    first, *others = calls(player.received)
    assert first["full_session_payload"]["seq"] == 1
    assert first["full_session_payload"]["session_id"] == player.practice.session_id
    assert not [args for args in others if "full_session_payload" in args]
    assert names(player.received).count("concept_presentation") > 2


def test_a_repeated_turn_is_the_same_turn() -> None:
    one = Player(practice_on(theory_template()))
    for turn in range(12):
        two = Player(one.practice)
        two.turns = one.turns
        for player in (one, two):
            if turn == 0:
                player.present()
            elif turn % 4 == 2:
                player.hint()
            else:
                player.answer((wrong, right)[turn % 2](player.pending))
        assert client_view(one.practice) == client_view(two.practice)
        assert one.practice == two.practice
        assert _unsealed(one.received[-len(two.received) :]) == _unsealed(two.received)


def _unsealed(messages: list[Any]) -> list[Any]:
    """Messages without seals: each sealing gives another seal."""
    copy: list[Any] = json.loads(json.dumps(messages))
    for args in calls(copy):
        args.get("full_session_payload", {}).pop("seal", None)
    return copy


def test_a_question_presented_again_takes_its_own_place() -> None:
    player = Player(practice_on(theory_template()))
    player.present()
    for hint in (False, True):
        *earlier, question = player.hint() if hint else player.answer(right(player.pending))
        (again,) = player.present()
        assert again == question
        assert again["id"] not in [message["id"] for message in earlier]


def test_a_client_that_asks_a_new_session_for_a_hint_gets_its_first_question() -> None:
    player = Player(practice_on(theory_template()))
    assert names(player.hint()) == ["concept_presentation", "question_presentation"]


@pytest.mark.parametrize(
    ("node", "turn"),
    [
        (nodes.generate_block, {"practice": fresh()}),
        (
            nodes.evaluate_answer,
            {"practice": started_with(free_response()), "do": "answer", "answer": "It adds up."},
        ),
    ],
)
def test_no_model_is_called_once_the_client_is_gone(node: Any, turn: Turn) -> None:
    class ClientGone(Exception):
        pass

    def announce(_step: str) -> None:
        raise ClientGone

    tutor = Scripted(draft_of(fresh(), question(1)))
    with pytest.raises(ClientGone):
        node(turn, Runtime(context=replace(collaborators(tutor), announce=announce)))
    assert len(tutor.steps) == 1


def test_no_draft_is_repaired_once_the_client_is_gone() -> None:
    announced: list[str] = []

    def announce(step: str) -> None:
        if announced:
            raise InterruptedError
        announced.append(step)

    tutor = Scripted(DraftRefused(["no key"], ONE_CALL), draft_of(fresh(), question(1)))
    with pytest.raises(InterruptedError):
        nodes.generate_block(
            {"practice": fresh()}, Runtime(context=replace(collaborators(tutor), announce=announce))
        )
    assert announced == ["generating_block"]
    assert len(tutor.steps) == 1
