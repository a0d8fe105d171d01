"""The web app in a browser, as one person sees it."""

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import requests
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    StorageState,
    ViewportSize,
    expect,
)
from playwright.sync_api import Error as PlaywrightError

from local.accounts import Accounts
from local.api import User
from local.auth_emulator import AuthEmulator
from local.people import Person
from local.processes import ROOT
from shared.firestore.client import Client

PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
SCREENSHOTS = ROOT / "tests" / "e2e" / "web" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "a password"
# Where Firebase Auth has the signed-in user in localStorage; it moves the user to IndexedDB.
USER_KEY = "firebase:authUser:local:[DEFAULT]"
SHOWN_CHARACTERS = 1_500
# Chromium and the SDKs report every failed request as an error; pages must handle those themselves.
# Firestore's SDK then looks for an image of Google's, which tests can't reach either.
REFUSED_REQUEST = re.compile(
    r"Failed to load resource|net::ERR_|Firestore .*(RPC_ERROR|Could not reach Cloud Firestore)"
)
Theme = Literal["light", "dark"]


@dataclass
class App:
    """A browser profile of one person on the stack.

    `errors` has what the console reported, `failed` the requests without a reply.
    """

    browser: Browser
    url: str
    phone: bool = False
    theme: Theme = "light"
    language: str = "en-GB"
    state: StorageState | None = None
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.browser.new_context(
            base_url=self.url,
            viewport=PHONE if self.phone else LAPTOP,
            device_scale_factor=2 if self.phone else 1,
            has_touch=self.phone,
            color_scheme=self.theme,
            locale=self.language,
            timezone_id="Europe/Berlin",
            storage_state=self.state,
            accept_downloads=True,
        )
        self.context.set_default_timeout(20_000)
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._note_failure)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSED_REQUEST.search(message.text):
            self.errors.append(message.text)

    def _note_failure(self, request: Request) -> None:
        self.failed.append(f"{request.method} {request.url}: {request.failure}")

    def description(self) -> str:
        """What its pages show, and what failed in them, for the report of a test."""
        return "\n".join([*map(_shown, self.context.pages), *self.failed, *self.errors])

    def open(self, path: str) -> Page:
        """Opens the path, and waits until the page has its heading."""
        self.page.goto(path)
        expect(self.page.locator("h1").first).to_be_visible(timeout=20_000)
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        page = self.open("/sign-in")
        page.get_by_role("textbox", name="E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation")).to_be_visible()

    def screenshot(self, name: str) -> Path:
        """Kept in tests/e2e/web/screenshots for a reviewer to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        size = "phone" if self.phone else "laptop"
        path = SCREENSHOTS / f"{name}.{size}.{self.theme}.png"
        # The bar at the top sticks to where the page is scrolled to.
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    def violations(self) -> list[str]:
        """The violations of axe's rules on the page, each with the elements it names."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['id']}: {violation['help']}: "
            + ", ".join(
                f"{node['target']} ({node['failureSummary']})" for node in violation["nodes"]
            )
            for violation in found["violations"]
        ]

    def overflow(self) -> list[str]:
        """What is wider than the screen, outside of frames that scroll."""
        script = """() => [...document.querySelectorAll('body *')]
          .filter((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            if (!width || element.closest('.visually-hidden, .skip-link')) return false;
            const isCut = (parent) => getComputedStyle(parent).overflowX !== 'visible';
            for (let parent = element.parentElement; parent; parent = parent.parentElement)
              if (isCut(parent)) return false;
            return right > innerWidth + 1 || left < -1;
          })
          .map((element) => element.outerHTML.slice(0, 120))"""
        found: list[str] = self.page.evaluate(script)
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return [*found, f"the page scrolls sideways by {wide} px"] if wide > 0 else found

    def close(self) -> None:
        self.context.close()


def _shown(page: Page) -> str:
    try:
        text = page.locator("body").inner_text(timeout=2_000)
    except PlaywrightError as error:
        text = str(error)
    return f"{page.url}:\n{text[:SHOWN_CHARACTERS]}"


def signed_in_state(app_url: str, *, sign_in_url: str, email: str) -> StorageState:
    """The storage of a browser in which this person has signed in to the app."""
    method = f"{sign_in_url}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword"
    body = {"email": email, "password": PASSWORD, "returnSecureToken": True}
    response = requests.post(method, params={"key": "local"}, json=body, timeout=20)
    response.raise_for_status()
    reply = response.json()
    user = {
        "uid": reply["localId"],
        "email": email,
        "emailVerified": True,
        "isAnonymous": False,
        "stsTokenManager": {
            "refreshToken": reply["refreshToken"],
            "accessToken": reply["idToken"],
            "expirationTime": (time.time() + int(reply["expiresIn"])) * 1_000,
        },
        "apiKey": "local",
        "appName": "[DEFAULT]",
    }
    value = json.dumps(user)
    return {
        "cookies": [],
        "origins": [{"origin": app_url, "localStorage": [{"name": USER_KEY, "value": value}]}],
    }


def make_account(client: Client, user: User) -> str:
    """An account of the local stack for the user; its e-mail address. The password is PASSWORD."""
    person = person_of(user)
    Accounts(client).create(
        person.email,
        password=person.password,
        name=person.name,
        email_verified=True,
        uid=person.uid,
        teacher=person.teacher,
    )
    return person.email


def make_emulator_account(emulator: AuthEmulator, user: User) -> str:
    """As make_account, in Firebase's Auth emulator."""
    person = person_of(user)
    emulator.create([person])
    return person.email


class Tester(Person):
    """A person of one test, with an address and a password that are not those of the stack."""

    @property
    def email(self) -> str:
        return f"{self.uid}@school.example"

    @property
    def password(self) -> str:
        return PASSWORD


def person_of(user: User) -> Person:
    name = user.uid.rpartition("-")[0].capitalize()
    return Tester(user.uid, name, teacher=user.teacher)
