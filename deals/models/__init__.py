"""What the deals app keeps: customers, registrations, checks and protection."""

from deals.models.customers import EndCustomer
from deals.models.deals import Deal, DealLine, Evidence, Reminder, Stage
from deals.models.petitions import Petition
from deals.models.protection import ClusterKey, ConflictCheck, CustomerCluster, Protection
from deals.models.types import RegistrationType

__all__ = [
    "ClusterKey",
    "ConflictCheck",
    "CustomerCluster",
    "Deal",
    "DealLine",
    "EndCustomer",
    "Evidence",
    "Petition",
    "Protection",
    "RegistrationType",
    "Reminder",
    "Stage",
]
