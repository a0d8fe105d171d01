"""The settings of this process."""

import os
from functools import cache

from shared.contract.operation import uses_of
from shared.environment import USUAL_USES
from shared.settings import Settings, load_settings


@cache
def settings() -> Settings:
    """The settings that the process's function needs. Raises SettingsError.

    main.py calls it first, so that a process with wrong settings does not start.
    """
    function = os.environ.get("FUNCTION_TARGET")
    return load_settings(os.environ, uses_of(function) if function else USUAL_USES)
