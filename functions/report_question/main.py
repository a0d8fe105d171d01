"""The deployed function report_question."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.report_question.contract import OPERATION
from functions.report_question.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import question_report_repository, session_repository
from shared.wiring.limits import admit_write


@functions_framework.http
def report_question(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_write)


@cache
def dependencies() -> Dependencies:
    return Dependencies(sessions=session_repository(), reports=question_report_repository())
