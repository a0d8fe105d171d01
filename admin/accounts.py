"""Accounts of Firebase Authentication, in a project or in its emulator."""

from collections.abc import Mapping
from typing import Any

import firebase_admin
from firebase_admin import auth
from firebase_admin.exceptions import FirebaseError

from admin.failures import Failed
from admin.target import Target

ACCOUNT_ERRORS = (FirebaseError,)
ROLE = "role"


class Accounts:
    def __init__(self, target: Target) -> None:
        target.need_accounts()
        self._project = target.project
        self._app = firebase_admin.initialize_app(
            options={"projectId": target.project}, name=target.project
        )

    def find(self, *, uid: str | None = None, email: str | None = None) -> Any:
        """The account. Raises Failed when there is none."""
        try:
            if email is not None:
                return auth.get_user_by_email(email, app=self._app)
            return auth.get_user(uid, app=self._app)
        except auth.UserNotFoundError as error:
            raise Failed(f"{self._project} has no account {email or uid}.") from error
        except ValueError as error:
            raise Failed(str(error)) from error

    def exists(self, uid: str) -> bool:
        return self.record(uid) is not None

    def record(self, uid: str) -> dict[str, Any] | None:
        """What the account holds of the person; None when there is none."""
        try:
            user = auth.get_user(uid, app=self._app)
        except auth.UserNotFoundError:
            return None
        return {
            "uid": user.uid,
            "email": user.email,
            "email_verified": user.email_verified,
            "display_name": user.display_name,
            "phone_number": user.phone_number,
            "photo_url": user.photo_url,
            "disabled": user.disabled,
            "claims": user.custom_claims or {},
            "providers": [
                {"provider_id": of.provider_id, "uid": of.uid, "email": of.email}
                for of in user.provider_data
            ],
            "created_at_ms": user.user_metadata.creation_timestamp,
            "last_sign_in_at_ms": user.user_metadata.last_sign_in_timestamp,
        }

    def create(self, uid: str) -> bool:
        """Whether there was none yet."""
        try:
            auth.create_user(uid=uid, display_name=uid, app=self._app)
        except auth.UidAlreadyExistsError:
            return False
        return True

    def set_claims(self, uid: str, claims: Mapping[str, Any]) -> None:
        auth.set_custom_user_claims(uid, dict(claims) or None, app=self._app)

    def sign_out(self, uid: str) -> None:
        """No token is renewed any more. One already issued is good until it expires."""
        auth.revoke_refresh_tokens(uid, app=self._app)

    def close(self, uid: str) -> None:
        """Nobody signs in with it any more, and no token is renewed."""
        auth.update_user(uid, disabled=True, app=self._app)
        self.sign_out(uid)

    def delete(self, uid: str) -> None:
        auth.delete_user(uid, app=self._app)


def with_role(claims: Mapping[str, Any] | None, role: str | None) -> dict[str, Any]:
    """The claims with another role, all others kept."""
    others = {name: value for name, value in (claims or {}).items() if name != ROLE}
    return others if role is None else {**others, ROLE: role}
