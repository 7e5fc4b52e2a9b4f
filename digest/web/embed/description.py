"""The JSON endpoint as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1), for those who write against it.

It says what endpoint.py does, and `make contract` has a tool that is not ours prove it.
"""

from __future__ import annotations

from typing import Any

MOST_EDITIONS, MOST_SECTIONS, LONGEST = 50, 200, 400
"""How many editions, and sections of each, one wish may name; how long a text may be."""

_VERSION = "1"
_TEXT: dict[str, Any] = {"type": "string", "maxLength": LONGEST}


def openapi(site: str, url: str) -> dict[str, Any]:
    """Return the description of a newsroom's endpoint; `url` is where its pages stand."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{site}: subscribing", "version": _VERSION},
        "servers": [{"url": url}],
        "paths": {
            "/api/editions": {"get": _EDITIONS},
            "/api/subscribe": {"post": _SUBSCRIBE, "options": _PREFLIGHT},
        },
    }


def _answer(words: str, *required: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    schema = {"type": "object", "required": list(required), "properties": properties}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _fault(words: str) -> dict[str, Any]:
    return _answer(words, "error", "field", error=_SENTENCE, field={"type": "string"})


_SENTENCE = {"type": "string", "minLength": 1}
_PART = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
}
_EDITION = {
    **_PART,
    "required": ["id", "title", "sections"],
    "properties": {**_PART["properties"], "sections": {"type": "array", "items": _PART}},  # type: ignore[dict-item] # of the object above
}
_EDITIONS = {
    "operationId": "editions",
    "summary": "What there is to subscribe to",
    "responses": {
        "200": _answer(
            "Every edition with its sections.",
            "editions",
            editions={"type": "array", "items": _EDITION},
        )
    },
}
_WISH = {
    "type": "object",
    "required": ["email", "editions"],
    "properties": {
        "email": {**_TEXT, "format": "email", "examples": ["reader@example.com"]},
        "editions": {
            "description": "Ids of editions; or an object of them, each with ids of sections."
            " No section, and all of them, mean also those that are added later. At least one"
            " edition has to be there.",
            "anyOf": [
                {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": MOST_EDITIONS},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": MOST_EDITIONS,
                    "additionalProperties": {
                        "type": "array",
                        "items": _TEXT,
                        "maxItems": MOST_SECTIONS,
                    },
                },
            ],
        },
        "locale": {**_TEXT, "description": "BCP 47, of the pages and mails that follow."},
    },
}
_SUBSCRIBE = {
    "operationId": "subscribe",
    "summary": "Ask for a subscription; its reader confirms it by mail",
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _WISH}},
    },
    "responses": {
        "202": _answer(
            "Taken. The same for every address, whether it is known or not.",
            "message",
            message=_SENTENCE,
        ),
        "413": _answer("The body is larger than is read.", "error", error=_SENTENCE),
        "415": _answer("The content type is not application/json.", "error", error=_SENTENCE),
        "422": _fault("No wish: `field` names what is wrong."),
        "429": _fault("Too many ask at the moment."),
    },
}
_PREFLIGHT = {
    "operationId": "preflight",
    "summary": "Whether a script of a page may post (CORS)",
    "responses": {"204": {"description": "The headers say so, for the origins of [readers]."}},
}
