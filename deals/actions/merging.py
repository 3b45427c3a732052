"""Two rows of one's own for one end customer become one, and two again. Nobody but the organisation learns of it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from core.audit import record
from core.errors import DomainError
from core.models import TrailEntry
from deals.actions.customers import FIELDS
from deals.actions.known import ALIKE
from deals.models import Contact, Deal, EndCustomer, ToldContact
from deals.permissions import may_manage_customers
from partners.access import require
from partners.actors import Actor

MERGED, UNMERGED = "customer.merged", "customer.unmerged"
SURE = ("vat", "lei", "duns", "gln", "domain")
READ = 500  # names that are compared at most


@transaction.atomic
def merge_customers(*, actor: Actor, keep: EndCustomer, gone: EndCustomer) -> TrailEntry:
    """Make one end customer of two: deals and contacts of `gone` follow, and what `keep` lacks is filled from it.

    Contacts with the same address become one. Deals keep what was said in them. Returns the entry of the trail, by
    which `unmerge_customers` undoes it. Raises DomainError for one and the same, DoesNotExist for rows of others.
    """
    require(may_manage_customers(actor))
    if keep.pk == gone.pk:
        raise DomainError(_("That is the same customer already."), field="gone")
    keep, gone = _locked(actor, keep.pk, gone.pk)
    deals = list(Deal.objects.filter(customer=gone).order_by("pk").values_list("pk", flat=True))
    Deal.objects.filter(pk__in=deals).update(customer=keep)
    joined = _join_contacts(keep, gone)
    contacts = list(gone.contacts.order_by("pk").values_list("pk", flat=True))
    Contact.objects.filter(pk__in=contacts).update(customer=keep)
    values = {name: getattr(gone, name) for name in FIELDS}
    filled = [name for name in FIELDS if values[name] and not getattr(keep, name)]
    for name in filled:
        setattr(keep, name, values[name])
    keep.save()
    entry = record(
        actor=actor,
        verb=MERGED,
        target=keep,
        parties=(),
        gone_name=gone.name,
        gone={"id": gone.pk, **values},
        deals=deals,
        contacts=contacts,
        joined=joined,
        filled=filled,
    )
    gone.delete()
    return entry


def _locked(actor: Actor, *pks: int) -> list[EndCustomer]:
    """These customers under lock, taken in the order of their ids."""
    mine = EndCustomer.objects.visible_to(actor).filter(pk__in=pks).order_by("pk")
    found = {row.pk: row for row in mine.select_for_update(of=("self",))}
    if len(found) != len(pks):
        raise EndCustomer.DoesNotExist
    return [found[pk] for pk in pks]


def _join_contacts(keep: EndCustomer, gone: EndCustomer) -> list[dict[str, Any]]:
    """Make one of contacts with one address; what only the second one said goes into the note of the first."""
    known = {who.email: who for who in keep.contacts.exclude(email="")}
    joined = []
    for who in [each for each in gone.contacts.exclude(email="").order_by("pk") if each.email in known]:
        other = known[who.email]
        said = [who.phone if other.phone and who.phone != other.phone else "", who.note]
        other.note = "\n".join(part for part in (other.note, *said) if part)[:2000]
        other.phone, other.role = other.phone or who.phone, other.role or who.role
        other.save()
        told = who.told.exclude(deal__in=other.told.values("deal"))
        moved = list(told.values_list("pk", flat=True))
        joined.append(
            {
                "into": other.pk,
                "name": who.name,
                "role": who.role,
                "part": who.part,
                "told": moved,
            }
        )
        ToldContact.objects.filter(pk__in=moved).update(contact=other)
        who.delete()
    return joined


@transaction.atomic
def unmerge_customers(*, actor: Actor, customer: EndCustomer, entry: TrailEntry) -> EndCustomer:
    """Make two of them again, as they were at the merge; returns the one that had gone.

    Deals and contacts that have left the customer since stay where they are. Raises DomainError when it was undone
    already, DoesNotExist for what is no merge into this customer.
    """
    require(may_manage_customers(actor))
    (keep,) = _locked(actor, customer.pk)
    entry = merges_into(actor, keep).get(pk=entry.pk)
    if entry.pk in _undone(actor, keep):
        raise DomainError(_("That was undone already."))
    was = dict(entry.data["gone"])
    back = EndCustomer(pk=was.pop("id"), organisation=actor.organisation, **was)
    back.save(force_insert=True)
    Deal.objects.filter(pk__in=entry.data["deals"], customer=keep).update(customer=back)
    Contact.objects.filter(pk__in=entry.data["contacts"], customer=keep).update(customer=back)
    for one in entry.data["joined"]:
        _part(keep, back, one)
    for name in entry.data["filled"]:
        if getattr(keep, name) == was[name]:
            setattr(keep, name, "")
    keep.save()
    record(actor=actor, verb=UNMERGED, target=keep, parties=(), gone_name=back.name, merge=entry.pk)
    return back


def _part(keep: EndCustomer, back: EndCustomer, one: dict[str, Any]) -> None:
    """Give a customer that is back its own row of a contact with the other's address."""
    other = keep.contacts.filter(pk=one["into"]).first()
    if other is None:
        return
    said = {name: one[name] for name in ("name", "role", "part")}
    own = Contact.objects.create(
        organisation_id=back.organisation_id, customer=back, email=other.email, phone=other.phone, **said
    )
    ToldContact.objects.filter(pk__in=one["told"], contact=other, deal__customer=back).update(contact=own)


def merges_into(actor: Actor, customer: EndCustomer) -> Any:
    """The entries of the trail about merges into a customer of one's own, the newest first."""
    mine = TrailEntry.objects.visible_to(actor).filter(organisation=actor.organisation)
    return mine.filter(verb=MERGED, target=customer._meta.label_lower, target_id=customer.pk).order_by("-pk")


def _undone(actor: Actor, customer: EndCustomer) -> set[int]:
    mine = TrailEntry.objects.visible_to(actor).filter(organisation=actor.organisation, verb=UNMERGED)
    rows = mine.filter(target=customer._meta.label_lower, target_id=customer.pk)
    return {data["merge"] for data in rows.values_list("data", flat=True)}


def merges_to_undo(actor: Actor, customer: EndCustomer) -> list[TrailEntry]:
    """Those merges into a customer that were not undone."""
    undone = _undone(actor, customer)
    return [entry for entry in merges_into(actor, customer)[:20] if entry.pk not in undone]


def alike_customers(actor: Actor, customer: EndCustomer, most: int = 6) -> list[tuple[EndCustomer, int]]:
    """One's own customers that may be this one, with the likeness in percent, the nearest first: 100 for a number or a
    domain that both have. Who has another VAT number of the same country is another company."""
    others = EndCustomer.objects.visible_to(actor).exclude(pk=customer.pk)
    sure = {name: getattr(customer, name) for name in SURE if getattr(customer, name)}
    found: dict[int, tuple[EndCustomer, int]] = {}
    for name, value in sure.items():
        found |= {row.pk: (row, 100) for row in others.filter(**{name: value}).order_by("pk")[:most]}
    word = max(customer.name_key.split(), key=len, default="")
    near = others.filter(name_key__contains=word[:6]).order_by("pk")[:READ] if word else ()
    for row in near:
        likeness = round(fuzz.token_sort_ratio(customer.name_key, row.name_key))
        if likeness >= ALIKE and row.country == customer.country:
            found.setdefault(row.pk, (row, likeness))
    same = [pair for pair in found.values() if not _is_another(customer, pair[0])]
    return sorted(same, key=lambda pair: (-pair[1], pair[0].pk))[:most]


def _is_another(one: EndCustomer, other: EndCustomer) -> bool:
    return bool(one.vat and other.vat and one.vat != other.vat and one.vat[:2] == other.vat[:2])
