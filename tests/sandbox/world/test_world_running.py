import base64
import json
import time
from email import message_from_bytes
from email.policy import default
from urllib.error import URLError

import pytest

from orderclerk.documents.kinds import MailKind
from orderclerk.settings import load_settings
from sandbox.world.customers import OFFERS


def test_nothing_happens_before_its_time(world):
    assert world.advance("2026-11-23T07:00:00+00:00")["mails"] == 0
    done = world.advance("2026-11-23T12:00:00+00:00")
    assert done["mails"] > 0
    assert done["placed"] > 0
    assert len(world.inbox()) == done["mails"]


def test_the_whole_day_comes_in_parts_as_at_once(world):
    total = dict.fromkeys(("mails", "files", "placed", "changed"), 0)
    for hour in range(8, 21):
        done = world.advance(f"2026-11-23T{hour:02}:00:00+00:00")
        total = {name: count + done[name] for name, count in total.items()}
    day = world.sandbox.world.day
    assert sum(total.values()) == len(day.events)
    assert total["placed"] == sum(order.channel in ("shopify", "woo") for order in day.orders)
    again = world.advance("2026-11-23T20:00:00+00:00")
    assert all(again[name] == 0 for name in total)
    assert len(list((world.home / "var" / "drop").rglob("*.*"))) == total["files"]


def test_calls_are_parameters_of_enter_order(world):
    calls = world.get("/calls?until=2026-11-23T23:00:00%2B00:00")
    assert len(calls) == 20
    assert world.get("/calls?until=2026-11-23T07:00:00%2B00:00") == []
    first = calls[0]
    assert first["customer"]
    assert first["clerk"]
    assert all(len(line.split()) == 3 for line in first["lines"].splitlines())


def test_a_slow_file_is_seen_half_written_and_then_whole(world):
    slow = next(e for e in world.sandbox.world.day.events if getattr(e, "is_slow", False))
    world.advance(slow.at.isoformat())
    path = world.home / "var" / "drop" / slow.sender / slow.name
    assert len(path.read_bytes()) < len(slow.make())
    for _ in range(200):  # ten seconds
        if path.read_bytes() == slow.make():
            break
        time.sleep(0.05)
    assert path.read_bytes() == slow.make()


@pytest.mark.parametrize("body", [{}, {"until": "2026-11-23T12:00:00"}, {"until": "noon"}, {"until": 5}])
def test_an_unclear_moment_is_a_sentence_not_a_crash(world, body):
    refused = world.post("/advance", body)
    assert refused["status"] == 400
    assert refused["error"]


def test_an_unknown_fault_is_refused(world):
    assert world.post("/faults", {"earthquake": 1})["status"] == 400


def test_the_desk_accepts_what_was_configured(world):
    settings = load_settings(world.home, {})
    assert settings.required_mail().port == world.facts["imap"]["port"]
    assert settings.required_mail().password
    assert set(settings.files.senders) >= {"northgate", "nordlager", "huadong", "thameside"}


def test_truth_is_the_same_in_file_and_control(world):
    assert world.get("/truth") == world.truth


def _answers(world, since):
    return [message_from_bytes(raw, policy=default) for raw in world.inbox()[since:]]


def test_a_customer_confirms_an_offer_as_a_person_would(world):
    order = world.order(channel="mail", case="clean", answer="confirm", language="de")
    world.advance("2026-11-23T20:00:00+00:00")
    before = len(world.inbox())
    offer = world.offer(order, "SO100042-1-k7xq2mzt")
    world.send(offer)
    assert world.advance("2026-11-23T20:01:00+00:00")["answers"] == 0
    assert world.advance("2026-11-23T21:00:00+00:00")["answers"] == 1
    answer = _answers(world, before)[0]
    assert answer["In-Reply-To"] == offer["Message-ID"]
    assert "SO100042-1-k7xq2mzt" in answer["Subject"]
    assert answer["From"].addresses[0].addr_spec == world.address(order)
    assert "> Please confirm." in answer.get_content()
    assert any(word in answer.get_content() for word in ("Bestätigt", "Ja, bitte"))
    listed = world.get("/mails")[-1]
    assert (listed["reference"], listed["kind"], listed["truth_id"]) == (
        "SO100042-1-k7xq2mzt", "offer", order["truth_id"],
    )  # fmt: skip


@pytest.mark.parametrize(("answer", "count"), [("silent", 0), ("decline", 1), ("change", 1), ("unclear", 1)])
def test_each_answer_of_the_truth_is_given_once(world, answer, count):
    order = next(o for o in world.truth["orders"] if (o["answer"], o["case"]) == (answer, "clean"))
    world.advance("2026-11-23T20:00:00+00:00")
    for _ in range(2):  # a mail that was sent twice is answered once
        world.send(world.offer(order, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T22:00:00+00:00")["answers"] == count
    world.send(world.offer(order, "SO100042-1-k7xq2mzt", kind="reminder"))
    assert world.advance("2026-11-24T09:00:00+00:00")["answers"] == 0


def test_who_wanted_a_change_accepts_the_next_offer(world):
    order = next(o for o in world.truth["orders"] if (o["answer"], o["case"]) == ("change", "clean"))
    world.advance("2026-11-23T20:00:00+00:00")
    world.send(world.offer(order, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T21:00:00+00:00")["answers"] == 1
    world.send(world.offer(order, "SO100042-2-abcdefgh"))
    assert world.advance("2026-11-23T22:00:00+00:00")["answers"] == 1


def test_an_offer_nobody_asked_for_is_not_answered(world):
    order = dict(world.order(channel="mail", case="clean", answer="confirm"), order_ref="PO-UNHEARD-OF")
    world.advance("2026-11-23T20:00:00+00:00")
    world.send(world.offer(order, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T22:00:00+00:00")["answers"] == 0
    assert world.get("/mails")[0]["truth_id"] == ""


def test_an_amended_order_is_confirmed_only_as_amended(world):
    order = world.order(channel="mail", case="amended")
    world.advance("2026-11-23T20:00:00+00:00")
    old = dict(order, lines=[dict(order["lines"][0], quantity="999999")])
    world.send(world.offer(old, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T21:00:00+00:00")["answers"] == 0
    world.send(world.offer(order, "SO100042-2-abcdefgh", kind="amended-offer"))
    assert world.advance("2026-11-23T22:00:00+00:00")["answers"] == 1


def test_customers_know_every_kind_of_mail_that_offers_and_no_other():
    asks_to_confirm = {kind for kind in MailKind if kind.wants_answer and not kind.asks_questions}
    assert set(OFFERS) == asks_to_confirm - {MailKind.REMINDER}, "a reminder repeats what they saw"


def test_who_left_a_quantity_open_says_it_when_asked(world):
    order = world.order(channel="mail", case="unreadable_quantity")
    world.advance("2026-11-23T20:00:00+00:00")
    before = len(world.inbox())
    for _ in range(2):  # asked twice, answered once
        world.send(world.offer(order, "SO100042-1-k7xq2mzt", kind="question"))
    assert world.advance("2026-11-23T22:00:00+00:00")["answers"] == 1
    assert order["lines"][-1]["quantity"] in _answers(world, before)[0].get_content()


def test_a_number_of_another_line_does_not_make_an_old_offer_the_wanted_one(world):
    order = world.order(channel="mail", case="amended")
    first = order["lines"][0]
    world.advance("2026-11-23T20:00:00+00:00")
    other = dict(first, item_no="XX-0001")
    old = dict(order, lines=[dict(first, quantity="999999"), other])
    world.send(world.offer(old, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T21:00:00+00:00")["answers"] == 0


def test_who_is_asked_about_a_new_place_leaves_it_to_the_telephone(world):
    order = world.order(channel="mail", case="new_place")
    world.advance("2026-11-23T20:00:00+00:00")
    world.send(world.offer(order, "SO100042-1-k7xq2mzt", kind="question"))
    assert world.advance("2026-11-24T09:00:00+00:00")["answers"] == 0
    assert world.get("/mails")[0]["truth_id"] == order["truth_id"]


def test_a_place_that_a_person_let_pass_is_confirmed(world):
    order = world.order(channel="mail", case="new_place")
    world.advance("2026-11-23T20:00:00+00:00")
    world.send(world.offer(order, "SO100042-1-k7xq2mzt"))
    assert world.advance("2026-11-23T21:00:00+00:00")["answers"] == 1


def test_a_chinese_customer_answers_in_chinese(world):
    order = world.order(answer="confirm", language="zh_CN", channel="mail", case="clean")
    world.advance("2026-11-23T20:00:00+00:00")
    before = len(world.inbox())
    world.send(world.offer(order, "SO100042-1-k7xq2mzt"))
    world.advance("2026-11-23T21:00:00+00:00")
    text = _answers(world, before)[0].get_content()
    assert any(word in text for word in ("确认", "好的", "同意"))
    assert "写道" in text


def test_shops_show_what_was_placed_under_the_truths_references(world):
    world.advance("2026-11-23T23:00:00+00:00")
    shops, orders = world.facts["shops"], world.truth["orders"]
    asked = "{orders(first:250){nodes{legacyResourceId name cancelledAt}}}"
    head = {"X-Shopify-Access-Token": shops["shopify"]["TOKEN"], "Content-Type": "application/json"}
    shopify = world.shop("shopify", "/admin/api/2026-10/graphql.json", head, json.dumps({"query": asked}).encode())
    shown = {(node["legacyResourceId"], node["name"]) for node in shopify["data"]["orders"]["nodes"]}
    assert shown == {(o["order_ref"], f"#{o['shown_ref']}") for o in orders if o["channel"] == "shopify"}
    basic = base64.b64encode(f"{shops['woo']['KEY']}:{shops['woo']['SECRET']}".encode()).decode()
    woo = world.shop("woo", "/wp-json/wc/v3/orders?per_page=100", {"Authorization": f"Basic {basic}"})
    assert {str(order["id"]) for order in woo} == {o["order_ref"] for o in orders if o["channel"] == "woo"}
    assert {str(o["id"]) for o in woo if o["status"] == "cancelled"} == {
        o["order_ref"] for o in orders if (o["channel"], o["expect"]) == ("woo", "cancelled")
    }


def test_a_shop_can_be_taken_away_and_brought_back(world):
    head = {"X-Shopify-Access-Token": world.facts["shops"]["shopify"]["TOKEN"], "Content-Type": "application/json"}
    query = json.dumps({"query": "{shop{name}}"}).encode()
    world.post("/systems", {"shopify": "refused"})
    with pytest.raises(URLError):
        world.shop("shopify", "/admin/api/2026-10/graphql.json", head, query)
    world.post("/systems", {"shopify": "up"})
    assert world.shop("shopify", "/admin/api/2026-10/graphql.json", head, query)["data"]["shop"]
