"""The framework and its server alone."""

import functions_framework
from flask import Request


@functions_framework.http
def empty(_request: Request) -> str:
    return "ok"
