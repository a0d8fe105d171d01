import pytest

from bench.compare import Subject


@pytest.mark.parametrize(
    ("blocks", "low", "high"),
    [(1, 1, 1), (5, 1, 5), (6, 1, 6), (9, 2, 8), (10, 2, 9), (20, 6, 15), (30, 10, 21)],
)
def test_the_interval_of_the_median_has_the_ranks_of_the_sign_test(
    blocks: int, low: int, high: int
) -> None:
    ratios = [float(rank) for rank in range(blocks, 0, -1)]
    assert Subject("after", ratios, ratios).ratio_interval == (low, high)
