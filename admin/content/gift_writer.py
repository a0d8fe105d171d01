"""Questions as GIFT. What the format can't hold is named."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from admin.content.fields import TRUE_FALSE, exact
from admin.content.gift import CATEGORY, FORMAT, TOP
from admin.content.items import ItemRefused
from admin.content.written import LEFT_OUT, Written

Question = Mapping[str, Any]


def write(questions: Iterable[tuple[str, Question]], left_out: Written) -> Iterator[str]:
    """The parts of the file, from pairs of an exercise's name and a question."""
    current: str | None = None
    for exercise, question in questions:
        try:
            block = _block(question)
        except ItemRefused as refusal:
            left_out.refuse(exercise, question, refusal.note.sentence)
            continue
        if exercise != current:
            name = exercise.replace("/", "//")
            # A slash of the name is doubled, and must not meet the one before the name.
            yield f"{CATEGORY} {TOP}/ {name}\n\n"
            current = exercise
        yield block
        left_out.took(exercise, question, _lost(question))


def _block(question: Question) -> str:
    key = WRITERS.get(question["kind"])
    if key is None:
        raise ItemRefused("unwritable", f"GIFT has no questions of the kind {question['kind']}")
    answer = "\n".join(("", *(f"\t{line}" for line in key(question)), ""))
    explanation = question.get("explanation") or ""
    if explanation.strip():
        answer = f"{answer}\t####{escaped(explanation)}\n"
    braces = f"{{{answer}}}" if answer.strip() else "{}"
    return f"{_id(question)}[markdown]{escaped(question['prompt'].strip())}{braces}\n\n"


def _id(question: Question) -> str:
    """The comment that Moodle reads an id number from; none for an id of several lines."""
    question_id = str(question["question_id"])
    if not _holds_id(question):
        return ""
    return "// [id:" + re.sub(r"[\\\]]", r"\\\g<0>", question_id) + "]\n"


def _holds_id(question: Question) -> bool:
    question_id = str(question["question_id"])
    return question_id.strip() == question_id and not re.search(r"[\r\n]", question_id)


def escaped(text: str) -> str:
    """The text with its line ends and the signs of GIFT written with a backslash."""
    unbroken = re.sub(r"\r\n?", "\n", text)
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", unbroken).replace("\n", "\\n")


def _is_true_false(question: Question) -> bool:
    texts = tuple(choice["text"] for choice in question["choices"])
    return bool(question.get("keep_order")) and texts == TRUE_FALSE


def _text(choice: Mapping[str, Any]) -> str:
    text = choice["text"].strip()
    # What would be read as a format or as points is text behind another one.
    return f"[markdown]{escaped(text)}" if FORMAT.match(text) else escaped(text)


def _choice(question: Question) -> Iterator[str]:
    if _is_true_false(question):
        yield "T" if question["answer"] == question["choices"][0]["id"] else "F"
        return
    for choice in question["choices"]:
        is_right = choice["id"] == question["answer"]
        yield f"{'=' if is_right else '~'}{_points(choice['text'], is_right)}{_text(choice)}"


def _choices(question: Question) -> Iterator[str]:
    right = question["answer"]
    share = round(100 / len(right), 5)
    for choice in question["choices"]:
        percent = share if choice["id"] in right else -share
        yield f"~%{percent:g}%{_text(choice)}"


def _accepted(question: Question) -> Iterator[str]:
    for text in question["answer"]:
        if "->" in text:
            raise ItemRefused("unwritable", "GIFT takes an accepted answer with -> for a pair")
        literal = text.strip().replace("*", "\\*")
        yield f"={_points(text, True)}{escaped(literal)}"


def _pairs(question: Question) -> Iterator[str]:
    texts = {choice["id"]: choice for choice in question["choices"]}
    items = [
        (item, texts[id_]) for item, id_ in zip(question["items"], question["answer"], strict=True)
    ]
    unused = [c for id_, c in texts.items() if id_ not in question["answer"]]
    for left, right in [*items, *(({"text": ""}, choice) for choice in unused)]:
        if "->" in left["text"] + right["text"] or left["text"].lstrip().startswith("%"):
            raise ItemRefused("unwritable", "GIFT takes -> and % in a pair for signs of its own")
        yield f"={_text(left)} -> {escaped(right['text'].strip())}"


def _points(text: str, is_right: bool) -> str:
    """The points before a text that would be read as points itself."""
    if not text.lstrip().startswith("%"):
        return ""
    return "%100%" if is_right else "%0%"


def _number(question: Question) -> Iterator[str]:
    value = str(question["answer"]).strip()
    try:
        exact(value)
    except ItemRefused:
        raise ItemRefused("unwritable", f"GIFT has only decimal numbers, and not {value}") from None
    tolerance = question.get("tolerance")
    yield f"#{value}:{tolerance}" if tolerance else f"#{value}"


def _nothing(_: Question) -> Iterator[str]:
    return iter(())


# By kind of question: the lines between the braces.
WRITERS: Mapping[str, Callable[[Question], Iterator[str]]] = {
    "multiple_choice": _choice,
    "multi_select": _choices,
    "numeric": _number,
    "short_answer": _accepted,
    "matching": _pairs,
    "free_response": _nothing,
    "self_rated": _nothing,
}
HELD = {"question_id", "kind", "prompt", "choices", "items", "answer", "explanation"}


def _lost(question: Question) -> list[str]:
    """The fields that the file does not hold."""
    held = HELD | ({"tolerance"} if question["kind"] == "numeric" else set())
    if question["kind"] == "multiple_choice" and _is_true_false(question):
        held |= {"keep_order"}
    lost = [name for name, value in question.items() if name not in held and value not in LEFT_OUT]
    if not _holds_id(question):
        lost.append("question_id")
    return [*lost, "kind"] if question["kind"] == "free_response" else lost
