"""What a mail wants otherwise than the order it repeats, where that stands apart; else "" and a person decides."""

import pytest

from connectors.mail.repeated import changes_of_repeat


@pytest.mark.parametrize(
    ("sentences", "changes"),
    [
        (["Please send us the same as last time, but 20 of the blue."], "20 of the blue"),
        (["Same as last time please.", "But only 20 of the blue mugs."], "only 20 of the blue mugs"),
        (["Same as our order PO-4711 please, but without the red mugs."], "without the red mugs"),
        (["Same as last time, but 20 of the blue by Friday."], "20 of the blue"),
        (["Bitte wie letztes Mal, aber nur 20 von den blauen."], "nur 20 von den blauen"),
        (["Comme la dernière fois, sauf les tasses rouges."], "sauf les tasses rouges"),
        (["Lo mismo que la última vez, pero solo 20 de IT-1."], "solo 20 de IT-1"),
        (["Come l'ultima volta, però senza le tazze rosse."], "senza le tazze rosse"),
        (["请照上次的订单发货,但是蓝色的只要20个。"], "蓝色的只要20个"),
    ],
)
def test_what_follows_the_repetition_is_what_changes(sentences: list[str], changes: str) -> None:
    assert changes_of_repeat(sentences) == changes


@pytest.mark.parametrize(
    "sentences",
    [
        ["Please send 5 of IT-3 and the same as last time, but 20 of the blue."],  # goods of its own before it
        ["The same as last time for the red mugs, but 20 of the blue."],  # only a part is repeated
        ["Same as last time, only 20 of the blue."],  # only these, or only so many of them?
        ["Same as last time, but 20 of the blue.", "Instead of the red 5 of IT-3."],
        ["Same as last time please."],
    ],
)
def test_what_does_not_stand_apart_is_left_to_a_person(sentences: list[str]) -> None:
    assert changes_of_repeat(sentences) == ""
