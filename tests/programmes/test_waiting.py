"""What of programmes waits on Home, and what the search finds."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from programmes import search, waiting
from programmes.models import Certification, Standing
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


def test_certificates_and_falling_tiers_wait_for_who_can_do_something(act_for):
    edge = PartnershipFactory()
    manager = act_for(edge.vendor, "programmes.view", "programmes.manage")
    partner = act_for(edge.partner, "programmes.view", "programmes.certify")
    today = localdate()

    def certificate(name, **more):
        member = MembershipFactory(organisation=edge.partner)
        given = {"given_by": "Aurora", "given_on": today - timedelta(days=700), "person": "Ada", **more}
        return Certification.objects.create(
            vendor=edge.vendor, partner=edge.partner, membership=member, name=name, **given
        )

    certificate("Fire pumps")
    certificate("Boosters", state="confirmed", valid_until=today + timedelta(days=9))
    certificate("Hydraulics", state="confirmed", valid_until=today + timedelta(days=90))
    Standing.objects.create(
        partnership=edge, vendor=edge.vendor, partner=edge.partner, falls_on=today + timedelta(days=20)
    )
    assert [(row.title, row.action_label) for row in waiting.waiting(manager)] == [("Fire pumps, Ada", "Confirm")]
    assert waiting.counts(manager) == {"programmes": 1} and waiting.counts(partner) == {}
    assert [row.action_label for row in waiting.waiting(partner)] == ["See what is missing", "Look at it"]
    stranger = act_for(OrganisationFactory(), "programmes.view", "programmes.manage", "programmes.certify")
    assert waiting.waiting(stranger) == [] == search.search(stranger, "Fire pumps", 5)
    assert [hit.title for hit in search.search(partner, "fire", 5)] == ["Fire pumps, Ada"]
    assert len(search.search(manager, edge.partner.name, 5)) == 1
