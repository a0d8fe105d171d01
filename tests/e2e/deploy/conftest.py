"""The output of a dry run of this project."""

from tests.support.shown import shown

__all__ = ["shown"]
