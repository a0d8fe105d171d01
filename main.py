"""The start of a deployed function: resolves FUNCTION_TARGET to functions/<name>/main.py.

The garbage collector is off meanwhile, and what was loaded is exempt from it afterwards: loaded
modules stay, and scanning them took a tenth of a cold start and time of every request.
"""

import gc
import os
from importlib import import_module

gc.disable()

import_module("shared.wiring.environment").settings()  # a wrong set-up must not start

_target = os.environ["FUNCTION_TARGET"]
globals()[_target] = getattr(import_module(f"functions.{_target}.main"), _target)

gc.freeze()
gc.enable()
