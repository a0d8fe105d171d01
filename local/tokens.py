"""Unsigned ID tokens like those of the Auth emulator, accepted in demo- projects only.

`python -m local.tokens UID [--teacher]` prints a user's token, with `--scheduler` the scheduler's.
"""

import argparse
import time
from collections.abc import Mapping

import jwt

from local.people import PEOPLE
from shared.auth.tokens import GOOGLE_ISSUERS, USER_ISSUER

PROJECT_ID = "demo-practice"
LIFETIME_SECONDS = 3_600


def user_token(uid: str, *, teacher: bool = False, project_id: str = PROJECT_ID) -> str:
    """An ID token of Firebase Authentication, valid for an hour.

    Those of the stack's people have their name and e-mail address.
    """
    person = PEOPLE.get(uid)
    known = {"name": person.name, "email": person.email} if person else {}
    firebase = {"sign_in_provider": "custom", "identities": {}}
    return id_token(uid, {**known, "firebase": firebase}, teacher=teacher, project_id=project_id)


def id_token(uid: str, claims: Mapping[str, object], *, teacher: bool, project_id: str) -> str:
    """A user's ID token, valid for an hour, with these claims besides those that every one has."""
    now = int(time.time())
    return _unsigned(
        {
            "iss": f"{USER_ISSUER}{project_id}",
            "aud": project_id,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "auth_time": now,
            "sub": uid,
            "user_id": uid,
            **claims,
            **({"role": "teacher"} if teacher else {}),
        }
    )


def scheduler_token(*, project_id: str = PROJECT_ID) -> str:
    """An OIDC token for cleanup_stale_sessions, as Cloud Scheduler sends it, valid for an hour."""
    now = int(time.time())
    return _unsigned(
        {
            "iss": GOOGLE_ISSUERS[0],
            "aud": "cleanup_stale_sessions",
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "sub": "scheduler",
            "email": f"scheduler@{project_id}.iam.gserviceaccount.com",
            "email_verified": True,
        }
    )


def _unsigned(claims: dict[str, object]) -> str:
    return jwt.encode(claims, key="", algorithm="none")


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints a token for the local stack.")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("uid", nargs="?", help="the user's id")
    who.add_argument("--scheduler", action="store_true", help="the token of the cleanup job")
    parser.add_argument("--teacher", action="store_true", help="with the claim role: teacher")
    arguments = parser.parse_args()
    print(
        scheduler_token()
        if arguments.scheduler
        else user_token(arguments.uid, teacher=arguments.teacher)
    )


if __name__ == "__main__":
    main()
