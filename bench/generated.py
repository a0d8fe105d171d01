"""How many wrong keys of a model reach students, and how many good questions are lost with them.

Official keys are mutated, and the model's replies scripted: its blocks, and its solutions of them.
Writes a table into docs/tutor.md.

    .venv/bin/python -m bench generated
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from cryptography.fernet import Fernet

from bench.official_questions import SOURCES, Json, OfficialQuestion
from bench.report import TUTOR, markdown_table, write_section
from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import start_practice
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.tutor.graph import run_turn
from shared.tutor.language_model.client import ModelClient
from shared.tutor.language_model.model_call import ModelSettings
from shared.tutor.language_model.tutor import LanguageModelTutor
from shared.tutor.offline import OfflineTutor
from shared.tutor.state import TurnContext
from testkit.model_server import Exchange, ModelServer, replies_with, serving_model

BLOCKS = 400
QUESTIONS_PER_BLOCK = 6
WRONG_KEYS = 0.05
# Of the wrong keys: the model made the mistake in its explanation too, not at writing the key only.
MISTAKEN = 0.5
# Of the errors of a solver at a question with a wrong key: the same mistake as its author's.
SAME_MISTAKE = 0.5
TEMPLATE: Json = {
    "name": "Mixed",
    "template_data": {
        "sections": [
            {
                "name": "All",
                "exercises": [
                    {
                        "name": "Mixed",
                        "questions": [
                            {"question_id": "own", "kind": "self_rated", "prompt": "How was it?"}
                        ],
                    }
                ],
            }
        ]
    },
}


@dataclass(frozen=True)
class Outcome:
    """Counts of questions, and of blocks and calls."""

    drafted_right: int
    drafted_wrong: int
    served_right: int
    served_wrong: int
    from_bank: int
    calls: int

    @property
    def wrong_drafted(self) -> float:
        return self.drafted_wrong / (self.drafted_right + self.drafted_wrong)

    @property
    def wrong_served(self) -> float:
        return self.served_wrong / (self.served_right + self.served_wrong)

    @property
    def right_dropped(self) -> float:
        return 1 - self.served_right / self.drafted_right


class ScriptedModel:
    """Writes blocks of which some keys are wrong, and solves questions with some errors."""

    def __init__(self, *, seed: str, solver_errs: float) -> None:
        self._chance = Random(seed)
        self._solver_errs = solver_errs
        self._by_prompt: dict[str, tuple[OfficialQuestion, bool]] = {}
        self.drafted: Counter[bool] = Counter()

    def __call__(self, exchange: Exchange) -> None:
        if "questions" in exchange.data:
            solutions = [self._solution(question) for question in exchange.data["questions"]]
            replies_with({"solutions": solutions})(exchange)
        else:
            replies_with(json.dumps(self._block()))(exchange)

    def is_right(self, prompt: str) -> bool:
        """Whether the key that was written for this prompt is right."""
        return self._by_prompt[prompt][1]

    def _block(self) -> Json:
        self._by_prompt.clear()
        names = self._chance.sample(sorted(SOURCES), QUESTIONS_PER_BLOCK)
        questions = [self._draft(SOURCES[name](self._chance)) for name in names]
        concept = {"title": "Mixed", "explanation": "Work it out.", "worked_example": None}
        return {"concept": concept, "questions": questions}

    def _draft(self, question: OfficialQuestion) -> Json:
        is_right = self._chance.random() >= WRONG_KEYS
        self.drafted[is_right] += 1
        self._by_prompt[question.fields["prompt"]] = question, is_right
        if is_right:
            return question.fields
        return question.with_mistake() if self._chance.random() < MISTAKEN else question.with_slip()

    def _solution(self, asked: Json) -> Json:
        question, is_right = self._by_prompt[asked["prompt"]]
        answer = question.fields["answer"]
        if self._chance.random() < self._solver_errs:
            same = not is_right and self._chance.random() < SAME_MISTAKE
            answer = question.wrong if is_right or same else ["0"]
        return {"number": asked["number"], "working": "Worked out.", "answer": answer}


def measure(*, blocks: int = BLOCKS, solver_errs: float | None, seed: str = "generated") -> Outcome:
    """The outcome for this number of blocks. `solver_errs` is a share, None without solving."""
    model = ScriptedModel(seed=seed, solver_errs=solver_errs or 0)
    served: Counter[bool] = Counter()
    from_bank = calls = 0
    with _serving(model) as (server, client):
        for number in range(blocks):
            tutor = LanguageModelTutor(client, solves_drafts=solver_errs is not None)
            practice = _first_block(number, tutor)
            if practice.tutor != tutor.name:
                from_bank += 1
                continue
            assert practice.block is not None
            served.update(model.is_right(question.prompt) for question in practice.block.questions)
        calls = server.calls
    return Outcome(
        drafted_right=model.drafted[True],
        drafted_wrong=model.drafted[False],
        served_right=served[True],
        served_wrong=served[False],
        from_bank=from_bank,
        calls=calls,
    )


@contextmanager
def _serving(model: ScriptedModel) -> Iterator[tuple[ModelServer, ModelClient]]:
    with serving_model() as server:
        server.plays(model)
        settings = ModelSettings(api_key="none", model="scripted", base_url=server.url)
        client = ModelClient(settings)
        try:
            yield server, client
        finally:
            client.close()


SEALER = FernetPracticeSealer(FernetBox([Fernet.generate_key().decode()]))


def _first_block(number: int, tutor: LanguageModelTutor) -> Practice:
    """A new session after its first turn."""
    now = datetime.now(UTC)
    session_id = hashlib.sha256(f"{number}".encode()).hexdigest()[:24]
    practice = start_practice(
        source_from_template(TEMPLATE, None),
        session_id=session_id,
        student_id="student",
        tutor="model",
        at=now,
    )
    context = TurnContext(tutor=tutor, fallback=OfflineTutor(), now=now, sealer=SEALER)
    return run_turn({"practice": practice, "do": "present"}, context)["practice"]


SOLVERS = {
    "checks in code alone": None,
    "and a solver that never errs": 0.0,
    "and one that errs at 5 %": 0.05,
    "at 10 %": 0.1,
    "at 20 %": 0.2,
}


def main() -> None:
    rows = []
    for name, errs in SOLVERS.items():
        found = measure(solver_errs=errs)
        shares = (found.wrong_drafted, found.wrong_served, found.right_dropped)
        rows.append(
            [
                name,
                *(f"{100 * share:.1f} %" for share in shares),
                f"{100 * found.from_bank / BLOCKS:.1f} %",
                f"{found.calls / BLOCKS:.2f}",
            ]
        )
    heads = ["", "keys drafted wrong", "served wrong", "right ones dropped", "blocks from the bank"]
    write_section("generated", markdown_table([*heads, "calls a block"], rows), page=TUTOR)
