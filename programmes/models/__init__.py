"""What tiers ask, how partners stand to it, and the certificates of their people."""

from programmes.models.certifications import Certification
from programmes.models.rules import Figure, Requirement, Scheme
from programmes.models.standings import Reading, Standing

__all__ = ["Certification", "Figure", "Reading", "Requirement", "Scheme", "Standing"]
