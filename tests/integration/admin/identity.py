"""A server of the few calls of Identity Toolkit that the commands make."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from testkit.http_server import QuietHandler, serving

Account = dict[str, Any]


class Refused(Exception):
    """The service's error code."""


@dataclass
class Identity:
    """Accounts by uid; `calls` are the methods with their bodies, in order."""

    host: str
    accounts: dict[str, Account] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def add(self, uid: str, *, email: str | None = None, **claims: Any) -> None:
        self.accounts[uid] = {
            "localId": uid,
            "email": email or f"{uid}@school.example",
            "customAttributes": json.dumps(claims),
            "createdAt": "1700000000000",
            "providerUserInfo": [{"providerId": "password", "rawId": uid}],
        }

    def claims(self, uid: str) -> Any:
        return json.loads(self.accounts[uid].get("customAttributes", "{}"))

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((method, body))
        match method:
            case "lookup":
                found = [a for a in self.accounts.values() if _is_sought(a, body)]
                return {"users": found} if found else {}
            case "update":
                account = self._existing(body["localId"])
                account.update({k: v for k, v in body.items() if k != "disableUser"})
                account["disabled"] = body.get("disableUser", account.get("disabled", False))
                return {"localId": body["localId"]}
            case "delete":
                self._existing(body["localId"])
                del self.accounts[body["localId"]]
                return {"kind": "identitytoolkit#DeleteAccountResponse"}
            case "create":
                if body["localId"] in self.accounts:
                    raise Refused("DUPLICATE_LOCAL_ID")
                self.accounts[body["localId"]] = dict(body)
                return {"localId": body["localId"]}
        raise Refused(f"OPERATION_NOT_ALLOWED : {method}")

    def _existing(self, uid: str) -> Account:
        if uid not in self.accounts:
            raise Refused("USER_NOT_FOUND")
        return self.accounts[uid]


def _is_sought(account: Account, body: dict[str, Any]) -> bool:
    return account["localId"] in body.get("localId", []) or account.get("email") in body.get(
        "email", []
    )


@contextmanager
def identity_server() -> Iterator[Identity]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = json.loads(self.read_body())
            method = self.path.rpartition("/accounts")[2].removeprefix(":") or "create"
            try:
                status, reply = 200, identity.answer(method, body)
            except Refused as refused:
                status, reply = 400, {"error": {"code": 400, "message": str(refused)}}
            self.reply(status, json.dumps(reply).encode(), content_type="application/json")

    with serving(Handler) as url:
        identity = Identity(url.removeprefix("http://"))
        yield identity
