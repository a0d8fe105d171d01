"""The table of a session's sizes."""

from bench.growth import growth_table
from testkit.long_practice import Sample


def test_sizes_are_in_kilobytes_with_a_row_for_each_number_of_turns() -> None:
    samples = [Sample(1_000, "x" * 2_048, 512, 1_024), Sample(2_000, "", 0, 0)]
    assert growth_table(samples).splitlines()[2:] == [
        "| 1,000 | 0.5 KB | 1.0 KB | 2.0 KB |",
        "| 2,000 | 0.0 KB | 0.0 KB | 0.0 KB |",
    ]
