"""The terms of registration: set by those who may, kept within bounds, told in the trail."""

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions
from deals.models import RegistrationType
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
SOUND = {"protection_days": 120, "extensions": 2, "extension_days": 45, "grace_days": 7, "cool_off_days": 20}
POSTED = {**SOUND, "review_hours": 16, "keeps_priority_days": 5, "exclusive": "on", "name": "Standard"}


def test_terms_are_changed_and_the_trail_says_from_what_to_what(act_for):
    actor = act_for(OrganisationFactory(), "deals.terms")
    actions.set_terms(actor=actor, fields=SOUND)
    row = RegistrationType.objects.get(vendor=actor.organisation)
    assert (row.protection_days, row.extensions, row.review_hours) == (120, 2, 8)
    entry = TrailEntry.objects.get(verb="terms.changed")
    assert entry.data["changed"]["protection_days"] == [90, 120]
    actions.set_terms(actor=actor, fields=SOUND)
    assert TrailEntry.objects.filter(verb="terms.changed").count() == 1


@pytest.mark.parametrize(("field", "value"), [("protection_days", 0), ("protection_days", 731), ("review_hours", 0)])
def test_a_value_out_of_range_changes_nothing(act_for, field, value):
    actor = act_for(OrganisationFactory(), "deals.terms")
    RegistrationType.objects.default_of(actor.organisation.pk)
    with pytest.raises(DomainError) as refused:
        actions.set_terms(actor=actor, fields={"extensions": 3, field: value})
    assert refused.value.field == field
    assert RegistrationType.objects.get(vendor=actor.organisation).extensions == 1


def test_only_who_may_sets_them(act_for, sign_in):
    organisation = OrganisationFactory()
    with pytest.raises(PermissionDenied):
        actions.set_terms(actor=act_for(organisation, "deals.decide"), fields=SOUND)
    assert sign_in(organisation, "deals.decide").get("/deals/terms/").status_code == 403


def test_the_page(sign_in):
    client = sign_in(OrganisationFactory(), "deals.terms")
    assert "Terms of registration" in client.get("/deals/terms/").content.decode()
    assert client.get("/deals/terms/default/").status_code == 200
    assert not RegistrationType.objects.exists()
    assert client.post("/deals/terms/default/", POSTED).status_code == 302
    row = RegistrationType.objects.get()
    assert (row.protection_days, row.exclusive, row.needs_evidence, row.version) == (120, True, False, 2)
    assert client.get("/deals/terms/default/").url == f"/deals/terms/{row.pk}/"
    wrong = client.post(f"/deals/terms/{row.pk}/", {**POSTED, "protection_days": "-5"})
    assert wrong.status_code == 422
    stale = client.post(f"/deals/terms/{row.pk}/", {**POSTED, "protection_days": "60", "version": "1"})
    assert stale.status_code == 422
    assert RegistrationType.objects.get().protection_days == 120
