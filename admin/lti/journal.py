"""The file that remembers which scores were sent, one JSON object a line.

A score is noted with its timestamp before it is sent, and again when the LMS has taken or refused
it. So a score whose fate is not known is sent again as it was: an LMS that has it keeps it, because
the timestamps of a score must rise. Timestamps rise here even where this machine's clock does not.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from admin.errors import CommandFailed


class State(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"


class Entry(BaseModel):
    """A score, without its userId and timestamp, for a person of the LMS in a line item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line_item: str
    user_id: str
    state: State
    timestamp: AwareDatetime
    score: Mapping[str, Any]


@dataclass
class Journal:
    """`last` has the last entry of each line item and person."""

    file: BinaryIO
    last: dict[tuple[str, str], Entry]

    def of(self, line_item: str, user_id: str) -> Entry | None:
        return self.last.get((line_item, user_id))

    def next_entry(
        self, line_item: str, user_id: str, score: Mapping[str, Any], *, now: datetime
    ) -> Entry:
        """What is to be sent. A score that may not have arrived has its first timestamp."""
        last = self.of(line_item, user_id)
        if last and last.state is State.SENDING and last.score == score:
            return last
        at = now.astimezone(UTC).replace(microsecond=now.microsecond // 1_000 * 1_000)
        if last and at <= last.timestamp:
            at = last.timestamp + timedelta(milliseconds=1)
        return Entry(
            line_item=line_item,
            user_id=user_id,
            state=State.SENDING,
            timestamp=at,
            score=score,
        )

    def note(self, entry: Entry) -> None:
        """On the disk when this returns."""
        self.file.write(entry.model_dump_json().encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.last[entry.line_item, entry.user_id] = entry


@contextmanager
def opened_journal(path: Path) -> Iterator[Journal]:
    """The journal at `path`, which is made where there is none, and which only its owner can read.

    Raises CommandFailed for another file, and while another run uses it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFailed(f"Another run uses {path}.") from None
        whole = _whole_lines(file.read())
        last = _entries(whole, path)
        file.truncate(len(whole))
        yield Journal(file, last)


def read_journal(path: Path) -> Mapping[tuple[str, str], Entry]:
    """The last entries, without making a file. Raises CommandFailed."""
    return _entries(_whole_lines(path.read_bytes()), path) if path.exists() else {}


def _whole_lines(content: bytes) -> bytes:
    """A run that was cut off while it wrote leaves a part of a line, of a score not yet sent."""
    return content[: content.rfind(b"\n") + 1]


def _entries(lines: bytes, path: Path) -> dict[tuple[str, str], Entry]:
    try:
        entries = [Entry.model_validate_json(line) for line in lines.splitlines()]
    except ValidationError as error:
        raise CommandFailed(f"{path} is not a record of sent scores.") from error
    return {(entry.line_item, entry.user_id): entry for entry in entries}
