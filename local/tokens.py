"""Unsigned ID tokens, as the Auth emulator issues them; accepted in demo- projects only.

`python -m local.tokens UID [--teacher]` prints a user's token, `--scheduler` the scheduler's.
"""

import argparse
import time

import jwt

PROJECT_ID = "demo-practice"
LIFETIME_SECONDS = 3_600


def user_token(uid: str, *, teacher: bool = False, project_id: str = PROJECT_ID) -> str:
    now = int(time.time())
    claims = {
        "iss": f"https://securetoken.google.com/{project_id}",
        "aud": project_id,
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "auth_time": now,
        "sub": uid,
        "user_id": uid,
        "firebase": {"sign_in_provider": "custom", "identities": {}},
    }
    return _unsigned({**claims, "role": "teacher"} if teacher else claims)


def scheduler_token(*, project_id: str = PROJECT_ID) -> str:
    now = int(time.time())
    return _unsigned(
        {
            "iss": "https://accounts.google.com",
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
    who.add_argument("uid", nargs="?", help="user id to sign in as")
    who.add_argument("--scheduler", action="store_true", help="the cleanup job's token")
    parser.add_argument("--teacher", action="store_true", help="with the claim role: teacher")
    asked = parser.parse_args()
    print(scheduler_token() if asked.scheduler else user_token(asked.uid, teacher=asked.teacher))


if __name__ == "__main__":
    main()
