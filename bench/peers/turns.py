"""Turns of practice: practice_turn compared with `langgraph dev`, over the same stub model."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from bench.compare import Comparison, compare
from bench.load import LoadResult, Request, send_requests
from bench.peers.turn_requests import (
    answers_to_practice_turn,
    runs_of_langgraph,
    start_langgraph_dev,
    start_practice_turn,
    threads_of_langgraph,
)
from bench.processes import Server
from bench.stub_model import start_stub_model

RECORDED = 25  # turns: five blocks of five questions each
CLIENTS = (8, 32)
ROUNDS = 3  # turns of each client per measurement of the peer
OUR_TURNS = 200  # per measurement of practice_turn, which takes no longer
RUNS = "langgraph dev, stateless runs"
THREADS = "langgraph dev, on threads"
OURS = "practice_turn"


class TurnLoad:
    """Sends turns to one server, and sums up latencies and processor time.

    `count` is the number of turns per measurement.
    """

    def __init__(self, server: Server, clients: int, count: int) -> None:
        self._server = server
        self._clients = clients
        self._count = count
        self._cpu_seconds = 0.0
        self._results: list[LoadResult] = []

    def send(self, requests: Sequence[Request]) -> float:
        """Turns per second."""
        before = self._server.cpu_seconds()
        result = send_requests(requests, clients=self._clients, count=self._count)
        self._cpu_seconds += self._server.cpu_seconds() - before
        self._results.append(result)
        return result.per_second

    @property
    def cpu_ms(self) -> float:
        """The server's processor time per turn."""
        return self._cpu_seconds / sum(result.sent for result in self._results) * 1000

    @property
    def median_ms(self) -> float:
        return median(result.median_ms for result in self._results)


class Servers:
    """Both servers, each with a recorded session whose turns can be repeated."""

    def __init__(self, ours: Server, theirs: Server) -> None:
        self._ours = ours
        self._theirs = theirs
        self._our_turns = answers_to_practice_turn(ours, RECORDED)
        self._their_runs = runs_of_langgraph(theirs, RECORDED)

    def compare(self, clients: int) -> tuple[Comparison, dict[str, TurnLoad]]:
        """Turns per second with so many clients; the baseline is the peer's stateless runs."""
        count = clients * ROUNDS
        loads = {
            RUNS: TurnLoad(self._theirs, clients, count),
            THREADS: TurnLoad(self._theirs, clients, count),
            OURS: TurnLoad(self._ours, clients, OUR_TURNS),
        }

        def measure_threads() -> float:
            # Threads are started beforehand, so that only answers are measured.
            starts, answers = threads_of_langgraph(
                self._theirs, self._their_runs, threads=clients, answers=ROUNDS
            )
            send_requests(starts, clients=clients)
            return loads[THREADS].send(answers)

        measures: dict[str, Callable[[], float]] = {
            RUNS: lambda: loads[RUNS].send(self._their_runs),
            THREADS: measure_threads,
            OURS: lambda: loads[OURS].send(self._our_turns),
        }
        return compare(f"turns, {clients} clients", measures), loads


@contextmanager
def start_servers() -> Iterator[Servers]:
    with (
        start_stub_model(seconds=0) as model,
        start_practice_turn(model, threads=max(CLIENTS)) as ours,
        start_langgraph_dev(model) as theirs,
    ):
        yield Servers(ours, theirs)
