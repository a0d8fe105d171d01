"""The figures in docs/tutor.md are those of the code and of the simulation."""

import re
import shlex
from collections.abc import Callable
from typing import get_args

import pytest
from langchain_core.runnables.graph import Graph
from langgraph.graph import END, START

from bench import forgetting
from bench import mastery as mastery_bench
from local.processes import ROOT
from shared.contract.operation import uses_of
from shared.domain.practice import attempt_log, question_selection, source, state, transitions
from shared.domain.practice.question_bank import MAX_BANK_BYTES, MAX_BANK_QUESTIONS
from shared.domain.practice.self_ratings import MAX_STEPS
from shared.domain.questions import rubric
from shared.domain.questions.answers import MAX_ANSWER_CHARACTERS
from shared.domain.questions.grading import PASSING_SCORE
from shared.domain.questions.question import GUESS_IN_WRITING
from shared.domain.students import evidence, mastery
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
LONGEST_AFTER_RIGHT = question_selection.DUE_AFTER_RIGHT << question_selection.DOUBLINGS
MODEL = ModelSettings(api_key="", model="", base_url="")


@pytest.mark.parametrize("table", [*mastery_bench.TABLES, *forgetting.TABLES])
def test_the_tables_are_the_results_of_the_simulated_students(table: Callable[[], str]) -> None:
    assert f"\n\n{table()}\n" in TUTOR, "run the bench again and put its tables in"


@pytest.mark.parametrize(
    "words",
    [
        f"begin at {evidence.UNPRACTISED.none:.1f}, {evidence.UNPRACTISED.half} and "
        f"{evidence.UNPRACTISED.known}.",
        f"| known | {evidence.RIGHT_IF_KNOWN}:",
        f"| half | {evidence.KNOWN_OF_HALF} + {evidence.KNOWN_OF_HALF} g |",
        f"to the power {evidence.REPEATED_WEIGHT}",
        f"`known` is at most {evidence.MOST_KNOWN}",
        f"among k choices 1/k, and {GUESS_IN_WRITING} in writing",
        f"at least {mastery.MASTERED_FROM}, after at least {mastery.FIRSTS_NEEDED} first attempts",
        f"{question_selection.MASTERED_WEIGHT} for a skill that is mastered",
        f"{question_selection.STUCK_WEIGHT} after {question_selection.STUCK_AFTER} wrong answers",
        f"once {question_selection.DUE_AFTER_WRONG} others were asked",
        f"{question_selection.DUE_AFTER_RIGHT} questions after a right answer, doubled by each "
        f"further one up to {LONGEST_AFTER_RIGHT}; {question_selection.DUE_AFTER_WRONG} after a "
        "wrong one.",
        f"to {evidence.DECIMALS} decimals",
        f"one line each | the last {state.MAX_FINISHED_BLOCKS} |",
        f"not stored yet | the last {attempt_log.MAX_UNSTORED_ATTEMPTS} |",
        f"their questions and answers | the latest {attempt_log.MAX_LOG_TEXT_BYTES // 1024} KB |",
        f"no client carries | the latest {attempt_log.MAX_KEPT_TEXT_BYTES // 1024} KB |",
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
        f"up to {offline.BLOCK_SIZE} questions of the skill",
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
    printed = example("docs/tutor.md", "", under="Mastery")
    assert printed.splitlines() == [
        f"none -> half:   {evidence.LEARNS_HALF} of none",
        f"half -> known:  {evidence.LEARNS_ALL} of half",
    ]
    before = evidence.Belief(half=0.3, known=0.2)
    after = evidence.observe(before, score=0.5, guess=0.5)
    rights = [0.5, 0.75, evidence.RIGHT_IF_KNOWN]
    priors = [before.none, before.half, before.known]
    halves, knowns = 0.0, 0.0
    for chances in (rights, [1 - right for right in rights]):
        weights = [chance * prior for chance, prior in zip(chances, priors, strict=True)]
        halves += 0.5 * weights[1] / sum(weights)
        knowns += 0.5 * weights[2] / sum(weights)
    nones = 1 - halves - knowns
    known = knowns + halves * evidence.LEARNS_ALL
    half = halves * (1 - evidence.LEARNS_ALL) + nones * evidence.LEARNS_HALF
    assert after == pytest.approx((half, known))
