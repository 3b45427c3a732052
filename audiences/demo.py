"""The demo's audiences: two hundred contacts of Aurora with consent and tags, segments, and mailings with results."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.text import slugify

from audiences import demo_cast as cast
from audiences.actions.consenting import put_on_list
from audiences.actions.sending import variant_of
from audiences.choosing import contacts_of
from audiences.letters import Writer
from audiences.models import Click, Consent, Contact, ContactTag, Link, Mailing, Recipient, Segment

CONTACTS = 200
WINDOW = timedelta(days=3)  # within which letters are opened


def fill(world: Any) -> None:
    """Write the contacts of Aurora, with what belongs to them."""
    aurora = world.orgs["aurora"]
    people = _contacts(world, aurora)
    segments = _segments(aurora)
    for at, (subject, second, days, body) in enumerate(cast.SENT):
        started = world.now - timedelta(days=days, hours=2)
        mailing = _mailing(world, aurora, subject, body, segments[at], started)
        mailing.subject_b, mailing.state, mailing.started_at, mailing.frozen_at = second, "sent", started, started
        mailing.finished_at = started + timedelta(minutes=2)
        mailing.save()
        _results(world, mailing, segments[at], started)
        manager = world.actor("aurora", "channel_manager")
        for verb, moment in (("written", started), ("started", started), ("finished", mailing.finished_at)):
            world.trail(manager, f"mailing.{verb}", mailing, moment)
    draft = _mailing(world, aurora, *cast.DRAFT, segments[2], world.now - timedelta(hours=20))
    draft.purpose = "events"
    draft.save()
    world.trail(world.actor("aurora", "channel_manager"), "mailing.written", draft, draft.created)
    for contact in people[1:4]:
        put_on_list(contact, "unsubscribed")


def _contacts(world: Any, aurora: Any) -> list[Contact]:
    rng = world.rng
    rows = []
    for at in range(CONTACTS):
        first, last = cast.FIRST[at % len(cast.FIRST)], cast.LAST[(at * 7 + at // 20) % len(cast.LAST)]
        company, country = cast.COMPANIES[at % len(cast.COMPANIES)]
        host = slugify(company)
        mail = f"{slugify(first)}.{slugify(last)}"
        row = Contact(organisation=aurora, name=f"{first} {last}", company=company, country=country)
        row.email = f"{mail}{at}@{host}.example" if at % 23 else ""
        row.language = {"IT": "it", "DE": "de", "FR": "fr"}[country]
        row.source = cast.SOURCES[at % 4]
        row.created = world.now - timedelta(days=rng.randint(30, 400), minutes=at)
        row.set_keys()
        rows.append(row)
    rows = Contact.objects.bulk_create(rows)
    ContactTag.objects.bulk_create(
        ContactTag(contact=row, name=name) for row in rows for name in sorted(rng.sample(cast.TAGS, rng.randint(0, 3)))
    )
    Consent.objects.bulk_create(
        Consent(
            contact=row, purpose=purpose, source=row.source, wording=cast.WORDING, given_at=row.created,
            withdrawn_at=world.now - timedelta(days=5) if at % 17 == 0 else None,
            withdrawn_how="on the telephone" if at % 17 == 0 else "",
        )
        for at, row in enumerate(rows)
        for purpose in (("news", "events") if at % 3 == 0 else ("news",))
        if at % 9
    )  # fmt: skip
    return rows


def _segments(aurora: Any) -> list[Segment]:
    def one(field: str, op: str, value: Any) -> dict[str, Any]:
        return {"field": field, "op": op, "value": value}

    rules = (
        ("Everybody who wants news", [one("consent", "meets", ["news"])]),
        (
            "Planners and maintenance in Italy",
            [one("tag", "meets", ["planner", "maintenance"]), one("country", "in", ["IT"])],
        ),
        ("Opened lately, not invited yet", [one("opened_days", "le", "60"), one("consent", "meets", ["events"])]),
    )
    return [
        Segment.objects.create(
            organisation=aurora, name=name, rule={"join": "all", "groups": [{"join": "all", "conditions": said}]}
        )
        for name, said in rules
    ]


def _mailing(world: Any, aurora: Any, subject: str, body: str, segment: Segment, moment: datetime) -> Mailing:
    return Mailing(
        organisation=aurora, subject=subject, body=body, segment=segment, sender_name="Aurora Pumps",
        reply_to="news@aurora.example", written_by=world.person("aurora", "channel_manager"), created=moment,
    )  # fmt: skip


def _results(world: Any, mailing: Mailing, segment: Segment, started: datetime) -> None:
    """Letters that left within two minutes, and what their readers did."""
    rng = world.rng
    reached = contacts_of(segment).exclude(email="").agreed_to("news").order_by("pk")
    rows = []
    for at, contact in enumerate(reached):
        row = Recipient(mailing=mailing, organisation=mailing.organisation, contact=contact, email=contact.email)
        row.variant, row.state = variant_of(mailing, contact.pk), "sent"
        row.sent_at = sent = started + timedelta(milliseconds=600 * at)
        if at % 29 == 11:
            row.bounced_at, row.reason = sent + timedelta(seconds=40), "5.2.2 mailbox full"
        elif rng.random() < (0.55 if row.variant == "B" else 0.42):
            row.opened_at = opened = sent + WINDOW * rng.random() ** 3
            if rng.random() < 0.35:
                row.clicked_at = opened + timedelta(seconds=rng.randint(5, 90))
        if at % 41 == 7:
            row.unsubscribed_at = sent + timedelta(hours=5)
        rows.append(row)
    rows = Recipient.objects.bulk_create(rows)
    urls = Writer(mailing).body.urls
    links = Link.objects.bulk_create(Link(mailing=mailing, number=at, url=url) for at, url in enumerate(urls, start=1))
    Click.objects.bulk_create(
        Click(recipient=row, link=rng.choice(links), first_at=row.clicked_at) for row in rows if row.clicked_at
    )
    mailing.left_out = {"no_consent": 12, "no_address": 4, "suppressed": 3}
    mailing.save(update_fields=["left_out"])
