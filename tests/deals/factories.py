"""Deals in a whole neighbourhood: a partnership, a vendor's terms, one line; in any state, consistent with it."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils.timezone import localdate, now

from core.numbers import with_check_digit
from deals.actions.filing import file_deals
from deals.models import (
    ConflictCheck,
    CustomerCluster,
    Deal,
    DealLine,
    EndCustomer,
    Protection,
    RegistrationType,
)
from tests.factories import OrganisationFactory, PartnershipFactory, UserFactory


class EndCustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EndCustomer

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Customer {:05d} S.p.A.".format)


class DealFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deal
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    vendor = factory.SelfAttribute("partnership.vendor")
    partner = factory.SelfAttribute("partnership.partner")
    type = factory.LazyAttribute(lambda deal: RegistrationType.objects.default_of(deal.vendor.pk))
    number = factory.Sequence(lambda n: with_check_digit("D-", 900_000 + n))
    submitter = factory.SubFactory(UserFactory)
    title = factory.Sequence("Pumping station {:05d}".format)
    customer_name = factory.Sequence("Consorzio {:05d} S.p.A.".format)
    customer_name_key = factory.LazyAttribute(lambda deal: deal.customer_name.lower().removesuffix(" s.p.a."))
    amount = Decimal("12000.00")
    decision_date = factory.LazyFunction(lambda: localdate() + timedelta(days=40))
    state = Deal.State.SUBMITTED
    submitted_at = factory.LazyFunction(now)
    priority_at = factory.LazyFunction(now)
    sla_due_at = factory.LazyFunction(lambda: now() + timedelta(hours=8))

    @factory.post_generation
    def lines(self, create, extracted):
        for position, line in enumerate(extracted if extracted is not None else [{}], start=1):
            values = {"product_text": "Vertical pump", "quantity": 2, "asked_price": Decimal(6000), "list_price": 6500}
            DealLine.objects.create(deal=self, position=position, **{**values, **line})

    @factory.post_generation
    def filed(self, create, extracted):
        file_deals([self])


class DraftFactory(DealFactory):
    state = Deal.State.DRAFT
    number = ""
    submitted_at = priority_at = sla_due_at = None


class ApprovedFactory(DealFactory):
    """Approved today, protected for 90 days, exclusively."""

    state = Deal.State.APPROVED
    sla_due_at = None
    protected_from = factory.LazyFunction(localdate)
    protected_until = factory.LazyFunction(lambda: localdate() + timedelta(days=90))

    @factory.post_generation
    def protection(self, create, extracted):
        cluster = CustomerCluster.objects.create(vendor=self.vendor, name=self.customer_name)
        for key in self.customer_keys:
            cluster.keys.create(vendor=self.vendor, kind=key.kind, value=key.value)
        Protection.objects.create(
            vendor=self.vendor,
            deal=self,
            cluster=cluster,
            product_line=next((line.product_line for line in self.lines.all()), ""),
            start=self.protected_from,
            end=self.protected_until,
        )


class QueuedFactory(DealFactory):
    """Submitted, and waiting behind another partner's protection (which only the vendor may know)."""

    @factory.post_generation
    def conflict(self, create, extracted):
        blocker = extracted or ApprovedFactory(
            partnership__vendor=self.vendor,
            customer_name=self.customer_name,
            customer_name_key=self.customer_name_key,
            type=self.type,
        )
        ConflictCheck.objects.create(
            vendor=self.vendor, deal=self, verdict=ConflictCheck.Verdict.BLOCKING, queued=True, blocker=blocker
        )
