"""UBL 2.1 ReceiptAdvice: a buyer tells what arrived. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "ReceiptAdvice",
    "Receipt advice",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime DocumentStatusCode ReceiptAdviceTypeCode Note* LineCountNumeric OrderReference<>*
    DespatchDocumentReference<DocumentReference>* AdditionalDocumentReference<DocumentReference>* Signature<>*
    DeliveryCustomerParty<CustomerParty>! DespatchSupplierParty<SupplierParty>! BuyerCustomerParty<CustomerParty>
    SellerSupplierParty<SupplierParty> Shipment<> ReceiptLine<>+
    """,
)
