"""The commands and flags of gcloud 528, from the list that its shell completion uses."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

FLAGS: dict[str, list[str]] = json.loads(Path(__file__).with_name("gcloud_flags.json").read_text())
OF_EVERY_COMMAND = {"--project", "--quiet", "--format"}
LONGEST = max(len(name.split()) for name in FLAGS)


def unknown_to_gcloud(argv: Sequence[str]) -> list[str]:
    """The command's flags that gcloud does not know; its words if it does not know the command."""
    words = [word for word in argv[1:] if not word.startswith("--")]
    names = [" ".join(words[:length]) for length in range(LONGEST, 1, -1)]
    name = next((name for name in names if name in FLAGS), None)
    if name is None:
        return words
    flags = {word.partition("=")[0] for word in argv if word.startswith("--")}
    positive = {re.sub("^--no-", "--", flag) for flag in flags}
    return sorted(positive - {*FLAGS[name], *OF_EVERY_COMMAND})
