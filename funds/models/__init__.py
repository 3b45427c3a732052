"""What the funds app keeps: the ledger, funds, requests, claims with their proof, settlements."""

from funds.ledger.models import Account, Closing, Entry, EntrySet
from funds.models.claims import Claim, Proof, Settlement, invoice_key
from funds.models.funds import Fund
from funds.models.kinds import PROOF_NEEDED, Activity, ProofKind, proof_needed
from funds.models.requests import FundRequest, RequestLine, span

__all__ = [
    "PROOF_NEEDED",
    "Account",
    "Activity",
    "Claim",
    "Closing",
    "Entry",
    "EntrySet",
    "Fund",
    "FundRequest",
    "Proof",
    "ProofKind",
    "RequestLine",
    "Settlement",
    "invoice_key",
    "proof_needed",
    "span",
]
