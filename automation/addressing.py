"""Whom an occasion reaches: always the organisation's own contacts, its own people, or a partner of its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audiences.models import Contact
from automation.kinds import Subject
from automation.models import Run, Trigger
from leads.keys import email_key
from partners.models import Membership, Organisation

AT_MOST = 20  # contacts of one company that one occasion writes to
Why = Run.Why


@dataclass(frozen=True, slots=True)
class Addressee:
    """One to be reached. `key` names it within an occasion; empty where a trigger tells colleagues."""

    key: str = ""
    contact: Contact | None = None
    partner: Organisation | None = None
    nobody: bool = False

    def once_key(self, trigger: Trigger, target: str, target_id: int) -> str:
        """What is held while the trigger's "once" is used up; empty where it acts each time."""
        if trigger.once == Trigger.Once.EACH or self.nobody:
            return ""
        if trigger.once == Trigger.Once.ADDRESSEE and self.key:
            return self.key
        return f"{target}:{target_id}:{self.key}"


NOBODY = Addressee(nobody=True)


@dataclass
class Book:
    """The contacts that some records may lead to, read together: a few queries, however many records."""

    trigger: Trigger
    by_key: dict[str, Contact] = field(default_factory=dict)
    by_id: dict[int, Contact] = field(default_factory=dict)
    of_partner: dict[int, list[Contact]] = field(default_factory=dict)

    @classmethod
    def of(cls, trigger: Trigger, subjects: Iterable[Subject]) -> "Book":
        """The book for these records."""
        book = cls(trigger)
        if trigger.act == Trigger.Act.LETTER:
            book._open(list(subjects))
        return book

    def _open(self, subjects: list[Subject]) -> None:
        theirs = _people(subjects) if self.trigger.to == Trigger.To.PARTNER else {}
        keys = {key for found in theirs.values() for key in found}
        keys |= {email_key(each.email) for each in subjects if each.email}
        ids = {each.contact_id for each in subjects if each.contact_id}
        mine = Contact.objects.filter(organisation=self.trigger.organisation_id).with_suppression()
        mine = mine.prefetch_related("consents")
        for contact in [*mine.filter(email_key__in=keys), *mine.filter(pk__in=ids)]:
            self.by_id[contact.pk] = contact
            self.by_key[contact.email_key] = contact
        for pk, found in theirs.items():
            known = [self.by_key[key] for key in sorted(found) if key in self.by_key]
            self.of_partner[pk] = known[:AT_MOST]

    def addressees(self, subject: Subject) -> list[Addressee]:
        """Whom an occasion of this record reaches; one that is nobody where there is none."""
        act = self.trigger.act
        if act in {Trigger.Act.NOTICE, Trigger.Act.TASK}:
            return [Addressee()]
        if act == Trigger.Act.CODE:
            return (
                [Addressee(f"partner:{subject.partner.pk}", partner=subject.partner)] if subject.partner else [NOBODY]
            )
        found = self._contacts(subject)
        return [Addressee(f"contact:{each.pk}", each, subject.partner) for each in found] or [NOBODY]

    def _contacts(self, subject: Subject) -> list[Contact]:
        if self.trigger.to == Trigger.To.PARTNER:
            return self.of_partner.get(subject.partner.pk, []) if subject.partner else []
        found = self.by_id.get(subject.contact_id or 0)
        if found is None and subject.email:
            found = self.by_key.get(email_key(subject.email))
        return [found] if found is not None else []


def _people(subjects: Iterable[Subject]) -> Mapping[int, set[str]]:
    """The addresses of those who work at the other companies, by company. They only pick among one's own contacts."""
    companies = {each.partner.pk for each in subjects if each.partner is not None}
    found: defaultdict[int, set[str]] = defaultdict(set)
    live = Membership.objects.filter(organisation__in=companies).live()
    for organisation, email in live.values_list("organisation", "user__email"):
        found[organisation].add(email_key(email))
    return found


def refused(contact: Contact | None, purpose: str) -> str:
    """Why a contact may not be written to for a purpose; empty where it may. Read with suppression and consents."""
    if contact is None or not contact.email:
        return Why.NOBODY
    if contact.suppressed_for:  # type: ignore[attr-defined]  # of with_suppression
        return Why.SUPPRESSED
    agreed = any(each.purpose == purpose and each.withdrawn_at is None for each in contact.consents.all())
    return "" if agreed else Why.NO_CONSENT
