"""Money that a vendor sets aside for its partners: the ledger, funds, requests, claims, settlement."""
