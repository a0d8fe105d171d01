"""Headless Chromium, controlled over its DevTools protocol, with the events of a page.

The protocol goes over a pair of pipes (--remote-debugging-pipe), each message ended by a zero byte,
so no driver is needed beside the browser. https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "--window-size=1280,1600",
)
LIMIT_SECONDS = 60.0
# Evaluates the condition at every change of the page, and periodically for other changes.
UNTIL = """new Promise((resolve) => {
  const look = () => {
    const found = (%s);
    if (found) { stop(); resolve(found instanceof Node || found); }
  };
  const observer = new MutationObserver(look);
  const timer = setInterval(look, 200);
  const stop = () => { observer.disconnect(); clearInterval(timer); };
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  look();
})"""

Json = dict[str, Any]


class Page:
    """One tab. `events` has all events received from the browser, in order."""

    def __init__(self, into: int, out_of: int) -> None:
        self._into, self._out_of = into, out_of
        self._numbers = count(1)
        self._unread = b""
        self._session: str | None = None
        self.events: list[Json] = []

    def open(self, url: str) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=url)

    def call(self, method: str, **params: Any) -> Json:
        """Raises RuntimeError when the browser refuses, TimeoutError when it does not answer."""
        number = next(self._numbers)
        message: Json = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._into, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + LIMIT_SECONDS
        while (answer := self._next(until)).get("id") != number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: Json = answer["result"]
        return result

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression, a promise's after it is fulfilled."""
        evaluated = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in evaluated, evaluated["exceptionDetails"]
        return evaluated["result"].get("value")

    def until(self, expression: str) -> Any:
        """Waits until the expression is true. Returns its value."""
        return self.value(UNTIL % expression)

    def write(self, selector: str, text: str) -> None:
        """Replaces the content of a field, as with a keyboard."""
        self.value(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found} && ({found}.click(), true)")

    def events_of(self, method: str) -> list[Json]:
        return [event["params"] for event in self.events if event.get("method") == method]

    def _next(self, until: float) -> Json:
        while b"\0" not in self._unread:
            left = until - time.monotonic()
            ready, _, _ = select.select([self._out_of], [], [], max(0.0, left))
            if not ready:
                raise TimeoutError("Chromium does not answer.")
            if not (part := os.read(self._out_of, 1 << 16)):
                raise RuntimeError("Chromium has ended.")
            self._unread += part
        message, _, self._unread = self._unread.partition(b"\0")
        read: Json = json.loads(message)
        return read


@contextmanager
def chromium() -> Iterator[Page]:
    """A browser with an empty profile, which ends with the block."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "`make test` installs Chromium first"
    commands_out, commands_in = os.pipe()
    replies_out, replies_in = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # It reads commands from descriptor 3 and answers on descriptor 4.
        redirect = f'exec "$@" 3<&{commands_out} 4>&{replies_in}'
        command = ["bash", "-c", redirect, "bash", found, *FLAGS, f"--user-data-dir={profile}"]
        browser = subprocess.Popen(
            [*command, "about:blank"],
            pass_fds=(commands_out, replies_in),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands_out)
        os.close(replies_in)
        try:
            yield Page(commands_in, replies_out)
        finally:
            os.close(commands_in)  # the browser ends when this pipe is closed
            os.close(replies_out)
            try:
                browser.wait(LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                browser.kill()
                browser.wait()
