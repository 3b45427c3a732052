"""The demo's triggers: four of Aurora that ran for a month, a draft, and the partners' people among its contacts."""

from datetime import timedelta
from typing import Any

from audiences.models import Consent, Contact
from automation.actions.writing import said_by
from automation.models import Run, Trigger, TriggerVersion
from automation.occasions import OCCASIONS
from automation.rehearsing import Line, rehearse
from automation.sentences import sentence
from partners.models import Membership, Partnership, Role

LOGGED = timedelta(days=30)
CAST: tuple[dict[str, Any], ...] = (
    {
        "name": "Protection ends: remind the partner",
        "event": "deal_expiring", "days": 14, "act": "letter", "to": "partner",
        "subject": "{{record}}: the protection ends on {{day}}",
        "body": "Dear {{first_name|colleague}},\n\nthe protection of **{{record}}** ends on {{day}}. "
        "If the project goes on, ask for more time before that day.",
    },
    {
        "name": "Goods are on their way",
        "event": "order_despatched", "act": "letter", "to": "partner", "purpose": "service",
        "subject": "Your order {{record}} is on its way",
        "body": "Dear {{first_name|colleague}},\n\nthe goods of your order {{record}} left us today.",
    },
    {
        "name": "A big lead: call at once",
        "event": "lead_created", "act": "notice", "once": "record",
        "rule": {"join": "all", "groups": [{"join": "all", "conditions": [
            {"field": "value", "op": "ge", "value": {"amount": "40000", "currency": "EUR"}},
        ]}]},
        "subject": "A big lead came in", "body": "Call before anybody else does.",
    },
    {
        "name": "A month without an order",
        "event": "order_silence", "days": 30, "act": "notice",
        "subject": "This partner has not ordered for a month", "body": "",
    },
)  # fmt: skip


def fill(world: Any) -> None:
    """Write the triggers, and what they did: what a dry run finds, as if they had been running."""
    aurora = world.orgs["aurora"]
    manager = world.person("aurora", "channel_manager")
    _contacts(world, aurora)
    role = Role.objects.filter(organisation=aurora, preset="channel_manager").first()
    for at, said in enumerate(CAST):
        since = world.now - LOGGED - timedelta(days=at)
        row = Trigger(organisation=aurora, sender_name="Aurora Pumps", reply_to="news@aurora.example", **said)
        row.written_by, row.created, row.active_since, row.looked_until = manager, since, since, world.now
        row.state = Trigger.State.ACTIVE
        row.role = role if row.act == Trigger.Act.NOTICE else None
        row.save()
        version = {**said_by(row), "sentence": sentence(row)}
        TriggerVersion.objects.create(trigger=row, number=1, said=version, user=manager, created=since)
        actor = world.actor("aurora", "channel_manager")
        world.trail(actor, "trigger.saved", row, since, version=1)
        world.trail(actor, "trigger.activated", row, since + timedelta(minutes=5), version=1)
        _log(world, row)
    draft = Trigger(
        organisation=aurora, name="Asked again: write back", event="lead_asked", act="letter", to="person",
        subject="You asked again: may we call you?", sender_name="Aurora Pumps", written_by=manager,
        body="Dear {{first_name|friend}},\n\nthank you for asking again. When may we call you?", delay_hours=2,
        created=world.now - timedelta(hours=3),
        rule={"join": "all", "groups": [{"join": "all", "conditions": [{"field": "asked", "op": "ge", "value": "2"}]}]},
    )  # fmt: skip
    draft.save()
    version = {**said_by(draft), "sentence": sentence(draft)}
    TriggerVersion.objects.create(trigger=draft, number=1, said=version, user=manager, created=draft.created)
    world.trail(world.actor("aurora", "channel_manager"), "trigger.saved", draft, draft.created, version=1)


def _contacts(world: Any, aurora: Any) -> None:
    """The partners' people, most of whom agreed to be written to."""
    partners = Partnership.objects.filter(vendor=aurora).active().values("partner")
    members = Membership.objects.filter(organisation__in=partners).live().select_related("organisation")
    people = {member.user_id: member for member in members.order_by("-pk")}  # some work for two of them
    for at, pk in enumerate(sorted(people)[:12]):
        user, company = people[pk].user, people[pk].organisation
        contact = Contact(
            organisation=aurora, name=user.name, email=user.email, company=company.name, country=company.country,
            language=user.language, source="Partner portal", created=world.now - timedelta(days=200 + at),
        )  # fmt: skip
        contact.save()
        for purpose in ("news", "service") if at % 4 else ():
            Consent.objects.create(
                contact=contact, purpose=purpose, source="Partner agreement", given_at=contact.created
            )


def _log(world: Any, row: Trigger) -> None:
    lines = rehearse(row, row.active_since or world.now, world.now).lines
    Run.objects.bulk_create(_run(row, line) for line in lines)


def _run(row: Trigger, line: Line) -> Run:
    kind = OCCASIONS[row.event].kind
    once_key = line.addressee.once_key(row, kind.target, line.subject.row.pk) if line.reached else ""
    return Run(
        trigger=row, organisation_id=row.organisation_id, version=1, target=kind.target, target_id=line.subject.row.pk,
        title=line.subject.title[:200], occasion=line.happening.key, addressee=line.addressee.key, once_key=once_key,
        contact=line.addressee.contact, partner=line.addressee.partner or line.subject.partner,
        state=Run.State.DONE if line.reached else Run.State.LEFT_OUT, why=line.why, reached=int(line.reached),
        happened_at=line.at, due_at=line.moment or line.at, settled_at=line.moment or line.at,
    )  # fmt: skip
