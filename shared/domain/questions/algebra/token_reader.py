"""The tokens of a text, read one after another."""

from shared.domain.questions.algebra.tokens import NotUnderstood, Token, unreadable

MAX_DEPTH = 24


class TokenReader:
    """Where a parser is in its tokens, and how deep in what is nested."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _is_at(self, *signs: str) -> bool:
        token = self._next
        return token.kind == "sign" and token.text in signs

    def _take(self, *signs: str) -> str | None:
        """The sign that comes next, where it is one of these, and goes on behind it."""
        if not self._is_at(*signs):
            return None
        self._position += 1
        return self._tokens[self._position - 1].text

    def _need(self, *signs: str) -> str:
        found = self._take(*signs)
        if found is None:
            raise self._unreadable()
        return found

    def _unreadable(self) -> NotUnderstood:
        last = self._tokens[-1].start
        if self._next.kind == "end":
            return NotUnderstood("ends too early: something is missing at its end")
        # Positions are those of the text with its signs in plain form.
        shown = "".join(
            (" " if token.spaced else "") + token.text
            for token in self._tokens[self._position : self._position + 8]
        )
        return NotUnderstood(unreadable(shown.strip(), 0) if last else "must not be blank")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotUnderstood(f"is nested more than {MAX_DEPTH} levels deep")
