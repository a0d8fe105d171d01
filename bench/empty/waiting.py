"""As long as a model takes, and nothing but that."""

import os
import time

import functions_framework
from flask import Request


@functions_framework.http
def waiting(_request: Request) -> str:
    time.sleep(float(os.environ["WAITING_SECONDS"]))
    return "ok"
