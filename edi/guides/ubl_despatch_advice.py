"""UBL 2.1 DespatchAdvice: a seller tells what is on its way. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "DespatchAdvice",
    "Despatch advice",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime DocumentStatusCode DespatchAdviceTypeCode Note* LineCountNumeric OrderReference<>*
    AdditionalDocumentReference<DocumentReference>* Signature<>* DespatchSupplierParty<SupplierParty>!
    DeliveryCustomerParty<CustomerParty>! BuyerCustomerParty<CustomerParty> SellerSupplierParty<SupplierParty>
    OriginatorCustomerParty<CustomerParty> Shipment<> DespatchLine<>+
    """,
)
