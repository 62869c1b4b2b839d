"""The GraphQL documents that the desk sends to Shopify.

Source: shopify.dev/docs/api/admin-graphql, objects Order, LineItem, ShippingLine, MoneyBag, MailingAddress and
Customer, version 2026-10. Amounts come in the shop's and in the customer's currency (presentment); refunds need no list
of their own, since `currentQuantity` and the `current...Set` amounts are after refunds, returns and edits.
"""

_MONEY = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
_TAXES = f"taxLines {{ title priceSet {_MONEY} }}"
_ADDRESS = "{ name company address1 address2 city province provinceCode zip country countryCodeV2 phone }"
_PAGE = "pageInfo { hasNextPage endCursor }"

_LINE = f"""id sku title variantTitle quantity currentQuantity isGiftCard
      variant {{ id sku barcode }}
      customAttributes {{ key value }}
      originalUnitPriceSet {_MONEY}
      discountedUnitPriceAfterAllDiscountsSet {_MONEY}
      discountAllocations {{ allocatedAmountSet {_MONEY} }}
      {_TAXES}"""

_ORDER = f"""id legacyResourceId name createdAt updatedAt cancelledAt cancelReason test
    displayFinancialStatus displayFulfillmentStatus currencyCode presentmentCurrencyCode taxesIncluded
    email phone poNumber note customerLocale paymentGatewayNames
    customAttributes {{ key value }}
    customer {{ id legacyResourceId displayName firstName lastName }}
    shippingAddress {_ADDRESS}
    billingAddress {_ADDRESS}
    currentTotalPriceSet {_MONEY}
    currentTotalTaxSet {_MONEY}
    currentTotalDutiesSet {_MONEY}
    currentTotalAdditionalFeesSet {_MONEY}
    totalTipReceivedSet {_MONEY}
    shippingLines(first: 20) {{ nodes {{
      id title code isRemoved
      discountedPriceSet {_MONEY}
      currentDiscountedPriceSet {_MONEY}
      {_TAXES} }} }}"""

ORDERS = f"""query Orders($first: Int!, $after: String, $query: String, $lines: Int!) {{
  orders(first: $first, after: $after, sortKey: UPDATED_AT, query: $query) {{
    {_PAGE}
    nodes {{ {_ORDER}
    lineItems(first: $lines) {{ {_PAGE}
      nodes {{ {_LINE} }} }} }} }} }}"""

ORDER_LINES = f"""query OrderLines($id: ID!, $after: String, $lines: Int!) {{
  order(id: $id) {{ id updatedAt
    lineItems(first: $lines, after: $after) {{ {_PAGE}
      nodes {{ {_LINE} }} }} }} }}"""

ORDER = f"""query Order($id: ID!, $lines: Int!) {{
  order(id: $id) {{ {_ORDER}
    lineItems(first: $lines) {{ {_PAGE}
      nodes {{ {_LINE} }} }} }} }}"""

SCOPES = "query Scopes { currentAppInstallation { accessScopes { handle } } }"
