"""The output of a dry run of this project."""

from tests.support.dry_run import shown

__all__ = ["shown"]
