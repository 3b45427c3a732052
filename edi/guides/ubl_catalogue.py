"""UBL 2.1 Catalogue: a seller offers items and prices. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "Catalogue",
    "Catalogue",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! UUID ActionCode Name IssueDate!
    IssueTime RevisionDate RevisionTime Note* Description* VersionID PreviousVersionID LineCountNumeric
    ValidityPeriod<Period>* ReferencedContract<Contract>* SourceCatalogueReference<CatalogueReference>
    DocumentReference<>* Signature<>* ProviderParty<Party>! ReceiverParty<Party>! SellerSupplierParty<SupplierParty>
    ContractorCustomerParty<CustomerParty> TradingTerms<>* CatalogueLine<>+
    """,
)
