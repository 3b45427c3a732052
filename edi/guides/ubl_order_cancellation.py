"""UBL 2.1 OrderCancellation: a buyer cancels an order. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "OrderCancellation",
    "Order cancellation",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime Note* CancellationNote+ OrderReference<>+ OriginatorDocumentReference<DocumentReference>
    AdditionalDocumentReference<DocumentReference>* Contract<>* Signature<>* BuyerCustomerParty<CustomerParty>!
    SellerSupplierParty<SupplierParty>! OriginatorCustomerParty<CustomerParty>
    """,
)
