"""Requests generated from the document by schemathesis, sent to the running functions.

Valid ones and broken ones, each field alone, all together, and in sequences along the links: none
may meet a server error, a status, header or body that the document does not have, a refusal of what
is valid or an acceptance of what is not.
"""

import re

from local.stack import Stack
from shared.contract.operation import all_operations
from tests.integration.openapi.schemathesis_run import HERE, run

LIMIT_SECONDS = 540


def test_the_functions_behave_as_documented(stack: Stack) -> None:
    status, output = run(stack, HERE / "schemathesis.toml", limit_seconds=LIMIT_SECONDS)

    assert status == 0, output
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in output
    assert f"Tested: {len(all_operations())}\n" in output
    (cases,) = re.findall(r"(\d+) generated", output)
    assert int(cases) > 1_000
