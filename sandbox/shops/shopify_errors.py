"""Shopify's words for what is wrong with a request.

Source: recorded answers of the Admin API (codes undefinedField, selectionMismatch, INVALID_VARIABLE ...), its
documentation of rate limits, and the answer to a wrong token, which is not GraphQL at all.
"""

import json
import re
from typing import Any

from graphql import DocumentNode, GraphQLError, Node, OperationDefinitionNode

from sandbox.faults import Faults, chance
from sandbox.httpd import Response, html_response, json_response
from sandbox.shops.serving import Spoiled

LIMITS_URL = "https://shopify.dev/api/usage/rate-limits"
UNAUTHORIZED = "[API] Invalid API key or access token (unrecognized login or wrong password)"
_UNDEFINED = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_NO_SELECTION = re.compile(r"Field '(\w+)' of type '([\w!\[\]]+)' must have a selection of subfields")
_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'")


def error(message: str, code: str, **extensions: Any) -> dict[str, Any]:
    """One member of `errors`."""
    return {"message": message, "extensions": {"code": code, **extensions}}


def syntax_error(problem: GraphQLError) -> dict[str, Any]:
    """A document that cannot be parsed."""
    where = problem.locations[0]
    message = f"syntax error, {problem.message.removeprefix('Syntax Error: ')} at [{where.line}, {where.column}]"
    return {**error(message, "PARSE_ERROR"), "locations": [{"line": where.line, "column": where.column}]}


def validation_error(problem: GraphQLError, document: DocumentNode) -> dict[str, Any]:
    """A document that does not fit the schema, in the words of Shopify's GraphQL library where they are known."""
    where = [{"line": each.line, "column": each.column} for each in problem.locations or ()]
    path = path_to(document, problem.nodes[0]) if problem.nodes else []
    return {**_worded(problem.message), "locations": where, "path": path}


def _worded(message: str) -> dict[str, Any]:
    if found := _UNDEFINED.match(message):
        field, of = found.groups()
        words = f"Field '{field}' doesn't exist on type '{of}'"
        return error(words, "undefinedField", typeName=of, fieldName=field)
    if found := _NO_SELECTION.match(message):
        field, of = found[1], found[2].strip("[]!")
        words = f"Field must have selections (field '{field}' returns {of} but has no selections. Did you mean "
        return error(f"{words}'{field} {{ ... }}'?)", "selectionMismatch", nodeName=f"field '{field}'", typeName=of)
    if found := _ARGUMENT.match(message):
        argument, _, field = found.groups()
        words = f"Field '{field}' doesn't accept argument '{argument}'"
        return error(words, "argumentNotAccepted", name=field, typeName="Field", argumentName=argument)
    return error(message, "graphqlValidation")


def variable_error(problem: GraphQLError, operation: OperationDefinitionNode, values: dict[str, Any]) -> dict[str, Any]:
    """A variable that is missing or of the wrong type."""
    where = [{"line": each.line, "column": each.column} for each in problem.locations or ()]
    name = next(iter(re.findall(r"'?\$(\w+)", problem.message)), "")
    kinds = {each.variable.name.value: each.type for each in operation.variable_definitions or ()}
    kind = kinds[name].loc.source.body[kinds[name].loc.start : kinds[name].loc.end] if name in kinds else ""
    explained = "Expected value to not be null" if values.get(name) is None else problem.message
    extensions = {"value": values.get(name), "problems": [{"path": [], "explanation": explained}]}
    words = f"Variable ${name} of type {kind} was provided invalid value"
    return {**error(words, "INVALID_VARIABLE", **extensions), "locations": where}


def path_to(node: Node, wanted: Node) -> list[str]:
    """Names from the operation down to `wanted`: `["query Q", "orders", "nodes", "x"]`."""
    here = _name(node)
    if node is wanted:
        return here
    for key in node.keys:
        child = getattr(node, key, None)
        for each in child if isinstance(child, (list, tuple)) else [child]:
            if isinstance(each, Node) and (each is wanted or (found := path_to(each, wanted))):
                return here + (_name(each) if each is wanted else found)
    return []


def _name(node: Node) -> list[str]:
    if node.kind == "operation_definition":
        kind = node.operation.value
        return [f"{kind} {node.name.value}" if node.name else kind]
    if node.kind == "fragment_definition":
        return [f"fragment {node.name.value}"]
    if node.kind == "field":
        return [node.alias.value if node.alias else node.name.value]
    return []


def throttled(cost: int, status: dict[str, Any]) -> dict[str, Any]:
    """The bucket is too empty: HTTP 200 with an error, as GraphQL does it."""
    spent = {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": status}
    errors = [error("Throttled", "THROTTLED", documentation=LIMITS_URL)]
    return {"errors": errors, "extensions": {"cost": spent}}


def too_costly(cost: int, most: int) -> dict[str, Any]:
    """One query that no bucket could ever pay."""
    words = (
        f"Query cost is {cost}, which exceeds the single query max cost limit ({most}).\n\nSee {LIMITS_URL} for more "
        "information on how the\ncost of a query is calculated.\n\nTo query larger amounts of data with fewer limits, "
        "bulk operations should be used instead.\n"
    )
    return {"errors": [error(words, "MAX_COST_EXCEEDED", cost=cost, maxCost=most, documentation=LIMITS_URL)]}


def unauthorized() -> Response:
    """The answer to a wrong or missing token."""
    realm = {"WWW-Authenticate": 'Basic Realm="Shopify API Authentication"'}
    return json_response({"errors": UNAUTHORIZED}, 401, realm)


def spoiled(faults: Faults) -> Spoiled:
    """How Shopify fails: 429 with a Retry-After that is a float; 5xx, or its INTERNAL_SERVER_ERROR with HTTP 200."""

    def too_many(name: str) -> Response:
        words = "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."
        return json_response({"errors": words}, 429, {"Retry-After": f"{faults.retry_after_s:.1f}"})

    def broken(name: str) -> Response:
        drawn = chance(f"500 {name}")
        if drawn < 0.5:
            return json_response({"errors": "Internal Server Error"}, 500)
        if drawn < 0.75:
            return html_response("502 Bad Gateway", 502)
        words = "Internal error. Looks like something went wrong on our end.\nRequest ID: sandbox"
        return json_response({"errors": [error(words, "INTERNAL_SERVER_ERROR", requestId="sandbox")]})

    def not_json(name: str, response: Response) -> Response:
        return html_response("Something went wrong")

    return Spoiled(too_many, broken, not_json)


def as_json(body: bytes) -> Any:
    """The body as JSON, or None."""
    try:
        return json.loads(body)
    except ValueError:
        return None
