"""The words around an order: greeting, opening, wishes about delivery, closing, signature and small print."""

from random import Random

from sandbox.corpus.entities import DESK_NAME, Contact, Customer, Draft, Place
from sandbox.corpus.phrases import say
from sandbox.corpus.story import on_word

COUNTRIES = {
    "GB": "United Kingdom", "US": "USA", "IE": "Ireland", "CN": "中国", "DE": "Deutschland", "AT": "Österreich",
    "CH": "Switzerland", "FR": "France", "BE": "Belgique", "ES": "España", "MX": "México", "IT": "Italia",
}  # fmt: skip


def letter(draft: Draft, rng: Random, middle: str, opening: str = "open", *, header: bool = True) -> str:
    """A whole mail around `middle`; with `header` False the middle says reference, date and place itself."""
    language = draft.language
    paragraphs = [say(rng, "hello", language, desk=DESK_NAME)]
    if rng.random() < 0.2:
        paragraphs.append(say(rng, "chat", language))
    if header and draft.order_ref:
        paragraphs.append(say(rng, "ref", language, ref=draft.order_ref))
    paragraphs.append(say(rng, opening, language))
    paragraphs += [middle] if middle else []
    if header:
        paragraphs += wishes_about_delivery(draft, rng)
    if rng.random() < 0.4:
        paragraphs.append(say(rng, "confirm", language))
    paragraphs.append(signed(draft, rng))
    return "\n\n".join(paragraphs)


def subject(draft: Draft, rng: Random) -> str:
    """A subject, with the reference in it mostly."""
    if draft.order_ref and rng.random() < 0.8:
        return say(rng, "subject", draft.language, ref=draft.order_ref, firm=draft.customer.name)
    return say(rng, "subject_bare", draft.language, firm=draft.customer.name)


def wishes_about_delivery(draft: Draft, rng: Random) -> list[str]:
    """When, where and how paid, a paragraph each."""
    found = []
    if draft.requested:
        text = say(rng, "date", draft.language, on=on_word(draft).strip(), date=draft.requested_text)
        found.append(text.replace("  ", " "))
    if draft.place:
        found.append(say(rng, "place", draft.language) + "\n" + address(draft.place))
    if draft.payment:
        found.append(say(rng, f"pay_{draft.payment}", draft.language))
    return found


def address(place: Place) -> str:
    """An address as an envelope has it in its country."""
    if place.country == "CN":
        return f"{place.region if place.region != place.city else ''}{place.city}{place.street}\n{place.recipient}\n邮编 {place.postal_code}"
    if place.country in ("GB", "IE"):
        town = "\n".join(part for part in (place.city, place.region, place.postal_code) if part)
    elif place.country == "US":
        town = f"{place.city}, {place.region} {place.postal_code}"
    elif place.country == "IT":
        town = f"{place.postal_code} {place.city} ({place.region})"
    else:
        town = f"{place.postal_code} {place.city}"
    return f"{place.recipient}\n{place.street}\n{town}\n{COUNTRIES[place.country]}"


def signed(draft: Draft, rng: Random) -> str:
    """The closing and who signs."""
    return say(rng, "bye", draft.language) + "\n" + signature(draft.customer, draft.sender or draft.contact, rng)


def signature(customer: Customer, person: Contact, rng: Random) -> str:
    """A name, or a block with phone, postal code, register and tax numbers: full of numbers that nobody orders."""
    language, place = customer.language, customer.places[0]
    draw = rng.random()
    if draw < 0.15:
        return person.name.split()[0] if language != "zh_CN" else person.name
    if draw < 0.25:
        return f"{person.name}\n\n{say(rng, 'mobile', language)}"
    lines = [person.name, say(rng, "role", language), customer.name]
    if rng.random() < 0.6:
        lines += [place.street, f"{place.postal_code} {place.city}"]
    lines.append(f"{say(rng, 'phone', language)} {person.phone}")
    if rng.random() < 0.5:
        lines.append(person.email)
    if rng.random() < 0.5:
        lines += ["", legal(customer, rng)]
    if rng.random() < 0.35:
        lines += ["", say(rng, "disclaimer", language)]
    return "\n".join(lines)


def legal(customer: Customer, rng: Random) -> str:
    """The line with the register and tax numbers that trade law asks for."""
    place = customer.places[0]
    key = "legal" if customer.tax_no else "legal_plain"
    return say(
        rng, key, customer.language, firm=customer.name, street=place.street, city=place.city,
        code=place.postal_code, tax=customer.tax_no, boss=customer.contacts[0].name,
        n7=rng.randrange(10**6, 10**7), n5=rng.randrange(10**4, 10**5), n4=rng.randrange(1000, 9999),
    )  # fmt: skip
