"""Both comparisons, and their sections on the page.

.venv/bin/python -m bench peers
"""

from bench.compare import Comparison, Spread
from bench.peers import storing, turns
from bench.report import machine, section, spread, table

AIM = 10  # times the turns of langgraph dev


def main() -> None:
    with turns.servers() as servers:
        of_turns = [(clients, *servers.measured(clients)) for clients in turns.CLIENTS]
    with storing.both() as subjects:
        of_sessions = storing.measured(subjects)
        cpu_ms = {name: each.cpu_ms for name, each in subjects.items()}
    with_versions = machine("langgraph", "langchain-openai", "functions-framework")
    section(
        "peers-turns",
        "\n\n".join(
            [*(_turns_table(*each) for each in of_turns), _verdict(of_turns), f"{with_versions}."]
        ),
    )
    section("peers-sessions", _sessions_table(of_sessions, cpu_ms))


def _turns_table(clients: int, found: Comparison, taken: dict[str, turns.Turns]) -> str:
    heads = [f"{clients} clients", "turns a second", "ratio", "latency, median", "CPU a turn"]
    rows = [
        [
            *_rates(subject.name, subject.value, subject.ratio),
            f"{taken[subject.name].median_ms:,.0f} ms",
            f"{taken[subject.name].cpu_ms:.1f} ms",
        ]
        for subject in found.subjects
    ]
    return table(
        heads, [*rows, [*_rates(found.same.name, found.same.value, found.same.ratio), "", ""]]
    )


def _verdict(of_turns: list[tuple[int, Comparison, dict[str, turns.Turns]]]) -> str:
    said = []
    for clients, found, _ in of_turns:
        times = found[turns.OURS].ratio.middle
        reached = "reached" if times >= AIM else "missed"
        said.append(
            f"At {clients} clients practice_turn takes {times:.1f} times as many turns a second: "
            f"the aim of {AIM} is {reached}."
        )
    return " ".join(said)


def _sessions_table(found: Comparison, cpu_ms: dict[str, float]) -> str:
    heads = ["", "requests a second", "ratio", "CPU a request"]
    rows = [
        [*_rates(subject.name, subject.value, subject.ratio), f"{cpu_ms[subject.name]:.1f} ms"]
        for subject in found.subjects
    ]
    return table(heads, [*rows, [*_rates(found.same.name, found.same.value, found.same.ratio), ""]])


def _rates(name: str, value: Spread, ratio: Spread) -> list[str]:
    return [name, spread(value, digits=1), spread(ratio)]
