"""UBL 2.1 Invoice: a seller asks for payment. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "Invoice",
    "Invoice",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime DueDate InvoiceTypeCode Note* TaxPointDate DocumentCurrencyCode TaxCurrencyCode PricingCurrencyCode
    PaymentCurrencyCode PaymentAlternativeCurrencyCode AccountingCostCode AccountingCost LineCountNumeric
    BuyerReference InvoicePeriod<Period>* OrderReference<> BillingReference<>*
    DespatchDocumentReference<DocumentReference>* ReceiptDocumentReference<DocumentReference>*
    StatementDocumentReference<DocumentReference>* OriginatorDocumentReference<DocumentReference>*
    ContractDocumentReference<DocumentReference>* AdditionalDocumentReference<DocumentReference>*
    ProjectReference<>* Signature<>* AccountingSupplierParty<SupplierParty>! AccountingCustomerParty<CustomerParty>!
    PayeeParty<Party> BuyerCustomerParty<CustomerParty> SellerSupplierParty<SupplierParty>
    TaxRepresentativeParty<Party> Delivery<>* DeliveryTerms<> PaymentMeans<>* PaymentTerms<>*
    PrepaidPayment<Payment>* AllowanceCharge<>* TaxExchangeRate<ExchangeRate> PricingExchangeRate<ExchangeRate>
    PaymentExchangeRate<ExchangeRate> PaymentAlternativeExchangeRate<ExchangeRate> TaxTotal<>*
    WithholdingTaxTotal<TaxTotal>* LegalMonetaryTotal<MonetaryTotal>! InvoiceLine<>+
    """,
)
