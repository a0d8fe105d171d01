"""The sealers, with the keys from the settings."""

from functools import cache

from cryptography.fernet import Fernet

from shared.firestore.rest_format import decode_stored_session
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.sealing.template_sealer import FernetTemplateSealer
from shared.wiring.environment import settings


@cache
def practice_sealer() -> PracticeSealer:
    return FernetPracticeSealer(_box(), decode=decode_stored_session)


@cache
def template_sealer() -> TemplateSealer:
    return FernetTemplateSealer(_box())


@cache
def _box() -> FernetBox:
    # The settings allow a missing key in local projects only; such seals end with the process.
    return FernetBox(settings().seal_keys or (Fernet.generate_key().decode(),))
