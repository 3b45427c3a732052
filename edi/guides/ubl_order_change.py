"""UBL 2.1 OrderChange: a buyer changes an order. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "OrderChange",
    "Order change",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID SalesOrderID CopyIndicator UUID
    IssueDate! IssueTime SequenceNumberID! Note* RequestedInvoiceCurrencyCode DocumentCurrencyCode
    PricingCurrencyCode TaxCurrencyCode CustomerReference AccountingCostCode AccountingCost LineCountNumeric
    ValidityPeriod<Period>* OrderReference<>! QuotationDocumentReference<DocumentReference>
    OriginatorDocumentReference<DocumentReference> AdditionalDocumentReference<DocumentReference>* Contract<>*
    Signature<>* BuyerCustomerParty<CustomerParty>! SellerSupplierParty<SupplierParty>!
    OriginatorCustomerParty<CustomerParty> FreightForwarderParty<Party> AccountingCustomerParty<CustomerParty>
    AccountingSupplierParty<SupplierParty> Delivery<>* DeliveryTerms<> PaymentMeans<>* PaymentTerms<>*
    TransactionConditions<> AllowanceCharge<>* TaxExchangeRate<ExchangeRate> PricingExchangeRate<ExchangeRate>
    PaymentExchangeRate<ExchangeRate> DestinationCountry<Country> TaxTotal<>*
    AnticipatedMonetaryTotal<MonetaryTotal> OrderLine<>+
    """,
)
