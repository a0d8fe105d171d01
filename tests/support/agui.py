"""A client of an AG-UI agent that keeps state and messages as the protocol's own clients do."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ag_ui.core import Event, RunAgentInput
from pydantic import BaseModel, TypeAdapter

Json = dict[str, Any]
# Sends the input of a run. Returns the data of the events of the stream.
Send = Callable[[Json], list[Json]]

EVENTS: TypeAdapter[Any] = TypeAdapter(Event)


def require_valid(event: Json) -> None:
    """Requires an event of the protocol, with no field that the protocol lacks."""
    parsed = EVENTS.validate_python(event)
    _require_known(parsed)
    assert parsed.model_dump(mode="json", by_alias=True) == event


def _require_known(model: BaseModel) -> None:
    assert not model.model_extra, f"{type(model).__name__} has no {list(model.model_extra or {})}"
    for name in type(model).model_fields:
        value = getattr(model, name)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, BaseModel):
                _require_known(part)


def events_of(stream: str) -> list[Json]:
    """The events of a stream of server-sent events, comments left out."""
    frames = [frame for frame in stream.split("\n\n") if frame and not frame.startswith(":")]
    assert all(frame.startswith("data: ") and "\n" not in frame for frame in frames)
    return [json.loads(frame.removeprefix("data: ")) for frame in frames]


@dataclass
class Agent:
    """`events` are those of the last run."""

    send: Send
    state: Any = field(default_factory=dict)
    messages: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    _runs: Any = field(default_factory=count)

    def run(self, **fields: Any) -> list[Json]:
        """Runs the agent. Returns the calls of the run."""
        self.apply(self.send(self.input(**fields)))
        return self.calls()

    def input(self, **fields: Any) -> Json:
        given = {
            "threadId": "thread",
            "runId": f"run-{next(self._runs)}",
            "state": self.state,
            "messages": self.messages,
            "tools": [],
            "context": [],
            "forwardedProps": {},
            **fields,
        }
        RunAgentInput.model_validate(given)
        sent: Json = json.loads(json.dumps(given))
        return sent

    def apply(self, events: Sequence[Json]) -> None:
        """Takes the events as @ag-ui/client does: arguments are added to those of a known call."""
        self.events = list(events)
        for event in events:
            require_valid(event)
            match event["type"]:
                case "TOOL_CALL_START":
                    call = {
                        "id": event["toolCallId"],
                        "type": "function",
                        "function": {"name": event["toolCallName"], "arguments": ""},
                    }
                    if self._call(call["id"]) is None:
                        message = {"id": event["parentMessageId"], "role": "assistant"}
                        self.messages.append({**message, "toolCalls": [call]})
                case "TOOL_CALL_ARGS":
                    known = self._call(event["toolCallId"])
                    assert known is not None
                    known["function"]["arguments"] += event["delta"]
                case "TOOL_CALL_RESULT":
                    result = {"id": event["messageId"], "role": "tool"}
                    settled = {"toolCallId": event["toolCallId"], "content": event["content"]}
                    self.messages.append({**result, **settled})
                case "STATE_DELTA":
                    for added in json.loads(json.dumps(event["delta"])):
                        name, value = added["path"].removeprefix("/"), added["value"]
                        self.state = {**self.state, name: value} if name else value

    def calls(self) -> list[Json]:
        """The calls of the last run, with their arguments."""
        ids = [e["toolCallId"] for e in self.events if e["type"] == "TOOL_CALL_START"]
        return [self.call(id_) for id_ in ids]

    def call(self, call_id: str) -> Json:
        call = self._call(call_id)
        assert call is not None
        function = call["function"]
        arguments = json.loads(function["arguments"])
        return {"id": call_id, "name": function["name"], "args": arguments}

    def _call(self, call_id: str) -> Json | None:
        calls = (call for message in self.messages for call in message.get("toolCalls", []))
        return next((call for call in calls if call["id"] == call_id), None)

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def pending(self) -> Json:
        """The question's call: the only one that the last run left open."""
        assert self.types[-1] == "RUN_FINISHED", self.events[-1]
        settled = {e["toolCallId"] for e in self.events if e["type"] == "TOOL_CALL_RESULT"}
        (call,) = (call for call in self.calls() if call["id"] not in settled)
        return call

    @property
    def question(self) -> Json:
        question: Json = self.pending["args"]["question"]
        return question

    @property
    def stored(self) -> Json:
        stored: Json = self.state["session_context"]["stored_session"]
        return stored

    def settle(self, call_id: str, content: Any) -> None:
        """Adds the result of a call, as a tool of the app does."""
        text = content if isinstance(content, str) else json.dumps(content)
        result = {"id": f"result-{len(self.messages)}", "role": "tool", "toolCallId": call_id}
        self.messages.append({**result, "content": text})

    def say(self, text: str) -> None:
        message = {"id": f"said-{len(self.messages)}", "role": "user", "content": text}
        self.messages.append(message)
