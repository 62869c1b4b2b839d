"""Legal notices below a mail: that it is confidential, for whom it is meant, what to do with a stray one.

They are put there by a program, speak of "this message" and of "attachments", and are no words of the sender.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

ENOUGH = 2  # of the subjects below: one alone may be said of an order
_SUBJECTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:confidential|privileged|vertraulich|confidentiel|confidencial|riservat|confidenzial)|保密|机密",
        r"\b(?:intended|addressee|recipient|adressat|empfänger|bestimmt|destinatair|destinad|destinatari|destiné)|"
        r"收件人|指定",
        r"\b(?:(?:in|by) (?:error|mistake)|mistakenly|irrtümlich|versehentlich|fälschlich|par erreur|por error|"
        r"per errore|erroneamente)|误收|错误收到",
        r"\b(?:delete|destroy|vernichten|löschen|supprim|détrui|elimin|destru|cancell|distrugg)|删除",
        r"\b(?:disclos|unauthori[sz]ed|unbefugt|weitergabe|divulg|difusión|diffusion|prohibid|prohibited|interdit|"
        r"vietat|verboten)|泄露|禁止",
        r"\b(?:gdpr|dsgvo|rgpd|2016/679|196/2003|data protection|datenschutz|protección de datos|"
        r"protection des données|privacy)\b|个人信息",
    )
)
_MESSAGE = re.compile(
    r"\b(?:e-?mails?|messages?|communications?|transmission|nachricht|mitteilung|courriel|message électronique|"
    r"mensaje|correo|comunicación|messaggio|comunicazione|attachments?|anhänge|pièces? jointes?|adjuntos|allegati)\b|"
    r"邮件|信息",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:before printing|think before you print|bevor sie diese|avant d'imprimer|antes de imprimir|"
    r"prima di stampare)\b|打印前",
    re.IGNORECASE,
)


def unnoticed(lines: Sequence[str]) -> list[int]:
    """The places in `lines` that belong to no legal notice."""
    kept: list[int] = []
    for start, end in _blocks(lines):
        first = next((place for place in range(start, end) if _speaks_of(lines[place])), end)
        below = lines[first:end]
        kept += range(start, end if any("\t" in line for line in below) or not is_notice(" ".join(below)) else first)
    return kept


def is_notice(text: str) -> bool:
    """Whether `text` is a notice of confidentiality, or asks not to be printed."""
    subjects = sum(pattern.search(text) is not None for pattern in _SUBJECTS)
    return (subjects >= ENOUGH and _MESSAGE.search(text) is not None) or _PAPER.search(text) is not None


def _speaks_of(line: str) -> bool:
    return any(pattern.search(line) for pattern in (*_SUBJECTS, _PAPER))


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of lines without a blank one, each with the blank line that ends it."""
    ends = [place + 1 for place, line in enumerate(lines) if not line.strip()]
    return [(start, end) for start, end in pairwise([0, *ends, len(lines)]) if end > start]
