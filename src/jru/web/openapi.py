"""The API's description: OpenAPI 3.1 with problem documents and both ways to sign in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from jru.web.api.documents import Problem
from jru.web.api.reports import ReportBody
from jru.web.cookies import Cookie

_REF = "#/components/schemas/{model}"
_TAGS: tuple[tuple[str, str], ...] = (
    ("session", "Signing in and out."),
    ("account", "What somebody does with their own account."),
    ("notifications", "Whether a browser is told while its page is not in front."),
    ("accounts", "Accounts and tablets, for administrators and supervisors."),
    ("board", "What is open, live or by asking."),
    ("incidents", "Incidents and the resources of each service."),
    ("safety", "Hazards, scene safe, back-up and emergencies."),
    ("waits", "What one service asks of the other."),
    ("matches", "Two references on one joint incident."),
    ("outcomes", "How a job ended."),
    ("records", "What each service records of an incident for itself, and what it shares."),
    ("units", "Units and their statuses."),
    ("offers", "Offers, self-assignment, diverts and stand-downs."),
    ("reports", "Messages of control-room systems."),
    ("scheme", "The scheme and the state of its districts."),
    ("map", "Roads, districts and places."),
    ("glass", "Restricted fields, opened for half an hour and reviewed."),
    ("retention", "How long what is kept, legal holds, and erasure."),
    ("oversight", "Duties, vehicles, figures, and who may see what."),
    ("operation", "Health and figures of the server."),
)
SECURITY_SCHEMES: dict[str, Any] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": Cookie.SESSION.value,
        "description": "Set by POST /api/v1/session.",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token, for programs."},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description of all routes."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="One record of incidents, units and offers for two control rooms and their joint crew.",
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in _TAGS],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = SECURITY_SCHEMES
    _, extra = models_json_schema([(Problem, "serialization"), (ReportBody, "validation")], ref_template=_REF)
    schemas = components.setdefault("schemas", {})
    for name, schema in extra["$defs"].items():
        schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return document
