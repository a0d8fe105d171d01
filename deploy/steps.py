"""A step of a deployment: how to see whether it is done, and what does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.commands import Command

# What a look finds: JSON as gcloud prints it, None where there is nothing.
Found = Any


def nothing_helps(_found: Found) -> Sequence[Command]:
    """What is there is not ours to change."""
    return ()


@dataclass(frozen=True)
class Step:
    """`right` judges what `look` finds. Where there is nothing `make` is run, and where there is
    something else `mend`; where neither has a command, or one fails, `otherwise` says what a person
    can do. `mend` is also shown for None, when nobody has looked.
    """

    title: str
    why: str
    look: Command
    right: Callable[[Found], bool]
    otherwise: str
    make: tuple[Command, ...] = ()
    mend: Callable[[Found], Sequence[Command]] = nothing_helps


def same_again(*commands: Command) -> Callable[[Found], Sequence[Command]]:
    """Mended by what makes it."""
    return lambda _found: commands


def holds(found: Found, wanted: Any) -> bool:
    """Whether all that is wanted is found; what a server adds of its own does not matter, and a
    zero or an empty text is left out of Google's JSON.
    """
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            holds(found.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(holds(f, w) for f, w in zip(found, wanted, strict=True))
        )
    return bool(found == wanted) or (found is None and wanted in (0, ""))
