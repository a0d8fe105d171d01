"""Whether two prompts ask the same: by their tokens, without regard to punctuation or order."""

import hashlib
import re
from typing import NamedTuple

from shared.domain.common.text_normalisation import fold_text

# Two prompts with the same numbers ask the same where they share this part of their words.
SAME_WORDS = 0.85
# So many figures, with the same answer, are the same task in other words.
TELLING_FIGURES = 2

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|-(?=\s*[\d(])|[+*/=^<>\u00d7\u00f7\u00b7\u221a%]")


class PromptTokens(NamedTuple):
    """The distinct words of a prompt, and its numbers and signs in their order."""

    words: frozenset[str]
    figures: tuple[str, ...]

    @property
    def digest(self) -> str:
        """12 hexadecimal digits, the same for prompts with the same words and figures."""
        text = " ".join((*sorted(self.words), "|", *self.figures))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def folded_digest(prompt: str) -> str:
    """The digest that a version before had of a prompt: of its text, folded."""
    return hashlib.sha256(fold_text(prompt).encode()).hexdigest()[:12]


def prompt_tokens(prompt: str) -> PromptTokens:
    """The tokens by which prompts are compared. 3 - 4 and 4 - 3 have different ones."""
    tokens = _TOKEN.findall(fold_text(prompt))
    return PromptTokens(
        words=frozenset(filter(str.isalpha, tokens)),
        figures=tuple(token for token in tokens if not token.isalpha()),
    )


def are_near_duplicates(one: PromptTokens, other: PromptTokens) -> bool:
    """Whether the prompts have the same figures and nearly the same words (Jaccard's index)."""
    if one.figures != other.figures:
        return False
    together = one.words | other.words
    return len(one.words & other.words) >= SAME_WORDS * len(together)


def are_same_task(one: PromptTokens, other: PromptTokens) -> bool:
    """Whether two prompts with the same answer have so many figures alike that they are one task in
    other words.
    """
    return one.figures == other.figures and len(one.figures) >= TELLING_FIGURES
