"""Answers to our mails: known by their signed reference, without what they quote."""

import pytest
from reading_world import BUYER, DESK, ID, REFERENCE, letter, read

from orderclerk.domain.reading import EnvelopeKind

ORIGINAL = "Dear Ann, please confirm 10 x AB-1234.\nTotal 125.00 EUR"
QUOTED = "\n".join(f"> {line}" for line in ORIGINAL.split("\n"))
FORGED = REFERENCE[:-1] + ("a" if REFERENCE[-1] != "a" else "b")

STYLES = {
    "gmail": f"Yes, go ahead.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Harbour Trading <{DESK}> wrote:\n\n{QUOTED}\n",
    "gmail wrapped": f"Yes, go ahead.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Harbour Trading <\n{DESK}> wrote:\n\n{QUOTED}\n",
    "unmarked": f"Yes, go ahead.\n\nOn Mon, 23 Nov 2026 at 10:00, Desk <{DESK}> wrote:\n\n{ORIGINAL}\n",
    "outlook": f"Yes, go ahead.\n\nFrom: Desk <{DESK}>\nSent: Monday, 23 November 2026 10:00\nTo: Ann\nSubject: Offer\n\n{ORIGINAL}",
    "outlook line": f"Yes, go ahead.\n\n________________________________\nFrom: Desk\nDate: x\nTo: y\nSubject: z\n\n{ORIGINAL}",
    "old outlook": f"Yes, go ahead.\n\n-----Original Message-----\nFrom: Desk\n{ORIGINAL}\n",
    "german": f"Yes, go ahead.\n\nAm Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Desk <{DESK}>:\n\n{QUOTED}\n",
    "german outlook": f"Yes, go ahead.\n\nVon: Desk\nGesendet: Montag\nAn: Ann\nBetreff: Angebot\n\n{ORIGINAL}\n",
    "german original": f"Yes, go ahead.\n\n-----Ursprüngliche Nachricht-----\n{ORIGINAL}\n",
    "french": f"Yes, go ahead.\n\nLe lun. 23 nov. 2026 à 10:00, Desk <{DESK}> a écrit :\n\n{QUOTED}\n",
    "french outlook": f"Yes, go ahead.\n\nDe : Desk\nEnvoyé : lundi\nÀ : Ann\nObjet : Offre\n\n{ORIGINAL}\n",
    "spanish": f"Yes, go ahead.\n\nEl lun, 23 nov 2026 a las 10:00, Desk (<{DESK}>) escribió:\n\n{QUOTED}\n",
    "spanish outlook": f"Yes, go ahead.\n\nDe: Desk\nEnviado: lunes\nPara: Ann\nAsunto: Oferta\n\n{ORIGINAL}\n",
    "chinese": f"Yes, go ahead.\n\n在 2026年11月23日，上午10:00，Desk <{DESK}> 写道：\n\n{QUOTED}\n",
    "qq": f"Yes, go ahead.\n\n------------------ 原始邮件 ------------------\n发件人: Desk\n{ORIGINAL}\n",
    "chinese outlook": f"Yes, go ahead.\n\n发件人：Desk\n发送时间：2026年11月23日\n收件人：Ann\n主题：报价\n\n{ORIGINAL}\n",
    "below the quotation": f"On Mon, 23 Nov 2026 at 10:00, Desk wrote:\n{QUOTED}\n\nYes, go ahead.\n",
    "signature": "Yes, go ahead.\n\nKind regards\nAnn Buyer\nCustomer Ltd\n+44 20 1234 5678\n",
    "dashes": "Yes, go ahead.\n\n-- \nAnn Buyer\n+44 20 1234 5678\n",
    "phone": "Yes, go ahead.\n\nSent from my iPhone\n",
    "grüße": "Yes, go ahead.\n\nMit freundlichen Grüßen\nAnn\n\nVon meinem iPhone gesendet\n",
    "谢谢": "Yes, go ahead.\n\n谢谢\n王小明 138 0000 0000\n",
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_an_answer_is_what_its_sender_wrote(style: str) -> None:
    reading = read(letter(STYLES[style], f"Re: Offer [{REFERENCE}]"))
    assert reading.kind is EnvelopeKind.REPLY
    assert reading.reply.text == "Yes, go ahead."
    assert (reading.reply.reference, reading.reply.sender, reading.reply.message_ref) == (REFERENCE, BUYER, ID)


@pytest.mark.parametrize(
    "html",
    [
        f'<div>Yes, go ahead.</div><br><div class="gmail_quote">On Mon wrote:<blockquote>{ORIGINAL}</blockquote></div>',
        f'<p>Yes, go ahead.</p><div id="divRplyFwdMsg"><b>From:</b> Desk</div><p>{ORIGINAL}</p>',
        f"<p>Yes, go ahead.</p><blockquote type=cite><div>{ORIGINAL}</div></blockquote>",
    ],
)
def test_an_answer_in_html_alone_is_read(html: str) -> None:
    message = letter("", f"Re: Offer [{REFERENCE}]")
    message.set_content(html, subtype="html")
    assert read(message).reply.text == "Yes, go ahead."


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("In_Reply_To", f"<{REFERENCE}@harbour.example>"),
        ("References", f"<other@x.example> <{REFERENCE}@harbour.example>"),
        ("To", f"orders+{REFERENCE}@harbour.example"),
        ("Reply_To", f"orders+{REFERENCE}@harbour.example"),
    ],
)
def test_the_reference_is_found_where_mail_programs_keep_it(where: str, value: str) -> None:
    assert read(letter("Yes", "Answer", **{where: value})).reply.reference == REFERENCE


def test_case_and_encoding_of_the_subject_do_not_matter() -> None:
    assert read(letter("好的", f"回复：订单确认 [{REFERENCE.upper()}]")).reply.reference == REFERENCE


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Return_Path": "<>"}])
def test_an_automatic_answer_is_none(headers: dict[str, str]) -> None:
    assert read(letter("Yes", f"Re: [{REFERENCE}]", **headers)).kind is EnvelopeKind.OTHER


def test_a_reference_that_we_did_not_sign_is_told() -> None:
    reading = read(letter("Yes", f"Re: [{FORGED}]"))
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-005")


def test_an_answer_with_order_lines_is_still_an_answer() -> None:
    reading = read(letter("Please order 10 x AB-1234 instead of 5", f"Re: [{REFERENCE}]"))
    assert reading.kind is EnvelopeKind.REPLY
    assert "AB-1234" in reading.reply.text


def test_a_document_attached_to_an_answer_is_not_overlooked() -> None:
    message = letter("Yes", f"Re: [{REFERENCE}]")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="changes.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    assert read(message).reply.text == "Yes\n[attachment 1: changes.pdf]"


def test_a_wish_below_the_greeting_is_kept() -> None:
    text = "Yes.\n\nThanks\nAnn\n\nPS: please only 5 of the mugs.\n"
    assert "only 5" in read(letter(text, f"Re: [{REFERENCE}]")).reply.text
