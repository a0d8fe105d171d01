"""LangGraph alone: the three steps of an answer, all empty."""

from functools import cache
from typing import Any

import functions_framework
from flask import Request
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict


class State(TypedDict):
    step: int


@functions_framework.http
def graph(_request: Request) -> str:
    for _ in _graph().stream({"step": 0}, stream_mode="updates"):
        pass
    return "ok"


@cache
def _graph() -> Any:
    builder = StateGraph(State)
    for step in range(3):
        builder.add_node(str(step), lambda state: {"step": state["step"] + 1})
    for before, after in ((START, "0"), ("0", "1"), ("1", "2"), ("2", END)):
        builder.add_edge(before, after)
    return builder.compile()
