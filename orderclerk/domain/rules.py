"""Every rule of the desk: its id, what it says, who owns it and what that person does next.

The same ids appear in holds, quarantine, findings, mails, reports and docs/rules.md (a test holds code and page together).
"""

from orderclerk.domain.rule import Parameter, Rule
from orderclerk.domain.rules_purchasing import PURCHASE_RULES
from orderclerk.domain.rules_quality import QUALITY_RULES
from orderclerk.domain.rules_senders import SENDER_RULES

__all__ = ["NOT_WAIVABLE", "ONLY_BY_HAND", "RULES", "Rule"]

_WINDOW = Parameter(7, "days between the two, at most")
_ALL = (
    # an envelope, or a row of it, that has no place in any order: quarantined
    Rule("ENV-001", "The document cannot be read", "Open the envelope; ask the sender for it again or enter it by hand"),
    Rule("ENV-002", "No reader knows this kind of document", "Ask the sender for CSV, XLSX, UBL, EDIFACT or X12, or enter it by hand"),
    Rule("ENV-003", "The document exceeds a safety limit", "Look at it on an isolated machine; ask the sender for a smaller one"),
    Rule("ENV-004", "The sender has no column mapping", "Add the sender to orderclerk.toml, then run process_orders again"),
    Rule("ENV-005", "A signed reference that we did not sign", "Treat as fraud until the customer says otherwise on the phone"),
    Rule("SND-009", "A mail brings a dangerous file: a program, or an archive within an archive", "Do not open it; call the sender on a known number"),
    Rule("ROW-001", "The row has no order reference", "Find the order it belongs to, or ask the sender"),
    Rule("ROW-002", "The row does not fit the columns of its file", "Ask the sender to repair the file and send it again"),
    # a line
    Rule("LIN-001", "The quantity cannot be read", "Ask the customer for the quantity"),
    Rule("LIN-002", "The price cannot be read", "Ask the customer which price they expect"),
    Rule("LIN-003", "The line names no item", "Ask the customer which item they mean"),
    Rule("LIN-004", "The quantity is zero or beyond what is believable", "Confirm the quantity with the customer"),
    Rule("LIN-005", "The same line stands twice in the order", "Ask the customer whether they want it twice"),
    Rule("LIN-006", "A number has more decimals or digits than the desk keeps", "Ask the customer for a whole figure"),
    Rule("LIN-007", "A negative line inside an order", "Decide whether it is a return or a typing error"),
    Rule("LIN-008", "The line is read with less confidence than policy asks", "Compare with the document; release, or ask the customer", "desk", 8),
    Rule("LIN-009", "Words that may order something are not understood", "Read them; add what they order, or ask the customer", "desk", 8),
    # an order
    Rule("ORD-001", "The order has no lines", "Ask the customer what they want"),
    Rule("ORD-002", "A date cannot be read", "Ask the customer for the date"),
    Rule("ORD-003", "The document's total does not equal its lines", "Compare with the document; ask the customer"),
    Rule("ORD-004", "The currency is unknown or not this customer's", "Agree the currency with the customer", "sales"),
    Rule("ORD-005", "Lines of one order disagree about its header", "Ask the sender which is right"),
    Rule("ORD-006", "The document is marked as a test", "Ask the sender whether it is meant in earnest"),
    Rule("ORD-007", "It repeats an earlier order, and which is not clear", "Ask the customer which order they mean"),
    Rule("ORD-008", "The mail says two different things about what it orders", "Compare both; ask the customer which counts", "desk", 8),
    Rule("ORD-009", "A line's total is not its quantity times its price", "Ask the customer which figure is right"),
    Rule("ORD-010", "The tax is not what any usual rate gives", "Compare with the document; agree the tax", "sales"),
    Rule("ORD-011", "The discount does not add up", "Compare with the document; agree the discount", "sales"),
    Rule("ORD-012", "The freight does not add up", "Compare with the document; agree the freight", "sales"),
    # parties
    Rule("CUS-001", "The customer is unknown", "Create the customer, or tell the desk who it is", "sales"),
    Rule("CUS-002", "The document fits more than one customer", "Say which customer it is", "sales"),
    Rule("CUS-003", "The customer has no mail address to answer to", "Add a contact to the customer"),
    Rule("CUS-004", "The sender is not known to act for this customer", "Call the customer on a known number"),
    Rule("ADR-001", "No delivery address", "Ask the customer where to deliver"),
    Rule("ADR-002", "The delivery address lacks what a courier needs", "Ask the customer for the whole address"),
    Rule("ADR-003", "The postal code has not the form of its country's", "Ask the customer for the postal code"),
    Rule("ADR-004", "The postal code is not of this region or city", "Ask the customer which of the two is right"),
    Rule("ADR-005", "Province, city and district do not belong together", "Ask the customer for the whole address"),
    Rule("ADR-006", "The recipient is no name", "Ask the customer who receives the goods"),
    Rule("ADR-007", "The phone number cannot be one", "Ask the customer for a number the courier can call"),
    Rule("TAX-001", "The VAT or company number is not valid", "Ask the customer for the number", "sales"),
    Rule("TAX-002", "The VAT number is of another country than the customer", "Ask the customer who is to be invoiced", "sales"),
    # items, prices, stock
    Rule("ITM-001", "The item is unknown", "Find the item and add the customer's number for it", "sales"),
    Rule("ITM-002", "The item reference fits more than one item", "Say which item it is", "sales"),
    Rule("ITM-003", "The item is no longer sold", "Offer a substitute", "sales"),
    Rule("ITM-004", "The description fits several items", "Ask the customer which one, then confirm_item"),
    Rule("ITM-005", "No item fits the description", "Find the item, then confirm_item; or ask the customer"),
    Rule("PRC-001", "The price differs from the price list", "Agree the price with the customer", "sales",
         parameters={"tolerance_percent": Parameter(0, "of the list price, in either direction", most=100)}),
    Rule("PRC-002", "No price list has this item for this customer", "Set a price", "sales"),
    Rule("PRC-003", "The price is zero", "Confirm that it is free of charge", "sales"),
    Rule("PRC-004", "The price is of another quantity or another time", "Agree the price with the customer", "sales"),
    Rule("QTY-001", "Less than the minimum order quantity", "Agree the quantity with the customer", "sales"),
    Rule("QTY-002", "Not whole packs of an item sold in packs only", "Agree the quantity with the customer", "sales"),
    Rule("QTY-004", "It is unclear how many the unit holds", "Ask the customer how many pieces they mean", "sales"),
    # terms
    Rule("PAY-001", "The payment method is not agreed with this customer", "Agree the payment with the customer", "finance"),
    Rule("CRD-001", "The order goes beyond the credit limit", "Ask for payment, or raise the limit", "finance"),
    Rule("DAT-001", "The requested date is in the past", "Ask the customer for the date"),
    Rule("DAT-002", "The requested date is sooner than the goods can be ready", "Offer the earliest date", "sales",
         parameters={"handling_days": Parameter(0, "working days added to the items' lead time")}),
    Rule("EXP-001", "Goods do not go to this country", "Ask whoever answers for export control", "export"),
    Rule("EXP-002", "These goods do not go to this country", "Ask whoever answers for export control", "export"),
    Rule("STK-001", "Not enough stock", "Buy, transfer, or offer a later date", "stock", 48),
    Rule("STK-002", "Goods come later than they were promised", "Wait for the customer's choice, or decide for them", "stock", 48),
    # what arrives twice, or changes, or comes back
    Rule("DUP-001", "Suspected duplicate of another order", "Compare the two and cancel or release this one", "desk", 8,
         parameters={"window_days": _WINDOW, "threshold": Parameter(0.75, "the least likeness, from 0 to 1", most=1)}),
    Rule("DUP-002", "Nearly the same as another order", "Compare the two and cancel or release this one", "desk", 8,
         parameters={"window_days": _WINDOW, "threshold": Parameter(0.75, "the least likeness, from 0 to 1", most=1)}),
    Rule("AMD-001", "Changed after it was confirmed", "Agree the change with the customer and release", "sales", 8),
    Rule("CAN-001", "A cancellation whose original is not known", "Find the original, or wait until it arrives"),
    Rule("RET-001", "A return whose original is not known", "Find the original, or wait until it arrives"),
    # answers and mails
    Rule("ANS-001", "The customer's answer is not understood", "Read it and answer it", "desk", 4),
    Rule("ANS-002", "The customer wants a change", "Make the change or refuse it, and release", "sales", 4),
    Rule("ANS-003", "An answer from an address that is not the customer's", "Call the customer on a known number", "desk", 4),
    Rule("ANS-004", "A late answer, and the prices have changed since", "Offer it anew at today's prices, or keep the old ones and release", "sales", 4),
    Rule("OUT-001", "A message could not be delivered", "Repair the address and re-send it from the outbox"),
    *PURCHASE_RULES,
    *SENDER_RULES,
    *QUALITY_RULES,
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}

NOT_WAIVABLE = frozenset(
    {
        "CUS-001",
        "CUS-002",
        "ITM-001",
        "ITM-002",
        "ITM-004",
        "ITM-005",
        "LIN-001",
        "LIN-003",
        "LIN-007",
        "ORD-001",
        "PRC-002",
        "STK-001",
    }
)
"""Holds that no word of a person removes: what they miss must come into the book, then the order is checked again."""

ONLY_BY_HAND = frozenset({"AMD-001", "ANS-001", "ANS-002", "ANS-003", "ANS-004", "CAN-001", "STK-002"})
"""Holds that no check of the order can see to be over: a person closes them."""

NOT_SETTABLE = NOT_WAIVABLE | ONLY_BY_HAND
"""Rules that orderclerk.toml cannot switch off or turn into a warning: the order could not be worked on without them."""
