"""The customers: firms in fifteen countries with people, addresses, their own item numbers and habits."""

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from random import Random

import phonenumbers
import stdnum.at.uid
import stdnum.be.vat
import stdnum.ch.vat
import stdnum.cn.uscc
import stdnum.de.vat
import stdnum.es.cif
import stdnum.fr.tva
import stdnum.gb.vat
import stdnum.ie.vat
import stdnum.it.iva

from sandbox.corpus.catalogue import catalogue
from sandbox.corpus.entities import LANGUAGES, Contact, Customer, Item, Place

HERE = Path(__file__).parent
SHARES = {"en": 0.26, "zh_CN": 0.2, "de": 0.2, "fr": 0.13, "es": 0.11, "it": 0.1}
FREE_MAIL = {"en": "gmail.com", "zh_CN": "163.com", "de": "gmx.de", "fr": "orange.fr", "es": "hotmail.com", "it": "libero.it"}  # fmt: skip
TOP_LEVEL = {"GB": "co.uk", "US": "com", "CN": "com.cn", "MX": "com.mx"}
PINYIN = {
    "华信": "huaxin", "瑞丰": "ruifeng", "新达": "xinda", "恒通": "hengtong", "金桥": "jinqiao", "东方": "dongfang",
    "宏图": "hongtu", "海联": "hailian", "天成": "tiancheng", "万佳": "wanjia", "博雅": "boya", "众诚": "zhongcheng",
    "联创": "lianchuang", "永昌": "yongchang", "百汇": "baihui", "嘉禾": "jiahe", "王": "wang", "李": "li", "张": "zhang",
    "刘": "liu", "陈": "chen", "杨": "yang", "赵": "zhao", "黄": "huang", "周": "zhou", "吴": "wu", "徐": "xu", "孙": "sun",
    "伟": "wei", "芳": "fang", "敏": "min", "静": "jing", "磊": "lei", "娜": "na", "强": "qiang", "丽华": "lihua",
    "建国": "jianguo", "晓燕": "xiaoyan", "志明": "zhiming", "雪梅": "xuemei",
}  # fmt: skip


# a nine stands for any digit; the pattern's other signs are as the country writes them
TAX_FORMS = {
    "GB": ("GB 999 9999 99", stdnum.gb.vat), "DE": ("DE999999999", stdnum.de.vat), "AT": ("ATU99999999", stdnum.at.uid),
    "CH": ("CHE-999.999.999 MWST", stdnum.ch.vat), "FR": ("FR99999999999", stdnum.fr.tva), "BE": ("BE0999999999", stdnum.be.vat),
    "ES": ("B99999999", stdnum.es.cif), "IT": ("IT99999999999", stdnum.it.iva), "IE": ("IE9999999T", stdnum.ie.vat),
    "CN": ("91330199MA9999999X", stdnum.cn.uscc),
}  # fmt: skip


@lru_cache(maxsize=4)
def customers(seed: int, count: int) -> tuple[Customer, ...]:
    """`count` customers; about a quarter only ever repeat earlier orders."""
    rng = Random(f"customers {seed}")
    people, places, taken = _people(), _rows("places.csv"), set()
    found = []
    for nth in range(count):
        language = LANGUAGES[nth] if nth < len(LANGUAGES) else rng.choices(list(SHARES), list(SHARES.values()))[0]
        town = rng.choice([row for row in places if row["language"] == language])
        found.append(_customer(rng, nth, town, people[language], taken))
    return tuple(found)


def _customer(rng: Random, nth: int, town: dict[str, str], words: dict[str, list[str]], taken: set[str]) -> Customer:
    language, country, currency = town["language"], town["country"], town["currency"]
    name, stem = _firm(rng, language, town["city"], words, taken)
    domain = "" if rng.random() < 0.08 else f"{stem}.{TOP_LEVEL.get(country, country.lower())}"
    contacts = tuple(_contact(rng, language, town, words, domain, stem) for _ in range(rng.choice((1, 2, 2, 3))))
    places = tuple(_place(rng, name, nth_, town, words) for nth_ in range(rng.choice((1, 1, 1, 1, 2, 3))))
    goods = [item for item in catalogue() if item.is_active]
    usual = tuple(rng.sample(goods, 24))
    numbers = _own_numbers(rng, nth, usual) if rng.random() < 0.45 else {}
    tier = rng.choice(("standard", "standard", "dealer"))
    return Customer(
        number=str(30_100 + nth * 7) if nth % 3 else f"K{4100 + nth * 3}", name=name, language=language,
        country=country, currency=currency, price_list=f"{tier}-{currency.lower()}", domain=domain,
        contacts=_unlike(contacts), places=places, own_numbers=numbers, tax_no=_tax_no(rng, country), usual=usual,
        is_repeater=nth % 4 == 3,
    )  # fmt: skip


def _firm(rng: Random, language: str, city: str, words: dict[str, list[str]], taken: set[str]) -> tuple[str, str]:
    while True:
        company, trade, form = (rng.choice(words[kind]) for kind in ("company", "trade", "form"))
        if language == "zh_CN":
            name = f"{city.removesuffix('市')}{company}{trade}{form}"
        elif language in ("de", "en"):
            name = f"{company} {trade} {form}"
        else:
            name = f"{trade} {company} {form}"
        stem = ascii_slug(PINYIN.get(company, company)) + "-" + ascii_slug(trade if language != "zh_CN" else "trade")
        stem = stem.strip("-")
        if language == "zh_CN":
            stem = ascii_slug(PINYIN[company]) + rng.choice(("trade", "sz", "-group", "mall", "88", "shop"))
        if name not in taken and stem not in taken:
            taken |= {name, stem}
            return name, stem


def _contact(
    rng: Random, language: str, town: dict[str, str], words: dict[str, list[str]], domain: str, stem: str
) -> Contact:
    first, last = rng.choice(words["first"]), rng.choice(words["last"])
    name = last + first if language == "zh_CN" else f"{first} {last}"
    mine = ascii_slug(PINYIN.get(first, first)), ascii_slug(PINYIN.get(last, last))
    local = rng.choice(
        (f"{mine[0]}.{mine[1]}", f"{mine[0][0]}.{mine[1]}", mine[1], "purchasing", f"{mine[0]}{mine[1]}")
    )
    if not domain:
        return Contact(name, f"{stem}.{local}@{FREE_MAIL[language]}".replace("..", "."), _phone(rng, town))
    return Contact(name, f"{local}@{domain}", _phone(rng, town))


def _unlike(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple({contact.email: contact for contact in contacts}.values())


def _phone(rng: Random, town: dict[str, str]) -> str:
    """A number that exists in the town's numbering plan."""
    while True:
        number = town["phone"] + "".join(rng.choice("0123456789") for _ in range(rng.choice((3, 4))))
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number


def _place(rng: Random, name: str, nth: int, town: dict[str, str], words: dict[str, list[str]]) -> Place:
    street = rng.choice(words["street"])
    if nth and town["language"] == "zh_CN":
        street = f"仓储路{rng.randrange(2, 90)}号{nth}号库"
    elif nth:
        street = {"en": "Warehouse {}, Dock Road", "de": "Lagerstraße {}", "fr": "{} rue de l'Entrepôt",
                  "es": "Calle del Almacén, {}", "it": "Via del Magazzino {}"}[town["language"]].format(rng.randrange(2, 90))  # fmt: skip
    return Place(name, street, town["city"], town["region"], town["postal_code"], town["country"])


def _own_numbers(rng: Random, nth: int, usual: tuple[Item, ...]) -> dict[str, str]:
    """A customer's own numbers: all in one style, none like ours."""
    style, start = nth % 4, rng.randrange(1000, 8000)
    makers = (
        lambda place: f"{start + place * 3}-{place % 9 + 1}",
        lambda place: f"ART{start * 10 + place * 7}",
        lambda place: f"{chr(65 + nth % 26)}{chr(65 + nth * 7 % 26)}.{start + place * 11}",
        lambda place: f"100{start + place * 13}",
    )
    return {item.item_no: makers[style](place) for place, item in enumerate(usual)}


def _tax_no(rng: Random, country: str) -> str:
    """A tax number as it stands in a footer, its check digits right."""
    form, check = TAX_FORMS.get(country, ("", None))
    while check is not None:
        number = re.sub("9", lambda _: rng.choice("0123456789"), form)
        if check.is_valid(number):
            return number
    return ""


def ascii_slug(text: str) -> str:
    """A mail address's spelling of a name."""
    for mark, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ü", "ue"), ("Ö", "oe")):
        text = text.replace(mark, plain)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(mark if mark.isalnum() else "-" if mark in " &-" else "" for mark in plain).strip("-").replace("---", "-")  # fmt: skip


@lru_cache(maxsize=1)
def _people() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in _rows("people.csv"):
        found.setdefault(row["language"], {})[row["kind"]] = row["values"].split("|")
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = (HERE / name).read_text(encoding="utf-8")
    if name == "people.csv":  # values hold commas: split at the first two alone
        lines = [line.split(",", 2) for line in text.splitlines()]
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    return list(csv.DictReader(text.splitlines()))
