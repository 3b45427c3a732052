"""UBL 2.1 CreditNote: a seller gives credit. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "CreditNote",
    "Credit note",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime TaxPointDate CreditNoteTypeCode Note* DocumentCurrencyCode TaxCurrencyCode PricingCurrencyCode
    PaymentCurrencyCode PaymentAlternativeCurrencyCode AccountingCostCode AccountingCost LineCountNumeric
    BuyerReference InvoicePeriod<Period>* DiscrepancyResponse<Response>* OrderReference<> BillingReference<>*
    DespatchDocumentReference<DocumentReference>* ReceiptDocumentReference<DocumentReference>*
    ContractDocumentReference<DocumentReference>* AdditionalDocumentReference<DocumentReference>*
    StatementDocumentReference<DocumentReference>* OriginatorDocumentReference<DocumentReference>* Signature<>*
    AccountingSupplierParty<SupplierParty>! AccountingCustomerParty<CustomerParty>! PayeeParty<Party>
    BuyerCustomerParty<CustomerParty> SellerSupplierParty<SupplierParty> TaxRepresentativeParty<Party> Delivery<>*
    DeliveryTerms<>* PaymentMeans<>* PaymentTerms<>* TaxExchangeRate<ExchangeRate> PricingExchangeRate<ExchangeRate>
    PaymentExchangeRate<ExchangeRate> PaymentAlternativeExchangeRate<ExchangeRate> AllowanceCharge<>* TaxTotal<>*
    LegalMonetaryTotal<MonetaryTotal>! CreditNoteLine<>+
    """,
)
