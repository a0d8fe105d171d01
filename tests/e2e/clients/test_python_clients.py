"""LangGraph's Python SDK and RemoteGraph, unmodified, against the functions over HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.pregel.remote import RemoteGraph
from langgraph.types import StreamMode
from langgraph_sdk import get_client
from langgraph_sdk.client import SyncLangGraphClient

from local.api import User
from tests.e2e.clients.conftest import assert_two_turns, headers, right_result, url
from tests.support.practice_client import Json
from tests.support.run_messages import ANSWERS, pending, question_of


def in_words(messages: list[Json]) -> str:
    """The right answer as somebody would write it."""
    answer = ANSWERS[question_of(messages)["question_id"]]
    return ", ".join(answer) if isinstance(answer, list) else str(answer)


TakeTurn = Callable[[SyncLangGraphClient, str | None, Json], Json]


def waited(sdk: SyncLangGraphClient, thread_id: str | None, given: Json) -> Json:
    state = sdk.runs.wait(thread_id, "practice_turn", input=given)
    assert isinstance(state, dict)
    return state


def streamed(sdk: SyncLangGraphClient, thread_id: str | None, given: Json) -> Json:
    runs: Any = sdk.runs  # its types know a stream in a thread, or none, but not either
    modes = ["updates", "custom"]
    parts = list(runs.stream(thread_id, "practice_turn", input=given, stream_mode=modes))
    assert (parts[0].event, parts[-1].event) == ("metadata", "end")
    updates = [part.data for part in parts if part.event == "updates"]
    (state,) = [part.data for part in parts if part.event == "values"]
    assert "messages" not in state
    told = [m for update in updates for said in update.values() for m in said["messages"]]
    return {**state, "messages": told}


@pytest.mark.parametrize("in_thread", [False, True], ids=["alone", "in a thread"])
@pytest.mark.parametrize("taken", [waited, streamed])
def test_the_sdk_takes_two_turns(
    sdk: SyncLangGraphClient, source: Json, taken: TakeTurn, in_thread: bool
) -> None:
    thread_id = sdk.threads.create()["thread_id"] if in_thread else None
    first = taken(sdk, thread_id, {"session_context": {"source_data": source}})
    answer = right_result(first["messages"])
    context = first["session_context"]
    second = taken(sdk, thread_id, {"session_context": context, "messages": [answer]})
    assert_two_turns(first["messages"], second["messages"])


def test_the_asynchronous_sdk_takes_two_turns(student: User, source: Json) -> None:
    async def both() -> tuple[Json, Json]:
        async with get_client(url=url(student), headers=headers(student)) as sdk:
            first = await sdk.runs.wait(
                None, "practice_turn", input={"session_context": {"source_data": source}}
            )
            assert isinstance(first, dict)
            given = {
                "session_context": first["session_context"],
                "messages": [right_result(first["messages"])],
            }
            state: Json = {}
            async for part in sdk.runs.stream(None, "practice_turn", input=given):
                if part.event == "values":
                    state = part.data
            return first, state

    first, second = asyncio.run(both())
    # Asked for values, a run gives its state: what was sent, then what was said.
    assert second["messages"][0]["tool_call_id"] == pending(first["messages"])[0]["id"]
    assert_two_turns(first["messages"], second["messages"][1:])


def test_a_remote_graph_is_invoked_with_its_own_state_and_an_answer(
    sdk: SyncLangGraphClient, source: Json
) -> None:
    graph = RemoteGraph("practice_turn", sync_client=sdk)
    first = graph.invoke({"session_context": {"source_data": source}})
    (call,) = pending(first["messages"])
    answer = ToolMessage(in_words(first["messages"]), tool_call_id=call["id"])
    second = graph.invoke({**first, "messages": [*first["messages"], answer]})
    length = len(first["messages"])
    assert second["messages"][:length] == first["messages"]
    assert_two_turns(first["messages"], second["messages"][length + 1 :])
    assert len(pending(second["messages"])) == 1


def test_a_remote_graph_streams_and_its_user_may_write(
    sdk: SyncLangGraphClient, source: Json
) -> None:
    graph = RemoteGraph("practice_turn", sync_client=sdk)
    thread: RunnableConfig = {"configurable": {"thread_id": sdk.threads.create()["thread_id"]}}

    def turn(given: Json) -> Json:
        state: Json = {"messages": []}
        modes: list[StreamMode] = ["updates", "values"]
        for part in graph.stream(given, thread, stream_mode=modes, version="v2"):
            data: Any = part["data"]
            if part["type"] == "values":
                state["session_context"] = data["session_context"]
            else:
                state["messages"] += [m for said in data.values() for m in said["messages"]]
        return state

    first = turn({"session_context": {"source_data": source}})
    words = HumanMessage(in_words(first["messages"]))
    second = turn(
        {
            "session_context": first["session_context"],
            "messages": [*first["messages"], words],
        }
    )
    assert_two_turns(first["messages"], second["messages"])
