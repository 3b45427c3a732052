"""FatturaPA (Italian electronic invoice, formats FPA12 and FPR12) into documents."""
