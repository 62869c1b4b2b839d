"""Other people's text, made fit to be shown: one line stays one line, and nothing reorders what stands beside it."""

import re

LONGEST_FIELD = 1000
LONGEST_REMARKS = 4000
_BIDI_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # Unicode's Cc, Zl, Zp and Cs
_NEWLINE = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")


def clean_line(text: str, longest: int = LONGEST_FIELD) -> str:
    """`text` on one line without control characters, lone surrogates or bidi overrides; cut with … beyond `longest`."""
    if not (text.isascii() and text.isprintable()):
        text = _CONTROLS.sub(" ", _BIDI_CONTROLS.sub("", text))
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def clean_lines(text: str, longest: int = LONGEST_REMARKS) -> list[str]:
    """The lines of `text`, each cleaned, empty ones left out; cut with … beyond `longest` characters together."""
    lines = []
    for line in filter(None, (clean_line(part, longest) for part in _NEWLINE.split(text))):
        if longest <= 1:
            break
        lines.append(clean_line(line, longest))
        longest -= len(line)
    return lines
