"""Rules about the quality of data: of master data, found by suites and by `orderclerk load`, and of each day's arrivals."""

from orderclerk.domain.rule import Rule

QUALITY_RULES = (
    # any data set
    Rule("DQ-001", "There is no data at all", "Load the file; if it is empty at its source, find out why"),
    # parties
    Rule("DQ-010", "A customer without a name", "Name the customer in customers.csv", "sales", severity="warning"),
    Rule("DQ-011", "A language the desk does not write", "Use en or zh_CN; until then the customer is written to in English", "sales", severity="warning"),
    Rule("DQ-012", "A customer whose price list has no price in their currency", "Correct the price list or the currency, or load prices", "sales"),
    Rule("DQ-013", "A customer nobody can write to", "Add a contact with a mail address", "sales"),
    Rule("DQ-014", "A payment method the desk does not know", "Use invoice, prepaid or cod, separated by |", "sales", severity="warning"),
    Rule("DQ-015", "One key leads to several customers", "Leave the key to the one it belongs to; until then their documents are held", "sales", severity="warning"),
    Rule("DQ-016", "A public mail provider's domain as a customer's key", "Remove it and list the single addresses: anybody may write from there", "sales"),
    Rule("DQ-017", "A key that is malformed", "Correct it: an address with @, a domain without, a GLN of 13 digits with its check digit", "sales"),
    Rule("DQ-018", "A mail address that cannot be written to", "Correct it with the customer", "sales"),
    Rule("DQ-019", "A phone number that does not exist", "Correct it with the customer, with its country code", "sales", severity="warning"),
    Rule("DQ-020", "An address without street, town or country", "Complete it", "sales"),
    Rule("DQ-021", "A postal code that its country does not have", "Correct it with the customer", "sales", severity="warning"),
    # catalogue
    Rule("DQ-030", "An item without a name", "Name it: mails to customers show it", "sales"),
    Rule("DQ-031", "A barcode whose check digit is wrong", "Scan the goods and correct it", "stock"),
    Rule("DQ-032", "Goods without a weight", "Weigh them: shipping needs it", "stock", severity="warning"),
    Rule("DQ-033", "A unit that is no UN/ECE code", "Use Recommendation 20, such as EA, BX or KGM", "sales"),
    Rule("DQ-034", "One number of others leads to several items", "Leave it to one item; until then lines with it are held", "sales"),
    Rule("DQ-035", "A number of others is our number of another item", "Remove it, or accept that it means what that customer says", "sales", severity="warning"),
    Rule("DQ-036", "Sold, and no price list has it today", "Load a price, or take it off sale", "sales"),
    Rule("DQ-037", "Goods that spoil and are not kept by lot", "Keep them by lot: without it nobody knows which are older", "stock", severity="warning"),
    # price lists
    Rule("DQ-050", "A price of zero", "Correct it, or have sales confirm that it is free", "sales", severity="warning"),
    Rule("DQ-051", "More costs more a piece than less", "Correct the tiers", "sales", severity="warning"),
    Rule("DQ-052", "A price ten times another price of the same item", "Look for a slipped decimal point", "sales"),
    Rule("DQ-053", "A currency that does not exist", "Use an ISO 4217 code", "sales"),
    # stock levels
    Rule("DQ-060", "Stock of what is not sold or no goods", "Put it on sale, or write the stock off", "stock", severity="info"),
    Rule("DQ-061", "A part of a piece in stock", "Count again: this unit is sold whole", "stock"),
    Rule("DQ-062", "Sold goods that no warehouse keeps", "Load a stock level, be it zero", "stock", severity="warning"),
    # warehouses, kits, substitutes and the rules of stock
    Rule("DQ-070", "A warehouse without town or country", "Complete it in warehouses.csv: parcels leave from there", "stock", severity="warning"),
    Rule("DQ-071", "A time zone that does not exist", "Use a name such as Europe/Berlin, or leave it empty for the desk's own", "stock"),
    Rule("DQ-072", "A kit that has stock of its own", "Book it as its components: a kit is sold from those only", "stock", severity="warning"),
    Rule("DQ-073", "A kit on sale, one of whose components is no goods or not on sale", "Put the component on sale, or take the kit off", "stock", severity="warning"),
    Rule("DQ-074", "A substitute that is not sold, or in another unit", "Name another substitute", "stock", severity="warning"),
    Rule("DQ-075", "A safety stock above the highest stock wanted", "Correct one of the two", "stock", severity="warning"),
    # whom we buy from
    Rule("DQ-080", "A supplier without a mail address that can be written to", "Complete it in suppliers.csv: orders go there", "purchasing"),
    Rule("DQ-081", "A supplier who writes from a free-mail domain", "Ask for a company address: answers from others there cannot be told apart", "purchasing", severity="info"),
    Rule("DQ-082", "More days on the road than the whole lead time", "Correct one of the two", "purchasing", severity="warning"),
    Rule("DQ-083", "An item that a supplier sells us without a price today", "Load its price in supplier_prices.csv", "purchasing", severity="warning"),
    Rule("DQ-084", "A least quantity that is no whole number of packs", "Correct one of the two with the supplier", "purchasing", severity="warning"),
    # drift: a day beside those before it
    Rule("DQ-101", "A channel brings much less than usual, or nothing", "Look whether it still delivers: password, partner, shop; ask the largest customers", severity="critical"),
    Rule("DQ-102", "A channel brings much more than usual", "Look whether something is sent again and again", severity="warning"),
    Rule("DQ-103", "A field goes empty", "Compare a document of today with an older one: its layout has changed; mend the mapping or ask the sender"),
    Rule("DQ-104", "The price level jumps", "Compare stated prices with the list: a new list, another currency or unit, a slipped decimal point", "sales"),
    Rule("DQ-105", "A rule objects more often than usual", "Look at what it held today; the cause is likely one and the same", severity="warning"),
    Rule("DQ-106", "Mail is of other kinds than usual", "Look through the kind that grew or vanished", severity="warning"),
    Rule("DQ-107", "Documents are read with less confidence than usual", "Look at the least certain documents of today: a new layout or language", severity="warning"),
    Rule("DQ-108", "More documents than usual cannot be read", "Look at the quarantine by cause and repair them together"),
)  # fmt: skip
