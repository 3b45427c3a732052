"""Partnerships and agreements: the whole table of states, from both sides."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError, InvalidTransition
from core.models import TrailReader
from partners import actions
from partners.actors import acting
from partners.agreements import agreements_due
from partners.models import Partnership
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.partners.factories import (
    AgreementFactory,
    ProgrammeFactory,
    TierFactory,
    administrator,
    last,
)

pytestmark = pytest.mark.django_db


def edge(pair, state, **fields):
    return PartnershipFactory(vendor=pair[0].organisation, partner=pair[1].organisation, state=state, **fields)


class TestPartnerships:
    def test_from_application_to_active(self, pair, controls):
        vendor, partner = pair
        programme = ProgrammeFactory(vendor=vendor.organisation, takes_applications=True)
        tier = TierFactory(programme=programme)
        agreement = AgreementFactory(vendor=vendor.organisation)
        found = actions.apply_for_partnership(actor=partner, programme=programme, kind="reseller", application="Us")
        assert found.state == "applied"
        actions.move_partnership(actor=vendor, partnership=found, step="review")
        with pytest.raises(PermissionDenied, match="has not accepted version 1"):
            actions.move_partnership(actor=vendor, partnership=found, step="activate")
        actions.accept_agreement(actor=partner, partnership=found, agreement=agreement, address="192.0.2.1")
        with pytest.raises(PermissionDenied, match="checklist"):
            actions.move_partnership(actor=vendor, partnership=found, step="activate")
        for item in Partnership.CHECKLIST:
            actions.check_off(actor=vendor, partnership=found, item=item, done=True)
        active = actions.move_partnership(actor=vendor, partnership=found, step="activate")
        assert (active.state, active.tier) == ("active", tier)
        assert active.since is not None
        entry = last("partnership.activated")
        assert set(TrailReader.objects.filter(entry=entry).values_list("organisation", flat=True)) == {
            vendor.organisation.pk,
            partner.organisation.pk,
        }

    def test_applying_where_nobody_asks(self, pair):
        programme = ProgrammeFactory(vendor=pair[0].organisation)
        with pytest.raises(DomainError, match="takes no applications"):
            actions.apply_for_partnership(actor=pair[1], programme=programme, kind="reseller", application="")

    def test_applying_to_oneself_or_twice(self, pair):
        programme = ProgrammeFactory(vendor=pair[0].organisation, takes_applications=True)
        with pytest.raises(DomainError, match="its own partner"):
            actions.apply_for_partnership(actor=pair[0], programme=programme, kind="reseller", application="")
        actions.apply_for_partnership(actor=pair[1], programme=programme, kind="reseller", application="")
        with pytest.raises(DomainError, match="already"):
            actions.apply_for_partnership(actor=pair[1], programme=programme, kind="reseller", application="")

    @pytest.mark.parametrize(
        ("state", "step", "after"),
        [
            ("active", "suspend", "suspended"),
            ("suspended", "resume", "active"),
            ("active", "end", "ended"),
            ("suspended", "end", "ended"),
            ("applied", "decline", "declined"),
        ],
    )
    def test_steps_of_the_vendor_reach_both_and_cut_open_sockets(self, pair, controls, state, step, after):
        found = edge(pair, state)
        moved = actions.move_partnership(actor=pair[0], partnership=found, step=step, reason="Because")
        assert moved.state == after
        assert [group for group, _order in controls] == [f"organisation.{pk}" for pk in sorted(found.party_ids())]
        assert last(f"partnership.{'suspended' if step == 'suspend' else after if step != 'resume' else 'resumed'}")

    @pytest.mark.parametrize("step", ["suspend", "resume", "review", "activate"])
    def test_steps_that_are_the_vendors_alone(self, pair, step):
        state = {"suspend": "active", "resume": "suspended", "review": "applied", "activate": "in_review"}[step]
        with pytest.raises(PermissionDenied, match=r"Only .* can do that"):
            actions.move_partnership(actor=pair[1], partnership=edge(pair, state), step=step, reason="x")

    def test_either_side_may_end(self, pair):
        moved = actions.move_partnership(actor=pair[1], partnership=edge(pair, "active"), step="end", reason="Moved on")
        assert moved.state == "ended"
        assert last("partnership.ended").data["reason"] == "Moved on"

    def test_who_answers_declines(self, pair):
        with pytest.raises(PermissionDenied, match="other company's"):
            actions.move_partnership(actor=pair[0], partnership=edge(pair, "invited"), step="decline", reason="x")
        again = edge(pair, "applied", kind="services")
        with pytest.raises(PermissionDenied, match="other company's"):
            actions.move_partnership(actor=pair[1], partnership=again, step="decline", reason="x")

    @pytest.mark.parametrize("reason", ["", "   "])
    @pytest.mark.parametrize("step", ["suspend", "end"])
    def test_the_other_company_is_owed_a_reason(self, pair, step, reason):
        with pytest.raises(DomainError, match="Say why"):
            actions.move_partnership(actor=pair[0], partnership=edge(pair, "active"), step=step, reason=reason)

    @pytest.mark.parametrize(("state", "step"), [("ended", "resume"), ("active", "review"), ("declined", "end")])
    def test_steps_the_table_does_not_know(self, pair, state, step):
        with pytest.raises((PermissionDenied, InvalidTransition), match="not possible now"):
            actions.move_partnership(actor=pair[0], partnership=edge(pair, state), step=step, reason="x")

    def test_without_capability(self, pair, act_for):
        actor = act_for(pair[0].organisation, "partnerships.view")
        with pytest.raises(PermissionDenied, match="Manage partnerships"):
            actions.move_partnership(actor=actor, partnership=edge(pair, "active"), step="end", reason="x")

    def test_a_stranger(self, pair):
        stranger = acting(administrator(OrganisationFactory()), "web")
        with pytest.raises(Partnership.DoesNotExist):
            actions.move_partnership(actor=stranger, partnership=edge(pair, "active"), step="end", reason="x")

    def test_after_an_end_a_new_beginning(self, pair):
        edge(pair, "ended")
        programme = ProgrammeFactory(vendor=pair[0].organisation, takes_applications=True)
        again = actions.apply_for_partnership(actor=pair[1], programme=programme, kind="reseller", application="")
        assert again.state == "applied"

    def test_terms(self, pair):
        found = edge(pair, "active")
        tier = TierFactory(programme=ProgrammeFactory(vendor=pair[0].organisation))
        user = pair[0].user
        actions.change_terms(actor=pair[0], partnership=found, tier=tier, territory="Veneto", channel_manager=user)
        assert last("partnership.terms_changed").data["after"]["territory"] == "Veneto"
        with pytest.raises(DomainError, match="your own programme"):
            actions.change_terms(
                actor=pair[0], partnership=found, tier=TierFactory(), territory="", channel_manager=None
            )
        with pytest.raises(DomainError, match="member of your organisation"):
            actions.change_terms(
                actor=pair[0], partnership=found, tier=None, territory="", channel_manager=pair[1].user
            )
        with pytest.raises(PermissionDenied, match="change the terms"):
            actions.change_terms(actor=pair[1], partnership=found, tier=None, territory="", channel_manager=None)


class TestAgreements:
    def test_publish_counts_versions_and_asks_partners(self, pair):
        found = edge(pair, "active")
        edge(pair, "ended", kind="services")
        first = actions.publish_agreement(actor=pair[0], title="Terms", text="One")
        second = actions.publish_agreement(actor=pair[0], title="Terms", text="Two")
        assert (first.version, second.version) == (1, 2)
        assert [(due.partnership, due.agreement) for due in agreements_due(pair[1])] == [(found, second)]
        assert agreements_due(pair[0]) == []
        readers = TrailReader.objects.filter(entry=last("agreement.published"))
        assert set(readers.values_list("organisation", flat=True)) == found.party_ids()

    def test_acceptance_keeps_who_when_where_and_what(self, pair):
        found, agreement = edge(pair, "active"), AgreementFactory(vendor=pair[0].organisation)
        kept = actions.accept_agreement(actor=pair[1], partnership=found, agreement=agreement, address="192.0.2.1")
        assert (kept.user, kept.address) == (pair[1].user, "192.0.2.1")
        assert kept.text_sha256 == hashlib.sha256(agreement.text.encode()).hexdigest()
        assert agreements_due(pair[1]) == []
        with pytest.raises(PermissionDenied, match="accepted already"):
            actions.accept_agreement(actor=pair[1], partnership=found, agreement=agreement, address=None)

    def test_an_older_version_is_not_accepted(self, pair):
        found, old = edge(pair, "active"), AgreementFactory(vendor=pair[0].organisation)
        AgreementFactory(vendor=pair[0].organisation, version=2)
        with pytest.raises(PermissionDenied, match="newer one"):
            actions.accept_agreement(actor=pair[1], partnership=found, agreement=old, address=None)

    def test_the_vendor_does_not_accept_for_its_partner(self, pair):
        found, agreement = edge(pair, "active"), AgreementFactory(vendor=pair[0].organisation)
        with pytest.raises(PermissionDenied, match=r"Only .* can accept"):
            actions.accept_agreement(actor=pair[0], partnership=found, agreement=agreement, address=None)

    def test_over_is_over(self, pair):
        found, agreement = edge(pair, "ended"), AgreementFactory(vendor=pair[0].organisation)
        from partners.models import Agreement

        with pytest.raises(Agreement.DoesNotExist):
            actions.accept_agreement(actor=pair[1], partnership=found, agreement=agreement, address=None)

    def test_an_invited_partner_becomes_active_by_accepting(self, pair):
        found, agreement = edge(pair, "invited"), AgreementFactory(vendor=pair[0].organisation)
        actions.accept_agreement(actor=pair[1], partnership=found, agreement=agreement, address=None)
        found.refresh_from_db()
        assert found.state == "active"
