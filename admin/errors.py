"""The errors with which a command ends. `app.main` turns them into exit codes."""


class CommandFailed(Exception):
    """Exit code 1: the command could not do what was asked."""


class UsageError(Exception):
    """Exit code 2: the command line or the environment is wrong."""
