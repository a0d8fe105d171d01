"""The deployment door: resolves FUNCTION_TARGET to functions/<name>/main.py, nothing else.

Meanwhile no garbage is collected. What is loaded here stays; to look through it again and again
took a tenth of a cold start and, later, the time of requests.
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
