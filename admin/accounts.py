"""Accounts of Firebase Authentication, in a project or in the Auth emulator."""

from collections.abc import Mapping, Sequence
from typing import Any

import firebase_admin
from firebase_admin import auth
from firebase_admin.exceptions import FirebaseError

from admin.errors import CommandFailed
from admin.target import Target
from local.people import Person

ACCOUNT_ERRORS = (FirebaseError,)
ROLE_CLAIM = "role"
# The most that one call takes: https://firebase.google.com/docs/auth/admin/manage-users
LOOKED_UP_AT_ONCE = 100


class Accounts:
    """The accounts of one project. The methods raise FirebaseError when a call fails."""

    def __init__(self, target: Target) -> None:
        """Raises UsageError for a local project without an Auth emulator."""
        target.require_auth_emulator()
        self._project = target.project
        self._app = firebase_admin.initialize_app(
            options={"projectId": target.project}, name=target.project
        )

    def find(self, *, uid: str | None = None, email: str | None = None) -> Any:
        """The `firebase_admin.auth.UserRecord`. Raises CommandFailed if there is no account."""
        try:
            if email is not None:
                return auth.get_user_by_email(email, app=self._app)
            return auth.get_user(uid, app=self._app)
        except auth.UserNotFoundError as error:
            raise CommandFailed(f"{self._project} has no account {email or uid}.") from error
        except ValueError as error:
            raise CommandFailed(str(error)) from error

    def uids_of(self, addresses: Sequence[str]) -> dict[str, str | None]:
        """The user ids by e-mail address, None for an address without an account.

        Accounts have their addresses in lower case. Raises CommandFailed for a text that is no
        e-mail address.
        """
        try:
            wanted = [auth.EmailIdentifier(address.lower()) for address in addresses]
        except ValueError as error:
            raise CommandFailed(str(error)) from error
        found: dict[str, str] = {}
        for start in range(0, len(wanted), LOOKED_UP_AT_ONCE):
            result = auth.get_users(wanted[start:][:LOOKED_UP_AT_ONCE], app=self._app)
            found |= {user.email: user.uid for user in result.users}
        return {address: found.get(address.lower()) for address in addresses}

    def exists(self, uid: str) -> bool:
        return self.export(uid) is not None

    def export(self, uid: str) -> dict[str, Any] | None:
        """The account's data as JSON values, instants in milliseconds; None without an account."""
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
                {
                    "provider_id": provider.provider_id,
                    "uid": provider.uid,
                    "email": provider.email,
                }
                for provider in user.provider_data
            ],
            "created_at_ms": user.user_metadata.creation_timestamp,
            "last_sign_in_at_ms": user.user_metadata.last_sign_in_timestamp,
        }

    def create(self, uid: str, person: Person | None = None) -> bool:
        """Creates the account, with the person's name and address. False if it existed already."""
        details = {"display_name": person.name, "email": person.email} if person else {}
        try:
            auth.create_user(uid=uid, **{"display_name": uid, **details}, app=self._app)
        except auth.UidAlreadyExistsError:
            return False
        return True

    def set_claims(self, uid: str, claims: Mapping[str, Any]) -> None:
        """Replaces all custom claims. ID tokens contain them from their next refresh."""
        auth.set_custom_user_claims(uid, dict(claims) or None, app=self._app)

    def sign_out(self, uid: str) -> None:
        """Revokes the refresh tokens. An ID token that was issued before stays valid."""
        auth.revoke_refresh_tokens(uid, app=self._app)

    def disable(self, uid: str) -> None:
        """Prevents signing in and refreshing tokens."""
        auth.update_user(uid, disabled=True, app=self._app)
        self.sign_out(uid)

    def delete(self, uid: str) -> None:
        auth.delete_user(uid, app=self._app)


def with_role(claims: Mapping[str, Any] | None, role: str | None) -> dict[str, Any]:
    """The claims with the role replaced, or removed if it is None."""
    others = {name: value for name, value in (claims or {}).items() if name != ROLE_CLAIM}
    return others if role is None else {**others, ROLE_CLAIM: role}
