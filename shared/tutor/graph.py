"""The graph of a turn, compiled once, when the first turn needs it."""

from functools import cache
from typing import Any

from langgraph.graph import END, START, StateGraph

from shared.tutor import nodes
from shared.tutor.state import Turn, TurnContext

# A turn takes five steps at most; one that takes more is caught in a circle.
RECURSION_LIMIT = 12


@cache
def graph() -> Any:
    """initialize → generate_block → present_concept → present_question for a new session; else the
    answer or the hint first. No checkpointer and no interrupt: the state comes with each turn.
    """
    builder = StateGraph(Turn, context_schema=TurnContext)
    every: tuple[Any, ...] = (
        nodes.initialize,
        nodes.generate_block,
        nodes.present_concept,
        nodes.present_question,
        nodes.evaluate_answer,
        nodes.present_feedback,
        nodes.give_hint,
    )
    for node in every:
        builder.add_node(node.__name__, node)
    builder.add_conditional_edges(START, nodes.route_start)
    builder.add_edge("initialize", "generate_block")
    builder.add_edge("generate_block", "present_concept")
    builder.add_edge("present_concept", "present_question")
    builder.add_edge("evaluate_answer", "present_feedback")
    builder.add_conditional_edges("present_feedback", nodes.route_after_feedback)
    builder.add_edge("give_hint", "present_question")
    builder.add_edge("present_question", END)
    return builder.compile(name="practice_turn")
