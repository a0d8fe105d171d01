"""Runs of strict work in process, as clients of its doors take them."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from functions.assignment_turn import agui, runs
from functions.assignment_turn.agui_contract import AssignmentAgUiRun
from functions.assignment_turn.runs_contract import AssignmentRun
from shared.domain.common.errors import InvalidArgument
from shared.domain.common.validation import field_errors, violations_of
from shared.endpoint.server_sent_events import event_stream_frames
from shared.ports.calls import Call, Caller, IdempotencyContext, StreamingReply
from tests.support.agui import Agent, Json, events_of
from tests.support.firestore.world import World
from tests.support.practice_client import calls
from tests.support.run_messages import pending, result

Serve = Callable[[Json], StreamingReply]


def serve_agui(world: World, by: str) -> Serve:
    def serve(given: Json) -> StreamingReply:
        try:
            command = AssignmentAgUiRun.model_validate(given)
        except ValidationError as error:
            raise InvalidArgument(errors=field_errors(violations_of(error))) from error
        return agui.stream(command, a_call(world, by), world.dependencies("assignment_turn"))

    return serve


def serve_stream(world: World, by: str) -> Serve:
    def serve(given: Json) -> StreamingReply:
        command = AssignmentRun.model_validate(given)
        return runs.stream(command, a_call(world, by), world.dependencies("assignment_turn"))

    return serve


def a_call(world: World, by: str) -> Call:
    return Call(
        Caller(by), IdempotencyContext(by, "assignment_turn", None, "", world.now), world.now
    )


@dataclass
class Student(ABC):
    """A client of one of the doors, which keeps state and messages. `heard` has all that it got."""

    world: World
    by: str
    session_id: str
    heard: list[str] = field(default_factory=list)

    @abstractmethod
    def run(self, **given: Any) -> None:
        """Sends what the client keeps, with `given` as it is."""

    @abstractmethod
    def answer(self, answer: Any) -> None:
        """Settles the question's call, and runs."""

    @property
    @abstractmethod
    def question(self) -> Json | None:
        """The pending question."""

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """What the last run presented."""

    @abstractmethod
    def feedback(self) -> Json:
        """The arguments of the last run's feedback."""

    @property
    @abstractmethod
    def kept(self) -> Json:
        """The fields of the state that a run told."""

    @property
    @abstractmethod
    def error(self) -> str | None:
        """The reason of the refusal with which the last run ended."""


@dataclass
class AgUiStudent(Student):
    agent: Agent = field(init=False)

    def __post_init__(self) -> None:
        serve = serve_agui(self.world, self.by)

        def send(given: Json) -> list[Json]:
            text = b"".join(event_stream_frames(serve(given))).decode()
            self.heard.append(text)
            return events_of(text)

        self.agent = Agent(send, state={"session_id": self.session_id, "theme": "dark"})

    def run(self, **given: Any) -> None:
        self.agent.run(**({"forwardedProps": given} if given else {}))

    def answer(self, answer: Any) -> None:
        self.agent.settle(self._open()["id"], answer)
        self.run()

    def _open(self) -> Json:
        settled = {message.get("toolCallId") for message in self.agent.messages}
        made = [c for m in self.agent.messages for c in m.get("toolCalls", [])]
        return self.agent.call([call["id"] for call in made if call["id"] not in settled][-1])

    @property
    def question(self) -> Json | None:
        calls = [call for call in self.agent.calls() if "question" in call["args"]]
        return calls[0]["args"]["question"] if calls else None

    @property
    def names(self) -> list[str]:
        return [call["name"].removesuffix("_presentation") for call in self.agent.calls()]

    def feedback(self) -> Json:
        found: Json = self.agent.calls()[0]["args"]
        return found

    @property
    def kept(self) -> Json:
        assert self.agent.state["theme"] == "dark"
        return {name: value for name, value in self.agent.state.items() if name != "theme"}

    @property
    def error(self) -> str | None:
        last: Json = self.agent.events[-1]
        return last.get("code")


@dataclass
class GraphStudent(Student):
    """A client of `/runs/stream`."""

    messages: list[Json] = field(default_factory=list)
    shown: list[Json] = field(default_factory=list)
    events: list[tuple[str, Json]] = field(default_factory=list)
    state: Json = field(init=False)

    def __post_init__(self) -> None:
        self.state = {"session_id": self.session_id}

    def run(self, **given: Any) -> None:
        body = {"input": {**self.state, "messages": self.messages, **given}}
        reply = serve_stream(self.world, self.by)(body)
        text = b"".join(event_stream_frames(reply)).decode()
        self.heard.append(text)
        frames = [frame.split("\n") for frame in text.split("\n\n") if frame]
        self.events = [(name[7:], json.loads(data[6:])) for name, data in frames]
        self.shown = []
        for name, data in self.events:
            if name == "updates":
                self.shown += [message for node in data.values() for message in node["messages"]]
            if name == "values":
                self.state = data
        self.messages = [*self.messages, *self.shown]

    def answer(self, answer: Any) -> None:
        self.messages.append(result(self.messages, answer))
        self.run()

    @property
    def question(self) -> Json | None:
        asked = [call for call in pending(self.shown) if "question" in call["args"]]
        return asked[0]["args"]["question"] if asked else None

    @property
    def names(self) -> list[str]:
        return [call["name"].removesuffix("_presentation") for call in calls(self.shown)]

    def feedback(self) -> Json:
        found: Json = calls(self.shown)[0]["args"]
        return found

    @property
    def kept(self) -> Json:
        return {name: value for name, value in self.state.items() if name != "usage"}

    @property
    def error(self) -> str | None:
        name, data = self.events[-1]
        return data["error"] if name == "error" else None


class WaitingStudent(GraphStudent):
    """A client of `/runs/wait`."""

    def run(self, **given: Any) -> None:
        body = {"input": {**self.state, "messages": self.messages, **given}}
        command = AssignmentRun.model_validate(body)
        dependencies = self.world.dependencies("assignment_turn")
        text = runs.wait(command, a_call(self.world, self.by), dependencies).json or ""
        self.heard.append(text)
        self.state = json.loads(text)
        self.shown = self.state.pop("messages")
        self.messages = [*self.messages, *self.shown]

    @property
    def error(self) -> str | None:
        """A refusal is raised."""
        return None
