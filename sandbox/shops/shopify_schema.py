"""The part of Shopify's Admin GraphQL schema that orders need, with its own names, types and nullability.

Source: shopify.dev/docs/api/admin-graphql, version 2026-07 (objects Order, LineItem, Refund, MailingAddress ...).
Left out: what leads away from orders (agreements, events, risks, customer journeys, publications), and mutations.
"""

_PAGED = "first: Int, after: String, last: Int, before: String, reverse: Boolean = false"
_CONNECTED = (
    "Order", "LineItem", "DiscountApplication", "ShippingLine", "RefundLineItem", "OrderTransaction", "OrderAdjustment",
    "RefundShippingLine", "Metafield", "LocalizedField", "LocalizationExtension", "FulfillmentOrder", "Return",
    "FulfillmentLineItem",
)  # fmt: skip


def _connection(name: str) -> str:
    return (
        f"type {name}Connection {{ edges: [{name}Edge!]! nodes: [{name}!]! pageInfo: PageInfo! }}\n"
        f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
    )


_ORDER = f"""
type Order implements Node & LegacyInteroperability & HasMetafields {{
  additionalFees: [AdditionalFee!]! app: OrderApp billingAddress: MailingAddress
  billingAddressMatchesShippingAddress: Boolean! canMarkAsPaid: Boolean! canNotifyCustomer: Boolean!
  cancelReason: OrderCancelReason cancellation: OrderCancellation cancelledAt: DateTime capturable: Boolean!
  cartDiscountAmountSet: MoneyBag clientIp: String closed: Boolean! closedAt: DateTime confirmationNumber: String
  confirmed: Boolean! createdAt: DateTime! currencyCode: CurrencyCode! currentCartDiscountAmountSet: MoneyBag!
  currentShippingPriceSet: MoneyBag! currentSubtotalLineItemsQuantity: Int! currentSubtotalPriceSet: MoneyBag!
  currentTaxLines: [TaxLine!]! currentTotalAdditionalFeesSet: MoneyBag currentTotalDiscountsSet: MoneyBag!
  currentTotalDutiesSet: MoneyBag currentTotalPriceSet: MoneyBag! currentTotalTaxSet: MoneyBag!
  currentTotalWeight: UnsignedInt64! customAttributes: [Attribute!]! customer: Customer
  customerAcceptsMarketing: Boolean! customerLocale: String
  discountApplications({_PAGED}): DiscountApplicationConnection!
  discountCode: String discountCodes: [String!]! displayAddress: MailingAddress
  displayFinancialStatus: OrderDisplayFinancialStatus displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
  dutiesIncluded: Boolean! edited: Boolean! email: String estimatedTaxes: Boolean! fulfillable: Boolean!
  fulfillmentOrders(displayable: Boolean = false, {_PAGED}, query: String): FulfillmentOrderConnection!
  fulfillments(first: Int, query: String): [Fulfillment!]! fulfillmentsCount: Count fullyPaid: Boolean!
  hasTimelineComment: Boolean! id: ID! legacyResourceId: UnsignedInt64! lineItems({_PAGED}): LineItemConnection!
  localizationExtensions({_PAGED}): LocalizationExtensionConnection!
    @deprecated(reason: "This connection will be removed in a future version. Use `localizedFields` instead.")
  localizedFields({_PAGED}): LocalizedFieldConnection! merchantEditable: Boolean! merchantEditableErrors: [String!]!
  metafield(namespace: String, key: String!): Metafield
  metafields(namespace: String, keys: [String!], {_PAGED}): MetafieldConnection! name: String!
  netPaymentSet: MoneyBag! nonFulfillableLineItems({_PAGED}): LineItemConnection! note: String number: Int!
  originalTotalAdditionalFeesSet: MoneyBag originalTotalDutiesSet: MoneyBag originalTotalPriceSet: MoneyBag!
  paymentGatewayNames: [String!]! paymentTerms: PaymentTerms phone: String poNumber: String
  presentmentCurrencyCode: CurrencyCode! processedAt: DateTime! purchasingEntity: PurchasingEntity
  refundDiscrepancySet: MoneyBag! refundable: Boolean! refunds(first: Int): [Refund!]! requiresShipping: Boolean!
  restockable: Boolean! returnStatus: OrderReturnStatus! returns({_PAGED}, query: String): ReturnConnection!
  shippingAddress: MailingAddress shippingLine: ShippingLine
  shippingLines(includeRemovals: Boolean = false, {_PAGED}): ShippingLineConnection! sourceIdentifier: String
  sourceName: String statusPageUrl: URL! subtotalLineItemsQuantity: Int!
  subtotalPrice: Money @deprecated(reason: "Use `subtotalPriceSet` instead.") subtotalPriceSet: MoneyBag
  tags: [String!]! taxExempt: Boolean! taxLines: [TaxLine!]! taxesIncluded: Boolean! test: Boolean!
  totalCapturableSet: MoneyBag! totalDiscounts: Money @deprecated(reason: "Use `totalDiscountsSet` instead.")
  totalDiscountsSet: MoneyBag totalOutstandingSet: MoneyBag!
  totalPrice: Money! @deprecated(reason: "Use `totalPriceSet` instead.") totalPriceSet: MoneyBag!
  totalReceivedSet: MoneyBag! totalRefunded: Money! @deprecated(reason: "Use `totalRefundedSet` instead.")
  totalRefundedSet: MoneyBag! totalRefundedShippingSet: MoneyBag!
  totalShippingPrice: Money! @deprecated(reason: "Use `totalShippingPriceSet` instead.")
  totalShippingPriceSet: MoneyBag! totalTax: Money @deprecated(reason: "Use `totalTaxSet` instead.")
  totalTaxSet: MoneyBag totalTipReceivedSet: MoneyBag! totalWeight: UnsignedInt64
  transactions(first: Int, capturable: Boolean, manuallyResolvable: Boolean): [OrderTransaction!]!
  transactionsCount: Count unpaid: Boolean! updatedAt: DateTime!
}}
type LineItem implements Node {{
  canRestock: Boolean! @deprecated(reason: "Use `restockable` instead.") currentQuantity: Int!
  customAttributes: [Attribute!]! discountAllocations: [DiscountAllocation!]!
  discountedTotal: Money! @deprecated(reason: "Use `discountedTotalSet` instead.")
  discountedTotalSet(withCodeDiscounts: Boolean = false): MoneyBag!
  discountedUnitPrice: Money! @deprecated(reason: "Use `discountedUnitPriceSet` instead.")
  discountedUnitPriceAfterAllDiscountsSet: MoneyBag! discountedUnitPriceSet: MoneyBag! duties: [Duty!]!
  id: ID! isGiftCard: Boolean! lineItemGroup: LineItemGroup merchantEditable: Boolean! name: String!
  nonFulfillableQuantity: Int! originalTotal: Money! @deprecated(reason: "Use `originalTotalSet` instead.")
  originalTotalSet: MoneyBag! originalUnitPrice: Money! @deprecated(reason: "Use `originalUnitPriceSet` instead.")
  originalUnitPriceSet: MoneyBag! priceAfterAllDiscountsBeforeTaxesSet: MoneyBag! product: Product quantity: Int!
  refundableQuantity: Int! requiresShipping: Boolean! restockable: Boolean! sellingPlan: LineItemSellingPlan
  sku: String taxLines(first: Int): [TaxLine!]! taxable: Boolean! title: String!
  totalDiscount: Money! @deprecated(reason: "Use `totalDiscountSet` instead.") totalDiscountSet: MoneyBag!
  unfulfilledDiscountedTotalSet: MoneyBag! unfulfilledOriginalTotalSet: MoneyBag! unfulfilledQuantity: Int!
  variant: ProductVariant variantTitle: String vendor: String
}}
"""

_PARTS = f"""
type Refund implements Node & LegacyInteroperability {{
  createdAt: DateTime duties: [RefundDuty!] id: ID! legacyResourceId: UnsignedInt64! note: String order: Order!
  orderAdjustments({_PAGED}): OrderAdjustmentConnection! refundLineItems({_PAGED}): RefundLineItemConnection!
  refundShippingLines({_PAGED}): RefundShippingLineConnection! totalRefundedSet: MoneyBag!
  transactions({_PAGED}): OrderTransactionConnection! updatedAt: DateTime!
}}
type RefundLineItem {{
  id: ID lineItem: LineItem! price: Money! @deprecated(reason: "Use `priceSet` instead.") priceSet: MoneyBag!
  quantity: Int! restockType: RefundLineItemRestockType! restocked: Boolean!
  subtotal: Money! @deprecated(reason: "Use `subtotalSet` instead.") subtotalSet: MoneyBag! totalTaxSet: MoneyBag!
}}
type RefundShippingLine implements Node {{ id: ID! shippingLine: ShippingLine! subtotalAmountSet: MoneyBag! }}
type RefundDuty {{ amountSet: MoneyBag! }}
type OrderAdjustment implements Node {{ amountSet: MoneyBag! id: ID! taxAmountSet: MoneyBag! }}
type OrderCancellation {{ staffNote: String }}
type OrderApp {{ id: ID! name: String! }}
type OrderTransaction implements Node {{
  amountSet: MoneyBag! createdAt: DateTime! gateway: String id: ID! kind: OrderTransactionKind!
  formattedGateway: String manualPaymentGateway: Boolean! processedAt: DateTime status: OrderTransactionStatus!
  test: Boolean!
}}
type MailingAddress implements Node {{
  address1: String address2: String city: String company: String coordinatesValidated: Boolean! country: String
  countryCode: String @deprecated(reason: "Use `countryCodeV2` instead.") countryCodeV2: CountryCode firstName: String
  formatted(withName: Boolean = false, withCompany: Boolean = true): [String!]! formattedArea: String id: ID!
  lastName: String latitude: Float longitude: Float name: String phone: String province: String provinceCode: String
  timeZone: String zip: String
}}
type Customer implements Node & LegacyInteroperability & HasMetafields {{
  createdAt: DateTime! defaultAddress: MailingAddress defaultEmailAddress: CustomerEmailAddress
  defaultPhoneNumber: CustomerPhoneNumber displayName: String!
  email: String @deprecated(reason: "Use `defaultEmailAddress.emailAddress` instead.") firstName: String id: ID!
  lastName: String legacyResourceId: UnsignedInt64! locale: String!
  metafield(namespace: String, key: String!): Metafield
  metafields(namespace: String, keys: [String!], {_PAGED}): MetafieldConnection! note: String
  numberOfOrders: UnsignedInt64! phone: String @deprecated(reason: "Use `defaultPhoneNumber.phoneNumber` instead.")
  state: CustomerState! tags: [String!]! taxExempt: Boolean! updatedAt: DateTime! verifiedEmail: Boolean!
}}
type CustomerEmailAddress {{ emailAddress: String! }}
type CustomerPhoneNumber {{ phoneNumber: String! }}
union PurchasingEntity = Customer | PurchasingCompany
type PurchasingCompany {{ company: Company! contact: CompanyContact location: CompanyLocation! }}
type Company implements Node {{ externalId: String id: ID! name: String! }}
type CompanyContact implements Node {{ id: ID! customer: Customer! }}
type CompanyLocation implements Node {{ externalId: String id: ID! name: String! }}
type ShippingLine {{
  carrierIdentifier: String code: String currentDiscountedPriceSet: MoneyBag! custom: Boolean!
  deliveryCategory: String discountAllocations: [DiscountAllocation!]! discountedPriceSet: MoneyBag! id: ID
  isRemoved: Boolean! originalPriceSet: MoneyBag! phone: String
  price: Money! @deprecated(reason: "Use `originalPriceSet` instead.")
  shippingRateHandle: String source: String taxLines: [TaxLine!]! title: String!
}}
interface DiscountApplication {{
  allocationMethod: DiscountApplicationAllocationMethod! index: Int!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType! value: PricingValue!
}}
type DiscountCodeApplication implements DiscountApplication {{
  allocationMethod: DiscountApplicationAllocationMethod! code: String! index: Int!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType! value: PricingValue!
}}
type AutomaticDiscountApplication implements DiscountApplication {{
  allocationMethod: DiscountApplicationAllocationMethod! index: Int!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType!
  title: String! value: PricingValue!
}}
type ManualDiscountApplication implements DiscountApplication {{
  allocationMethod: DiscountApplicationAllocationMethod! description: String index: Int!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType! title: String!
  value: PricingValue!
}}
type DiscountAllocation {{ allocatedAmountSet: MoneyBag! discountApplication: DiscountApplication! }}
union PricingValue = MoneyV2 | PricingPercentageValue
type PricingPercentageValue {{ percentage: Float! }}
type MoneyBag {{ presentmentMoney: MoneyV2! shopMoney: MoneyV2! }}
type MoneyV2 {{ amount: Decimal! currencyCode: CurrencyCode! }}
type TaxLine {{
  channelLiable: Boolean price: Money! @deprecated(reason: "Use `priceSet` instead.") priceSet: MoneyBag! rate: Float
  ratePercentage: Float source: String title: String!
}}
type AdditionalFee implements Node {{ id: ID! name: String! price: MoneyBag! taxLines: [TaxLine!]! }}
type Attribute {{ key: String! value: String }}
type Count {{ count: Int! precision: CountPrecision! }}
type Duty implements Node {{ id: ID! price: MoneyBag! }}
type Fulfillment implements Node {{ createdAt: DateTime! id: ID! name: String! status: FulfillmentStatus! }}
type FulfillmentOrder implements Node {{ id: ID! status: FulfillmentOrderStatus! }}
type FulfillmentLineItem implements Node {{ id: ID! lineItem: LineItem! quantity: Int }}
type LineItemGroup implements Node {{ id: ID! quantity: Int! title: String! }}
type LineItemSellingPlan {{ name: String! sellingPlanId: ID }}
type LocalizationExtension {{ key: String! title: String! value: String! }}
type LocalizedField {{ key: String! title: String! value: String! }}
type Metafield implements Node {{ id: ID! key: String! namespace: String! type: String! value: String! }}
type PaymentTerms implements Node {{ dueInDays: Int id: ID! overdue: Boolean! paymentTermsName: String! }}
type Product implements Node & LegacyInteroperability {{
  handle: String! id: ID! legacyResourceId: UnsignedInt64! title: String! vendor: String!
}}
type ProductVariant implements Node & LegacyInteroperability {{
  barcode: String displayName: String! id: ID! legacyResourceId: UnsignedInt64! price: Money! product: Product!
  sku: String title: String!
}}
type Return implements Node {{ id: ID! name: String! status: ReturnStatus! }}
type Shop implements Node {{
  currencyCode: CurrencyCode! email: String! ianaTimezone: String! id: ID! myshopifyDomain: String! name: String!
  taxesIncluded: Boolean! timezoneAbbreviation: String! url: URL!
}}
type PageInfo {{ endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }}
"""

_ROOT = f"""
schema {{ query: QueryRoot }}
type QueryRoot {{
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  order(id: ID!): Order
  orders({_PAGED}, sortKey: OrderSortKeys = PROCESSED_AT, query: String, savedSearchId: ID): OrderConnection!
  ordersCount(query: String, savedSearchId: ID, limit: Int = 10000): Count
  shop: Shop!
}}
interface Node {{ id: ID! }}
interface LegacyInteroperability {{ legacyResourceId: UnsignedInt64! }}
interface HasMetafields {{
  metafield(namespace: String, key: String!): Metafield
  metafields(namespace: String, keys: [String!], {_PAGED}): MetafieldConnection!
}}
scalar DateTime scalar Decimal scalar Money scalar UnsignedInt64 scalar URL scalar CurrencyCode scalar CountryCode
enum CountPrecision {{ AT_LEAST EXACT }}
enum CustomerState {{ DECLINED DISABLED ENABLED INVITED }}
enum DiscountApplicationAllocationMethod {{ ACROSS EACH ONE }}
enum DiscountApplicationTargetSelection {{ ALL ENTITLED EXPLICIT }}
enum DiscountApplicationTargetType {{ LINE_ITEM SHIPPING_LINE }}
enum FulfillmentOrderStatus {{ CANCELLED CLOSED INCOMPLETE IN_PROGRESS ON_HOLD OPEN SCHEDULED }}
enum FulfillmentStatus {{ CANCELLED ERROR FAILURE SUCCESS }}
enum OrderCancelReason {{ CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }}
enum OrderDisplayFinancialStatus {{
  AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED
}}
enum OrderDisplayFulfillmentStatus {{
  FULFILLED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT REQUEST_DECLINED RESTOCKED SCHEDULED
  UNFULFILLED
}}
enum OrderReturnStatus {{ INSPECTION_COMPLETE IN_PROGRESS NO_RETURN RETURNED RETURN_FAILED RETURN_REQUESTED }}
enum OrderSortKeys {{
  CREATED_AT CURRENT_TOTAL_PRICE CUSTOMER_NAME DESTINATION FINANCIAL_STATUS FULFILLMENT_STATUS ID ORDER_NUMBER PO_NUMBER
  PROCESSED_AT RELEVANCE TOTAL_ITEMS_QUANTITY TOTAL_PRICE UPDATED_AT
}}
enum OrderTransactionKind {{ AUTHORIZATION CAPTURE CHANGE EMV_AUTHORIZATION REFUND SALE SUGGESTED_REFUND VOID }}
enum OrderTransactionStatus {{ AWAITING_RESPONSE ERROR FAILURE PENDING SUCCESS UNKNOWN }}
enum RefundLineItemRestockType {{ CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }}
enum ReturnStatus {{ CANCELED CLOSED DECLINED OPEN REQUESTED }}
"""

SDL = _ROOT + _ORDER + _PARTS + "".join(map(_connection, _CONNECTED))
