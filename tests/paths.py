"""Where things outside the repository are, for tests that use them when they are there."""

import os
from pathlib import Path


def _edi_samples() -> Path | None:
    """Real documents of many senders: FILIERA_EDI_SAMPLES, else beside the checkout; None where there are none."""
    told = os.environ.get("FILIERA_EDI_SAMPLES")
    folder = Path(told) if told else Path(__file__).parent.parent.parent / "shared" / "edi-samples"
    return folder if folder.is_dir() else None


EDI_SAMPLES = _edi_samples()
