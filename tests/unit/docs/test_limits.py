"""docs/limits.md names every setting of the limits and every kind of log line."""

import re

from local.processes import ROOT
from shared.environment import MIN_BYTES_PER_DAY
from shared.limits import (
    firestore_counters,
    project_quota,
    rate_limit,
    student_quota,
    token_budget,
    write_limit,
)
from shared.settings import VARIABLES, load_settings
from shared.tutor.language_model.model_call import ModelSettings
from tests.support.documents import example

LIMITS = (ROOT / "docs" / "limits.md").read_text()
TEXT = " ".join(LIMITS.split())


def test_every_setting_of_a_limit_is_explained() -> None:
    names = {variable.name for variable in VARIABLES}
    ours = {
        name
        for name in names
        if re.search("LIMITS|TURNS|TOKENS|WRITES|STARTS|BYTES|JOIN|PROXIES|APP_CHECK", name)
    }
    assert len(ours) >= 11
    # The URLs of signing keys are documented in the README only.
    assert {name for name in ours if name not in LIMITS} == {"APP_CHECK_KEYS_URL"}


def test_every_kind_in_the_log_is_named() -> None:
    for kind in (
        *(kind.name for kind in rate_limit.LIMIT_KINDS),
        rate_limit.ADDRESS_JOIN_ATTEMPTS.name,
        "unreachable",
        student_quota.StudentTokenQuota.kind,
        project_quota.ProjectTokenQuota.kind,
    ):
        assert f"`{kind}`" in LIMITS


def formula(heading: str) -> str:
    printed = example("docs/limits.md", "", under=heading).strip()
    return printed.replace("\N{MULTIPLICATION SIGN}", "*").replace("\N{MINUS SIGN}", "-")


def test_the_figures_are_those_of_the_code() -> None:
    assert rate_limit.MINUTE.parts == 4
    assert "takes a quarter of the limit" in TEXT
    assert rate_limit.DAY.parts == 20
    assert "takes a twentieth of the limit" in TEXT
    assert rate_limit.HOUR.parts == 10
    assert "shares a tenth of the limit" in TEXT
    assert rate_limit.SPREAD_SECONDS == 60
    assert "up to a minute before midnight" in TEXT
    assert f"for the {rate_limit.MAX_USERS:,} students" in TEXT
    assert f"a {project_quota.LEASES_PER_DAY}th of the budget" in TEXT
    assert f"none for {firestore_counters.PAUSE_SECONDS:.0f} seconds" in TEXT
    assert f"takes {'a second' if firestore_counters.TIMEOUT_SECONDS == 1 else ''} at most" in TEXT
    assert (
        f"the {ModelSettings('', '', '').max_output_tokens:,} tokens that the model may write"
        in TEXT
    )
    assert token_budget.REFUSAL_PAUSE.total_seconds() == 60
    assert "for one minute after a refusal" in TEXT
    turns = load_settings({"GOOGLE_CLOUD_PROJECT": "p"}, uses=()).turns_per_minute
    quarters = rate_limit.MINUTE.parts
    ten_instances = turns + 10 * (turns // quarters - 1)
    assert f"{turns} on ten instances, {ten_instances}" in TEXT
    assert formula("Turns") == f"TURNS_PER_MINUTE + n * (TURNS_PER_MINUTE / {quarters} - 1)"


def test_the_figures_of_writes_are_those_of_the_code() -> None:
    settings = load_settings({"GOOGLE_CLOUD_PROJECT": "p"}, uses=())
    least, most_bytes = write_limit.MIN_COUNTED_BYTES, settings.stored_bytes_per_day
    assert f"at least {least:,} bytes" in TEXT
    assert f"{most_bytes:,} bytes is at most {most_bytes // least:,} requests a day" in TEXT
    assert f"The lowest value is {MIN_BYTES_PER_DAY:,}" in TEXT

    assert formula("Writes") == f"LIMIT + n * (LIMIT / {rate_limit.DAY.parts} - 1)"

    def over_100_processes(most: int) -> int:
        return most + 100 * (most // rate_limit.DAY.parts - 1)

    assert (
        f"{over_100_processes(settings.template_writes_per_day):,} writes of templates, "
        f"{over_100_processes(settings.session_starts_per_day):,} starts of sessions and "
        f"{round(over_100_processes(most_bytes), -6) // 10**6} MB"
    ) in TEXT
