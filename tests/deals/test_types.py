"""Types of registration: who may set them, what they may say, and the version a deal keeps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from core.errors import DomainError, StaleObject
from core.models import TrailEntry
from deals import actions, offers
from deals.models import Deal, RegistrationType, TypeVersion
from tests.deals.factories import DraftFactory
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
BUDGET = {"label": "Budget released", "kind": "yes_no", "required": True}
MEDIUM = {"label": "Medium", "kind": "choice", "choices": ["Water", "Oil"]}
SURVEY = {"label": "Site survey", "count": 1}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def vendor(act_for):
    return act_for(OrganisationFactory(), "deals.terms", "deals.view", "deals.decide")


def a_type(vendor, **fields):
    return actions.add_type(actor=vendor, fields={"name": "Tender", **fields})


def a_draft(act_for, type_, **values):
    edge = PartnershipFactory(vendor=type_.vendor)
    deal = DraftFactory(partnership=edge, type=type_, **values)
    return act_for(edge.partner, "deals.register", "deals.view"), deal


def test_a_type_is_added_changed_and_its_versions_are_kept(vendor):
    made = a_type(vendor, own_fields=[BUDGET], evidence_kinds=[SURVEY])
    assert made.own_fields[0]["key"] == "budget_released"
    changed = actions.save_type(actor=vendor, type_=made, fields={"protection_days": 120}, version=1)
    assert (changed.version, changed.protection_days) == (2, 120)
    assert list(made.versions.values_list("number", flat=True)) == [2, 1]
    assert made.versions.get(number=1).as_type(changed).protection_days == 90
    again = actions.save_type(actor=vendor, type_=made, fields={"protection_days": 120})
    assert again.version == 2
    entry = TrailEntry.objects.get(verb="terms.changed")
    assert entry.data["changed"] == {"protection_days": [90, 120]}
    assert set(entry.readers.values_list("organisation", flat=True)) == {vendor.organisation.pk}
    with pytest.raises(StaleObject):
        actions.save_type(actor=vendor, type_=made, fields={"protection_days": 30}, version=1)


WRONG = [
    ({"name": "  "}, "name"),
    ({"protection_days": 0}, "protection_days"),
    ({"benefit_percent": Decimal(101)}, "benefit_percent"),
    ({"required": ["password"]}, "required"),
    ({"kinds": ["vendor"]}, "kinds"),
    ({"tiers": [1]}, "tiers"),
    ({"own_fields": "x"}, "own_fields"),
    ({"own_fields": [{"label": ""}]}, "own_fields"),
    ({"own_fields": [{"label": "A", "kind": "script"}]}, "own_fields"),
    ({"own_fields": [{"label": "A", "kind": ["text"]}]}, "own_fields"),
    ({"own_fields": [{"label": "A", "kind": "choice", "choices": ["one"]}]}, "own_fields"),
    ({"own_fields": [BUDGET] * 21}, "own_fields"),
    ({"evidence_kinds": [{"label": "A", "count": 0}]}, "evidence_kinds"),
    ({"evidence_kinds": [{"label": "A", "count": 10**9}]}, "evidence_kinds"),
    ({"rules": [{"name": "x"}]}, "rules"),
]


@pytest.mark.parametrize(("fields", "field"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_what_a_type_cannot_say_is_refused_and_changes_nothing(vendor, fields, field):
    made = a_type(vendor)
    with pytest.raises(DomainError) as refused:
        actions.save_type(actor=vendor, type_=made, fields=fields)
    assert refused.value.field == field
    made.refresh_from_db()
    assert (made.version, made.name) == (1, "Tender")


def test_keys_of_fields_are_unique_and_stay(vendor):
    made = a_type(vendor, own_fields=[BUDGET, BUDGET, {**MEDIUM, "key": "../etc"}])
    assert [field["key"] for field in made.own_fields] == ["budget_released", "budget_released_2", "medium"]
    renamed = [{**made.own_fields[0], "label": "Money there"}]
    changed = actions.save_type(actor=vendor, type_=made, fields={"own_fields": renamed})
    assert changed.own_fields[0]["key"] == "budget_released"


def test_only_who_may_and_only_ones_own(vendor, act_for):
    made = a_type(vendor)
    colleague = act_for(vendor.organisation, "deals.decide", "deals.view")
    stranger = act_for(OrganisationFactory(), "deals.terms")
    steps = (
        lambda actor: actions.save_type(actor=actor, type_=made, fields={"name": "X"}),
        lambda actor: actions.duplicate_type(actor=actor, type_=made),
        lambda actor: actions.archive_type(actor=actor, type_=made),
        lambda actor: actions.restore_type(actor=actor, type_=made),
        lambda actor: actions.make_default(actor=actor, type_=made),
        lambda actor: actions.move_type(actor=actor, type_=made, by=-1),
    )
    for step in steps:
        with pytest.raises(PermissionDenied):
            step(colleague)
        with pytest.raises(RegistrationType.DoesNotExist):
            step(stranger)
    with pytest.raises(PermissionDenied):
        actions.add_type(actor=colleague, fields={"name": "X"})


def test_archive_restore_order_default_and_copy(vendor):
    default = RegistrationType.objects.default_of(vendor.organisation.pk)
    made = a_type(vendor, own_fields=[MEDIUM])
    with pytest.raises(DomainError):
        actions.archive_type(actor=vendor, type_=default)
    copied = actions.duplicate_type(actor=vendor, type_=made)
    assert (copied.name, copied.own_fields) == ("Tender, copy", made.own_fields)
    actions.move_type(actor=vendor, type_=copied, by=-1)
    actions.move_type(actor=vendor, type_=copied, by=-1)
    actions.move_type(actor=vendor, type_=copied, by=-1)
    assert list(RegistrationType.objects.values_list("pk", flat=True)) == [copied.pk, default.pk, made.pk]
    actions.archive_type(actor=vendor, type_=made)
    with pytest.raises(DomainError):
        actions.make_default(actor=vendor, type_=made)
    with pytest.raises(DomainError):
        actions.move_type(actor=vendor, type_=made, by=1)
    assert actions.restore_type(actor=vendor, type_=made).archived_at is None
    actions.make_default(actor=vendor, type_=made)
    assert RegistrationType.objects.get(is_default=True) == made


def test_the_default_form_stays_short(vendor):
    default = RegistrationType.objects.default_of(vendor.organisation.pk)
    asked = [{**BUDGET, "label": f"Field {n}"} for n in range(4)]
    with pytest.raises(DomainError):
        actions.save_type(actor=vendor, type_=default, fields={"own_fields": asked})
    long_one = a_type(vendor, own_fields=asked)
    with pytest.raises(DomainError):
        actions.make_default(actor=vendor, type_=long_one)


def test_types_are_offered_by_kind_and_tier(vendor):
    edge = PartnershipFactory(vendor=vendor.organisation, kind="reseller")
    referral = a_type(vendor, name="Referral", kinds=["referral"])
    for_all = a_type(vendor, name="Open")
    archived = a_type(vendor, name="Old")
    actions.archive_type(actor=vendor, type_=archived)
    assert [each.name for each in offers.types_for(edge)] == ["Standard", "Open"]
    edge.kind = "referral"
    assert [each.name for each in offers.types_for(edge)] == ["Standard", "Referral", "Open"]
    assert not offers.is_offered(for_all, PartnershipFactory())
    assert referral.kinds == ["referral"]


def test_a_draft_takes_only_what_is_offered(vendor, act_for):
    edge = PartnershipFactory(vendor=vendor.organisation)
    me = act_for(edge.partner, "deals.register")
    foreign = RegistrationType.objects.default_of(OrganisationFactory().pk)
    for type_ in (foreign, a_type(vendor, kinds=["referral"])):
        with pytest.raises(DomainError) as refused:
            actions.save_draft(actor=me, partnership=edge, fields={}, type_=type_)
        assert refused.value.field == "type"
    assert not Deal.objects.exists()


def test_what_the_type_asks_for_is_asked_for(vendor, act_for):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM], evidence_kinds=[SURVEY], required=["customer_vat"], tender=True)
    me, deal = a_draft(act_for, made)
    wanted = (
        ("customer_vat", {"customer_vat": "IT00743110157"}),
        ("tender_published_on", {"tender_published_on": localdate()}),
        ("own_budget_released", {"values": {"budget_released": False}}),
    )
    for field, fields in wanted:
        with pytest.raises(DomainError) as refused:
            actions.submit_deal(actor=me, deal=deal, terms=True)
        assert refused.value.field == field
        deal = actions.save_draft(actor=me, partnership=deal.partnership, deal=deal, fields=fields)
    with pytest.raises(DomainError) as refused:
        actions.submit_deal(actor=me, deal=deal, terms=True)
    assert refused.value.field == "evidence_site_survey"
    upload = SimpleUploadedFile("survey.pdf", PDF)
    actions.add_evidence(actor=me, deal=deal, upload=upload, kind="site_survey")
    done = actions.submit_deal(actor=me, deal=deal, terms=True)
    assert (done.state, done.values, done.is_tender) == ("submitted", {"budget_released": False}, True)


BAD_VALUES = [
    {"budget_released": "yes"},
    {"medium": "Gas"},
    {"medium": ["Water"]},
    {"unknown": 1},
    {"medium": {"$ne": 1}},
    [],
    "x",
]


@pytest.mark.parametrize("values", BAD_VALUES, ids=range(len(BAD_VALUES)))
def test_values_that_a_field_cannot_have_are_refused(vendor, act_for, values):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM])
    me, deal = a_draft(act_for, made)
    with pytest.raises(DomainError):
        actions.save_draft(actor=me, partnership=deal.partnership, deal=deal, fields={"values": values})
    deal.refresh_from_db()
    assert deal.values == {}


def test_what_was_typed_for_one_type_is_there_when_it_is_chosen_again(vendor, act_for):
    one, other = a_type(vendor, own_fields=[MEDIUM]), a_type(vendor, name="Other", own_fields=[BUDGET])
    me, deal = a_draft(act_for, one)
    common = {"actor": me, "partnership": deal.partnership, "deal": deal}
    actions.save_draft(**common, fields={"values": {"medium": "Oil"}})
    actions.save_draft(**common, fields={"values": {"budget_released": True}}, type_=other)
    back = actions.save_draft(**common, fields={}, type_=one)
    assert back.values["medium"] == "Oil"
    done = actions.submit_deal(actor=me, deal=back, terms=True)
    assert done.values == {"medium": "Oil"}


def test_a_deal_keeps_the_version_it_was_submitted_under(vendor, act_for):
    made = a_type(vendor, own_fields=[MEDIUM], protection_days=60, benefit="Demo unit", benefit_percent=Decimal(5))
    me, deal = a_draft(act_for, made, values={"medium": "Oil"})
    actions.submit_deal(actor=me, deal=deal, terms=True)
    changes = {"own_fields": [], "protection_days": 10, "benefit": "", "name": "Renamed"}
    actions.save_type(actor=vendor, type_=made, fields=changes)
    actions.take_deal(actor=vendor, deal=deal)
    approved = actions.approve_deal(actor=vendor, deal=deal)
    assert approved.protected_until == localdate() + timedelta(days=60)
    assert (approved.granted_benefit, approved.granted_percent) == ("Demo unit", Decimal(5))
    assert approved.benefit_is_on
    assert approved.terms.own_fields[0]["label"] == "Medium"
    assert TypeVersion.objects.get(pk=approved.type_version_id).number == 1
    lost = actions.lose_deal(actor=me, deal=approved, reason="price")
    assert not lost.benefit_is_on


def test_an_archived_type_cannot_be_submitted(vendor, act_for):
    made = a_type(vendor)
    me, deal = a_draft(act_for, made)
    actions.archive_type(actor=vendor, type_=made)
    with pytest.raises(DomainError) as refused:
        actions.submit_deal(actor=me, deal=deal, terms=True)
    assert refused.value.field == "type"


def test_own_fields_and_kinds_of_evidence_are_returned_and_corrected(vendor, act_for):
    made = a_type(vendor, own_fields=[BUDGET, MEDIUM], evidence_kinds=[SURVEY])
    me, deal = a_draft(act_for, made, values={"budget_released": True})
    actions.add_evidence(actor=me, deal=deal, upload=SimpleUploadedFile("a.pdf", PDF), kind="site_survey")
    actions.submit_deal(actor=me, deal=deal, terms=True)
    actions.take_deal(actor=vendor, deal=deal)
    with pytest.raises(DomainError):
        actions.return_deal(actor=vendor, deal=deal, fields=["own_unknown"], reason="Which?")
    actions.return_deal(actor=vendor, deal=deal, fields=["own_medium", "evidence_site_survey"], reason="Which?")
    with pytest.raises(DomainError) as refused:
        actions.resubmit_deal(actor=me, deal=deal, fields={"values": {"budget_released": False}})
    assert refused.value.field == "own_medium"
    filled = {"values": {"medium": "Water", "budget_released": False}}
    with pytest.raises(DomainError) as refused:
        actions.resubmit_deal(actor=me, deal=deal, fields=filled)
    assert refused.value.field == "evidence_site_survey"
    newer = SimpleUploadedFile("b.pdf", PDF + b"\n")
    actions.add_evidence(actor=me, deal=deal, upload=newer, kind="site_survey")
    back = actions.resubmit_deal(actor=me, deal=deal, fields=filled)
    assert back.values == {"budget_released": True, "medium": "Water"}
