"""The spans that the code opens. Without a recorder they are one object that does nothing.

They hold names, statuses, counts and times; never a body, an answer, a token or a user id.
"""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

Attributes = Mapping[str, str | int | float | bool]
# Looks up a header of the request by name.
Header = Callable[[str], str | None]


class Span(Protocol):
    """As a context it is the parent of the spans opened inside, and ends with it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def note(self, attributes: Attributes) -> None: ...

    def end(self, attributes: Attributes | None = None) -> None: ...


class Recorder(Protocol):
    def span(self, name: str, attributes: Attributes) -> Span: ...

    def request(self, function: str, method: str, header: Header) -> Span: ...


class _NoSpan:
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def note(self, attributes: Attributes) -> None:
        pass

    def end(self, attributes: Attributes | None = None) -> None:
        pass


_NO_SPAN = _NoSpan()
# The recorder of this process, or none. As an argument it would be in every signature.
_recorders: list[Recorder] = []


def record_with(recorder: Recorder | None) -> None:
    """Sets the recorder of this process."""
    _recorders[:] = [recorder] if recorder else []


def span(name: str, attributes: Attributes | None = None) -> Span:
    """A child of the present span. It ends as a context does, or by `end`."""
    return _recorders[0].span(name, attributes or {}) if _recorders else _NO_SPAN


def request(function: str, method: str, header: Header) -> Span:
    """The span of a whole request, continuing its caller's trace.

    Leaving it as a context does not end it, because a stream continues after the function has
    returned; `end` does.
    """
    return _recorders[0].request(function, method, header) if _recorders else _NO_SPAN
