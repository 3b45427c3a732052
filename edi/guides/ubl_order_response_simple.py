"""UBL 2.1 OrderResponseSimple: a seller accepts or rejects an order as a whole. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "OrderResponseSimple",
    "Simple order response",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! CopyIndicator UUID IssueDate!
    IssueTime Note* AcceptedIndicator! RejectionNote* CustomerReference AccountingCostCode AccountingCost
    OrderReference<>! AdditionalDocumentReference<DocumentReference>* Signature<>*
    SellerSupplierParty<SupplierParty>! BuyerCustomerParty<CustomerParty>! OriginatorCustomerParty<CustomerParty>
    AccountingSupplierParty<SupplierParty> AccountingCustomerParty<CustomerParty>
    """,
)
