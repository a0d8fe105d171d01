"""Bayesian knowledge tracing, by which sessions begun by an older version finish.

The two steps are those of A. T. Corbett and J. R. Anderson, "Knowledge tracing: Modeling the
acquisition of procedural knowledge", User Modeling and User-Adapted Interaction 4 (1995), 253-278.
"""

INITIAL = 0.1  # L0: known before any practice
LEARNING = 0.1  # T: learnt at a question, where it wasn't known before
SLIP = 0.1  # S: known, and answered wrong all the same
# G, the guess, is that of the question, but at most this.
MAX_GUESS = 0.3


def trace(p: float, *, score: float, guess: float, hinted: bool) -> float:
    """The probability, 0-1, that the skill is known after an answer.

    A partial score, 0-1, blends a right and a wrong answer in its proportion. An answer after a
    hint does not show what was known before it, so it counts as wrong.
    """
    share = 0 if hinted else score
    guess = min(guess, MAX_GUESS)
    known = share * posterior(p, right=True, guess=guess)
    known += (1 - share) * posterior(p, right=False, guess=guess)
    return known + (1 - known) * LEARNING


def posterior(p: float, *, right: bool, guess: float) -> float:
    """The probability, 0-1, that the skill was known, after an answer. `guess` is below 1."""
    known = p * ((1 - SLIP) if right else SLIP)
    if not known:
        return 0.0
    return known / (known + (1 - p) * (guess if right else 1 - guess))
