"""GraphQL over plain dicts, fast enough for pages of a hundred orders: parsed, validated and typed by graphql-core.

A value is a dict with the schema's field names. A list under a field of a connection type becomes a connection; a
callable is called with the field's arguments; an object of an abstract type says its `__typename`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    execute_sync,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values, get_variable_values
from graphql.type import GraphQLIncludeDirective, GraphQLSkipDirective

Value = Mapping[str, Any]
PageOf = Callable[[Sequence[Any], Mapping[str, Any]], Value]


class Problem(Exception):
    """A GraphQL error of a resolver, with the code that goes into its extensions."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of one type as a query asks for it."""

    key: str
    name: str
    node: FieldNode
    type: GraphQLNamedType | None  # None for leaves
    is_leaf: bool  # copied as it is
    is_list: bool
    is_connection: bool
    arguments: dict[str, Any]
    selections: tuple[SelectionSetNode, ...]
    plan: "list[Selected] | None" = None  # of its own fields, where its type is certain


class Parts(dict[str, Any]):
    """A value made in parts, each only when one of its fields is asked for.

    `makers` maps every field to the function that makes its part from `context`; see `fields_of`.
    """

    __slots__ = ("context", "makers")

    def __init__(self, makers: Mapping[str, Callable[..., Value]], *context: Any) -> None:
        super().__init__()
        self.makers, self.context = makers, context

    def __missing__(self, key: str) -> Any:
        self.update(self.makers[key](*self.context))
        return self[key]


def fields_of(parts: Sequence[Callable[..., Value]], *context: Any) -> dict[str, Callable[..., Value]]:
    """Which of `parts` makes which field, found out on one example."""
    return {key: part for part in parts for key in part(*context)}


@lru_cache(maxsize=256)
def parsed(schema: GraphQLSchema, query: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """The document and what is wrong with it. Raises GraphQLSyntaxError."""
    document = parse(query)
    return document, tuple(validate(schema, document))


class Execution:
    """One operation with its variables. Plans are made once per type and selection, then every row only copies."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self.schema, self.document, self.variables = schema, document, variables
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._plans: dict[tuple[str, tuple[int, ...]], list[Selected]] = {}
        self.root_type = schema.query_type
        self.root = self.plan(self.root_type, (operation.selection_set,))

    def is_introspection(self) -> bool:
        """Whether the schema itself is asked for."""
        return any(field.name in ("__schema", "__type") for field in self.root)

    def introspected(self) -> Any:
        """The answer to an introspection query, by graphql-core."""
        return execute_sync(self.schema, self.document).data

    def run(self, resolvers: Value, page_of: PageOf) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """The data and the errors. `page_of` makes a connection of a list that is nested in an object."""
        self._page_of = page_of
        data: dict[str, Any] = {}
        for field in self.root:
            try:
                data[field.key] = self._complete(field, self._raw(field, resolvers, self.root_type))
            except Problem as problem:
                where = {"line": field.node.loc.start_token.line, "column": field.node.loc.start_token.column}
                error = {"message": problem.message, "locations": [where], "path": [field.key]}
                return None, [{**error, "extensions": {"code": problem.code}}]
        return data, []

    def plan(self, of: GraphQLObjectType, selection_sets: tuple[SelectionSetNode, ...]) -> list[Selected]:
        """The fields to copy from an object of this type, fragments spread, repeated fields merged."""
        key = (of.name, tuple(map(id, selection_sets)))
        if key not in self._plans:
            grouped: dict[str, list[FieldNode]] = {}
            for selection_set in selection_sets:
                self._collect(of, selection_set, grouped)
            self._plans[key] = [self._selected(of, name, nodes) for name, nodes in grouped.items()]
        return self._plans[key]

    def _collect(self, of: GraphQLObjectType, of_set: SelectionSetNode, into: dict[str, list[FieldNode]]) -> None:
        for node in of_set.selections:
            if not self._is_wanted(node):
                continue
            if isinstance(node, FieldNode):
                into.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
                continue
            fragment = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if self._applies(of, fragment.type_condition):
                self._collect(of, fragment.selection_set, into)

    def _is_wanted(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables) or {"if": False}
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables) or {"if": True}
        return include["if"] and not skip["if"]

    def _applies(self, of: GraphQLObjectType, condition: Any) -> bool:
        if condition is None or condition.name.value == of.name:
            return True
        named = self.schema.get_type(condition.name.value)
        return is_abstract_type(named) and self.schema.is_sub_type(named, of)

    def _selected(self, of: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selected:
        node = nodes[0]
        if node.name.value.startswith("__"):
            return Selected(key, node.name.value, node, None, True, False, False, {}, ())
        field = of.fields[node.name.value]
        named = get_named_type(field.type)
        is_leaf, is_list = is_leaf_type(named), is_list_type(get_nullable_type(field.type))
        selections = tuple(each.selection_set for each in nodes if each.selection_set)
        return Selected(
            key=key,
            name=node.name.value,
            node=node,
            type=None if is_leaf else named,
            is_leaf=is_leaf and not is_list,
            is_list=is_list,
            is_connection=named.name.endswith("Connection"),
            arguments=get_argument_values(field, node, self.variables) if field.args else {},
            selections=selections,
            plan=self.plan(named, selections) if isinstance(named, GraphQLObjectType) else None,
        )

    def _raw(self, field: Selected, value: Value, of: GraphQLObjectType) -> Any:
        if field.name == "__typename":
            return of.name
        raw = value[field.name]
        return raw(field.arguments) if callable(raw) else raw

    def _complete(self, field: Selected, raw: Any) -> Any:
        if raw is None:
            return None
        if field.is_connection and isinstance(raw, (list, tuple)):
            raw = self._page_of(raw, field.arguments)
        elif field.is_list and field.arguments.get("first") is not None:
            raw = raw[: field.arguments["first"]]
        if field.type is None:
            return raw
        if field.is_list:
            return [self._object(field, each) for each in raw]
        return self._object(field, raw)

    def _object(self, field: Selected, value: Value | None) -> dict[str, Any] | None:
        if value is None:
            return None  # nodes(ids:) with an id that is not there
        of = field.type if field.plan is not None else self.schema.get_type(value["__typename"])
        done = {}
        for each in field.plan or self.plan(of, field.selections):
            raw = of.name if each.name == "__typename" else value[each.name]
            if callable(raw):
                raw = raw(each.arguments)
            done[each.key] = raw if raw is None or each.is_leaf else self._complete(each, raw)
        return done


def load_schema(sdl: str) -> GraphQLSchema:
    """The schema of an SDL text."""
    return build_schema(sdl)


def chosen_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation of that name, the only one if no name is given, or None."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name:
        operations = [each for each in operations if each.name and each.name.value == name]
    return operations[0] if len(operations) == 1 else None


def coerced(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> VariableValues | list[GraphQLError]:
    """The operation's variables in their types, or what is wrong with them."""
    return get_variable_values(schema, operation.variable_definitions or (), variables)
