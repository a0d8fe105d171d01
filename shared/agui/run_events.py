"""A turn as the events of a run."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_core import to_json

from shared.agui.events import (
    Addition,
    AgUiValue,
    RunError,
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
from shared.agui.run_input import RunAgentInput, located_in_request
from shared.domain.common.errors import InvalidArgument
from shared.ports.calls import UNNAMED, EmitEvent, StreamingReply
from shared.runs.turn_events import StartedRun, TurnReply
from shared.tutor.ports import Usage
from shared.tutor.state import LongStep
from shared.tutor.tool_calls import Message, ToolMessage

# The session comes with the state, and would come again with every later run as a part of this.
NOT_SHOWN = {"full_session_payload"}


def stream_run(run: RunAgentInput, place: str, start: Callable[[], StartedRun]) -> StreamingReply:
    """The reply of a run whose state is at this place. `start` may raise the refusal of a LangGraph
    run.
    """
    try:
        started = start()
    except InvalidArgument as invalid:
        raise located_in_request(invalid, run, place) from invalid

    def work(emit: EmitEvent) -> None:
        started.take(RunEvents(emit, run, suffix=started.run_id))

    return StreamingReply(work, describe_error=RunError.of)


@dataclass
class RunEvents:
    """Emits the events of one run. Implements shared.runs.turn_events.TurnEvents.

    A client adds the arguments of a call to those of an earlier one with its id. So a call that the
    client has already gets a new id, which ends in `suffix`.
    """

    emit: EmitEvent
    run: RunAgentInput
    suffix: str
    _step: str | None = field(default=None, init=False)
    _usage: Usage = field(default=Usage(), init=False)
    _known: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.run.call_ids()

    def start(self) -> None:
        self._send(RunStarted(thread_id=self.run.thread_id, run_id=self.run.run_id))

    def announce(self, step: LongStep) -> None:
        """A step ends with the next one, or with what it made: a client takes one at a time."""
        self._end_step()
        self._step = step
        self._send(StepStarted(step_name=step))

    def show(self, node: str, messages: list[Message]) -> None:
        self._end_step()
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

    def keep(self, reply: TurnReply) -> None:
        self._end_step()
        self._usage = reply.usage
        if self.run.state is None:
            added = [Addition(path="", value=reply.kept)]
        else:
            added = [Addition(path=f"/{name}", value=value) for name, value in reply.kept.items()]
        self._send(StateDelta(delta=added))

    def end(self) -> None:
        tokens = TokenUsage(
            input_tokens=self._usage.input_tokens, output_tokens=self._usage.output_tokens
        )
        self._send(
            RunFinished(
                thread_id=self.run.thread_id,
                run_id=self.run.run_id,
                usage=[tokens] if self._usage.model_calls else [],
            )
        )

    def _end_step(self) -> None:
        if self._step is not None:
            self._send(StepFinished(step_name=self._step))
            self._step = None

    def _send(self, *events: AgUiValue) -> None:
        for event in events:
            self.emit(UNNAMED, event)

    def _new_id(self, call_id: str) -> str:
        return f"{call_id}-{self.suffix}" if call_id in self._known else call_id
