"""Google's ID tokens as the sign-in of the local stack takes them: unverified, or as plain JSON."""

import json
from dataclasses import dataclass
from typing import Any, Self

import jwt

SCOPES = (
    "openid https://www.googleapis.com/auth/userinfo.profile "
    "https://www.googleapis.com/auth/userinfo.email"
)


class NotReadable(Exception):
    """The text is no ID token with a `sub`."""


@dataclass(frozen=True)
class GoogleAccount:
    """`id` is Google's. `profile` is what SDKs show of the account, by Google's names."""

    id: str
    email: object
    email_verified: bool
    name: str | None
    photo_url: str | None
    profile: dict[str, Any]

    @classmethod
    def of(cls, token: str) -> Self:
        """Raises NotReadable."""
        try:
            claims = (
                json.loads(token)
                if token.startswith("{")
                else jwt.decode(token, options={"verify_signature": False})
            )
            google_id = claims["sub"]
        except (jwt.InvalidTokenError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise NotReadable from error
        if not isinstance(google_id, str) or not google_id:
            raise NotReadable
        name, photo_url = claims.get("name"), claims.get("picture")
        email = claims.get("email")
        if isinstance(email, str):
            email = email.lower()
        verified = claims.get("email_verified") is True
        profile = {field: claims.get(field) for field in ("name", "given_name", "family_name")} | {
            "id": google_id,
            "email": email,
            "verified_email": verified,
            "picture": photo_url,
            "locale": "en",
            "granted_scopes": SCOPES,
        }
        return cls(
            id=google_id,
            email=email,
            email_verified=verified,
            name=name if isinstance(name, str) else None,
            photo_url=photo_url if isinstance(photo_url, str) else None,
            profile={field: value for field, value in profile.items() if value is not None},
        )
