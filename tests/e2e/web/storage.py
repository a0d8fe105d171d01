"""What a browser stores of the people who use it."""

import json
from typing import Any

from playwright.sync_api import Page

from local.api import User


def kept(page: Page) -> list[str]:
    """The names of what localStorage has of people."""
    names: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('practice.user.'))"
    )
    return names


def keep(page: Page, user: User, name: str, value: Any) -> None:
    """As an earlier visit left it in this browser."""
    page.evaluate(
        "([name, value]) => localStorage.setItem(name, value)",
        [f"practice.user.{user.uid}.{name}", json.dumps(value)],
    )


def fill_quota(page: Page) -> None:
    """Leaves no room in localStorage, to the last character."""
    page.evaluate(
        """() => {
          for (let size = 8_000_000, number = 0; size >= 1; number += 1) {
            try { localStorage.setItem(`filler.${number}`, "x".repeat(size)); }
            catch { size = Math.floor(size / 2); }
          }
        }"""
    )


def databases(page: Page) -> dict[str, list[Any]]:
    """The values of all stores of IndexedDB, by the name of the database and the store."""
    found: dict[str, list[Any]] = page.evaluate(
        """async () => {
          const done = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const found = {};
          for (const { name } of await indexedDB.databases()) {
            const database = await done(indexedDB.open(name));
            for (const store of database.objectStoreNames)
              found[`${name}.${store}`] = await done(
                database.transaction(store).objectStore(store).getAll(),
              );
            database.close();
          }
          return found;
        }"""
    )
    return found
