"""A turn as the events of a run."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import BaseModel
from pydantic_core import to_json

from shared.agui.events import (
    Addition,
    AgUiValue,
    RunFinished,
    RunStarted,
    StateDelta,
    StepFinished,
    StepStarted,
    TokenUsage,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallResult,
    ToolCallStart,
)
from shared.agui.run_input import RunAgentInput
from shared.ports.calls import UNNAMED, EmitEvent
from shared.tutor.ports import Usage
from shared.tutor.tool_calls import Message, ToolMessage

# The session comes with the state, and would come again with every later run as a part of this.
NOT_SHOWN = {"full_session_payload"}


@dataclass
class RunEvents:
    """Emits the events of one run.

    A client adds the arguments of a call to those of an earlier one with its id. So a call that the
    client has already gets a new id, which ends in `suffix`.
    """

    emit: EmitEvent
    run: RunAgentInput
    suffix: str
    _step: str | None = field(default=None, init=False)
    _known: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.run.call_ids()

    def start(self) -> None:
        self._send(RunStarted(thread_id=self.run.thread_id, run_id=self.run.run_id))

    def begin_step(self, name: str) -> None:
        """A step ends with the next one, or with `end_step`: a client takes one at a time."""
        self.end_step()
        self._step = name
        self._send(StepStarted(step_name=name))

    def end_step(self) -> None:
        if self._step is not None:
            self._send(StepFinished(step_name=self._step))
            self._step = None

    def show(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if isinstance(message, ToolMessage):
                call_id = self._new_id(message.tool_call_id)
                self._send(
                    ToolCallResult(
                        message_id=f"tool-{call_id}", tool_call_id=call_id, content=message.content
                    )
                )
                continue
            for call in message.tool_calls:
                call_id = self._new_id(call.id)
                arguments = to_json(call.args, exclude=NOT_SHOWN, inf_nan_mode="null").decode()
                self._send(
                    ToolCallStart(
                        tool_call_id=call_id,
                        tool_call_name=call.name,
                        parent_message_id=f"ai-{call_id}",
                    ),
                    ToolCallArgs(tool_call_id=call_id, delta=arguments),
                    ToolCallEnd(tool_call_id=call_id),
                )

    def finish(self, session_context: BaseModel, usage: Usage) -> None:
        self.end_step()
        added = Addition(path="/session_context", value=session_context)
        if self.run.state is None:
            added = Addition(path="", value={"session_context": session_context})
        tokens = TokenUsage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
        self._send(
            StateDelta(delta=[added]),
            RunFinished(
                thread_id=self.run.thread_id,
                run_id=self.run.run_id,
                usage=[tokens] if usage.model_calls else [],
            ),
        )

    def _send(self, *events: AgUiValue) -> None:
        for event in events:
            self.emit(UNNAMED, event)

    def _new_id(self, call_id: str) -> str:
        return f"{call_id}-{self.suffix}" if call_id in self._known else call_id
