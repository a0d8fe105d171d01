"""The people of the local stack in Firebase's Auth emulator, where that signs people in.

https://firebase.google.com/docs/reference/rest/auth and, for the emulator's own settings,
https://firebase.google.com/docs/emulator-suite/connect_auth
"""

import json
import os
from typing import Any

import jwt
import requests

from local.people import PEOPLE, Person

VARIABLE = "FIREBASE_AUTH_EMULATOR_HOST"
TIMEOUT_SECONDS = 20
# The emulator takes this for the credentials of an administrator.
OWNER = {"Authorization": "Bearer owner"}


class AuthEmulatorError(Exception):
    """The Auth emulator can't be used. The message says how to solve it."""


class AuthEmulator:
    """The emulator at FIREBASE_AUTH_EMULATOR_HOST, for one project."""

    def __init__(self, host: str, project_id: str) -> None:
        self._host = host
        self._project_id = project_id
        self.url = f"http://{host}"
        self._accounts = f"{self.url}/identitytoolkit.googleapis.com/v1"

    def prepare(self) -> None:
        """Creates the people, or those that can't sign in any more.

        It also turns on the protection against telling who has an account, as it is in a new
        project of Firebase. May be repeated. Raises AuthEmulatorError.
        """
        self._call(
            "PATCH",
            f"{self.url}/emulator/v1/projects/{self._project_id}/config",
            {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": True}},
        )
        missing = [person for person in PEOPLE.values() if not self._signs_in(person)]
        if missing:
            self.create(missing)
        for person in missing:
            if not self._signs_in(person):
                raise AuthEmulatorError(
                    f"The Auth emulator at {self._host} does not sign {person.email} in. It signs "
                    "in to one project: start it with "
                    f"`firebase emulators:start --only auth --project {self._project_id}`."
                )

    def create(self, people: list[Person]) -> None:
        """Creates their accounts, or overwrites those with their user ids.

        Raises AuthEmulatorError, if one of their addresses has another account for example.
        """
        users = [
            {
                "localId": person.uid,
                "email": person.email,
                "emailVerified": True,
                "displayName": person.name,
                "rawPassword": person.password,
                "customAttributes": json.dumps({"role": "teacher"} if person.teacher else {}),
            }
            for person in people
        ]
        url = f"{self._accounts}/projects/{self._project_id}/accounts:batchCreate"
        reply = self._call("POST", url, {"users": users, "allowOverwrite": True})
        for error in reply.get("error", []):
            email = people[error["index"]].email
            raise AuthEmulatorError(
                f"The Auth emulator at {self._host} refuses {email}: {error['message']}. Delete "
                "the other account with this address there, or start it again."
            )

    def _signs_in(self, person: Person) -> bool:
        """Whether the person gets a token with their user id, and with the role if a teacher."""
        response = self._send(
            "POST",
            f"{self._accounts}/accounts:signInWithPassword?key=local",
            {"email": person.email, "password": person.password},
        )
        if not response.ok:
            return False
        claims = jwt.decode(response.json()["idToken"], options={"verify_signature": False})
        return (
            claims["sub"] == person.uid
            and claims["aud"] == self._project_id
            and (not person.teacher or claims.get("role") == "teacher")
        )

    def _call(self, method: str, url: str, body: object = None) -> dict[str, Any]:
        response = self._send(method, url, body, OWNER)
        try:
            response.raise_for_status()
            reply: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise AuthEmulatorError(
                f"{VARIABLE} is {self._host}, and what answers there is no Auth emulator."
            ) from error
        return reply

    def _send(
        self, method: str, url: str, body: object = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        try:
            return requests.request(
                method, url, json=body, headers=headers, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            raise AuthEmulatorError(
                f"{VARIABLE} is {self._host}, and nothing answers there."
            ) from error


def auth_emulator(project_id: str) -> AuthEmulator | None:
    """The one that FIREBASE_AUTH_EMULATOR_HOST names, if it is set."""
    host = os.environ.get(VARIABLE)
    return AuthEmulator(host, project_id) if host else None
