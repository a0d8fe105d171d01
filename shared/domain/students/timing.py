"""Flags of a session whose times contradict each other, for its teacher to judge.

A flag changes no score and no XP. Honest work may have one, such as exercises done on paper and
reported afterwards.
"""

from enum import StrEnum

# 600 words a minute, at six characters a word with its space: two and a half times the mean of
# silent reading (238 words; Brysbaert, Journal of Memory and Language 109, 2019).
READ_CHARACTERS_PER_SECOND = 60
# The least time to see a question and to choose an answer, however short the question.
REACTION_SECONDS = 0.5
# Fewer may be slips of the finger, or questions known by heart.
FLAGGED_FAST_ANSWERS = 3
# Clients note whole minutes.
CLAIM_TOLERANCE_SECONDS = 60


class Flag(StrEnum):
    ANSWERED_TOO_FAST = "answered_too_fast"
    CLAIMED_TIME_EXCEEDS_CLOCK = "claimed_time_exceeds_clock"


def is_too_fast(prompt: str, *, seconds: float) -> bool:
    """Whether the prompt can't have been read and answered within this time."""
    return seconds < REACTION_SECONDS + len(prompt) / READ_CHARACTERS_PER_SECOND


def find_flags(
    *, questions: int, fast_answers: int, claimed_seconds: float, clock_seconds: int
) -> list[Flag]:
    """The flags of a session.

    `fast_answers` were measured one by one. All `questions` together can't take less than the time
    of the session by the server's clock either.
    """
    hurried = questions if clock_seconds < questions * REACTION_SECONDS else fast_answers
    flags = [Flag.ANSWERED_TOO_FAST] if hurried >= FLAGGED_FAST_ANSWERS else []
    if claimed_seconds > clock_seconds + CLAIM_TOLERANCE_SECONDS:
        flags.append(Flag.CLAIMED_TIME_EXCEEDS_CLOCK)
    return flags
