"""docs/limits.md names what there is, with the figures of the code."""

import re

from local.processes import ROOT
from shared.limits import firestore, project, student, turns
from shared.settings import TURNS_PER_MINUTE
from shared.tutor.calls import ModelSettings
from tests.docs.test_docs import settings_read

LIMITS = (ROOT / "docs" / "limits.md").read_text()
TEXT = " ".join(LIMITS.split())


def test_every_setting_of_a_limit_is_explained() -> None:
    read = settings_read(ROOT / "shared" / "settings.py")
    ours = {name for name in read if re.search("LIMITS|TURNS|TOKENS|APP_CHECK", name)}
    assert len(ours) == 8
    # Where keys are published is the README's alone.
    assert {name for name in ours if name not in LIMITS} == {"APP_CHECK_KEYS_URL"}


def test_every_kind_in_the_log_is_named() -> None:
    for kind in (
        "turns",
        "unreachable",
        student.StudentPurse.kind,
        project.ProjectPurse.kind,
    ):
        assert f"`{kind}`" in LIMITS


def test_the_figures_are_those_of_the_code() -> None:
    assert turns.SHARES == 4
    assert "takes a quarter of the limit" in TEXT
    assert f"for the {turns.MOST_REMEMBERED:,} students" in TEXT
    assert f"a {project.SHARES}th of the budget" in TEXT
    assert f"none for {firestore.PAUSE_SECONDS:.0f} seconds" in TEXT
    assert f"takes {'a second' if firestore.SECONDS == 1 else ''} at most" in TEXT
    assert f"the {ModelSettings('', '').max_output_tokens:,} that it may write" in TEXT
    assert student.PAUSE == project.PAUSE
    assert student.PAUSE.total_seconds() == 60
    ten_instances = TURNS_PER_MINUTE + 10 * (TURNS_PER_MINUTE // turns.SHARES - 1)
    assert f"{TURNS_PER_MINUTE} on ten instances {ten_instances}" in TEXT
