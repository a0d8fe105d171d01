"""What an LMS says of our registration with it, in a TOML file, and the addresses that it gives."""

import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from admin.errors import CommandFailed

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MIN_KEY_BITS = 2_048


def is_service_address(url: str) -> bool:
    """Whether a token may be sent there: encrypted, or not over a network."""
    address = urlsplit(url)
    is_safe = address.scheme == "https" or address.hostname in LOOPBACK
    return address.scheme in ("http", "https") and bool(address.hostname) and is_safe


def _require_address(url: str) -> str:
    if not is_service_address(url):
        raise ValueError("must be an address with https")
    return url


class Platform(BaseModel):
    """`audience` is that of the assertion, where it is not the token's address. `key_file` is
    relative to the file of these settings.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: Annotated[str, Field(min_length=1)]
    token_url: Annotated[str, AfterValidator(_require_address)]
    audience: str | None = None
    key_id: str | None = None
    key_file: Path


def read_platform(file: Path) -> Platform:
    """Raises CommandFailed."""
    try:
        settings: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        found = Platform.model_validate(settings)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandFailed(f"{file} is not TOML: {error}") from error
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CommandFailed(f"{file}: {'; '.join(faults)}") from error
    return found.model_copy(update={"key_file": file.parent / found.key_file})


def read_key(file: Path) -> RSAPrivateKey:
    """The private key that signs for us. Raises CommandFailed, which does not show the key."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CommandFailed(f"{file} has no private key in PEM without a password.") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_KEY_BITS:
        raise CommandFailed(f"{file} must have an RSA key of {MIN_KEY_BITS} bits or more.")
    return key
