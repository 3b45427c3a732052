"""UBL 2.1 OrderResponse: a seller answers an order, line by line. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "OrderResponse",
    "Order response",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! SalesOrderID CopyIndicator UUID
    IssueDate! IssueTime OrderResponseCode Note* DocumentCurrencyCode PricingCurrencyCode TaxCurrencyCode
    TotalPackagesQuantity GrossWeightMeasure NetWeightMeasure NetNetWeightMeasure GrossVolumeMeasure
    NetVolumeMeasure CustomerReference AccountingCostCode AccountingCost LineCountNumeric ValidityPeriod<Period>*
    OrderReference<>+ OrderDocumentReference<DocumentReference>* OriginatorDocumentReference<DocumentReference>
    AdditionalDocumentReference<DocumentReference>* Contract<>* Signature<>* SellerSupplierParty<SupplierParty>!
    BuyerCustomerParty<CustomerParty>! OriginatorCustomerParty<CustomerParty> FreightForwarderParty<Party>
    AccountingSupplierParty<SupplierParty> AccountingCustomerParty<CustomerParty> Delivery<>* DeliveryTerms<>
    PaymentMeans<>* PaymentTerms<>* AllowanceCharge<>* TransactionConditions<> TaxExchangeRate<ExchangeRate>
    PricingExchangeRate<ExchangeRate> PaymentExchangeRate<ExchangeRate> DestinationCountry<Country> TaxTotal<>*
    LegalMonetaryTotal<MonetaryTotal> OrderLine<>*
    """,
)
