"""The deployment door: resolves FUNCTION_TARGET to functions/<name>/main.py, nothing else."""

import gc
import os
from importlib import import_module

# What is loaded here stays. Collecting meanwhile took a tenth of a cold start, and after it every
# full collection, while requests wait, would go through all of it again.
gc.disable()

from shared.wiring import base  # noqa: E402 - loading is what takes long

base.settings()  # a wrong set-up must not start

_target = os.environ["FUNCTION_TARGET"]
globals()[_target] = getattr(import_module(f"functions.{_target}.main"), _target)

gc.freeze()
gc.enable()
