import imaplib
import smtplib
import time

import pytest

from sandbox.configuration import DESK


def _deliver(world, count):
    raw = (
        b"From: a@b.example\r\nTo: orders@desk.example\r\nSubject: hello\r\nMessage-ID: <%d@b.example>\r\n\r\nbody\r\n"
    )
    world.sandbox.office.deliver((None, raw % number) for number in range(count))


def test_two_thousand_mails_listed_and_moved_in_seconds(world):
    started = time.process_time()
    _deliver(world, 2000)
    with world.imap() as imap:
        imap.create("Orderclerk/Taken")
        assert imap.select("INBOX")[1] == [b"2000"]
        uids = imap.uid("SEARCH", "ALL")[1][0].split()
        for start in range(0, 2000, 100):
            chunk = b",".join(uids[start : start + 100]).decode()
            assert len(imap.uid("FETCH", chunk, "(BODY.PEEK[])")[1]) >= 100
            imap.uid("MOVE", chunk, "Orderclerk/Taken")
        assert imap.select("Orderclerk/Taken")[1] == [b"2000"]
        assert imap.select("INBOX")[1] == [b"0"]
    assert time.process_time() - started < 30


def test_moved_mails_are_renamed_files(world):
    _deliver(world, 3)
    with world.imap() as imap:
        imap.create("Orderclerk/Taken")
        imap.select("INBOX")
        imap.uid("MOVE", "1:*", "Orderclerk/Taken")
    assert len(list((world.home / "mail" / ".Orderclerk.Taken" / "cur").iterdir())) == 3
    assert not list((world.home / "mail" / "cur").iterdir())


def test_new_mail_shows_in_a_selected_folder(world):
    with world.imap() as imap:
        imap.select("INBOX")
        _deliver(world, 1)
        imap.noop()
        assert imap.uid("SEARCH", "ALL")[1][0].split()


def test_a_mail_another_session_took_is_no_error(world):
    _deliver(world, 2)
    with world.imap() as first, world.imap() as second:
        first.select("INBOX")
        second.select("INBOX")
        second.create("Orderclerk/Taken")
        second.uid("MOVE", "1:*", "Orderclerk/Taken")
        assert first.uid("FETCH", "1:*", "(BODY.PEEK[])")[0] == "OK"
        assert first.uid("MOVE", "1:*", "Orderclerk/Taken")[0] in ("OK", "NO")
        assert second.select("Orderclerk/Taken")[1] == [b"2"]


def test_sent_holds_what_was_accepted_even_if_the_reply_is_lost(world):
    order = world.order(channel="mail", case="clean")
    mail = world.offer(order, "SO100001-1-aaaaaaaa")
    world.post("/faults", {"smtp_drop_after_data": 1.0})
    with pytest.raises((smtplib.SMTPServerDisconnected, smtplib.SMTPDataError)):
        world.send(mail)
    with world.imap() as imap:
        imap.select("Sent")
        assert len(imap.search(None, "HEADER", "Message-ID", str(mail["Message-ID"]))[1][0].split()) == 1
    assert [found["to"] for found in world.get("/mails")] == [mail["To"]]


def test_451_accepts_nothing(world):
    world.post("/faults", {"smtp_451": 1.0})
    with pytest.raises(smtplib.SMTPDataError) as refused:
        world.send(world.offer(world.order(channel="mail", case="clean"), "SO100001-1-aaaaaaaa"))
    assert refused.value.smtp_code == 451
    assert world.get("/mails") == []
    with world.imap() as imap:
        assert imap.select("Sent")[1] == [b"0"]


def test_dropped_connections_strike_imap_too(world):
    world.post("/faults", {"dropped": 0.2})
    works = fails = 0
    for _ in range(30):
        try:
            with world.imap() as imap:
                works += imap.select("INBOX")[0] == "OK"
        except (OSError, imaplib.IMAP4.error):
            fails += 1
    assert works
    assert fails


def test_wrong_password_is_refused(world):
    with pytest.raises(smtplib.SMTPAuthenticationError):
        world.smtp(password="wrong")
    with pytest.raises(imaplib.IMAP4.error):
        world.imap(password="wrong")


def test_an_unknown_domain_is_refused(world):
    with world.smtp() as smtp, pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.sendmail(DESK.address, ["who@nowhere.example"], b"Subject: x\r\n\r\nx")
