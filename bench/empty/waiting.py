"""A function that only waits, as long as a model takes."""

import os
import time

import functions_framework
from flask import Request


@functions_framework.http
def waiting(_request: Request) -> str:
    time.sleep(float(os.environ["WAITING_SECONDS"]))
    return "ok"
