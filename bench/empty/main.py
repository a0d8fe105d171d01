"""The function that does nothing: what the framework and its server cost by themselves."""

import functions_framework
from flask import Request


@functions_framework.http
def empty(_request: Request) -> str:
    return "ok"
