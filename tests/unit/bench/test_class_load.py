"""The figures of a class at work: writes by kind of document."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.class_load import KINDS, documents_table, kind_of, writes_per_second

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def at(*seconds: float) -> list[datetime]:
    return [NOON + timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("classes/c", "classes"),
        ("classes/c/rows/sam", "classes/rows"),
        ("join_codes/ABC/places/3", "join_codes/places"),
        ("practice_sessions/s/turns/000001", "practice_sessions/turns"),
    ],
)
def test_a_document_is_of_a_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind
    assert kind in KINDS


@pytest.mark.parametrize(("times", "rate"), [((0, 1, 2), 3 / 60), (range(121), 121 / 120), ((), 0)])
def test_writes_per_second_are_those_of_a_minute_or_more(times: list[float], rate: float) -> None:
    assert writes_per_second(at(*times)) == pytest.approx(rate)


def test_the_table_shows_the_busiest_document_of_each_kind() -> None:
    table = documents_table(
        {"classes/c/rows/sam": at(0, 30), "classes/c/rows/kim": at(10, 10.25, 40)}
    )
    (row,) = (line for line in table.splitlines() if "rows" in line)
    assert row == "| rows of the gradebook | 2 | 5 | 3 | 0.05 | 0.25 |"
    (row,) = (line for line in table.splitlines() if "the class" in line)
    assert row == "| the class | 0 | 0 | 0 | 0.00 |  |"
