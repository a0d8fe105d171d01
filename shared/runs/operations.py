"""The operations that a function of turns has for LangGraph's clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.contract.examples import INSTANT
from shared.contract.operation import EventStream, Operation, Tag
from shared.contract.refusals import NotFound
from shared.domain.common.errors import Refusal
from shared.runs.run_contract import THREAD_ID, CreateThread, ThreadReply, TurnRun

R_co = TypeVar("R_co", bound=TurnRun, covariant=True)

IN_THREAD = "/threads/{thread_id}"


@dataclass(frozen=True)
class RunOperations(Generic[R_co]):
    """`reply` is that of a run that is waited for, and `stream` that of one that is not.

    `carried` is what each run of a thread carries, in words.
    """

    function: str
    request: type[R_co]
    reply: type[BaseModel]
    stream: type[EventStream]
    refusals: tuple[type[Refusal], ...]
    example: Mapping[str, Any]
    carried: str
    place: int = 99

    def runs_wait(self) -> Operation[R_co]:
        return self._run("runs_wait", "/runs/wait", "Take a turn and wait for its end", self.reply)

    def runs_stream(self) -> Operation[R_co]:
        return self._run("runs_stream", "/runs/stream", "Take a turn, streamed", self.stream)

    def thread_runs_wait(self) -> Operation[R_co]:
        summary = "Take a turn in a thread and wait for its end"
        return self._run("thread_runs_wait", f"{IN_THREAD}/runs/wait", summary, self.reply)

    def thread_runs_stream(self) -> Operation[R_co]:
        summary = "Take a turn in a thread, streamed"
        return self._run("thread_runs_stream", f"{IN_THREAD}/runs/stream", summary, self.stream)

    def threads(self) -> Operation[CreateThread]:
        return Operation(
            operation_id=f"{self.function}_threads",
            function=self.function,
            path="/threads",
            request=CreateThread,
            replies={200: ThreadReply},
            tag=Tag.LANGGRAPH,
            place=self.place,
            summary="Create a thread id",
            description="For clients that need a thread. Nothing is stored under its id: each run "
            f"carries {self.carried}.",
            honours_idempotency_key=False,
            example={"metadata": {"template": "Daily scales"}},
            reply_example={
                "thread_id": THREAD_ID.example,
                "created_at": INSTANT,
                "updated_at": INSTANT,
                "metadata": {"template": "Daily scales"},
                "status": "idle",
                "values": None,
                "interrupts": {},
            },
        )

    def _run(self, name: str, path: str, summary: str, reply: type[BaseModel]) -> Operation[R_co]:
        in_thread = path.startswith(IN_THREAD)
        return Operation(
            operation_id=f"{self.function}_{name}",
            function=self.function,
            path=path,
            path_parameters=(THREAD_ID,) if in_thread else (),
            request=self.request,
            replies={200: reply},
            tag=Tag.LANGGRAPH,
            place=self.place,
            summary=summary,
            # An empty thread id makes another path, which has no operation.
            refusals=(*self.refusals, NotFound) if in_thread else self.refusals,
            honours_idempotency_key=False,
            example=self.example,
        )
