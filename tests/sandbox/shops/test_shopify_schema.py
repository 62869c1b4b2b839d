"""Every field of the schema is answered, with a value where the schema promises one."""

from datetime import timedelta

from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)
from shop_samples import NOON, make_order

from sandbox.shops.graphql_engine import Execution, coerced
from sandbox.shops.shopify import schema
from sandbox.shops.shopify_pages import nested_page, resolvers
from sandbox.shops.store import Store

ARGUMENTS = {"key": '"k"', "first": "2"}


def selection(named, depth):
    """All fields of a type down to `depth`."""
    if isinstance(named, (GraphQLInterfaceType, GraphQLUnionType)):
        spread = [f"... on {each.name} {{ {selection(each, depth)} }}" for each in schema().get_possible_types(named)]
        return " ".join(["__typename", *spread])
    return " ".join(["__typename", *(chosen(name, field, depth) for name, field in named.fields.items())])


def chosen(name, field, depth):
    named = get_named_type(field.type)
    if not is_leaf_type(named) and depth == 0:
        return ""
    given = ", ".join(f"{each}: {ARGUMENTS[each]}" for each in field.args if each in ARGUMENTS)
    inner = "" if is_leaf_type(named) else f" {{ {selection(named, depth - 1)} }}"
    alias = f"{name}_{abs(hash(str(field.type)))}: " if not isinstance(field.type, GraphQLNonNull) else ""
    return f"{alias}{name}{f'({given})' if given else ''}{inner}"


def nulls(of, data, path="order"):
    """Where the answer has null although the schema says it has none."""
    for key, value in (data or {}).items():
        name = key.partition("_")[0] if not key.startswith("__") else key
        if name == "__typename":
            continue
        field = schema().type_map[data["__typename"]].fields[name]
        if value is None and isinstance(field.type, GraphQLNonNull):
            yield f"{path}.{name}"
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from nulls(get_named_type(field.type), each, f"{path}.{name}")


def test_every_field_of_an_order_is_answered():
    store = Store(1)
    for number, discount_code in enumerate(("", "SUMMER")):
        order_id = store.place(
            make_order(number + 1, discount_code=discount_code, payment_method=("invoice", "card")[number])
        )
        store.refund(order_id, NOON + timedelta(hours=1), {f"SKU-{number + 1}-0": 1})
    for order_id in (1, 3):
        query = parse(
            f'{{ order(id: "gid://shopify/Order/{order_id}") {{ {selection(schema().type_map["Order"], 4)} }} }}'
        )
        assert validate(schema(), query) == []
        operation = query.definitions[0]
        execution = Execution(schema(), query, operation, coerced(schema(), operation, {}))
        data, errors = execution.run(resolvers(store, {}, lambda: False, []), nested_page)
        assert errors == []
        assert list(nulls(None, data["order"])) == []
