"""The accounts of the local stack: its people, and whoever signed up.

An account that was made by signing up is a document of the emulator that no client can read. So it
is kept from one run to the next with its owner's other documents.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hmac import compare_digest
from secrets import choice
from string import ascii_letters, digits
from typing import Any, Self

from google.api_core.exceptions import AlreadyExists
from google.cloud.firestore import DocumentReference
from google.cloud.firestore_v1.base_query import FieldFilter
from werkzeug.security import check_password_hash, generate_password_hash

from local.people import PEOPLE, Person
from shared.firestore.client import Client

COLLECTION = "local_accounts"
UID_LENGTH = 28
MADE_WITH_THE_STACK = datetime(2026, 1, 1, tzinfo=UTC)


class EmailExists(Exception):
    """Another account has this e-mail address."""


class AccountOfTheStack(Exception):
    """The accounts of the stack's people can't be changed or deleted."""


@dataclass(frozen=True)
class Account:
    """`password_hash` is None where there is no password; `person` is set for the stack's people.
    ID tokens of a `teacher` have that role.

    E-mail addresses are in lower case, as Firebase stores them. `google_id` is Google's id of a
    linked account, `has_signed_in_by_link` whether a link by e-mail was used. Tokens from before
    `valid_since`, in seconds since 1970, are not valid any more.
    """

    uid: str
    email: str
    name: str | None = None
    photo_url: str | None = None
    password_hash: str | None = None
    google_id: str | None = None
    has_signed_in_by_link: bool = False
    email_verified: bool = False
    teacher: bool = False
    valid_since: int = 0
    created_at: datetime = MADE_WITH_THE_STACK
    person: Person | None = None

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(
            person.uid,
            person.email,
            name=person.name,
            email_verified=True,
            teacher=person.teacher,
            person=person,
        )

    @property
    def has_password(self) -> bool:
        return self.person is not None or self.password_hash is not None

    def is_password(self, password: str) -> bool:
        if self.person is not None:
            return compare_digest(password.encode(), self.person.password.encode())
        return self.password_hash is not None and check_password_hash(self.password_hash, password)


PEOPLE_BY_EMAIL = {person.email: Account.of(person) for person in PEOPLE.values()}


class Accounts:
    """The accounts, by e-mail address in whatever case."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def find(self, email: str) -> Account | None:
        email = email.lower()
        if account := PEOPLE_BY_EMAIL.get(email):
            return account
        fields = self._document(email).get().to_dict()
        return None if fields is None else Account(**fields)

    def create(
        self, email: str, *, password: str | None = None, uid: str | None = None, **fields: Any
    ) -> Account:
        """A new account, with other fields of Account. The uid is by default a random one.

        Raises EmailExists.
        """
        account = Account(
            uid=uid or "".join(choice(ascii_letters + digits) for _ in range(UID_LENGTH)),
            email=email.lower(),
            password_hash=None if password is None else generate_password_hash(password),
            created_at=datetime.now(UTC),
            **fields,
        )
        if account.email in PEOPLE_BY_EMAIL:
            raise EmailExists
        try:
            self._document(account.email).create(_fields(account))
        except AlreadyExists as error:
            raise EmailExists from error
        return account

    def find_google(self, google_id: str) -> Account | None:
        """The account that is linked to this account of Google."""
        linked = FieldFilter("google_id", "==", google_id)
        for document in self._client.collection(COLLECTION).where(filter=linked).limit(1).get():
            return Account(**document.to_dict())
        return None

    def set_password(self, account: Account, password: str) -> Account:
        """Ends all sign-ins of the account. Raises AccountOfTheStack."""
        now = int(datetime.now(UTC).timestamp())
        return self.change(account, password_hash=generate_password_hash(password), valid_since=now)

    def change(self, account: Account, **fields: Any) -> Account:
        """The account with these fields replaced. Raises AccountOfTheStack if one is another."""
        changed = replace(account, **fields)
        if changed == account:
            return account
        if account.person is not None:
            raise AccountOfTheStack
        self._document(account.email).set(_fields(changed))
        return changed

    def delete(self, account: Account) -> None:
        """Raises AccountOfTheStack."""
        if account.person is not None:
            raise AccountOfTheStack
        self._document(account.email).delete()

    def _document(self, email: str) -> DocumentReference:
        # An address may have characters that the id of a document can't.
        return self._client.collection(COLLECTION).document(
            hashlib.sha256(email.encode()).hexdigest()
        )


def _fields(account: Account) -> dict[str, object]:
    fields = vars(account).copy()
    del fields["person"]
    return fields
