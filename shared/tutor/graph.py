"""The graph of a turn, compiled once for each node that a turn may begin with."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

from langgraph.graph import END, START, StateGraph

from shared.tutor import nodes
from shared.tutor.nodes import FirstNode
from shared.tutor.state import Turn, TurnContext, merge_changes

# A turn takes five steps at most; one that takes more is in an endless loop.
RECURSION_LIMIT = 12
# A turn runs one node at a time. With max_concurrency, LangGraph needn't count processors.
CONFIG = {"recursion_limit": RECURSION_LIMIT, "max_concurrency": 1}


# The state is one value, of which a node returns the fields that it changes. If each field had a
# channel, LangGraph would look at all channels in every step.
STATE: Any = Annotated[Turn, merge_changes]


@cache
def graph(first: FirstNode) -> Any:
    """The compiled StateGraph that begins with this node: a new session runs initialize →
    generate_block → present_concept → present_question; other turns begin with the answer, the hint
    or the question.

    The graphs differ in their first edge alone. One graph with a condition there would choose in
    each turn what `first_node` chooses for less. A graph has no checkpointer and no interrupt: the
    state comes with each turn.
    """
    builder = StateGraph(STATE, context_schema=TurnContext)
    functions: tuple[Any, ...] = (
        nodes.initialize,
        nodes.generate_block,
        nodes.present_concept,
        nodes.present_question,
        nodes.evaluate_answer,
        nodes.present_feedback,
        nodes.give_hint,
    )
    for node in functions:
        builder.add_node(node.__name__, node, input_schema=STATE)
    builder.add_edge(START, first)
    builder.add_edge("initialize", "generate_block")
    builder.add_edge("generate_block", "present_concept")
    builder.add_edge("present_concept", "present_question")
    builder.add_edge("evaluate_answer", "present_feedback")
    builder.add_edge("give_hint", "present_question")
    builder.add_edge("present_question", END)
    return builder.compile(name="practice_turn")


def stream_turn(turn: Turn, context: TurnContext) -> Iterator[tuple[str, Turn]]:
    """Runs the turn: each node's name, and the fields that it changed, as soon as it has ended."""
    compiled = graph(nodes.first_node(turn))
    for update in compiled.stream(turn, context=context, config=CONFIG, stream_mode="updates"):
        yield from update.items()


def run_turn(turn: Turn, context: TurnContext) -> Turn:
    """The turn after its last node."""
    for _, changes in stream_turn(turn, context):
        turn = merge_changes(turn, changes)
    return turn
