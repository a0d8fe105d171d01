"""Turns of practice: practice_turn against `langgraph dev`, over the same stub of a model."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from bench.compare import Comparison, compare
from bench.load import Load, Request, load
from bench.model import stub_model
from bench.peers.playing import (
    langgraph_dev,
    our_turns,
    practice_turn,
    their_runs,
    their_threads,
)
from bench.processes import Server

PLAYED = 25  # turns recorded: five blocks, of five questions each
CLIENTS = (8, 32)
ROUNDS = 3  # turns of each client, for one measurement of a peer
OUR_TURNS = 200  # for one measurement of ours, which takes no longer
RUNS = "langgraph dev, stateless runs"
THREADS = "langgraph dev, on threads"
OURS = "practice_turn"


class Turns:
    """Load on one server, and what it has taken so far."""

    def __init__(self, server: Server, clients: int, measured: int) -> None:
        self._server = server
        self._clients = clients
        self._measured = measured
        self._cpu_seconds = 0.0
        self._loads: list[Load] = []

    def send(self, requests: Sequence[Request]) -> float:
        """Turns taken a second."""
        used = self._server.cpu_seconds()
        done = load(requests, clients=self._clients, count=self._measured)
        self._cpu_seconds += self._server.cpu_seconds() - used
        self._loads.append(done)
        return done.per_second

    @property
    def cpu_ms(self) -> float:
        """The server's processor time for one turn."""
        return self._cpu_seconds / sum(done.sent for done in self._loads) * 1000

    @property
    def median_ms(self) -> float:
        return median(done.median_ms for done in self._loads)


class Servers:
    """Both, each with a recorded session to be played again and again."""

    def __init__(self, ours: Server, theirs: Server) -> None:
        self._ours = ours
        self._theirs = theirs
        self._our_turns = our_turns(ours, PLAYED)
        self._their_runs = their_runs(theirs, PLAYED)

    def measured(self, clients: int) -> tuple[Comparison, dict[str, Turns]]:
        count = clients * ROUNDS
        turns = {
            RUNS: Turns(self._theirs, clients, count),
            THREADS: Turns(self._theirs, clients, count),
            OURS: Turns(self._ours, clients, OUR_TURNS),
        }

        def on_threads() -> float:
            # Threads begin beforehand, so that only answers are measured.
            begun, answers = their_threads(
                self._theirs, self._their_runs, threads=clients, answers=ROUNDS
            )
            load(begun, clients=clients)
            return turns[THREADS].send(answers)

        measures: dict[str, Callable[[], float]] = {
            RUNS: lambda: turns[RUNS].send(self._their_runs),
            THREADS: on_threads,
            OURS: lambda: turns[OURS].send(self._our_turns),
        }
        return compare(f"turns, {clients} clients", measures), turns


@contextmanager
def servers() -> Iterator[Servers]:
    with (
        stub_model(seconds=0) as model,
        practice_turn(model, threads=max(CLIENTS)) as ours,
        langgraph_dev(model) as theirs,
    ):
        yield Servers(ours, theirs)
