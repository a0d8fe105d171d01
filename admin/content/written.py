"""What an export could not write: by question, which fields or why none of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Values of a field that say nothing.
LEFT_OUT: Sequence[object] = (None, "", [], {}, False)


@dataclass
class Written:
    """Counts the questions, and names those that lost something."""

    count: int = 0
    lost: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def took(self, exercise: str, question: Mapping[str, Any], fields: Sequence[str]) -> None:
        self.count += 1
        if fields:
            self.lost.append({**_which(exercise, question), "left_out": sorted(fields)})

    def refuse(self, exercise: str, question: Mapping[str, Any], reason: str) -> None:
        self.refused.append({**_which(exercise, question), "reason": reason})


def _which(exercise: str, question: Mapping[str, Any]) -> dict[str, Any]:
    return {"exercise": exercise, "question_id": question["question_id"]}
