"""What the OpenAPI document says of every operation alike: how it refuses."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "example": "urn:filiera:problem:not_found"},
        "title": {"type": "string", "example": "Not found"},
        "status": {"type": "integer", "example": 404},
        "code": {"type": "string", "example": "not_found", "description": "Stable; what programs decide by."},
        "detail": {"type": "string", "description": "A sentence for people, in their language."},
        "field": {"type": "string", "description": "The field that a rule of the business refused (409)."},
        "errors": {"type": "object", "description": "The sentences for each field that is missing or wrong (400)."},
    },
}
READING = {
    "400": "Something in the address or the body cannot be read; `errors` has the path of each field.",
    "401": "No live key and no session.",
    "403": "The role does not allow it; `detail` says what is missing and whom to ask.",
    "404": "There is nothing here that you may see: it is missing, or somebody else's.",
    "429": "Too many requests; `Retry-After` says for how many seconds to wait.",
}
WRITING = {
    "409": "A rule of the business says no; nothing was changed.",
    "412": "If-Match names a version that is no longer the current one.",
}
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def document_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to each operation the answers that any may give, where it does not describe them itself."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in METHODS:
                refusals = READING if method == "get" else READING | WRITING
                for status, text in refusals.items():
                    operation["responses"].setdefault(status, _refusal(text))
    return result


def _refusal(text: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": text, "content": content}
