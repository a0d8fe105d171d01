"""The names that a mistyped one may have meant."""

from collections.abc import Iterable, Sequence

MOST_NAMES = 3
# Comparing takes time, and a name differs from its neighbours early.
COMPARED_CHARACTERS = 60
# Between 0 (no two neighbouring characters in common) and 1 (all of them).
LEAST_SIMILARITY = 0.4


class NearestNames:
    """Finds the nearest of these names; case does not count."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = [(name, _pairs(name)) for name in dict.fromkeys(names)]

    def to(self, mistyped: str) -> Sequence[str]:
        """At most MOST_NAMES names, the nearest first; none where no name is near."""
        pairs = _pairs(mistyped)
        rated = [(_similarity(pairs, others), name) for name, others in self._names]
        near = [entry for entry in rated if entry[0] >= LEAST_SIMILARITY]
        return [name for _, name in sorted(near, key=lambda entry: -entry[0])[:MOST_NAMES]]


def _pairs(name: str) -> frozenset[str]:
    """The pairs of neighbouring characters, with those at the ends."""
    text = f" {name.casefold()[:COMPARED_CHARACTERS]} "
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The coefficient of Dice (Ecology 26, 1945), 0-1."""
    return 2 * len(one & other) / (len(one) + len(other))
