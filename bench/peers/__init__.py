"""Others that do the same work, each in an environment of its own, and how we compare.

Nothing of this is part of the product, and nothing of the product imports it.
"""


def main() -> None:
    from bench.peers import comparison  # noqa: PLC0415 - the peers import this package, not ours

    comparison.main()
