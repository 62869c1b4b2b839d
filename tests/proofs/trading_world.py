"""A made-up trading house for the proofs of verification: customers in six countries, their terms, items and prices.

Shares no code with the checks: check digits, tiers and totals are computed here from their definitions.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy import text as sql

from tests.stockwork import stock_up

TODAY = date(2026, 11, 23)
ITEMS = 240
CENT = Decimal("0.01")
RATE = {
    "GB": ("GBP", "0.20"),
    "DE": ("EUR", "0.19"),
    "FR": ("EUR", "0.20"),
    "ES": ("EUR", "0.21"),
    "US": ("USD", "0"),
    "CN": ("CNY", "0.13"),
}
_FACTOR = {"GBP": Decimal(1), "EUR": Decimal("1.2"), "USD": Decimal("1.3"), "CNY": Decimal("9.1")}
PLACES = {
    "GB": [
        ("12 Mill Lane", "Leeds", "", "LS1 4AP"),
        ("4 Canal Wharf", "Bristol", "", "BS1 4DJ"),
        ("77 Market Place", "York", "", "YO1 7HH"),
    ],
    "DE": [("Lindenstraße 3", "Berlin", "", "10115"), ("Industrieweg 18", "Köln", "", "50667")],
    "FR": [("8 rue des Forges", "Lyon", "", "69002"), ("2 quai du Port", "Nantes", "", "44000")],
    "ES": [("Calle Mayor 5", "Madrid", "Madrid", "28013"), ("Avenida del Puerto 9", "Valencia", "Valencia", "46002")],
    "US": [("15 Foundry Street", "Columbus", "OH", "43215"), ("210 Elm Street", "Austin", "TX", "78701")],
    "CN": [
        ("西湖区文三路90号", "杭州市", "浙江省", "310012"),
        ("南山区科技路1号", "深圳市", "广东省", "518057"),
        ("人民路12号", "苏州市", "江苏省", "215000"),
    ],
}
PHONES = {"GB": "+44 20 7946 01{:02}", "DE": "+49 30 231251{:02}", "FR": "+33 1 42 68 53 {:02}", "ES": "+34 911 23 45 {:02}",
          "US": "+1 614 555 01{:02}", "CN": "+86 571 8888 00{:02}"}  # fmt: skip


@dataclass
class Customer:
    """One customer and what is agreed with them."""

    number: str
    country: str
    vat_number: str = ""
    methods: tuple[str, ...] = ("invoice", "cod")
    credit_limit: Decimal | None = None

    @property
    def currency(self) -> str:
        return RATE[self.country][0]

    @property
    def email(self) -> str:
        return f"buyer@{self.number.lower()}.example"


@dataclass
class Item:
    """One item: price tiers by quantity in pounds, and how it is sold."""

    number: str
    base: Decimal
    minimum: int = 1
    multiple: int = 1
    lead_days: int = 0
    export_class: str = ""

    def price(self, currency: str, quantity: int, year: int = TODAY.year) -> Decimal:
        """This year's price; last year's is 7 %, next year's 6 % off it, and the tiers are 50 and 200."""
        share = Decimal("0.90") if quantity >= 200 else Decimal("0.95") if quantity >= 50 else Decimal(1)
        change = {TODAY.year - 1: Decimal("0.93"), TODAY.year: Decimal(1), TODAY.year + 1: Decimal("1.06")}[year]
        return (self.base * _FACTOR[currency] * share * change).quantize(CENT)


@dataclass
class World:
    """Everybody and everything."""

    customers: list[Customer]
    items: list[Item]
    own: dict[str, Customer] = field(default_factory=dict)


def make_world(seed: int) -> World:
    """Ninety customers of plain terms, `own` ones with one peculiarity each, and 240 items."""
    rng = random.Random(f"world {seed}")
    countries = list(RATE)
    customers = [Customer(f"K{1000 + n}", countries[n % 6], _vat(countries[n % 6], n)) for n in range(90)]
    items = [_item(rng, n) for n in range(ITEMS)]
    own = {
        "wrong vat": Customer("K2001", "GB", "GB980780685"), "wrong eu vat": Customer("K2002", "DE", "DE136695977"),
        "foreign vat": Customer("K2003", "FR", _vat("DE", 3)), "wrong uscc": Customer("K2004", "CN", "91110000600037341M"),
        "no cod": Customer("K2005", "GB", methods=("invoice",)), "prepaid only": Customer("K2006", "DE", methods=("prepaid",)),
        "little credit": Customer("K2007", "GB", credit_limit=Decimal(1)), "no credit": Customer("K2008", "DE", credit_limit=Decimal(0)),
    }  # fmt: skip
    return World(customers, items, own)


def _item(rng: random.Random, n: int) -> Item:
    pack = (1, 1, 1, 6, 12)[n % 5]
    return Item(f"ART-{1000 + n}", Decimal(rng.randrange(150, 9000)) / 100, minimum=pack * (2 if n % 7 == 3 else 1), multiple=pack,
                lead_days=(0, 0, 2, 5)[n % 4], export_class="dual-use" if n % 40 == 9 else "")  # fmt: skip


def _vat(country: str, n: int) -> str:
    """A number whose check digits are right. GB: HMRC's modulus 97; DE: ISO 7064 MOD 11,10."""
    if country == "GB":
        digits = f"{3_000_000 + n * 137:07d}"
        total = sum(int(d) * w for d, w in zip(digits, range(8, 1, -1), strict=True))
        return f"GB{digits}{97 - total % 97:02d}"
    if country == "DE":
        digits, product = f"{20_000_000 + n * 7919:08d}", 10
        for digit in digits:
            product = ((product + int(digit)) % 10 or 10) * 2 % 11
        return f"DE{digits}{(11 - product) % 10}"
    return ""


def furnish(engine: Engine, world: World) -> None:
    """Put the world into an empty book, with plenty of stock."""
    everybody = [*world.customers, *world.own.values()]
    with engine.begin() as conn:
        for c in everybody:
            given = {"no": c.number, "cur": c.currency, "list": f"L-{c.currency}", "vat": c.vat_number, "country": c.country,
                     "methods": list(c.methods), "limit": c.credit_limit, "email": c.email}  # fmt: skip
            conn.execute(sql("""INSERT INTO customers (customer_no, name, currency, price_list, vat_number, country, payment_methods, credit_limit)
                                VALUES (:no, 'House ' || :no, :cur, :list, :vat, :country, :methods, :limit)"""), given)  # fmt: skip
            conn.execute(sql("""INSERT INTO contacts (customer_id, name, email)
                                SELECT id, 'Buyer', :email FROM customers WHERE customer_no = :no"""), given)  # fmt: skip
            conn.execute(sql("""INSERT INTO customer_keys (kind, value, customer_id)
                                SELECT 'woo', substr(:no, 2), id FROM customers WHERE customer_no = :no"""), given)  # fmt: skip
            for n, (street, city, region, code) in enumerate(PLACES[c.country]):  # branches are on file too
                place = {
                    "kind": "billing" if n else "delivery",
                    "street": street,
                    "city": city,
                    "region": region,
                    "code": code,
                }
                conn.execute(sql("""INSERT INTO addresses (customer_id, kind, recipient, street, city, region, postal_code, country)
                                    SELECT id, :kind, name, :street, :city, :region, :code, :country
                                    FROM customers WHERE customer_no = :no"""), {**given, **place})  # fmt: skip
        for item in world.items:
            conn.execute(sql("""INSERT INTO items (item_no, name, min_order_quantity, order_multiple, lead_time_days, export_class)
                                VALUES (:no, 'thing ' || :no, :low, :many, :days, :class)"""),
                         {"no": item.number, "low": item.minimum, "many": item.multiple, "days": item.lead_days, "class": item.export_class})  # fmt: skip
            for currency in _FACTOR:
                for year in (TODAY.year - 1, TODAY.year, TODAY.year + 1):
                    for least in (1, 50, 200):
                        until = None if year > TODAY.year else date(year + 1, 1, 1)
                        conn.execute(sql("""INSERT INTO prices (price_list, currency, item_id, min_quantity, unit_price, valid_from, valid_to)
                                            SELECT :list, :cur, id, :least, :price, :since, :until FROM items WHERE item_no = :no"""),
                                     {"list": f"L-{currency}", "cur": currency, "least": least, "price": item.price(currency, least, year),
                                      "since": date(year, 1, 1), "until": until, "no": item.number})  # fmt: skip
        stock_up(conn, "SELECT id, 'MAIN', '', 10000000000 FROM items")
