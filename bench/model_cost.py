"""Model calls and tokens per session, counted in the traffic of a stub model server."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import bpe_openai

from bench.metered_stack import QUESTIONS, STORING, Json, practise, start_metered_stack
from bench.stub_model import make_block
from local.emulator import Emulator
from testkit.model_server import Exchange, ModelServer, replies_with, serving_model

VOCABULARY = "o200k_base"
FREE_TEXT = "free_response"
WORKING = "Half the length of a string is twice the frequency, so 440 Hz become 880 Hz: an octave."
WITH_MODEL = {"PRACTICE_MODEL": "stub", "OPENAI_API_KEY": "none"}


def model_rows(emulator: Emulator) -> Iterator[list[str]]:
    """Rows for sessions in which a model writes the blocks and examines free text."""
    for name, free_text in (
        (f"{QUESTIONS} questions that code grades", False),
        (f"{QUESTIONS} questions, one of each block in free text", True),
    ):
        with serving_model() as model:
            writer = BlockWriter(free_text=free_text)
            model.plays(writer)
            settings = {**WITH_MODEL, "OPENAI_BASE_URL": model.url}
            with start_metered_stack(emulator, settings) as stack:
                practise(stack, STORING["ten questions, stored at every block"], any_answer)
            yield [name, f"{model.calls}", *_count_tokens(model, writer.replies)]


class BlockWriter:
    """A model that writes blocks of five questions, solves them as it wrote them, and finds every
    criterion met.

    With `free_text` the last question of a block is answered in free text. `replies` are the texts
    written so far.
    """

    def __init__(self, *, free_text: bool) -> None:
        self._free_text = free_text
        self._blocks = 0
        self.replies: list[str] = []

    def __call__(self, exchange: Exchange) -> None:
        if "questions" in exchange.data:
            content = self._solutions(exchange)
        elif "answer" in exchange.data:
            content = self._findings(exchange)
        else:
            self._blocks += 1
            content = self._block()
        text = json.dumps(content)
        self.replies.append(text)
        replies_with(text)(exchange)

    def _block(self) -> Json:
        block = make_block(self._blocks)
        if self._free_text:
            block["questions"][-1] = _as_free_text(block["questions"][-1])
        return block

    def _solutions(self, exchange: Exchange) -> Json:
        keys = {question["prompt"]: question["answer"] for question in self._block()["questions"]}
        return {
            "solutions": [
                {"number": asked["number"], "working": WORKING, "answer": keys[asked["prompt"]]}
                for asked in exchange.data["questions"]
            ]
        }

    def _findings(self, exchange: Exchange) -> Json:
        quote = exchange.data["answer"]
        criteria = [criterion["criterion_id"] for criterion in exchange.data["criteria"]]
        return {
            "findings": [{"criterion_id": id_, "quote": quote, "met": True} for id_ in criteria]
        }


def _as_free_text(question: Json) -> Json:
    rubric = [
        {"text": "Says that the frequency doubles", "points": 1},
        {"text": "Says that the note is an octave higher", "points": 1},
    ]
    return {**question, "kind": FREE_TEXT, "answer": [], "tolerance": None, "rubric": rubric}


def any_answer(question: Json) -> Any:
    """An answer that is valid for the question, right or wrong."""
    match question["kind"]:
        case "multiple_choice":
            return question["choices"][0]["id"]
        case "multi_select":
            return [question["choices"][0]["id"]]
        case "numeric":
            return "880"
        case "self_rated":
            return "good"
        case _:
            return "The frequency doubles, so it is an octave higher."


def _count_tokens(model: ModelServer, replies: Sequence[str]) -> tuple[str, str]:
    """Tokens in (messages and schemas) and out (replies), formatted."""
    encoding = bpe_openai.get_encoding(VOCABULARY)
    sent = [
        text
        for exchange in model.requests
        for text in (
            *(message["content"] for message in exchange.body["messages"]),
            json.dumps(exchange.body["response_format"]),
        )
    ]
    counts = (sum(len(encoding.encode(text)) for text in texts) for texts in (sent, replies))
    tokens_in, tokens_out = counts
    return f"{tokens_in:,}", f"{tokens_out:,}"
