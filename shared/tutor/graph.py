"""The graph of a turn, compiled once, at the first turn."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from langgraph.graph import END, START, StateGraph

from shared.tutor import nodes
from shared.tutor.state import Turn, TurnContext

# A turn takes five steps at most; one that takes more is in an endless loop.
RECURSION_LIMIT = 12
# A turn runs one node at a time. With max_concurrency, LangGraph needn't count processors.
CONFIG = {"recursion_limit": RECURSION_LIMIT, "max_concurrency": 1}


@cache
def graph() -> Any:
    """The compiled StateGraph: a new session runs initialize → generate_block → present_concept →
    present_question; other turns begin with the answer, the hint or the question.

    It has no checkpointer and no interrupt: the state comes with each turn.
    """
    builder = StateGraph(Turn, context_schema=TurnContext)
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
        builder.add_node(node.__name__, node)
    builder.add_conditional_edges(START, nodes.route_start)
    builder.add_edge("initialize", "generate_block")
    builder.add_edge("generate_block", "present_concept")
    builder.add_edge("present_concept", "present_question")
    builder.add_edge("evaluate_answer", "present_feedback")
    builder.add_edge("give_hint", "present_question")
    builder.add_edge("present_question", END)
    return builder.compile(name="practice_turn")


def stream_turn(turn: Turn, context: TurnContext) -> Iterator[tuple[str, Turn]]:
    """Runs the turn: each node's name, and the fields that it changed, as soon as it has ended."""
    updates = graph().stream(turn, context=context, config=CONFIG, stream_mode="updates")
    for update in updates:
        yield from update.items()


def run_turn(turn: Turn, context: TurnContext) -> Turn:
    """The turn after its last node. It is put together here because LangGraph's `invoke` would read
    all fields after each node.
    """
    for _, changes in stream_turn(turn, context):
        turn = {**turn, **changes}
    return turn
