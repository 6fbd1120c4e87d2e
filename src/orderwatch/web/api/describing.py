"""Describes the endpoints in OpenAPI by the same msgspec types that check their bodies."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI

from orderwatch.web.api.failing import Problem

_TEMPLATE = "#/components/schemas/{name}"
_PROBLEMS: Mapping[int, str] = {
    400: "The request is not right as it is",
    401: "Nobody known asks",
    403: "The role does not reach that far, or the request comes from another site",
    404: "There is no such thing",
    408: "The body took too long",
    409: "Not in a state that allows this",
    413: "The body is too long",
    415: "The body is not JSON",
    429: "Too many tries, or requests; see Retry-After",
    503: "Not now; see Retry-After",
}
_ALWAYS = (400, 503)
_SIGNED_IN = (401, 403, 429)
_WITH_BODY = (408, 413, 415)


class Described:
    """Collects the types that the endpoints name, and writes the description from them."""

    def __init__(self) -> None:
        """Begin with the problem that every endpoint may answer."""
        self._types: list[Any] = [Problem]

    def __call__(
        self,
        answer: Any = None,  # noqa: ANN401  (a type)
        *,
        status: int = 200,
        body: Any = None,  # noqa: ANN401  (a type)
        problems: tuple[int, ...] = (),
        open_to_anyone: bool = False,
        optional_body: bool = False,
    ) -> dict[str, Any]:
        """Return the arguments for a route that answers with `answer` and takes `body`."""
        codes = {*problems, *_ALWAYS, *(() if open_to_anyone else _SIGNED_IN), *(_WITH_BODY if body else ())}
        described: dict[str, Any] = {
            "status_code": status,
            "response_model": None,
            "responses": {status: self._content(answer, "Done" if answer is None else "The answer")}
            | {code: self._problem(code) for code in sorted(codes)},
        }
        extra: dict[str, Any] = {} if open_to_anyone else {"security": [{"token": []}, {"session": []}]}
        if body is not None:
            extra["requestBody"] = {"required": not optional_body, "content": self._json(body)}
        return described | {"openapi_extra": extra}

    def install(self, api: FastAPI) -> None:
        """Have `api` describe itself so."""
        make = api.openapi

        def openapi() -> dict[str, Any]:
            if api.openapi_schema is None:
                api.openapi_schema = self._complete(make())
            return api.openapi_schema

        api.openapi = openapi

    def _complete(self, schema: dict[str, Any]) -> dict[str, Any]:
        _, components = msgspec.json.schema_components(self._types, ref_template=_TEMPLATE)
        schema["components"] = {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "orderwatch_session"},
            },
        }
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)  # Ours is 400, and a problem.
        return schema

    def _content(self, answer: Any, description: str) -> dict[str, Any]:  # noqa: ANN401  (a type)
        return {"description": description} | ({} if answer is None else {"content": self._json(answer)})

    def _json(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401  (a type)
        self._types.append(kind)
        (schema,), _ = msgspec.json.schema_components([kind], ref_template=_TEMPLATE)
        return {"application/json": {"schema": schema}}

    def _problem(self, code: int) -> dict[str, Any]:
        reference = {"$ref": _TEMPLATE.format(name=Problem.__name__)}
        return {"description": _PROBLEMS[code], "content": {"application/problem+json": {"schema": reference}}}
