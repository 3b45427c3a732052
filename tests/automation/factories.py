"""Triggers in a whole neighbourhood, with a name in every field that could leak."""

import factory
from django.utils.timezone import now

from automation.models import Run, Trigger, TriggerVersion
from tests.factories import OrganisationFactory


class TriggerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Trigger
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Xaver Quandt {:05d}".format)
    event = "lead_asked"
    act = "letter"
    subject = "Dear Quandt"
    body = "Hello {{first_name}}, about {{record}}."
    sender_name = "Aurora Pumps"
    quiet_begins = None
    quiet_ends = None

    @factory.post_generation
    def versioned(self, create, extracted):
        TriggerVersion.objects.create(trigger=self, number=self.version, said={"sentence": "Dear Quandt"})


class RunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Run

    trigger = factory.SubFactory(TriggerFactory)
    organisation = factory.SelfAttribute("trigger.organisation")
    version = 1
    target = "leads.lead"
    target_id = 1
    title = "Zirkonia Werke"
    occasion = factory.Sequence("entry:{:05d}".format)
    happened_at = factory.LazyFunction(now)
    due_at = factory.LazyFunction(now)
