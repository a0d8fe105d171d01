"""Runs both comparisons and writes their sections of docs/performance.md.

.venv/bin/python -m bench peers
"""

from bench.compare import Comparison, Subject
from bench.peers import storing, turns
from bench.report import describe_versions, format_spread, markdown_table, write_section

AIM = 10  # times the turns per second of langgraph dev


def main() -> None:
    with turns.start_servers() as servers:
        turn_results = [(clients, *servers.compare(clients)) for clients in turns.CLIENTS]
    with storing.start_servers() as subjects:
        sessions = storing.compare_sessions(subjects)
        cpu_ms = {name: subject.cpu_ms for name, subject in subjects.items()}
    tables = [_turns_table(*result) for result in turn_results]
    versions = describe_versions("langgraph", "langchain-openai", "functions-framework")
    paragraphs = [*tables, _verdict(turn_results), f"{versions}."]
    write_section("peers-turns", "\n\n".join(paragraphs))
    write_section("peers-sessions", _sessions_table(sessions, cpu_ms))


def _turns_table(clients: int, comparison: Comparison, loads: dict[str, turns.TurnLoad]) -> str:
    heads = [f"{clients} clients", "turns per second", "ratio", "median latency", "CPU per turn"]
    rows = [
        [
            *_rates(subject),
            f"{loads[subject.name].median_ms:,.0f} ms",
            f"{loads[subject.name].cpu_ms:.1f} ms",
        ]
        for subject in comparison.subjects
    ]
    return markdown_table(heads, [*rows, [*_rates(comparison.repeated), "", ""]])


def _verdict(results: list[tuple[int, Comparison, dict[str, turns.TurnLoad]]]) -> str:
    sentences = []
    for clients, comparison, _ in results:
        ratio = comparison[turns.OURS].ratio.median
        sentences.append(
            f"With {clients} clients, practice_turn answers {ratio:.1f} times as many turns per "
            f"second: the aim of {AIM} is {'reached' if ratio >= AIM else 'missed'}."
        )
    return " ".join(sentences)


def _sessions_table(comparison: Comparison, cpu_ms: dict[str, float]) -> str:
    heads = ["", "requests per second", "ratio", "CPU per request"]
    rows = [[*_rates(subject), f"{cpu_ms[subject.name]:.1f} ms"] for subject in comparison.subjects]
    return markdown_table(heads, [*rows, [*_rates(comparison.repeated), ""]])


def _rates(subject: Subject) -> list[str]:
    return [subject.name, format_spread(subject.value, digits=1), format_spread(subject.ratio)]
