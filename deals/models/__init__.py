"""What the deals app keeps: customers, registrations, checks and protection."""

from deals.models.absences import Absence
from deals.models.activities import Activity
from deals.models.approvals import Approval, ApprovalPolicy, ApprovalStep, ApprovalVote, ApproverLimit, Who
from deals.models.calendars import BusinessCalendar
from deals.models.changes import FieldChange
from deals.models.conflicts import (
    Attempt,
    CaseSide,
    ClusterPin,
    ConflictCase,
    KnownPair,
    ProbingLimit,
    ReviewTalk,
)
from deals.models.contacts import Contact, ToldContact
from deals.models.customers import EndCustomer
from deals.models.deals import Deal
from deals.models.external import ExternalId
from deals.models.feeds import CalendarFeed
from deals.models.matching import MatchKey, MatchRules, NamedAccount
from deals.models.notes import DealFile, Note, NoteVersion
from deals.models.parts import DealLine, Evidence, Reminder
from deals.models.petitions import Petition
from deals.models.protection import ClusterKey, ConflictCheck, CustomerCluster, Protection
from deals.models.stages import Forecast, Stage
from deals.models.types import RegistrationType, TypeVersion

__all__ = [
    "Absence",
    "Activity",
    "Approval",
    "ApprovalPolicy",
    "ApprovalStep",
    "ApprovalVote",
    "ApproverLimit",
    "Attempt",
    "BusinessCalendar",
    "CalendarFeed",
    "CaseSide",
    "ClusterKey",
    "ClusterPin",
    "ConflictCase",
    "ConflictCheck",
    "Contact",
    "CustomerCluster",
    "Deal",
    "DealFile",
    "DealLine",
    "EndCustomer",
    "Evidence",
    "ExternalId",
    "FieldChange",
    "Forecast",
    "KnownPair",
    "MatchKey",
    "MatchRules",
    "NamedAccount",
    "Note",
    "NoteVersion",
    "Petition",
    "ProbingLimit",
    "Protection",
    "RegistrationType",
    "Reminder",
    "ReviewTalk",
    "Stage",
    "ToldContact",
    "TypeVersion",
    "Who",
]
