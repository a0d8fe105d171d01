"""Why a command ends without having done what it was asked to."""


class Failed(Exception):
    """Exit code 1."""


class Misused(Exception):
    """Exit code 2: another command line, or other settings, would do."""
