"""The API page in a real browser: it is complete, and loads nothing from other hosts."""

from collections.abc import Iterator

import pytest

from local.api import User
from local.stack import Stack
from shared.contract.operation import all_operations
from tests.e2e.openapi.chromium import Page, chromium

RENDERED = f"document.querySelectorAll('.opblock').length === {len(all_operations())}"


@pytest.fixture
def page(stack: Stack) -> Iterator[Page]:
    with chromium() as page:
        page.open(f"{stack.url}/docs")
        page.until(RENDERED)
        yield page


def assert_no_errors(page: Page, home: str) -> None:
    """Requires that every request went to this stack and succeeded, without errors or log lines."""
    urls = [event["request"]["url"] for event in page.events_of("Network.requestWillBeSent")]
    assert [u for u in urls if not u.startswith((f"{home}/", "data:", "blob:"))] == []
    answers = [event["response"] for event in page.events_of("Network.responseReceived")]
    assert [(a["url"], a["status"]) for a in answers if a["status"] >= 400] == []
    assert page.events_of("Network.loadingFailed") == []
    assert page.events_of("Runtime.exceptionThrown") == []
    logged = [event["entry"]["text"] for event in page.events_of("Log.entryAdded")]
    printed = [event["args"] for event in page.events_of("Runtime.consoleAPICalled")]
    assert (logged, printed) == ([], [])
    assert f"{home}/openapi.json" in urls


def test_the_page_shows_every_operation_and_loads_nothing_from_other_hosts(
    page: Page, stack: Stack
) -> None:
    shown = page.value(
        "[...document.querySelectorAll('.opblock')].map((block) => ["
        "block.querySelector('.opblock-summary-method').textContent.toLowerCase(),"
        "block.querySelector('.opblock-summary-path').dataset.path].join(' '))"
    )

    assert sorted(shown) == sorted(f"{o.method.lower()} {o.url_path}" for o in all_operations())
    assert page.value("document.querySelector('.errors-wrapper')") is None
    assert_no_errors(page, stack.url)


def test_a_signed_in_user_takes_a_turn_from_the_page(page: Page, student: User) -> None:
    page.click(".authorize")
    page.until("document.querySelector('#auth-bearer-value')")
    page.write("#auth-bearer-value", student.token)
    page.click(".modal-ux .auth-container button[type=submit]")
    page.click(".modal-ux .btn-done")

    page.click("[id$='-practice_turn'] .opblock-summary-control")
    page.until("document.querySelector('[id$=-practice_turn] textarea')?.value")  # the example
    page.click("[id$='-practice_turn'] .btn.execute")

    status = "document.querySelector('.live-responses-table .response .response-col_status')"
    assert page.until(f"{status}?.textContent.trim()").startswith("200")
    body = "document.querySelector('.live-responses-table .response .response-col_description')"
    assert "question_presentation" in page.value(f"{body}.textContent")
    assert_no_errors(page, student.stack.url)
