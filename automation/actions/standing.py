"""The letters of a trigger: one standing mailing for each of its versions."""

from audiences.actions import close_standing, open_standing
from audiences.models import Mailing
from automation.models import Trigger, TriggerVersion
from automation.occasions import SOURCE
from partners.actors import system_actor


def mailings_of(trigger: Trigger) -> list[Mailing]:
    """The mailings of all its versions, the newest first."""
    versions = TriggerVersion.objects.filter(trigger=trigger).values_list("pk", flat=True)
    mine = Mailing.objects.filter(organisation=trigger.organisation_id, source=SOURCE, source_id__in=list(versions))
    return list(mine.with_numbers().order_by("-pk"))


def letters_of(trigger: Trigger) -> Mailing:
    """The mailing of the version in force, opened with its first letter. The caller holds the trigger."""
    version = TriggerVersion.objects.get(trigger=trigger, number=trigger.version)
    mine = Mailing.objects.filter(organisation=trigger.organisation_id, source=SOURCE, source_id=version.pk)
    found = mine.order_by("-pk").first()
    if found is not None:
        return found
    names = ("subject", "body", "purpose", "sender_name", "reply_to", "written_by")
    said = {name: getattr(trigger, name) for name in names}
    actor = system_actor(trigger.organisation)
    return open_standing(actor=actor, fields=said, source=SOURCE, source_id=version.pk)


def close_letters(trigger: Trigger) -> None:
    """The version in force is another: to the mailings of those before no letter is added."""
    for mailing in mailings_of(trigger):
        close_standing(mailing=mailing)
