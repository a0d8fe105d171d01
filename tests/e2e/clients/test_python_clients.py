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


def written_answer(messages: list[Json]) -> str:
    """The right answer as a student would write it."""
    answer = ANSWERS[question_of(messages)["question_id"]]
    return ", ".join(answer) if isinstance(answer, list) else str(answer)


TakeTurn = Callable[[SyncLangGraphClient, str | None, Json], Json]


def waited(sdk: SyncLangGraphClient, thread_id: str | None, turn_input: Json) -> Json:
    state = sdk.runs.wait(thread_id, "practice_turn", input=turn_input)
    assert isinstance(state, dict)
    return state


def streamed(sdk: SyncLangGraphClient, thread_id: str | None, turn_input: Json) -> Json:
    runs: Any = sdk.runs  # its types do not accept `str | None` for thread_id
    modes = ["updates", "custom"]
    parts = list(runs.stream(thread_id, "practice_turn", input=turn_input, stream_mode=modes))
    assert (parts[0].event, parts[-1].event) == ("metadata", "end")
    updates = [part.data for part in parts if part.event == "updates"]
    (state,) = [part.data for part in parts if part.event == "values"]
    assert "messages" not in state
    messages = [m for update in updates for node in update.values() for m in node["messages"]]
    return {**state, "messages": messages}


@pytest.mark.parametrize("in_thread", [False, True], ids=["alone", "in a thread"])
@pytest.mark.parametrize("take_turn", [waited, streamed])
def test_the_sdk_takes_two_turns(
    sdk: SyncLangGraphClient, source: Json, take_turn: TakeTurn, in_thread: bool
) -> None:
    thread_id = sdk.threads.create()["thread_id"] if in_thread else None
    first = take_turn(sdk, thread_id, {"session_context": {"source_data": source}})
    answer = right_result(first["messages"])
    context = first["session_context"]
    second = take_turn(sdk, thread_id, {"session_context": context, "messages": [answer]})
    assert_two_turns(first["messages"], second["messages"])


def test_the_asynchronous_sdk_takes_two_turns(student: User, source: Json) -> None:
    async def both() -> tuple[Json, Json]:
        async with get_client(url=url(student), headers=headers(student)) as sdk:
            first = await sdk.runs.wait(
                None, "practice_turn", input={"session_context": {"source_data": source}}
            )
            assert isinstance(first, dict)
            turn_input = {
                "session_context": first["session_context"],
                "messages": [right_result(first["messages"])],
            }
            state: Json = {}
            async for part in sdk.runs.stream(None, "practice_turn", input=turn_input):
                if part.event == "values":
                    state = part.data
            return first, state

    first, second = asyncio.run(both())
    # With the mode "values" a run returns its state: the messages sent, then those of the tutor.
    assert second["messages"][0]["tool_call_id"] == pending(first["messages"])[0]["id"]
    assert_two_turns(first["messages"], second["messages"][1:])


def test_a_remote_graph_is_invoked_with_its_own_state_and_an_answer(
    sdk: SyncLangGraphClient, source: Json
) -> None:
    graph = RemoteGraph("practice_turn", sync_client=sdk)
    first = graph.invoke({"session_context": {"source_data": source}})
    (call,) = pending(first["messages"])
    answer = ToolMessage(written_answer(first["messages"]), tool_call_id=call["id"])
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

    def turn(turn_input: Json) -> Json:
        state: Json = {"messages": []}
        modes: list[StreamMode] = ["updates", "values"]
        for part in graph.stream(turn_input, thread, stream_mode=modes, version="v2"):
            data: Any = part["data"]
            if part["type"] == "values":
                state["session_context"] = data["session_context"]
            else:
                state["messages"] += [m for node in data.values() for m in node["messages"]]
        return state

    first = turn({"session_context": {"source_data": source}})
    written = HumanMessage(written_answer(first["messages"]))
    second = turn(
        {
            "session_context": first["session_context"],
            "messages": [*first["messages"], written],
        }
    )
    assert_two_turns(first["messages"], second["messages"])
