"""Domains made to be taken for another: alike letters, one letter more or less, words added, another ending."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

_SAME = str.maketrans(
    dict(zip("0134567892$@|!", "oieasgtbgzsaii", strict=True))
    # Cyrillic and Greek letters that most fonts draw as Latin ones
    | dict(zip("авеікмнорстухѕјһԁԛԝгпѵӏ", "abeikmhopctyxsjhdqwrnvi", strict=True))
    | dict(zip("αβεηικμνορτυχωγ", "abenikuvoptuxwy", strict=True))
    | dict(zip("ıłøđħŀßɡɑʟı", "iloohlsgali", strict=True))
    | {"l": "i"}
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"), ("ci", "a"))
SHORTEST = 5  # letters that a name must have before words around it count: "sun" stands in many names
FREE = frozenset({
    "gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "rocketmail", "aol", "icloud",
    "me", "mac", "gmx", "web", "mail", "email", "proton", "protonmail", "pm", "posteo", "mailbox", "zoho", "yandex",
    "qq", "foxmail", "163", "126", "yeah", "sina", "sohu", "139", "189", "aliyun", "21cn", "tom", "orange",
    "wanadoo", "free", "laposte", "sfr", "libero", "virgilio", "tiscali", "alice", "telefonica", "terra",
    "t-online", "freenet", "arcor", "btinternet", "fastmail", "tutanota", "hey",
})  # fmt: skip
"""Names of providers where anybody can have an address; all their endings (.com, .fr) are the provider's own."""


@dataclass(frozen=True)
class KnownDomains:
    """The registrable domains of customers and of our own, to find what only looks like one of them."""

    domains: frozenset[str]

    def like(self, domain: str, host: str = "") -> tuple[str, str]:
        """(the known domain that `domain` looks like, how), or ("", "") if it is known itself or looks like none.

        `domain` is registrable; `host` the whole name, whose front may show a domain that is not its owner's.
        """
        name = _name(domain)
        if not name or domain in self.domains or name in FREE:
            return "", ""
        front = host.lower().removesuffix(domain)
        if shown := next((known for known in self._dotted if f".{known}." in f".{front}"), ""):
            return shown, "it only stands in front of another domain"
        for known in self._by_skeleton.get(skeleton(name), ()):
            if _name(known) != name:
                return known, "letters that look alike"
        for known in self._by_name.get(name, ()):
            if name not in FREE:
                return known, "another ending"
        near = [known for known in self._near(name) if OSA.distance(name, _name(known), score_cutoff=1) <= 1]
        if near:
            return near[0], "one letter is different"
        words = [known for known in self._names if _is_within(known, name)]
        return (self._by_name[words[0]][0], "words added to the name") if words else ("", "")

    def _near(self, name: str) -> Iterable[str]:
        """Known domains that may be one letter away: they share what is left when one letter is taken out."""
        found = [known for shorter in _shorter(name) for known in self._by_shorter.get(shorter, ())]
        return sorted(set(found))

    @cached_property
    def _dotted(self) -> list[str]:
        return sorted(self.domains)

    @cached_property
    def _names(self) -> list[str]:
        return sorted(name for name in self._by_name if len(name) >= SHORTEST and name not in FREE)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return _grouped((_name(domain), domain) for domain in sorted(self.domains))

    @cached_property
    def _by_skeleton(self) -> dict[str, list[str]]:
        return _grouped((skeleton(_name(domain)), domain) for domain in sorted(self.domains))

    @cached_property
    def _by_shorter(self) -> dict[str, list[str]]:
        pairs = ((shorter, domain) for domain in sorted(self.domains) for shorter in _shorter(_name(domain)))
        return _grouped(pairs)


def skeleton(name: str) -> str:
    """`name` as an eye sees it at a glance: `acrne-1td` and `асmе-ltd` are `acme-itd`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    for written, seen in _PAIRS:
        plain = plain.replace(written, seen)
    return plain.translate(_SAME)


def is_free(address: str) -> bool:
    """Whether the address or domain is of a provider where anybody can have one."""
    return _name(address.rpartition("@")[2]) in FREE


def _is_within(known: str, name: str) -> bool:
    if known in name.split("-"):
        return True
    return len(name) > len(known) and (name.startswith(known) or name.endswith(known))


def _shorter(name: str) -> Collection[str]:
    """`name` and everything it is without one letter."""
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _name(domain: str) -> str:
    return domain.partition(".")[0]


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        if value not in (group := found.setdefault(key, [])):
            group.append(value)
    return found
