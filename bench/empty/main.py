"""The entry point of the empty functions, which corresponds to the project's main.py."""

import gc
import os
from importlib import import_module

gc.disable()

_target = os.environ["FUNCTION_TARGET"]
globals()[_target] = getattr(import_module(_target), _target)

gc.freeze()
gc.enable()
