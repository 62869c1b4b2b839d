"""Which organisation a mail address belongs to: the registrable domain, by the public suffix list."""

from functools import lru_cache

from publicsuffix2 import get_sld


@lru_cache(maxsize=20_000)
def organisation_of(address: str) -> str:
    """The registrable domain of an address or domain, in Unicode and lower case: `acme.co.uk` of `x@mail.acme.co.uk`.

    Under a top-level domain that the list does not know, the last two labels.
    """
    domain = address.rpartition("@")[2].strip().strip("<>.").lower()
    if not domain:
        return ""
    found = get_sld(domain, strict=True) or ".".join(domain.split(".")[-2:])
    try:
        return str(found).encode("ascii").decode("idna")
    except (UnicodeError, ValueError):  # written in Unicode already, or no punycode
        return str(found)
