"""The API page in a real browser: it is complete, and loads nothing from other hosts."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response, expect

from local.api import User
from local.stack import Stack
from shared.contract.operation import all_operations
from testkit.chromium import chromium


@dataclass
class Seen:
    """What the page asked for, and what went wrong in it."""

    urls: list[str] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("requestfailed", self._note_failure)
        page.on("pageerror", self._note_error)
        page.on("console", self._note_line)

    def _note_request(self, request: Request) -> None:
        self.urls.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append((response.url, response.status))

    def _note_failure(self, request: Request) -> None:
        self.problems.append(f"{request.url} failed")

    def _note_error(self, error: Error) -> None:
        self.problems.append(str(error))

    def _note_line(self, line: ConsoleMessage) -> None:
        self.problems.append(line.text)

    def assert_no_errors(self, home: str) -> None:
        """Requires that every request went to this stack and succeeded, without log lines."""
        allowed = (f"{home}/", "data:", "blob:")
        assert [url for url in self.urls if not url.startswith(allowed)] == []
        assert (self.refused, self.problems) == ([], [])
        assert f"{home}/openapi.json" in self.urls


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(stack: Stack, seen: Seen) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page()
        seen.watch(page)
        page.goto(f"{stack.url}/docs")
        expect(page.locator(".opblock")).to_have_count(len(all_operations()))
        yield page


def test_the_page_shows_every_operation_and_loads_nothing_from_other_hosts(
    page: Page, seen: Seen, stack: Stack
) -> None:
    shown = page.locator(".opblock").evaluate_all(
        "(blocks) => blocks.map((block) => ["
        "block.querySelector('.opblock-summary-method').textContent.toLowerCase(),"
        "block.querySelector('.opblock-summary-path').dataset.path].join(' '))"
    )

    assert sorted(shown) == sorted(f"{o.method.lower()} {o.url_path}" for o in all_operations())
    expect(page.locator(".errors-wrapper")).to_have_count(0)
    seen.assert_no_errors(stack.url)


def test_a_signed_in_user_takes_a_turn_from_the_page(page: Page, seen: Seen, student: User) -> None:
    page.locator(".authorize").first.click()
    page.locator("#auth-bearer-value").first.fill(student.token)
    page.locator(".modal-ux .auth-container button[type=submit]").first.click()
    page.locator(".modal-ux .btn-done").first.click()

    operation = page.locator("[id$='-practice_turn']")
    operation.locator(".opblock-summary-control").click()
    expect(operation.locator("textarea")).not_to_have_value("")  # the example
    operation.locator(".btn.execute").click()

    response = operation.locator(".live-responses-table .response")
    expect(response.locator(".response-col_status")).to_contain_text("200")
    expect(response.locator(".response-col_description")).to_contain_text("question_presentation")
    seen.assert_no_errors(student.stack.url)
