"""Which item a description means: what must agree, what may be mistyped, and when it is better to ask."""

import string

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orderclerk.domain.item_contradictions import opposed
from orderclerk.domain.item_index import ItemIndex, build_index
from orderclerk.domain.item_search import NO_HABITS, Found, Habits, How, find_items
from orderclerk.domain.item_words import normal_wording, tokens
from orderclerk.domain.line_search import search_lines

NAMES = [
    (1, "Steel bolt M6 x 20"), (2, "Steel bolt M6 x 30"), (3, "Mug blue 300 ml"), (4, "Mug blue 400 ml"),
    (5, "Mug red 300 ml"), (6, "Coffee filter No. 4"), (7, "Storage box with lid"), (8, "Storage box without lid"),
    (9, "Garden hose 20 m"), (10, "Notebook A5"), (10, "Notizbuch A5"), (10, "笔记本 A5"), (11, "Notebook A4"),
    (12, "陶瓷盘 红色"), (13, "陶瓷盘 蓝色"), (14, "Desk lamp"), (15, "Desk lamp LED"), (16, "T-shirt white size L"),
    (17, "T-shirt white size M"),
]  # fmt: skip


def index_of(rows: list[tuple[int, str]]) -> ItemIndex:
    items = pd.DataFrame({"item_id": sorted({item for item, _ in rows}), "is_active": True})
    return build_index(items, pd.DataFrame(rows, columns=["item_id", "name"]))


INDEX = index_of(NAMES)


def find(text: str, habits: Habits = NO_HABITS, index: ItemIndex = INDEX) -> Found:
    return find_items([(7, text)], index, habits)[7, text]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Steel bolt M6 x 20", 1), ("steel bolts M6x30", 2), ("M6×20 bolt, steel", 1), ("Stele bolt M 6 x 20", 1),
        ("blue mug 0,3 l", 3), ("Mug blau 400ml", 4), ("mug red", 5), ("cofee filter no 4", 6), ("gardenhose 20m", 9),
        ("garden hose", 9), ("storage box without lid", 8), ("Notizbücher A5", 10), ("笔记本A5", 10), ("notebok A4", 11),
        ("红色陶瓷盘", 12), ("蓝陶瓷盘", 13), ("desk lamps LED", 15), ("white t-shirt L", 16), ("note book A5", 10),
    ],
)  # fmt: skip
def test_a_description_finds_its_item(text: str, item: int) -> None:
    assert find(text).item_id == item


@pytest.mark.parametrize(
    ("text", "fits"),
    [("steel bolt M6", {1, 2}), ("mug blue", {3, 4}), ("mug 300 ml", {3, 5}), ("陶瓷盘", {12, 13}), ("storage box", {7, 8}),
     ("notebook", {10, 11}), ("white t-shirt", {16, 17})],
)  # fmt: skip
def test_a_description_that_leaves_out_what_distinguishes_fits_several(text: str, fits: set[int]) -> None:
    found = find(text)
    assert (found.how, found.item_id, set(found.others)) == (How.SEVERAL, 0, fits)


@pytest.mark.parametrize(
    "text",
    [
        "Steel bolt M6 x 25",
        "purple mug 300 ml",
        "mug blue 3O0 ml",
        "special part, see drawing",
        "非标件",
        "",
        "Notebook A6",
    ],
)
def test_what_contradicts_or_says_nothing_known_finds_nothing(text: str) -> None:
    assert find(text).item_id == 0


def test_the_whole_name_of_one_item_may_begin_the_name_of_another() -> None:
    assert find("desk lamp") == Found(How.SHORT_NAME, 14, 1.0, (15,))


def test_of_several_the_one_this_customer_always_bought_is_taken_with_less_confidence() -> None:
    assert find("mug blue", Habits({}, {}, {7: {4, 9}})) == Found(How.BOUGHT, 4, 1.0, (3,))
    assert find("mug blue", Habits({}, {}, {7: {3, 4}})).item_id == 0
    assert find("mug blue", Habits({}, {}, {8: {4}})).item_id == 0  # another customer


def test_a_learned_word_and_an_earlier_wording_find_what_the_catalogue_does_not_know() -> None:
    word = normal_wording("the usual cups")
    assert find("The usual cups!", Habits({(7, word): 5}, {}, {})) == Found(How.ALIAS, 5, 1.0, wording=word)
    assert find("usual cups, the", Habits({}, {(7, word): 5}, {})).how is How.HISTORY
    assert find("the usual cups", Habits({(8, word): 5}, {}, {})).item_id == 0


def test_an_item_no_longer_sold_gives_way_to_one_that_is() -> None:
    items = pd.DataFrame({"item_id": [1, 2], "is_active": [False, True]})
    names = pd.DataFrame([(1, "Desk lamp 2019"), (2, "Desk lamp 2024")], columns=["item_id", "name"])
    assert find("desk lamp", index=build_index(items, names)).item_id == 2


NUMBERS = pd.DataFrame(
    [("AB-1001", 3, 0), ("AB-1002", 4, 0), ("AB-2007", 5, 0), ("ART41074", 9, 7), ("X-5000", 1, 7), ("Y-5000", 2, 7)],
    columns=["value", "item_id", "customer_id"],
)


@pytest.mark.parametrize(
    ("ref", "description", "how", "item"),
    [
        ("ab1001", "", How.REWRITTEN, 3), ("AB-1011", "", How.NONE, 0), ("AB-1011", "blue mug 300 ml", How.SLIP, 3),
        ("AB-1003", "mug blue 400 ml", How.SLIP, 4), ("AB-2O07", "mug red", How.SLIP, 5), ("AB-1011", "mug red", How.NONE, 0),
        ("ZZ-99", "mug red", How.BESIDE, 5), ("ZZ-99", "special part", How.NONE, 0), ("mug red", "", How.WORDS, 5),
        ("Steel bolt, M6x20", "", How.NAME, 1), ("陶瓷盘 红色", "", How.NAME, 12), ("41074", "", How.REWRITTEN, 9),
        ("5000", "", How.NONE, 0), ("Z5000", "", How.NONE, 0),
    ],
)  # fmt: skip
def test_a_number_that_is_almost_right_needs_the_description(ref: str, description: str, how: How, item: int) -> None:
    lines = pd.DataFrame([(7, ref, description)], columns=["customer_id", "item_ref", "description"])
    found = search_lines(lines, INDEX, NUMBERS, NO_HABITS)[0]
    assert (found.how, found.item_id) == (how, item)


def test_a_number_alone_is_suggested_and_not_taken() -> None:
    lines = pd.DataFrame([(7, "AB-1011", "")], columns=["customer_id", "item_ref", "description"])
    assert search_lines(lines, INDEX, NUMBERS, NO_HABITS)[0].others == (3,)


WORDS = st.text(string.ascii_lowercase, min_size=6, max_size=10)
SIZES = st.integers(2, 900).map("{} mm".format)


@st.composite
def families(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """The words of an article and the sizes it comes in."""
    words = draw(st.lists(WORDS, min_size=2, max_size=3, unique_by=lambda word: word[:4]))
    return words, draw(st.lists(SIZES, min_size=2, max_size=4, unique=True))


@settings(deadline=None, max_examples=60)
@given(families(), st.data())
def test_one_typing_error_in_a_word_does_not_lose_the_item(
    family: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    words, sizes = family
    assume(len({token.text for word in words for token in tokens(word)}) == len(words))
    index = index_of([(nth, f"{' '.join(words)} {size}") for nth, size in enumerate(sizes, 1)])
    nth, slipped = data.draw(st.integers(1, len(sizes))), data.draw(st.integers(0, len(words) - 1))
    place = data.draw(st.integers(0, len(words[slipped]) - 2))
    word = words[slipped]
    wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    written = [wrong if number == slipped else word for number, word in enumerate(words)]
    assert find(f"{' '.join(written)} {sizes[nth - 1]}", index=index).item_id == nth


@settings(deadline=None, max_examples=60)
@given(families())
def test_leaving_out_the_size_never_yields_one_item(family: tuple[list[str], list[str]]) -> None:
    words, sizes = family
    index = index_of([(nth, f"{' '.join(words)} {size}") for nth, size in enumerate(sizes, 1)])
    assert find(" ".join(words), index=index).item_id == 0


@pytest.mark.parametrize(
    ("item", "text", "meant"),
    [
        (3, "blue mug 300 ml", ()), (3, "mug", ()), (3, "blue mug 400 ml", (3, 4)), (3, "mug red 300 ml", (3, 5)),
        (1, "Steel bolt M6 x 30", (1, 2)), (1, "Schraube verzinkt", ()), (1, "5 pcs", ()), (3, "coffee filter no 4", (3, 6)),
        (3, "Tasse blau 0,3 l", ()), (12, "蓝色陶瓷盘", (12, 13)),
    ],
)  # fmt: skip
def test_words_that_mean_another_item_than_the_number_are_seen(item: int, text: str, meant: tuple[int, ...]) -> None:
    assert opposed([(item, text)], INDEX).get((item, text), ()) == meant
