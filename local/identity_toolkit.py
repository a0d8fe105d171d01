"""Firebase Authentication's REST API at the paths where its SDKs call an emulator.

An SDK finds it by `connectAuthEmulator` with the address of the stack.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from local.accounts import AccountOfTheStack, Accounts, EmailExists
from local.identity_methods import Body, IdentityToolkit, Refused
from shared.domain.common.errors import Refusal
from shared.endpoint.request_body import read_json_body, reading_body
from shared.firestore.client import Client

ACCOUNTS_PATH = "/identitytoolkit.googleapis.com/"
TOKENS_PATH = "/securetoken.googleapis.com/"
EMULATOR_PATH = "/emulator/"
MAX_FORM_BYTES = 64 * 1024


def add_to(app: Flask, *, project_id: str) -> None:
    """The API's paths, as SDKs address an emulator."""
    toolkit = IdentityToolkit(Accounts(Client(project=project_id)), project_id)

    @app.post(f"{ACCOUNTS_PATH}v1/accounts:<method>")
    def accounts(method: str) -> Response:
        if method not in toolkit.methods:
            return _refusal(Refused(f"OPERATION_NOT_ALLOWED : {method}"), status=404)
        return _response(lambda: toolkit.methods[method](_body(request)))

    @app.post(f"{TOKENS_PATH}v1/token")
    def token() -> Response:
        return _response(lambda: toolkit.refresh(_refresh_token(request)))

    @app.get(f"{EMULATOR_PATH}v1/projects/{project_id}/oobCodes")
    def codes() -> Response:
        """The links that were sent, as the Auth emulator lists them."""
        listed = [
            {
                "email": code.email,
                "oobCode": code.code,
                "oobLink": code.link,
                "requestType": code.request_type,
            }
            for code in toolkit.codes.all()
        ]
        return jsonify({"oobCodes": listed})


def preflight(request: Request) -> Response | None:
    """The answer to a preflight for one of the API's paths. SDKs send headers of their own."""
    if not request.path.startswith((ACCOUNTS_PATH, TOKENS_PATH, EMULATOR_PATH)):
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = request.headers.get(
        "Access-Control-Request-Headers", "Content-Type"
    )
    return response


def _body(request: Request) -> Body:
    """Raises Refused."""
    try:
        return Body.model_validate_json(read_json_body(request))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors() if e["loc"])
        raise Refused(f"INVALID_ARGUMENT : {places or 'The body'} is not valid.") from error


def _refresh_token(request: Request) -> str:
    """Raises Refused."""
    request.max_content_length = MAX_FORM_BYTES
    if not request.form.get("grant_type"):
        raise Refused("MISSING_GRANT_TYPE")
    if request.form["grant_type"] != "refresh_token":
        raise Refused("INVALID_GRANT_TYPE")
    return request.form.get("refresh_token", "")


def _response(reply: Callable[[], dict[str, Any]]) -> Response:
    """What `reply` returns, or its refusal, after the request's body is read whole."""
    try:
        with reading_body(request):
            return jsonify(reply())
    except Refused as refused:
        return _refusal(refused)
    except EmailExists:
        return _refusal(Refused("EMAIL_EXISTS"))
    except AccountOfTheStack:
        reason = "The accounts of the stack's people can't be changed: sign up for another."
        return _refusal(Refused(f"OPERATION_NOT_ALLOWED : {reason}"))
    except (Refusal, RequestEntityTooLarge) as error:
        reason = error.detail if isinstance(error, Refusal) else "The body is too large."
        return _refusal(Refused(f"INVALID_ARGUMENT : {reason}"))


def _refusal(refused: Refused, *, status: int = 400) -> Response:
    message = str(refused)
    error = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": "invalid"}],
    }
    response = jsonify({"error": error})
    response.status_code = status
    return response
