"""The seals of templates that a command stores."""

import os

from admin.errors import UsageError
from shared.ports.sealing import TemplateSealer
from shared.sealing.fernet_box import FernetBox
from shared.sealing.template_sealer import FernetTemplateSealer


def sealer_of_project() -> TemplateSealer:
    """A sealer with the keys of the project's functions, which must be able to open the seals.

    Raises UsageError without them.
    """
    keys = [key.strip() for key in os.environ.get("PRACTICE_SEAL_KEYS", "").split(",")]
    try:
        return FernetTemplateSealer(FernetBox([key for key in keys if key]))
    except ValueError as error:
        raise UsageError(
            "PRACTICE_SEAL_KEYS must hold the keys of this project's functions. `make run` creates "
            "keys of its own unless the variable is set, and seeds its own database."
        ) from error
