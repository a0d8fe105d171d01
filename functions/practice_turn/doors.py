"""The paths of practice_turn for clients of LangGraph and AG-UI, with their use cases."""

from functions.practice_turn import agui, runs, runs_contract
from functions.practice_turn.agui_contract import AGUI
from shared.runs.run_events import create_thread

DOORS = (
    (runs_contract.RUNS_WAIT, runs.wait),
    (runs_contract.RUNS_STREAM, runs.stream),
    (runs_contract.THREADS, create_thread),
    (runs_contract.THREAD_RUNS_WAIT, runs.wait),
    (runs_contract.THREAD_RUNS_STREAM, runs.stream),
    (AGUI, agui.stream),
)
