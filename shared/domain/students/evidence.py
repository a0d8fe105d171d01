"""What a learner's answers show about a skill: a belief over three states, updated by Bayes' rule.

A learner knows none of the skill's questions, half of them, or all. The rule is a three-state form
of knowledge tracing (A. T. Corbett and J. R. Anderson, User Modeling and User-Adapted Interaction 4
(1995), 253-278). Their two states take a learner who knows half for one who knows: right answers
are frequent, and the model explains the wrong ones as slips. The figures are our own, the same for
every skill and fitted to no data; docs/tutor.md shows what they do.
"""

from typing import NamedTuple, Self

RIGHT_IF_KNOWN = 0.95  # a slip is the rest
KNOWN_OF_HALF = 0.5  # the share of the questions that a learner in the state `half` knows
LEARNS_HALF = 0.05  # none -> half, at a question
LEARNS_ALL = 0.01  # half -> known, at a question
# An answer to a question that was asked before shows less: it may be remembered by itself.
REPEATED_WEIGHT = 0.5
# At 1 no number of wrong answers could lower it.
MOST_KNOWN = 0.999
# Of probabilities as they are stored and shown.
DECIMALS = 6


class Belief(NamedTuple):
    """Probabilities, 0-1, that half of a skill is known, and all of it. The rest is `none`."""

    half: float
    known: float

    @property
    def none(self) -> float:
        return max(0.0, 1 - self.half - self.known)

    @property
    def mastery(self) -> float:
        """The expected share, 0-1, of the skill's questions that are known."""
        return round(self.known + KNOWN_OF_HALF * self.half, DECIMALS)

    @classmethod
    def of_tracing(cls, p: float) -> Self:
        """From the probability, 0-1, that the skill is known, by a version that had no `half`.

        The mastery that is shown stays p. `known` is less, because that version took for known what
        was known by half.
        """
        return cls(half=2 * p * (1 - p), known=min(p * p, MOST_KNOWN))


UNPRACTISED = Belief(half=0.4, known=0.4)


def observe(
    belief: Belief, *, score: float, guess: float, hinted: bool = False, repeated: bool = False
) -> Belief:
    """The belief after an answer.

    `score` is 0-1; a partial one mixes what a right and a wrong answer show. `guess` is the
    probability, 0-1, of a right answer without knowing. An answer after a hint counts as wrong: it
    does not show what was known before the hint.
    """
    share = 0.0 if hinted else score
    weight = REPEATED_WEIGHT if repeated else 1.0
    right, wrong = (_posterior(belief, guess, weight, right=r) for r in (True, False))
    half, known = (share * r + (1 - share) * w for r, w in zip(right, wrong, strict=True))
    none = max(0.0, 1 - half - known)
    learnt = half * LEARNS_ALL
    return Belief(half=half - learnt + none * LEARNS_HALF, known=min(known + learnt, MOST_KNOWN))


def rights(guess: float) -> tuple[float, float, float]:
    """The probability, 0-1, of a right answer in each state: none, half, known."""
    return guess, KNOWN_OF_HALF + (1 - KNOWN_OF_HALF) * guess, RIGHT_IF_KNOWN


def _posterior(belief: Belief, guess: float, weight: float, *, right: bool) -> Belief:
    likelihood = [(p if right else 1 - p) ** weight for p in rights(guess)]
    none, half, known = (
        p * prior
        for p, prior in zip(likelihood, (belief.none, belief.half, belief.known), strict=True)
    )
    total = none + half + known
    return Belief(half / total, known / total)


def forget(belief: Belief, retrievability: float) -> Belief:
    """The belief after a pause. `retrievability` is the probability, 0-1, of a recall today.

    What is not recalled falls by one state.
    """
    lost = 1 - retrievability
    known = belief.known * retrievability
    half = belief.half * retrievability + belief.known * lost
    return Belief(half, known)
