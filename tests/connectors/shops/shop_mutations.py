"""Valid payloads made wrong in every way JSON can be wrong, for hypothesis."""

import copy

from hypothesis import strategies as st

ODD_TEXT = (
    "", "0", "-1", "1,5", "1e999", "NaN", "\x00", "\ud800", "2026-99-99T00:00:00Z", "9999-12-31T23:59:59-12:00",
)  # fmt: skip
ODD_VALUES = ([], {}, [None], [[]], {"nodes": None}, {"edges": [None, {}]}, [{}, None, 3], *ODD_TEXT)
NUMBERS = st.integers(-(10**25), 10**25) | st.floats()
JUNK = st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | st.sampled_from(ODD_VALUES)


@st.composite
def broken(draw, payload):
    """`payload` with one to six of its parts, at any depth, replaced, removed or doubled."""
    payload = copy.deepcopy(payload)
    for _ in range(draw(st.integers(1, 6))):
        holder, key = draw(st.sampled_from(list(_places(payload))))
        action = draw(st.sampled_from(["replace", "remove", "double"]))
        if action == "replace":
            holder[key] = copy.deepcopy(draw(JUNK))
        elif action == "remove":
            del holder[key]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        if not payload:
            break
    return payload


def _places(value):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)
