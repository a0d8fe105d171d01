"""The page to browse the API, in a real browser: all of it there, and nothing from elsewhere."""

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


def assert_at_peace(page: Page, home: str) -> None:
    """Every request answered from here, and no error anywhere."""
    urls = [told["request"]["url"] for told in page.told("Network.requestWillBeSent")]
    assert [u for u in urls if not u.startswith((f"{home}/", "data:", "blob:"))] == []
    answers = [told["response"] for told in page.told("Network.responseReceived")]
    assert [(a["url"], a["status"]) for a in answers if a["status"] >= 400] == []
    assert page.told("Network.loadingFailed") == []
    assert page.told("Runtime.exceptionThrown") == []
    logged = [told["entry"]["text"] for told in page.told("Log.entryAdded")]
    said = [told["args"] for told in page.told("Runtime.consoleAPICalled")]
    assert (logged, said) == ([], [])
    assert f"{home}/openapi.json" in urls


def test_the_page_shows_every_operation_and_asks_nobody_else(page: Page, stack: Stack) -> None:
    shown = page.value(
        "[...document.querySelectorAll('.opblock')].map((block) => ["
        "block.querySelector('.opblock-summary-method').textContent.toLowerCase(),"
        "block.querySelector('.opblock-summary-path').dataset.path].join(' '))"
    )

    assert sorted(shown) == sorted(f"{o.method.lower()} {o.url_path}" for o in all_operations())
    assert page.value("document.querySelector('.errors-wrapper')") is None
    assert_at_peace(page, stack.url)


def test_a_turn_is_taken_from_the_page_by_whoever_signs_in(page: Page, student: User) -> None:
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
    assert_at_peace(page, student.stack.url)
