"""What customers answer, and what the desk makes of it: never an agreement that was not given."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import inbox
from orderclerk.database.answers import keep_answers
from orderclerk.database.audit import audit_book
from orderclerk.domain.answers import judge_answer
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import ReplyRead
from orderclerk.domain.references import sign_reference
from tasks.answers import apply_answers, expire, remind
from tasks.decisions import settle_answer
from tests.deskwork import ASKING, NOON, bring, check, furnish, held, order, rows, states, value

ONE = ("IT-1", "5", "2.50")
HOUR = timedelta(hours=1)

SAID = {
    "confirm": (
        "Yes", "Yes, please go ahead.", "OK", "Confirmed. Thank you!", "We confirm the order.", "No problem",
        "no problem, please go ahead", "No objections, we confirm.", "好的", "确认，谢谢", "没问题", "没有问题，请发货",
        "同意，请尽快发货。", "可以", "Ja, einverstanden.", "Wir bestätigen die Bestellung.", "Kein Problem, in Ordnung",
        "Oui, d'accord", "Nous confirmons la commande.", "Pas de problème", "Sí", "De acuerdo, confirmado",
        "sin problema, de acuerdo", "Confirmed for 2026-12-01",
    ),
    "decline": (
        "No", "No, thank you.", "please cancel the order", "Not interested", "We decline.", "不要了", "请取消订单",
        "不同意", "不需要了，请取消", "Nein danke", "Bitte stornieren", "Non merci, veuillez annuler", "No, gracias",
    ),
    "change": (
        "yes but only 20", "OK but please ship on Friday", "please change the quantity", "yes, 20 pieces", "Only the blue ones",
        "确认，但是只要20个", "好的，不过数量改一下", "Ja, aber nur 20", "Oui mais seulement la première ligne", "Sí, pero solo 20",
    ),
    "unclear": (
        "", "thanks", "not ok", "Not confirmed", "We do not confirm", "I can't accept this", "we haven't approved this yet",
        "We never approved this", "Don't cancel", "yes or no?", "Could you confirm the delivery date?", "When will it arrive?",
        "No idea who ordered this", "ok once the manager approves", "confirmed if delivered by Friday", "Will confirm tomorrow",
        "I confirm receipt of your mail", "不可以", "不确认", "不要取消", "可以吗？", "什么时候发货", "稍后确认", "如果可以", "等我确认",
        "Nicht einverstanden", "Wann kommt die Ware", "Pas d'accord", "Nous ne confirmons pas", "No estoy de acuerdo",
        "no confirmo", "¿Cuándo llega?",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("verdict", "words"), [(v, w) for v, many in SAID.items() for w in many])
def test_the_verdict_of_an_answer(verdict: str, words: str) -> None:
    assert judge_answer(words) == verdict


@pytest.fixture
def house(engine: Engine) -> Engine:
    """One offer to C1, five of IT-1 reserved."""
    furnish(engine)
    bring(engine, order("1", ONE))
    check(engine)
    return engine


def say(
    engine: Engine, words: str, who: str = "c1@x.example", revision: int = 1, times: int = 0, ref: str = "1"
) -> None:
    """The customer's answer arrives; `times` tells mails with the same words apart."""
    number = value(engine, "SELECT order_no FROM orders WHERE order_ref = :ref", ref=ref)
    reply = ReplyRead(sign_reference(number, revision, b"secret"), who, words)
    content = repr((words, who, revision, times, ref)).encode()
    with engine.begin() as conn:
        inbox.keep_once(conn, [Envelope("mail", content.decode()[:50], content, "message/rfc822", who)], NOON)
        envelope_id = conn.execute(sql("SELECT max(id) FROM envelopes")).scalar_one()
        inbox.mark_read(conn, [(envelope_id, "read", "")])
        keep_answers(conn, [(envelope_id, reply)])


def hear(engine: Engine, policy: Policy = ASKING, at: datetime = NOON + HOUR) -> dict[str, int]:
    total: Counter[str] = Counter()
    while (done := apply_answers(engine, at, policy)) is not None:
        total += done
    return dict(total)


def mails(engine: Engine) -> list[tuple[str, str]]:
    return [tuple(row) for row in rows(engine, "SELECT kind, state FROM outbox ORDER BY id")]


def test_a_yes_confirms_and_is_confirmed_by_mail(house: Engine) -> None:
    say(house, "Yes, please go ahead.")
    assert hear(house) == {"confirm": 1}
    assert states(house) == {"1": "confirmed"}
    assert mails(house) == [("offer", "superseded"), ("confirmation", "pending")]
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 5
    assert audit_book(house) == []


def test_a_no_gives_the_stock_back(house: Engine) -> None:
    say(house, "No, thank you.")
    assert hear(house) == {"decline": 1}
    assert states(house) == {"1": "declined"}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 0
    assert audit_book(house) == []


@pytest.mark.parametrize(
    ("rule", "words", "who", "revision"),
    [
        ("ANS-001", "I will ask my colleague", "c1@x.example", 1),
        ("ANS-002", "Yes, but cheaper by 3 %", "c1@x.example", 1),
        ("ANS-002", "Yes", "c1@x.example", 2),
        ("ANS-003", "Yes", "c2@x.example", 1),
        ("ANS-003", "Yes", "stranger@evil.example", 1),
    ],
)
def test_what_is_no_plain_agreement_of_the_customers_goes_to_a_person(
    house: Engine, rule: str, words: str, who: str, revision: int
) -> None:
    say(house, words, who, revision)
    hear(house)
    assert states(house) == {"1": "offered"}
    assert held(house) == {"1": {rule}}
    assert value(house, "SELECT state FROM answers") == "held"
    assert audit_book(house) == []


def test_an_answer_to_an_outdated_offer_goes_to_a_person(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "8", "2.50")), at=NOON + HOUR)
    check(house, NOON + HOUR)
    say(house, "Yes", revision=1)
    hear(house)
    assert held(house) == {"1": {"ANS-002"}}
    say(house, "Yes", revision=2)
    assert hear(house) == {"confirm": 1}


def test_a_second_yes_changes_nothing(house: Engine) -> None:
    say(house, "Yes")
    say(house, "Yes", times=1)
    assert hear(house) == {"confirm": 1, "repeated": 1}
    say(house, "ok", times=2)
    assert hear(house) == {"repeated": 1}
    assert mails(house) == [("offer", "superseded"), ("confirmation", "pending")]
    assert held(house) == {}


@pytest.mark.parametrize("together", [True, False])
def test_a_no_after_a_yes_goes_to_a_person(house: Engine, together: bool) -> None:
    say(house, "Yes")
    if not together:
        hear(house)
    say(house, "Please cancel")
    hear(house)
    assert states(house) == {"1": "confirmed"}
    assert held(house) == {"1": {"ANS-001"}}
    assert audit_book(house) == []


def test_a_yes_after_the_offer_expired_takes_it_up_again_if_stock_and_price_still_hold(house: Engine) -> None:
    expire(house, NOON + 72 * HOUR)
    say(house, "Yes")
    hear(house, at=NOON + 80 * HOUR)
    assert states(house) == {"1": "confirmed"}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 5
    assert mails(house)[-1] == ("confirmation", "pending")
    assert audit_book(house) == []


def test_a_late_yes_to_another_price_goes_to_a_person(house: Engine) -> None:
    expire(house, NOON + 72 * HOUR)
    with house.begin() as conn:
        conn.execute(sql("UPDATE prices SET valid_to = '2026-11-25'"))
        conn.execute(
            sql(
                "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) SELECT price_list, currency, item_id, 2.60, '2026-11-25' FROM prices"
            )
        )
    say(house, "Yes")
    hear(house, at=NOON + 80 * HOUR)
    assert (states(house), held(house)) == ({"1": "expired"}, {"1": {"ANS-004"}})
    assert audit_book(house) == []


def test_a_late_yes_to_what_is_sold_out_is_held(house: Engine) -> None:
    expire(house, NOON + 72 * HOUR)
    bring(house, order("2", ("IT-1", "100", "2.50"), who="C2"))
    check(house)
    say(house, "Yes")
    hear(house, at=NOON + 80 * HOUR)
    assert (states(house)["1"], held(house)) == ("received", {"1": {"STK-001"}})
    assert audit_book(house) == []


def test_an_answer_about_no_order_of_ours_is_not_taken_for_one(house: Engine) -> None:
    with house.begin() as conn:
        assert keep_answers(conn, [(1, ReplyRead("SO999999-1-abcdefgh", "c1@x.example", "Yes"))]) == 0


def test_a_person_settles_what_the_desk_did_not_understand(house: Engine) -> None:
    say(house, "Hm")
    hear(house)
    with house.begin() as conn:
        settle_answer(conn, 1, "confirm", "Ann", NOON + HOUR, Policy())
    assert states(house) == {"1": "confirmed"}
    assert value(house, "SELECT actor FROM events WHERE to_state = 'confirmed'") == "Ann"


def test_a_reminder_goes_out_once(house: Engine) -> None:
    assert remind(house, NOON + 23 * HOUR) == 0
    assert remind(house, NOON + 24 * HOUR) == 1
    assert remind(house, NOON + 25 * HOUR) == 0
    assert [kind for kind, _ in mails(house)] == ["offer", "reminder"]


def test_an_answered_offer_is_neither_reminded_nor_expired(house: Engine) -> None:
    say(house, "Hm")
    assert remind(house, NOON + 30 * HOUR) == 0
    assert expire(house, NOON + 80 * HOUR) == 0
    hear(house)
    assert (remind(house, NOON + 30 * HOUR), expire(house, NOON + 80 * HOUR)) == (0, 0)


def test_an_offer_whose_time_is_over_gives_its_stock_back_and_serves_another(house: Engine) -> None:
    bring(house, order("2", ("IT-1", "100", "2.50"), who="C2"))
    check(house)
    assert held(house) == {"2": {"STK-001"}}
    assert expire(house, NOON + 71 * HOUR) == 0
    assert expire(house, NOON + 72 * HOUR) == 1
    assert states(house) == {"1": "expired", "2": "received"}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 0
    assert mails(house)[-1] == ("expiry", "pending")
    assert audit_book(house) == []
