"""The rules about purchase orders: what suppliers answer, and what arrives."""

from orderclerk.domain.rule import Parameter, Rule

PURCHASE_RULES = (
    Rule("PUR-001", "The supplier confirms another price", "Accept the price or agree another with the supplier, then approve-purchase", "purchasing",
         parameters={"tolerance_percent": Parameter(0, "above the ordered price; what is cheaper is taken", most=100)}),
    Rule("PUR-002", "The supplier confirms less than was ordered", "Accept it and buy the rest elsewhere, or agree the rest with the supplier", "purchasing"),
    Rule("PUR-003", "The supplier's reply is not understood", "Read it; accept what it says with approve-purchase, or answer it", "purchasing", 8),
    Rule("PUR-004", "The supplier has not answered", "Call the supplier", "purchasing", 8),
    Rule("PUR-005", "The goods are late", "Call the supplier; enter the new date with approve-purchase", "purchasing", 8,
         parameters={"patience_days": Parameter(2, "after the expected date; the supplier is asked at once")}),
    Rule("PUR-006", "More arrived than was ordered", "Count it; accept the rest with approve-purchase or send it back", "stock", 8),
    Rule("PUR-007", "What arrived is on no open purchase order", "Find the order it belongs to, then receive-goods; or send it back", "stock", 8),
    Rule("PUR-008", "A reply from an address that is not the supplier's", "Call the supplier on a known number", "purchasing", 4),
    Rule("PUR-009", "The supplier refuses", "Buy elsewhere and cancel this order, or agree with the supplier", "purchasing", 8),
    Rule("PUR-010", "A date much later than was wanted is confirmed", "Accept the date or press for an earlier one; customers who wait are told by check-stock", "purchasing",
         severity="warning", parameters={"late_days": Parameter(5, "after the wanted date")}),
)  # fmt: skip
