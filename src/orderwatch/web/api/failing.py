"""Every error as an RFC 9457 problem."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from orderwatch.domain import errors
from orderwatch.web.problems import CONTENT_TYPE, problem

_STATUSES: tuple[tuple[type[errors.OrderwatchError], int], ...] = (
    (errors.WrongSignature, 401),
    (errors.TooLarge, 413),
    (errors.UnsupportedMedia, 415),
    (errors.BadInput, 400),
    (errors.BadSettings, 400),
    (errors.NotSignedIn, 401),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.TooMany, 429),
    (errors.Conflict, 409),
    (errors.Unavailable, 503),
)
_DETAILS = {
    404: "There is no such path; GET /openapi.json tells which there are.",
    405: "This path takes other methods.",
}
_CODES = {400: "bad_request", 404: "not_found", 408: "timeout", 405: "method_not_allowed", 413: "too_large"}


class FieldError(Struct, frozen=True, kw_only=True):
    """What is wrong with one field, such as ``query.limit`` or ``body.name``."""

    field: str
    message: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `web.problems` writes, for the description of the API."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()


def answer_problem(
    status: int,
    *,
    code: str,
    detail: str,
    fields: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer that tells of an error."""
    body = problem(status, code=code, detail=detail, errors=[msgspec.to_builtins(field) for field in fields])
    sent = {"cache-control": "no-store", **(headers or {})}
    return Response(body, status, sent, media_type=CONTENT_TYPE.decode())


def problem_of(error: errors.OrderwatchError) -> Response:
    """Return the answer that tells of one of our errors."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    headers: dict[str, str] = {}
    if isinstance(error, errors.Unavailable | errors.TooMany):
        headers["retry-after"] = str(error.retry_after_seconds)
    if isinstance(error, errors.NotSignedIn):
        headers["www-authenticate"] = "Bearer"
    faults: list[str] = error.faults if isinstance(error, errors.BadSettings) else []
    return answer_problem(status, code=error.code, detail=error.message, fields=_fields(faults), headers=headers)


def install_problems(api: FastAPI) -> None:
    """Have `api` tell of every error as a problem."""
    api.add_exception_handler(errors.OrderwatchError, _ours)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _unexpected)


async def _ours(_request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.OrderwatchError)  # noqa: S101  (registered for it alone)
    return problem_of(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for it alone)
    found: Sequence[dict[str, Any]] = error.errors()
    fields = [FieldError(field=".".join(str(part) for part in e["loc"]), message=str(e["msg"])) for e in found]
    detail = "; ".join(f"{field.field.partition('.')[2]}: {field.message}" for field in fields)
    return answer_problem(400, code="bad_request", detail=detail, fields=fields)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for it alone)
    code = _CODES.get(error.status_code, "error")
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"allow": ", ".join(_allowed(request))}
    detail = _DETAILS.get(error.status_code, str(error.detail))
    return answer_problem(error.status_code, code=code, detail=detail, headers=headers)


def _allowed(request: Request) -> list[str]:
    """Return the methods that the path takes. The framework names those of the first route alone."""
    found: set[str] = set()
    for method in ("DELETE", "GET", "PATCH", "POST", "PUT"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found.add(method)
    return sorted(found)


async def _unexpected(_request: Request, _error: Exception) -> Response:
    # The server logs the error itself; the answer tells nothing of our insides.
    return answer_problem(500, code="error", detail="Something went wrong on the server; its log says what.")


def _fields(faults: Sequence[str]) -> list[FieldError]:
    """Return faults that begin with a field's name, such as ``name: must …``, by field."""
    split = [fault.partition(": ") for fault in faults]
    return [FieldError(field=f"body.{key}", message=rest) for key, colon, rest in split if colon and " " not in key]
