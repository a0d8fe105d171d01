"""The peer of practice_turn: the same turn as a simple graph for `langgraph dev`.

It runs in its own environment and imports nothing of the product. It omits work, which makes it
faster: it has no seal (its state contains the answer keys), no identity, no bounds on the input, no
check of a model's block beyond its schema, and no repair.

A stateless run has `session` in its input and output, like our turns; on a thread the server keeps
it.
"""

import json
import os
from pathlib import Path
from typing import Any, Literal

from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel
from typing_extensions import TypedDict

BLOCK_SIZE = 5
INSTRUCTIONS = "Write one block of practice on the skill: a concept, then five questions on it."
# Bayesian knowledge tracing.
KNOWN, LEARNT, SLIP, GUESS = 0.1, 0.1, 0.1, 0.25
MASTERED = 0.95

Json = dict[str, Any]


class Choice(BaseModel):
    id: str
    text: str


class Question(BaseModel):
    kind: str
    prompt: str
    difficulty: int
    choices: list[Choice] | None
    explanation: str
    answer: list[str]
    tolerance: float | None
    unit: str | None
    hints: list[str]


class Concept(BaseModel):
    title: str
    explanation: str
    worked_example: str | None


class Block(BaseModel):
    concept: Concept
    questions: list[Question]


class Turn(TypedDict, total=False):
    """`session` is the state, `input` the student's message, `messages` those of this turn."""

    session: Json
    input: Json | None
    messages: list[Json]
    block_complete: bool


class TurnInput(TypedDict, total=False):
    """The message that a client sends. Without a session, a new one starts."""

    session: Json
    input: Json | None


def _load_bank() -> list[Json]:
    """The product's example questions with their skills, except those that a model grades."""
    template = json.loads(Path(os.environ["BANK"]).read_text(encoding="utf-8"))
    return [
        {**question, "skill": exercise["skill"]}
        for section in template["template_data"]["sections"]
        for exercise in section["exercises"]
        for question in exercise["questions"]
        if question["kind"] != "free_response"
    ]


def _build_model() -> Runnable[Any, Any] | None:
    if "OPENAI_API_KEY" not in os.environ:
        return None
    chat = ChatOpenAI(model=os.environ["PRACTICE_MODEL"], max_retries=0)
    return chat.with_structured_output(Block, method="json_schema")


BANK = _load_bank()
MODEL = _build_model()


def initialize(turn: Turn) -> Turn:
    session = turn.get("session")
    if not session:
        skills = {skill: {"mastery": KNOWN, "attempts": 0} for skill in sorted(_skills())}
        progress = {"blocks_completed": 0, "questions_answered": 0, "questions_correct": 0}
        session = {"seq": 0, "skills": skills, "blocks": [], "current": None, "progress": progress}
    return {"session": {**session, "seq": session["seq"] + 1}, "messages": []}


def after_initialize(
    turn: Turn,
) -> Literal["generate_block", "evaluate_answer", "give_hint", "present_question"]:
    message = turn.get("input") or {}
    if turn["session"]["current"] is None:
        return "generate_block"
    match message.get("type"):
        case "answer":
            return "evaluate_answer"
        case "hint":
            return "give_hint"
        case _:
            return "present_question"


async def generate_block(turn: Turn) -> Turn:
    session = turn["session"]
    skill = min(session["skills"], key=lambda name: session["skills"][name]["mastery"])
    number = len(session["blocks"])
    if MODEL is None:
        candidates = [question for question in BANK if question["skill"] == skill]
        first = number * BLOCK_SIZE % len(candidates)
        questions = (candidates + candidates)[first : first + BLOCK_SIZE]
        concept = {"title": skill, "explanation": skill, "worked_example": None}
    else:
        samples = [question["prompt"] for question in BANK if question["skill"] == skill][:5]
        prompt = json.dumps({"skill": skill, "samples": samples})
        generated = await MODEL.ainvoke([("system", INSTRUCTIONS), ("user", prompt)])
        concept = generated.concept.model_dump()
        questions = [
            {**question.model_dump(), "question_id": f"b{number}-q{position}"}
            for position, question in enumerate(generated.questions)
        ]
    block = {"block_id": f"b{number}", "skill": skill, "concept": concept, "questions": questions}
    # Completed blocks are reduced to their ids, as in our state.
    blocks = [{"block_id": done["block_id"]} for done in session["blocks"]]
    current = {"position": 0, "hints_used": 0}
    return {"session": {**session, "blocks": [*blocks, block], "current": current}}


def present_concept(turn: Turn) -> Turn:
    concept = turn["session"]["blocks"][-1]["concept"]
    return _present(turn, "concept_presentation", {"concept": concept}, resolved=True)


def present_question(turn: Turn) -> Turn:
    question = _pending(turn["session"])
    names = ("question_id", "kind", "prompt", "choices", "unit")
    shown = {name: question.get(name) for name in names}
    return _present(turn, "question_presentation", {"question": shown})


def give_hint(turn: Turn) -> Turn:
    session = turn["session"]
    used = session["current"]["hints_used"]
    hints = _pending(session).get("hints") or []
    hint = hints[used] if used < len(hints) else None
    current = {**session["current"], "hints_used": used + 1}
    presented = _present(turn, "hint_presentation", {"hint": hint}, resolved=True)
    return {**presented, "session": {**session, "current": current}}


def evaluate_answer(turn: Turn) -> Turn:
    session, message = turn["session"], turn["input"] or {}
    question, block = _pending(session), session["blocks"][-1]
    correct = _is_right(question, message["answer"])
    skill = session["skills"][block["skill"]]
    hinted = session["current"]["hints_used"] > 0
    mastery = _mastery(skill["mastery"], right=correct and not hinted)
    skills = {
        **session["skills"],
        block["skill"]: {"mastery": mastery, "attempts": skill["attempts"] + 1},
    }
    position = session["current"]["position"] + 1
    complete = position == len(block["questions"])
    progress = session["progress"]
    progress = {
        "blocks_completed": progress["blocks_completed"] + complete,
        "questions_answered": progress["questions_answered"] + 1,
        "questions_correct": progress["questions_correct"] + correct,
    }
    feedback = {
        "question_id": question["question_id"],
        "correct": correct,
        "correct_answer": question.get("answer"),
        "feedback": question.get("explanation"),
        "new_mastery_score": mastery,
        "mastered": mastery >= MASTERED,
        "block_complete": complete,
    }
    current = {"position": position, "hints_used": 0}
    after = {**session, "skills": skills, "progress": progress, "current": current}
    presented = _present(
        {**turn, "session": after}, "feedback_presentation", feedback, resolved=True
    )
    return {**presented, "session": after, "block_complete": complete}


def after_evaluation(turn: Turn) -> Literal["generate_block", "present_question"]:
    return "generate_block" if turn["block_complete"] else "present_question"


def _skills() -> set[str]:
    return {question["skill"] for question in BANK}


def _pending(session: Json) -> Json:
    question: Json = session["blocks"][-1]["questions"][session["current"]["position"]]
    return question


def _is_right(question: Json, answer: Any) -> bool:
    key = question.get("answer")
    keys = key if isinstance(key, list) else [key]
    match question["kind"]:
        case "numeric":
            distance = abs(float(answer) - float(str(keys[0])))
            return distance <= float(question.get("tolerance") or 0)
        case "multi_select":
            return set(answer) == set(keys)
        case "short_answer":
            return str(answer).strip().casefold() in {str(each).casefold() for each in keys}
        case "self_rated":
            return answer in ("good", "easy")
        case _:
            return bool(answer == keys[0])


def _mastery(before: float, *, right: bool) -> float:
    known, unknown = (1 - SLIP, GUESS) if right else (SLIP, 1 - GUESS)
    after = before * known / (before * known + (1 - before) * unknown)
    return after + (1 - after) * LEARNT


def _present(turn: Turn, name: str, args: Json, *, resolved: bool = False) -> Turn:
    """Adds a tool call; a resolved one also has its result, as it needs no answer of the client."""
    session = turn["session"]
    call_id = f"{session['seq']}-{name}"
    args = {"block_id": session["blocks"][-1]["block_id"], "progress": session["progress"], **args}
    call = {"id": call_id, "name": name, "args": args, "type": "tool_call"}
    message = {"type": "ai", "id": f"ai-{call_id}", "content": "", "tool_calls": [call]}
    messages: list[Json] = [message]
    if resolved:
        messages.append({"type": "tool", "tool_call_id": call_id, "content": "presented"})
    return {"messages": [*turn["messages"], *messages]}


def _build_graph() -> Any:
    builder = StateGraph(Turn, input_schema=TurnInput)
    nodes: tuple[Any, ...] = (
        initialize,
        generate_block,
        present_concept,
        present_question,
        evaluate_answer,
        give_hint,
    )
    for node in nodes:
        builder.add_node(node.__name__, node)
    builder.add_edge(START, "initialize")
    builder.add_conditional_edges("initialize", after_initialize)
    builder.add_edge("generate_block", "present_concept")
    builder.add_edge("present_concept", "present_question")
    builder.add_conditional_edges("evaluate_answer", after_evaluation)
    builder.add_edge("give_hint", "present_question")
    builder.add_edge("present_question", END)
    return builder.compile(name="practice")


graph = _build_graph()
