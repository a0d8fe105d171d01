"""The figures in docs/tutor.md are those of the code and of the simulation."""

import re
import shlex
from collections.abc import Callable
from itertools import product
from typing import get_args

import pytest
from langchain_core.runnables.graph import Graph
from langgraph.graph import END, START

from bench.mastery import TABLES
from local.processes import ROOT
from shared.contract.operation import uses_of
from shared.domain.practice import attempt_log, source, state, transitions
from shared.domain.practice.question_bank import MAX_BANK_BYTES, MAX_BANK_QUESTIONS
from shared.domain.practice.self_ratings import MAX_STEPS
from shared.domain.questions import rubric
from shared.domain.questions.answers import MAX_ANSWER_CHARACTERS
from shared.domain.questions.grading import PASSING_SCORE
from shared.domain.questions.question import GUESS_IN_WRITING, MAX_GUESS
from shared.domain.students import mastery
from shared.sealing.fernet_box import MAX_SEAL_LENGTH
from shared.settings import FIELDS, load_settings
from shared.tutor import offline
from shared.tutor.graph import RECURSION_LIMIT, graph
from shared.tutor.language_model import output_parser, prompts
from shared.tutor.language_model.model_call import ModelSettings
from shared.tutor.language_model.output_parser import MODEL_BLOCK_SIZES
from shared.tutor.nodes import FirstNode
from tests.support.documents import example, examples

TUTOR = (ROOT / "docs" / "tutor.md").read_text()
MODEL = ModelSettings(api_key="", model="", base_url="")


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_the_results_of_the_simulated_students(table: Callable[[], str]) -> None:
    assert f"\n\n{table()}\n" in TUTOR, "run bench.mastery again and put its tables in"


@pytest.mark.parametrize(
    "words",
    [
        f"| L0 | {mastery.INITIAL} |",
        f"| T | {mastery.LEARNING} |",
        f"| S | {mastery.SLIP} |",
        f"at most {MAX_GUESS}; {GUESS_IN_WRITING} in writing",
        f"p ≥ {mastery.MASTERED_FROM} and after at least {mastery.FIRSTS_NEEDED} first attempts",
        f"to {mastery.DECIMALS} decimals",
        f"one line each | the last {state.MAX_FINISHED_BLOCKS} |",
        f"not stored yet | the last {attempt_log.MAX_UNSTORED_ATTEMPTS} |",
        f"their questions and answers | the latest {attempt_log.MAX_LOG_TEXT_BYTES // 1024} KB |",
        f"in the chain | the last {state.MAX_CHAIN} |",
        f"more than {state.MAX_CHAIN} turns without storing",
        f"as hashes | the last {state.MAX_PROMPTS} |",
        f"prompts missed | the last {transitions.MAX_MISSED} |",
        f"the last {transitions.MAX_MISSED} prompts missed",
        f"skills of a template | {source.MAX_SKILLS} |",
        f"exercises of a template | {source.MAX_EXERCISES} |",
        f"bank | {MAX_BANK_QUESTIONS}, of {MAX_BANK_BYTES // 1024} KB together |",
        f"writes for a block | {output_parser.MAX_BLOCK_BYTES} bytes |",
        f"at most {output_parser.MAX_BLOCK_BYTES:,} bytes",
        f"not opened | {MAX_SEAL_LENGTH // 1024} KB |",
        f"up to {offline.BLOCK_SIZE} questions of the weakest skill",
        f"of the description, at most {MAX_STEPS};",
        f"{MODEL_BLOCK_SIZES.start} to {MODEL_BLOCK_SIZES.stop - 1} of them",
        f"at most {output_parser.MAX_GRADED_BY_MODEL} `{output_parser.KINDS_GRADED_BY_MODEL}`",
        f"({prompts.MAX_TEXT:,} characters a text, {prompts.MAX_ANSWER:,} an answer)",
        f"up to {prompts.MAX_PROMPT_EXERCISES} of its exercises",
        f"up to {prompts.MAX_SAMPLES} of the teacher's questions",
        f"a range of {prompts.DIFFICULTIES} grades of difficulty",
        f"(at least {rubric.MIN_QUOTE_CHARACTERS} characters)",
        f"(from {PASSING_SCORE})",
        f"up to {MODEL.longest_pause_seconds:.0f} seconds",
        f"at most {MODEL.max_output_tokens:,} tokens",
        f"at {RECURSION_LIMIT} it is stopped",
    ],
)
def test_the_constants_are_those_of_the_code(words: str) -> None:
    assert words in " ".join(TUTOR.split())


def test_no_answer_is_cut_before_a_model_reads_it() -> None:
    assert prompts.MAX_ANSWER == MAX_ANSWER_CHARACTERS


def drawn_graph() -> Graph:
    """All the compiled graphs in one: the edges from START are those that code chooses from."""
    graphs = [graph(first).get_graph() for first in get_args(FirstNode)]
    edges = {edge for one in graphs for edge in one.edges}
    edges = {edge._replace(conditional=edge.conditional or edge.source == START) for edge in edges}
    return Graph(nodes=graphs[0].nodes, edges=sorted(edges))


def test_the_graph_is_drawn_as_it_is_compiled() -> None:
    (drawn,) = re.findall(r"```mermaid\n(.*?)\n```", TUTOR, re.DOTALL)
    assert drawn == drawn_graph().draw_mermaid().strip()


def test_every_node_is_explained() -> None:
    nodes = set(drawn_graph().nodes) - {START, END}
    assert nodes
    assert {node for node in nodes if f"\n| `{node}` | " not in TUTOR} == set()


SERVERS = [
    dict(line.split("=", 1) for line in shlex.split(block.text))
    for block in examples("docs/tutor.md", "sh", under="Model servers")
]


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server["PRACTICE_MODEL"])
def test_the_settings_for_each_server_are_a_turns(server: dict[str, str]) -> None:
    uses = uses_of("practice_turn")
    settings = load_settings({"GOOGLE_CLOUD_PROJECT": "demo-docs", **server}, uses)
    read = {
        variable.name: str(getattr(settings, field))
        for field, variable in FIELDS.items()
        if variable.use in uses
    }
    assert read | server == read


def test_four_servers_are_named() -> None:
    assert len(SERVERS) == 4
    assert [server for server in SERVERS if not server["OPENAI_API_KEY"]] == []


def test_mastery_is_computed_by_the_formula() -> None:
    printed = example("docs/tutor.md", "", under="Mastery").replace("\N{MINUS SIGN}", "-")
    assert printed.splitlines() == [
        "right:  known = p (1 - S) / (p (1 - S) + (1 - p) G)",
        "wrong:  known = p S / (p S + (1 - p) (1 - G))",
    ]
    assert "`p = known + (1 - known) T`" in TUTOR.replace("\N{MINUS SIGN}", "-")
    s, t = mastery.SLIP, mastery.LEARNING
    for p, g in product((0.1, 0.5, 0.99), (MAX_GUESS, GUESS_IN_WRITING)):
        right = p * (1 - s) / (p * (1 - s) + (1 - p) * g)
        wrong = p * s / (p * s + (1 - p) * (1 - g))
        for score, known in ((1, right), (0, wrong)):
            learnt = mastery.update_mastery(p, score=score, guess=g, hinted=False)
            assert learnt == pytest.approx(known + (1 - known) * t)
