"""How one sender's tables are to be read: what an operator writes in orderclerk.toml for a drop-folder sender."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DECIMALS = (".", ",", ".,", ",.", " ,", "'.")
NEGATIVE_LINES = ("hold", "return")


@dataclass(frozen=True)
class SenderMapping:
    """One `[files.senders.<name>]` section. Everything but the columns has a default that guesses nothing.

    `columns` maps our names (order_ref, item_ref, quantity ...) to the headers of the sender's file; {} reads a file
    whose headers are our names or common ones. `decimal` is "." or ","; with a thousands separator before it (".,")
    `1.234` is read as a thousand. `charge_items` are item numbers that are freight or fees and no goods.
    `cancel_prefix` marks credit notes by their number. `negative_lines`: "hold" asks a person, "return" reads an order
    of negative lines alone as a return. `skip_rows` are the rows above the header.
    """

    sender: str
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""  # detected
    decimal: str = "."
    date_formats: tuple[str, ...] = ()  # strptime formats; ISO dates are always read
    encoding: str = ""  # detected
    sheet: str = ""  # the first
    currency: str = ""  # where the file names none
    language: str = ""
    customer_number: str = ""  # where the file names none
    cancel_prefix: str = ""
    charge_items: tuple[str, ...] = ()
    negative_lines: str = "hold"
    skip_rows: int = 0
