"""The mailbox against pymap over TLS on a real socket."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mail_world import MESSAGE_ID, PASSWORD, ImapServer, Wire, mail

from connectors.channels import Channel
from connectors.errors import AccessError, ContractError, TransientError
from connectors.mail.mailbox import Mailbox


def pull(box: Channel, cursor: dict | None = None, settle: bool = True) -> tuple[list[str], dict]:
    """As the flow does it: take, (the book commits), settle. Returns the contents' subjects and the last cursor."""
    subjects, last = [], dict(cursor or {})
    for envelope, kept in box.arrivals(cursor or {}):
        subjects.append(envelope.content.partition(b"Subject: ")[2].split(b"\r\n")[0].split(b"\n")[0].decode())
        if settle:
            box.settle([envelope.delivery_ref])
        last = dict(kept)
    return subjects, last


def test_a_mail_becomes_an_envelope_with_its_sender_and_time(server: ImapServer) -> None:
    server.deliver(mail("one"))
    with Mailbox(server.config()) as box:
        ((envelope, cursor),) = box.arrivals({})
    assert envelope.channel == "mail"
    assert envelope.media_type == "message/rfc822"
    assert envelope.sender_ref == "buyer@customer.example"
    assert envelope.sent_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert envelope.delivery_ref == f"{cursor['uidvalidity']}:{cursor['uid']}"
    assert b"Subject: one" in envelope.content


def test_taking_marks_nothing_as_read(server: ImapServer) -> None:
    server.deliver(mail("one"))
    with Mailbox(server.config()) as box:
        list(box.arrivals({}))
    assert not any(b"Seen" in flags for flags in server.flags())


def test_settled_mails_move_and_a_second_pull_finds_nothing(server: ImapServer) -> None:
    server.deliver(*(mail(f"m{n}") for n in range(45)))
    with Mailbox(server.config()) as box:
        first, cursor = pull(box)
        second, _ = pull(box, cursor)
    assert first == [f"m{n}" for n in range(45)]
    assert second == []
    assert server.subjects("INBOX") == []
    assert server.subjects("Taken") == first


def test_a_run_killed_between_commit_and_settle_is_made_good_by_the_next_pull(server: ImapServer) -> None:
    server.deliver(mail("one"), mail("two"))
    with Mailbox(server.config()) as box:
        killed, cursor = pull(box, settle=False)
    server.deliver(mail("three"))
    with Mailbox(server.config()) as box:
        again, _ = pull(box, cursor)
    assert killed == ["one", "two"]
    assert again == ["one", "two", "three"]
    assert server.subjects("INBOX") == []


def test_settling_twice_and_settling_what_is_gone_changes_nothing(server: ImapServer) -> None:
    server.deliver(mail("one"), mail("two"))
    with Mailbox(server.config()) as box:
        refs = [envelope.delivery_ref for envelope, _ in box.arrivals({})]
        for _ in range(2):
            box.settle(refs[:1])
        box.settle([])
        box.settle(["not a ref", "1:99999999"])
    assert server.subjects("INBOX") == ["two"]
    assert server.subjects("Taken") == ["one"]


def test_refs_of_another_uidvalidity_are_let_be(server: ImapServer) -> None:
    server.deliver(mail("one"))
    with Mailbox(server.config()) as box:
        ((_envelope, cursor),) = box.arrivals({})
        box.settle([f"{cursor['uidvalidity'] + 1}:{cursor['uid']}"])
    assert server.subjects("INBOX") == ["one"]


def test_without_a_taken_folder_the_cursor_says_where_to_go_on(server: ImapServer) -> None:
    server.deliver(mail("one"), mail("two"))
    with Mailbox(server.config(taken_folder="")) as box:
        first, cursor = pull(box)
        nothing, _ = pull(box, cursor)
        server.deliver(mail("three"))
        news, _ = pull(box, cursor)
    assert (first, nothing, news) == (["one", "two"], [], ["three"])
    assert server.subjects("INBOX") == ["one", "two", "three"]


def test_a_new_uidvalidity_starts_again_from_the_first_mail(server: ImapServer) -> None:
    server.command("CREATE", "Orders")
    server.deliver(mail("one"), mail("two"), folder="Orders")
    with Mailbox(server.config(folder="Orders", taken_folder="")) as box:
        _, cursor = pull(box)
    server.command("DELETE", "Orders")
    server.command("CREATE", "Orders")
    server.deliver(mail("new"), folder="Orders")
    with Mailbox(server.config(folder="Orders", taken_folder="")) as box:
        subjects, after = pull(box, cursor)
    assert subjects == ["new"]
    assert after["uidvalidity"] != cursor["uidvalidity"]


@pytest.mark.parametrize("without", [("MOVE",), ("MOVE", "UIDPLUS")])
def test_servers_without_move_are_served_by_copying(certificates: tuple[Path, Path, Path], without) -> None:
    server = ImapServer(*certificates, without=without)
    try:
        server.deliver(mail("one"), mail("two"))
        with Mailbox(server.config()) as box:
            (first, _), *_ = box.arrivals({})
            box.settle([first.delivery_ref])
            assert pull(box)[0] == ["two"]
            assert pull(box)[0] == []
        assert server.subjects("Taken") == ["one", "two"]
        assert len(server.subjects("INBOX")) == (0 if "UIDPLUS" not in without else 2)
    finally:
        server.stop()


def test_a_mail_above_the_limit_comes_as_its_beginning_with_its_size(server: ImapServer) -> None:
    big = mail("big", "x" * 70 + "\n" + "y" * 70 + ("\n" + "z" * 76) * 4000)
    server.deliver(mail("small"), big, mail("last"))
    with Mailbox(server.config(max_mail_bytes=100_000)) as box:
        small, middle, last = (envelope for envelope, _ in box.arrivals({}))
        box.settle([middle.delivery_ref])
    size = int(middle.media_type.removeprefix("message/rfc822; oversize="))
    assert size > 300_000
    assert len(middle.content) == 65_536
    assert middle.sender_ref == "buyer@customer.example"
    assert (small.media_type, last.media_type) == ("message/rfc822", "message/rfc822")
    assert server.subjects("Taken") == ["big"]


def test_a_wrong_password_is_one_sentence_with_the_remedy(server: ImapServer) -> None:
    with Mailbox(server.config(password="wrong-9")) as box, pytest.raises(AccessError) as caught:
        list(box.arrivals({}))
    said = str(caught.value)
    assert said.startswith("mail: the server refused the login of desk@orderclerk.example")
    assert "correct user and password" in said
    assert "wrong-9" not in said
    assert "\n" not in said
    assert str(pickle.loads(pickle.dumps(caught.value))) == said


def test_secrets_stay_out_of_the_configuration_shown(server: ImapServer) -> None:
    assert PASSWORD not in repr(server.config())


def test_a_missing_folder_is_named(server: ImapServer) -> None:
    with Mailbox(server.config(folder="Bestellungen")) as box, pytest.raises(AccessError, match="Bestellungen"):
        list(box.arrivals({}))


def test_a_certificate_of_somebody_else_is_refused(server: ImapServer) -> None:
    with Mailbox(server.config(ca_file="")) as box, pytest.raises(AccessError, match=r"certificate .* ca_file"):
        list(box.arrivals({}))


def test_nobody_listening_is_worth_waiting_for(server: ImapServer) -> None:
    server.stop()
    with Mailbox(server.config()) as box, pytest.raises(TransientError, match="cannot be reached"):
        list(box.arrivals({}))


def test_a_connection_that_drops_is_replaced_once(server: ImapServer, wire: Wire) -> None:
    server.deliver(*(mail(f"m{n}") for n in range(50)))
    subjects = []
    with Mailbox(server.config(port=wire.own_port)) as box:
        for place, (envelope, _) in enumerate(box.arrivals({})):
            subjects.append(envelope.delivery_ref)
            if place == 25:
                wire.cut()
        wire.cut()
        box.settle(subjects)
    assert len(set(subjects)) == 50
    assert len(server.subjects("Taken")) == 50
    assert wire.connections == 3


def test_a_connection_cut_within_an_answer_loses_nothing(server: ImapServer, wire: Wire) -> None:
    server.deliver(*(mail(f"m{n}", "x" * 60 + "\n") for n in range(30)))
    with Mailbox(server.config(port=wire.own_port)) as box:
        arrivals = box.arrivals({})
        seen = [next(arrivals)[0].delivery_ref]
        wire.cut_after = 3000
        seen += [envelope.delivery_ref for envelope, _ in arrivals]
    assert len(seen) == len(set(seen)) == 30


def test_a_connection_that_always_drops_is_a_transient_error(server: ImapServer, wire: Wire) -> None:
    wire.cut_after = 0
    with Mailbox(server.config(port=wire.own_port)) as box, pytest.raises(TransientError):
        list(box.arrivals({}))


def test_a_folder_name_in_chinese_is_made_and_filled(server: ImapServer) -> None:
    server.deliver(mail("one"))
    with Mailbox(server.config(taken_folder="已处理")) as box:
        assert pull(box)[0] == ["one"]
        assert pull(box)[0] == []


def test_was_sent_knows_what_lies_in_the_sent_folder(server: ImapServer) -> None:
    server.command("CREATE", "Sent")
    with Mailbox(server.config()) as box:
        assert not box.was_sent(MESSAGE_ID)
        server.deliver(mail("confirmation"), folder="Sent")
        assert box.was_sent(MESSAGE_ID)
        assert not box.was_sent("<14711@customer.example>")
        server.deliver(mail("order"))
        assert pull(box)[0] == ["order"]
        assert box.was_sent(MESSAGE_ID)


def test_without_a_sent_folder_was_sent_does_not_say_no(server: ImapServer) -> None:
    with Mailbox(server.config()) as box, pytest.raises(AccessError, match="sent_folder"):
        box.was_sent(MESSAGE_ID)
    with Mailbox(server.config(sent_folder="Gone")) as box, pytest.raises(AccessError, match="Gone"):
        box.was_sent(MESSAGE_ID)


def test_a_message_id_that_is_none_is_not_searched_for(server: ImapServer) -> None:
    with Mailbox(server.config()) as box, pytest.raises(ContractError):
        box.was_sent('<a" OR ALL>')


def test_the_taken_folder_cannot_be_the_folder(server: ImapServer) -> None:
    with pytest.raises(AccessError):
        Mailbox(server.config(taken_folder="INBOX"))


def test_broken_headers_still_make_an_envelope(server: ImapServer) -> None:
    server.deliver(
        b"From: \xff\xfe <>\r\nDate: yesterday\r\nSubject: =?x?Q?=FF?=\r\n\r\nx\r\n", b"no headers at all\r\n"
    )
    with Mailbox(server.config()) as box:
        envelopes = [envelope for envelope, _ in box.arrivals({})]
    assert [(e.sender_ref, e.sent_at) for e in envelopes] == [("", None), ("", None)]
