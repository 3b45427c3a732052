"""Each step of a deal: it works, it refuses another state, it refuses another actor."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, now

from core.errors import DomainError, InvalidTransition, StaleObject
from core.models import TrailEntry
from core.numbers import is_valid_number
from deals import actions
from deals.actions import LineInput, OwnDuplicate
from deals.models import ConflictCheck, Deal, EndCustomer, Protection, RegistrationType, Reminder
from partners.actors import system_actor
from partners.models import AgreementAcceptance, Partnership, Programme, Tier
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory, EndCustomerFactory, QueuedFactory
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.partners.factories import AgreementFactory

pytestmark = pytest.mark.django_db

FIELDS = {
    "customer_name": "Consorzio Adige S.p.A.",
    "customer_country": "IT",
    "customer_vat": "IT00743110157",
    "title": "Pumping station upgrade",
    "amount": Decimal("184200.00"),
    "decision_date": date(2027, 1, 15),
}
LINES = [LineInput(product_text="Vertical pump", quantity=Decimal(6), asked_price=Decimal(23064))]


def verbs(deal):
    return list(
        TrailEntry.objects.filter(target="deals.deal", target_id=deal.pk).order_by("pk").values_list("verb", flat=True)
    )


def draft_for(seller_actor, vendor=None, fields=FIELDS, lines=LINES):
    partnership = PartnershipFactory(partner=seller_actor.organisation, **({"vendor": vendor} if vendor else {}))
    return actions.save_draft(actor=seller_actor, partnership=partnership, fields=fields, lines=lines)


# Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_author_alone(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register", "deals.view")
    draft = draft_for(me)
    vendor = act_for(draft.vendor, preset="administrator")
    assert Deal.objects.visible_to(me).get() == draft
    assert not Deal.objects.visible_to(vendor).exists()
    entry = TrailEntry.objects.get(verb="deal.drafted")
    assert list(entry.readers.values_list("organisation", flat=True)) == [me.organisation.pk]
    assert draft.lines.get().total == Decimal("138384.00")


def test_saves_of_one_form_meet_in_one_draft(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    key = "0d9aa2d9-6f6b-4f50-8a07-3a7e0a7d94a1"
    partnership = PartnershipFactory(partner=me.organisation)
    for title in ("First", "Second"):
        actions.save_draft(actor=me, partnership=partnership, draft_key=key, fields={"title": title}, lines=[])
    assert Deal.objects.get().title == "Second"


def test_another_organisations_key_makes_a_draft_of_ones_own(act_for, at_noon):
    key = "0d9aa2d9-6f6b-4f50-8a07-3a7e0a7d94a1"
    for name in ("Mine", "Theirs"):
        me = act_for(OrganisationFactory(), "deals.register")
        partnership = PartnershipFactory(partner=me.organisation)
        actions.save_draft(actor=me, partnership=partnership, draft_key=key, fields={"title": name})
    assert sorted(Deal.objects.values_list("title", flat=True)) == ["Mine", "Theirs"]


def test_drafts_take_an_active_partnership_of_ones_own_and_the_capability(act_for):
    me = act_for(OrganisationFactory(), "deals.register")
    suspended = PartnershipFactory(partner=me.organisation, state=Partnership.State.SUSPENDED)
    reader = act_for(me.organisation, "deals.view")
    for actor, partnership in (
        (me, suspended),
        (me, PartnershipFactory()),
        (reader, PartnershipFactory(partner=me.organisation)),
        (act_for(suspended.vendor, "deals.register"), suspended),
    ):
        with pytest.raises(PermissionDenied):
            actions.save_draft(actor=actor, partnership=partnership, fields=FIELDS)
    assert not Deal.objects.exists()


def test_what_was_submitted_is_no_draft(seller):
    deal = DealFactory()
    me = seller(deal)
    for change in (
        lambda: actions.save_draft(actor=me, partnership=deal.partnership, deal=deal, fields={"title": "x"}),
        lambda: actions.delete_draft(actor=me, deal=deal),
    ):
        with pytest.raises(InvalidTransition):
            change()
    assert Deal.objects.get().title == deal.title


def test_a_line_takes_name_unit_and_list_price_from_the_catalogue(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    partnership = PartnershipFactory(partner=me.organisation)
    product = product_of(partnership.vendor)
    draft = actions.save_draft(actor=me, partnership=partnership, fields={}, lines=[LineInput(product, "spoofed")])
    line = draft.lines.get()
    assert (line.product_text, line.sku, line.list_price) == (product.name, product.sku, product.list_price)
    with pytest.raises(DomainError):
        actions.save_draft(
            actor=me,
            partnership=partnership,
            deal=draft,
            fields={},
            lines=[LineInput(product_of(OrganisationFactory()))],
        )
    with pytest.raises(DomainError):
        actions.save_draft(actor=me, partnership=partnership, deal=draft, fields={}, lines=LINES * 101)


def product_of(vendor):
    from deals.models import DealLine

    model = DealLine._meta.get_field("product").related_model
    return model.objects.create(vendor=vendor, sku="VT-400", name="Pump VT-400", list_price=24800, product_line="Pumps")


def test_deleting_a_draft_takes_its_files(seller, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    draft = DraftFactory()
    me = seller(draft)
    row = actions.add_evidence(actor=me, deal=draft, upload=SimpleUploadedFile("survey.txt", b"pump house"))
    assert row.file.storage.exists(row.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_draft(actor=me, deal=draft)
    assert not Deal.objects.exists()
    assert not row.file.storage.exists(row.file.name)


# Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("report.pdf", b"MZ\x90\x00 not a pdf"),
        ("report.pdf", b"no pdf"),
        ("logo.svg", b"<svg onload=alert(1)>"),
        ("empty.txt", b""),
        ("program.txt", b"\x7fELF\x00\x01"),
        ("noending", b"text"),
    ],
)
def test_files_are_judged_by_their_content(seller, settings, tmp_path, name, content):
    settings.MEDIA_ROOT = tmp_path
    draft = DraftFactory()
    with pytest.raises(DomainError):
        actions.add_evidence(actor=seller(draft), deal=draft, upload=SimpleUploadedFile(name, content))
    assert not draft.evidence.exists()


def test_a_file_keeps_a_harmless_name_and_comes_once(seller, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = DraftFactory()
    me = seller(draft)
    for name in ("../../etc/site\x00 survey.csv", "again.csv"):
        row = actions.add_evidence(actor=me, deal=draft, upload=SimpleUploadedFile(name, b"a;b\n1;2"))
    assert draft.evidence.count() == 1
    assert not set("/\\\x00") & set(row.name)
    actions.remove_evidence(actor=me, deal=draft, evidence_id=row.pk)
    assert not draft.evidence.exists()


def test_a_file_too_large_is_refused(seller, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = DraftFactory()
    with pytest.raises(DomainError, match="10 MB"):
        actions.add_evidence(actor=seller(draft), deal=draft, upload=SimpleUploadedFile("a.txt", b"a" * 10_000_001))


def test_files_are_added_by_the_partner_while_it_writes(seller, reviewer):
    deal = DealFactory()
    upload = SimpleUploadedFile("a.txt", b"text")
    with pytest.raises(InvalidTransition):
        actions.add_evidence(actor=seller(deal), deal=deal, upload=upload)
    with pytest.raises(PermissionDenied):
        actions.add_evidence(actor=reviewer(deal), deal=deal, upload=upload)


# Submitting -------------------------------------------------------------------------------------------------------


def test_submitting_gives_number_receipt_clock_and_customer(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    deal = actions.submit_deal(actor=me, deal=draft_for(me), terms=True)
    assert deal.state == "submitted"
    assert is_valid_number(deal.number, "D-")
    assert deal.submitter == me.user
    assert deal.priority_at == deal.submitted_at
    assert deal.sla_due_at.isoformat() == "2026-11-19T11:00:00+01:00"  # eight business hours from Wednesday noon
    assert len(deal.receipt_sha256) == 64
    customer = EndCustomer.objects.get()
    assert (customer.organisation, customer.vat, deal.customer) == (me.organisation, "IT00743110157", customer)
    assert verbs(deal) == ["deal.drafted", "deal.submitted"]
    assert ConflictCheck.objects.get().verdict == "clear"
    vendor = act_for(deal.vendor, "deals.view")
    assert Deal.objects.visible_to(vendor).get() == deal
    assert not EndCustomer.objects.visible_to(vendor).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"customer_name": "..."}, "customer_name"),
        ({"amount": Decimal(0)}, "amount"),
        ({"decision_date": None}, "decision_date"),
        ({"decision_date": date(2020, 1, 1)}, "decision_date"),
    ],
)
def test_submitting_names_what_is_missing(act_for, at_noon, change, field):
    me = act_for(OrganisationFactory(), "deals.register")
    draft = draft_for(me, fields={**FIELDS, **change})
    with pytest.raises(DomainError) as refused:
        actions.submit_deal(actor=me, deal=draft, terms=True)
    assert refused.value.field == field
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", "")


def test_submitting_takes_lines_terms_and_evidence_where_asked(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    bare, whole = draft_for(me, lines=[]), draft_for(me)
    RegistrationType.objects.filter(pk=whole.type_id).update(needs_evidence=True)
    for deal, terms, field in ((bare, True, "lines"), (whole, False, "terms"), (whole, True, "evidence")):
        with pytest.raises(DomainError) as refused:
            actions.submit_deal(actor=me, deal=deal, terms=terms)
        assert refused.value.field == field


def test_an_agreement_is_accepted_before_the_next_deal_once_its_time_is_over(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    draft = draft_for(me)
    new = AgreementFactory(vendor=draft.vendor, version=2, published_at=now() - timedelta(days=31))
    with pytest.raises(PermissionDenied, match="Version 2 of the agreement"):
        actions.submit_deal(actor=me, deal=draft, terms=True)
    AgreementAcceptance.objects.create(partnership=draft.partnership, agreement=new, user=me.user)
    assert actions.submit_deal(actor=me, deal=draft, terms=True).state == "submitted"


def test_until_then_deals_go_on(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    draft = draft_for(me)
    AgreementFactory(vendor=draft.vendor, published_at=now() - timedelta(days=29))
    assert actions.submit_deal(actor=me, deal=draft, terms=True).state == "submitted"


def test_the_tier_limits_how_many_are_open(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    draft = draft_for(me)
    programme = Programme.objects.create(vendor=draft.vendor, name="Programme")
    tier = Tier.objects.create(programme=programme, name="Silver", rank=1, open_deals=1)
    Partnership.objects.filter(pk=draft.partnership_id).update(tier=tier)
    DealFactory(partnership=draft.partnership, customer_name="Other", customer_name_key="other")
    with pytest.raises(DomainError, match="1 open"):
        actions.submit_deal(actor=me, deal=draft, terms=True)


def test_ones_own_second_registration_is_refused_with_the_first(act_for, at_noon):
    me = act_for(OrganisationFactory(), "deals.register")
    first = actions.submit_deal(actor=me, deal=draft_for(me), terms=True)
    second = actions.save_draft(actor=me, partnership=first.partnership, fields=FIELDS, lines=LINES)
    with pytest.raises(OwnDuplicate) as refused:
        actions.submit_deal(actor=me, deal=second, terms=True)
    assert refused.value.deal == first


@pytest.mark.parametrize("state", ["submitted", "in_review", "returned", "approved", "rejected", "won"])
def test_only_drafts_are_submitted(seller, state):
    deal = DealFactory(state=state)
    with pytest.raises(InvalidTransition):
        actions.submit_deal(actor=seller(deal), deal=deal, terms=True)


def test_only_the_partner_submits_and_while_the_partnership_lasts(act_for, seller):
    draft = DraftFactory()
    with pytest.raises(PermissionDenied):
        actions.submit_deal(actor=act_for(draft.partner, "deals.view"), deal=draft, terms=True)
    for stranger in (act_for(draft.vendor, preset="administrator"), act_for(OrganisationFactory(), "deals.register")):
        with pytest.raises(Deal.DoesNotExist):
            actions.submit_deal(actor=stranger, deal=draft, terms=True)
    Partnership.objects.update(state="suspended")
    with pytest.raises(PermissionDenied, match="not active"):
        actions.submit_deal(actor=seller(draft), deal=draft, terms=True)


# Reviewing --------------------------------------------------------------------------------------------------------


def test_taking_names_the_reviewer_and_can_be_undone(reviewer):
    deal = DealFactory()
    me = reviewer(deal)
    taken = actions.take_deal(actor=me, deal=deal)
    assert (taken.state, taken.owner) == ("in_review", me.user)
    back = actions.release_deal(actor=me, deal=deal)
    assert (back.state, back.owner, back.sla_due_at) == ("submitted", None, deal.sla_due_at)
    assert verbs(deal) == ["deal.taken", "deal.released"]


def test_a_stale_page_decides_nothing(reviewer):
    deal = DealFactory()
    me = reviewer(deal)
    actions.take_deal(actor=me, deal=deal, version=deal.version)
    with pytest.raises(StaleObject):
        actions.approve_deal(actor=me, deal=deal, version=deal.version)


def test_returning_asks_for_parts_and_stops_the_clock(reviewer, seller, at_noon, time_machine):
    deal = DealFactory(state="in_review")
    due_in = 6 * 60
    Deal.objects.update(sla_due_at="2026-11-18T18:00:00+01:00")
    returned = actions.return_deal(actor=reviewer(deal), deal=deal, fields=["title", "amount"], reason=" Which pumps? ")
    assert (returned.state, returned.returned_fields, returned.returned_reason) == (
        "returned",
        ["title", "amount"],
        "Which pumps?",
    )
    assert (returned.sla_due_at, returned.sla_minutes_left) == (None, due_in)
    time_machine.shift(timedelta(days=1))
    fields = {"amount": Decimal(90), "competitor": "Not asked for"}
    again = actions.resubmit_deal(actor=seller(deal), deal=deal, fields=fields, lines=LINES)
    assert (again.state, again.amount, again.competitor) == ("submitted", 90, "")
    assert again.lines.get().product_text == "Vertical pump"
    assert again.lines.get().quantity == 2  # lines were not asked for
    assert again.sla_due_at.isoformat() == "2026-11-19T18:00:00+01:00"
    assert again.priority_at == deal.priority_at
    assert verbs(deal) == ["deal.returned", "deal.resubmitted"]


def test_the_place_in_the_queue_is_lost_after_five_business_days(reviewer, seller, at_noon, time_machine):
    deal = DealFactory(state="in_review")
    actions.return_deal(actor=reviewer(deal), deal=deal, fields=["amount"], reason="Why?")
    time_machine.shift(timedelta(days=8))
    again = actions.resubmit_deal(actor=seller(deal), deal=deal, fields={"amount": Decimal(1)})
    assert again.priority_at > deal.priority_at


@pytest.mark.parametrize("part", ["customer_vat", "note", "evidence"])
def test_what_was_asked_for_has_to_be_there(seller, settings, tmp_path, part):
    settings.MEDIA_ROOT = tmp_path
    deal = DealFactory(state="returned", returned_fields=[part], returned_at=now())
    me = seller(deal)
    with pytest.raises(DomainError) as refused:
        actions.resubmit_deal(actor=me, deal=deal, fields={part: " "} if part == "note" else {})
    assert refused.value.field == part
    if part == "evidence":
        actions.add_evidence(actor=me, deal=deal, upload=SimpleUploadedFile("proof.txt", b"met on Monday"))
    fields = {} if part == "evidence" else {part: "IT00743110157"}
    assert actions.resubmit_deal(actor=me, deal=deal, fields=fields).state == "submitted"


@pytest.mark.parametrize(
    ("fields", "reason"), [([], "Why"), (["amount"], "  "), (["amount", "state"], "Why"), (["x"], "Why")]
)
def test_returning_takes_known_parts_and_a_reason(reviewer, fields, reason):
    deal = DealFactory(state="in_review")
    with pytest.raises(DomainError):
        actions.return_deal(actor=reviewer(deal), deal=deal, fields=fields, reason=reason)
    deal.refresh_from_db()
    assert deal.state == "in_review"


def test_resubmitting_checks_again_for_ones_own_duplicate(seller):
    deal = DealFactory(state="returned", returned_fields=["customer"])
    other = DealFactory(partnership=deal.partnership, type=deal.type, customer_name="Twin", customer_name_key="twin")
    with pytest.raises(OwnDuplicate) as refused:
        actions.resubmit_deal(actor=seller(deal), deal=deal, fields={"customer_name": "TWIN srl"})
    assert refused.value.deal == other


def test_approving_protects_and_schedules_reminders(reviewer, at_noon):
    deal = DealFactory(state="in_review", lines=[{"product_line": "Pumps"}, {"product_line": "Drives"}])
    approved = actions.approve_deal(actor=reviewer(deal), deal=deal, note="Good luck")
    assert (approved.state, approved.protected_from, approved.protected_until) == (
        "approved",
        date(2026, 11, 18),
        date(2027, 2, 16),
    )
    protections = Protection.objects.filter(deal=deal).order_by("product_line")
    assert [(each.product_line, each.start, each.end, each.exclusive) for each in protections] == [
        ("Drives", approved.protected_from, approved.protected_until, True),
        ("Pumps", approved.protected_from, approved.protected_until, True),
    ]
    assert sorted(Reminder.objects.values_list("days", flat=True)) == [1, 7, 14, 30]
    assert {line.approved_price for line in approved.lines.all()} == {Decimal(6000)}
    assert TrailEntry.objects.get(verb="deal.approved").data == {"until": "2027-02-16", "note": "Good luck"}


def test_a_tier_may_protect_for_longer(reviewer, at_noon):
    deal = DealFactory(state="in_review")
    programme = Programme.objects.create(vendor=deal.vendor, name="Programme")
    Partnership.objects.update(tier=Tier.objects.create(programme=programme, name="Gold", rank=1, protection_days=120))
    approved = actions.approve_deal(actor=reviewer(deal), deal=deal)
    assert approved.protected_until == at_noon + timedelta(days=120)


def test_rejecting_takes_a_reason_and_a_note(reviewer):
    deal = DealFactory()
    me = reviewer(deal)
    for reason, note in (("", "No"), ("nonsense", "No"), ("terms", " ")):
        with pytest.raises(DomainError):
            actions.reject_deal(actor=me, deal=deal, reason=reason, note=note)
    rejected = actions.reject_deal(actor=me, deal=deal, reason="terms", note="Outside your territory.")
    assert (rejected.state, rejected.closure_code, rejected.sla_due_at) == ("rejected", "terms", None)


STEPS = {
    "take": (lambda actor, deal: actions.take_deal(actor=actor, deal=deal), {"submitted"}),
    "release": (lambda actor, deal: actions.release_deal(actor=actor, deal=deal), {"in_review"}),
    "return": (
        lambda actor, deal: actions.return_deal(actor=actor, deal=deal, fields=["amount"], reason="Why"),
        {"in_review"},
    ),
    "approve": (lambda actor, deal: actions.approve_deal(actor=actor, deal=deal), {"in_review"}),
    "reject": (
        lambda actor, deal: actions.reject_deal(actor=actor, deal=deal, reason="terms", note="No"),
        {"submitted", "in_review", "returned"},
    ),
}


@pytest.mark.parametrize("state", [state for state in Deal.State.values if state != "draft"])
@pytest.mark.parametrize("step", STEPS)
def test_the_vendors_steps_in_every_state(reviewer, step, state):
    run, allowed = STEPS[step]
    deal = DealFactory(state=state)
    if state in allowed:
        assert run(reviewer(deal), deal).state != state
        return
    with pytest.raises(InvalidTransition):
        run(reviewer(deal), deal)
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_the_vendors_steps_are_for_its_reviewers(act_for, step):
    run, allowed = STEPS[step]
    deal = DealFactory(state=min(allowed))
    colleague = act_for(deal.vendor, "deals.view")
    partner = act_for(deal.partner, "deals.decide", "deals.register")
    for actor in (colleague, partner):
        with pytest.raises(PermissionDenied):
            run(actor, deal)
    with pytest.raises(Deal.DoesNotExist):
        run(act_for(OrganisationFactory(), "deals.decide"), deal)
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_nobody_decides_on_their_own_registration(act_for, step):
    run, allowed = STEPS[step]
    deal = DealFactory(state=min(allowed))
    actor = act_for(deal.vendor, "deals.decide")
    Deal.objects.update(submitter=actor.user)  # a person in both companies
    with pytest.raises(PermissionDenied, match="yourself"):
        run(actor, deal)


def test_who_sells_direct_may_neither_read_nor_decide(act_for):
    deal = DealFactory(state="in_review")
    direct = act_for(deal.vendor, "direct_sales", "deals.view", "deals.decide")
    assert not direct.can("deals.view")
    with pytest.raises(PermissionDenied):
        actions.approve_deal(actor=direct, deal=deal)


# Closing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in Deal.State.values if state != "draft"])
def test_withdrawing_in_every_state(seller, state):
    deal = DealFactory(state=state)
    if state in Deal.OPEN:
        assert actions.withdraw_deal(actor=seller(deal), deal=deal, note="Too early").state == "withdrawn"
        return
    with pytest.raises(InvalidTransition):
        actions.withdraw_deal(actor=seller(deal), deal=deal)


def test_withdrawing_ends_the_protection(seller):
    deal = ApprovedFactory()
    actions.withdraw_deal(actor=seller(deal), deal=deal)
    assert not Protection.objects.exists()
    assert not Reminder.objects.exists()


def test_losing_takes_an_approved_deal_and_a_reason(seller):
    deal = ApprovedFactory()
    me = seller(deal)
    with pytest.raises(DomainError):
        actions.lose_deal(actor=me, deal=deal, reason="bad luck")
    lost = actions.lose_deal(actor=me, deal=deal, reason="price", note="KSB was cheaper")
    assert (lost.state, lost.closure_code) == ("lost", "price")
    with pytest.raises(InvalidTransition):
        actions.lose_deal(actor=me, deal=deal, reason="price")


def test_closing_is_the_partners(act_for, reviewer):
    deal = ApprovedFactory()
    for actor in (reviewer(deal), act_for(deal.partner, "deals.view")):
        with pytest.raises(PermissionDenied):
            actions.withdraw_deal(actor=actor, deal=deal)
        with pytest.raises(PermissionDenied):
            actions.lose_deal(actor=actor, deal=deal, reason="price")
        with pytest.raises(PermissionDenied):
            actions.set_stage(actor=actor, deal=deal, stage="proposal")


def test_winning_is_the_portals(seller):
    deal = ApprovedFactory()
    with pytest.raises(PermissionDenied):
        actions.win_deal(actor=seller(deal), deal=deal, order_number="PO 1")
    won = actions.win_deal(actor=system_actor(deal.vendor), deal=deal, order_number="PO 1")
    assert (won.state, won.closure_note, won.probability) == ("won", "PO 1", 100)
    with pytest.raises(InvalidTransition):
        actions.win_deal(actor=system_actor(deal.vendor), deal=deal, order_number="PO 2")


def test_the_stage_follows_the_partner_while_the_deal_is_open(seller):
    deal = DealFactory()
    me = seller(deal)
    moved = actions.set_stage(actor=me, deal=deal, stage="negotiation")
    assert (moved.stage, moved.probability) == ("negotiation", 75)
    actions.set_stage(actor=me, deal=deal, stage="negotiation")
    assert verbs(deal) == ["deal.stage_changed"]
    with pytest.raises(DomainError):
        actions.set_stage(actor=me, deal=deal, stage="dreaming")
    Deal.objects.update(state="lost")
    with pytest.raises(InvalidTransition):
        actions.set_stage(actor=me, deal=deal, stage="proposal")


def test_expiring_waits_for_the_last_day(at_noon):
    deal = ApprovedFactory(protected_from=at_noon - timedelta(days=90), protected_until=at_noon)
    with pytest.raises(InvalidTransition):
        actions.expire_deal(deal=deal)
    Deal.objects.update(protected_until=at_noon - timedelta(days=1))
    assert actions.expire_deal(deal=deal).state == "expired"
    with pytest.raises(InvalidTransition):
        actions.expire_deal(deal=deal)


# Customers --------------------------------------------------------------------------------------------------------


def test_customers_are_ones_own(act_for):
    me = act_for(OrganisationFactory(), "customers.manage")
    fields = {"name": "Adige S.p.A.", "country": "IT", "vat": "00743110157", "domain": "https://www.adige.example/x"}
    row = actions.save_customer(actor=me, fields=fields)
    assert (row.vat, row.domain, row.name_key, row.organisation) == (
        "IT00743110157",
        "adige.example",
        "adige",
        me.organisation,
    )
    renamed = actions.save_customer(actor=me, fields={"name": "Etsch AG"}, customer=row)
    assert (renamed.name_key, renamed.vat) == ("etsch", "IT00743110157")
    with pytest.raises(DomainError):
        actions.save_customer(actor=me, fields={"vat": "1"}, customer=row)
    with pytest.raises(EndCustomer.DoesNotExist):
        actions.save_customer(actor=act_for(OrganisationFactory(), "customers.manage"), fields=fields, customer=row)
    with pytest.raises(PermissionDenied):
        actions.save_customer(actor=act_for(me.organisation, "deals.view"), fields=fields)


def test_a_customer_in_use_stays(act_for):
    me = act_for(OrganisationFactory(), "customers.manage")
    used, free = EndCustomerFactory(organisation=me.organisation), EndCustomerFactory(organisation=me.organisation)
    DealFactory(partnership__partner=me.organisation, customer=used)
    with pytest.raises(DomainError):
        actions.delete_customer(actor=me, customer=used)
    actions.delete_customer(actor=me, customer=free)
    assert EndCustomer.objects.get() == used


def test_queued_factory_is_consistent():
    queued = QueuedFactory()
    assert queued.conflict_check.blocker.protected_until > localdate()
    assert queued.conflict_check.blocker.vendor == queued.vendor
