"""What the leads app keeps: leads, offers of them, the rules of routing, forms and imports."""

from leads.models.imports import ImportLine, LeadImport
from leads.models.leads import Lead, Size
from leads.models.offers import LeadOffer
from leads.models.publishing import LeadForm
from leads.models.routing import Intake, RoutingRule

__all__ = ["ImportLine", "Intake", "Lead", "LeadForm", "LeadImport", "LeadOffer", "RoutingRule", "Size"]
