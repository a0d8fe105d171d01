"""The deployment door: resolves FUNCTION_TARGET to functions/<name>/main.py, nothing else."""

import os
from importlib import import_module

from shared.wiring import base

base.settings()  # a wrong set-up must not start

_target = os.environ["FUNCTION_TARGET"]
globals()[_target] = getattr(import_module(f"functions.{_target}.main"), _target)
