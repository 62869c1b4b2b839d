"""Files that nobody sends with an honest order: programs, by their content, and names that a double click would run."""

import re

_PROGRAMS = ((b"MZ", "a Windows program"), (b"\x7fELF", "a Linux program"), (b"\xcf\xfa\xed\xfe", "a macOS program"),
             (b"\xca\xfe\xba\xbe", "a Java or macOS program"), (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
             (b"#!/", "a script"), (b"dex\n", "an Android program"), (b"MSCF", "a Windows cabinet"),
             (b"ITSF", "a compiled help file"))  # fmt: skip
_RUN_BY_NAME = re.compile(
    r".\.(?:exe|scr|com|pif|bat|cmd|jse?|vb[se]|wsf|wsh|ps1|psm1|hta|lnk|jar|msi|msp|cpl|dll|reg|chm|iso|img|vhdx?|appx|"
    r"application|gadget|inf|scf|url|xll|apk|dmg|pkg|sh|py)"
)


def danger_of(name: str, content: bytes) -> str:
    """What is dangerous about a file, for the operator; "" if nothing is known to be."""
    for magic, what in _PROGRAMS:
        if content.startswith(magic) and (magic != b"MZ" or b"\x00" in content[:64]):
            return f"It is {what}, whatever its name says; do not open it"
    plain = name.strip().rstrip(". ").lower()
    if _RUN_BY_NAME.fullmatch(plain[-16:], max(plain[-16:].rfind(".") - 1, 0)):
        return f"A file of this kind ({plain[plain.rfind('.') :]}) runs when it is opened; do not open it"
    if "\u202e" in name or "\u202d" in name:
        return "Its name hides its true ending behind a change of writing direction; do not open it"
    return ""
