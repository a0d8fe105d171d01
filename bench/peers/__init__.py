"""Others that do the same work, each in an environment of its own, and how we compare.

Nothing of this is part of the product, and nothing of the product imports it.
"""


def main() -> None:
    # Only now, for the peers import this package as well, from environments that lack what we need.
    from bench.peers.comparison import main as compare_both  # noqa: PLC0415

    compare_both()
