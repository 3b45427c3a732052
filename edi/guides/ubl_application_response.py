"""UBL 2.1 ApplicationResponse: a receiver answers a document. Follows the schema of OASIS."""

from edi.guides.ubl_structure import ubl_guide

GUIDE = ubl_guide(
    "ApplicationResponse",
    "Application response",
    """
    UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! UUID IssueDate! IssueTime
    ResponseDate ResponseTime Note* VersionID Signature<>* SenderParty<Party>! ReceiverParty<Party>!
    DocumentResponse<>*
    """,
)
