"""Contacts, segments and mailings in the isolation table: each is one organisation's own."""

from typing import Any

from django.core.files.base import ContentFile

from audiences.models import ContactImport
from tests.audiences.factories import ContactFactory, MailingFactory, SegmentFactory

Row = tuple[str, str, dict[str, Any]]


def row(method: str, kind: str, /, **arguments: Any) -> Row:
    return method, kind, arguments


ROUTES: dict[str, Row] = {
    "audiences:contact": row("get", "audience_contact"),
    "audiences:contact_edit": row("get", "audience_contact"),
    "audiences:consent": row("post", "audience_contact"),
    "audiences:withdraw": row("post", "audience_contact"),
    "audiences:suppress": row("post", "audience_contact"),
    "audiences:lift": row("post", "audience_contact"),
    "audiences:merge": row("post", "audience_contact"),
    "audiences:erase": row("post", "audience_contact"),
    "audiences:import": row("get", "audience_import"),
    "audiences:import_report": row("get", "audience_import"),
    "audiences:segment": row("get", "segment"),
    "audiences:segment_delete": row("post", "segment"),
    "audiences:mailing": row("get", "mailing"),
    "audiences:mailing_edit": row("get", "mailing"),
    "audiences:letter": row("get", "mailing"),
    "audiences:mailing_test": row("post", "mailing"),
    "audiences:schedule": row("post", "mailing"),
    "audiences:mailing_delete": row("post", "mailing"),
    "audiences:recipients": row("get", "mailing"),
    "audiences:step": row("post", "mailing", name="start"),
    "api:audience-contact-detail": row("get", "audience_contact"),
    "api:audience-contact-consent": row("post", "audience_contact"),
    "api:audience-contact-withdraw": row("post", "audience_contact"),
    "api:audience-segment-detail": row("get", "segment"),
    "api:audience-segment-contacts": row("get", "segment"),
    "api:mailing-detail": row("get", "mailing"),
    "api:mailing-results": row("get", "mailing"),
    "api:mailing-start": row("post", "mailing"),
    "api:mailing-pause": row("post", "mailing"),
    "api:mailing-resume": row("post", "mailing"),
    "api:mailing-stop": row("post", "mailing"),
}
PRIVATE = {"audience_contact", "audience_import", "segment", "mailing"}
WITHOUT_RECORD: dict[str, str] = {
    "audiences_public:opened": "the token is the proof; it is tested with the mailings",
    "audiences_public:follow": "the token is the proof; it is tested with the mailings",
    "audiences_public:unsubscribe": "the token is the proof; it is tested with the mailings",
}


def records(world: Any) -> dict[str, Any]:
    """One of each kind, Brenta's own."""
    brenta = world.orgs["brenta"]
    imported = ContactImport(organisation=brenta, name="people.csv", encoding="utf-8-sig", separator=",", total=1)
    imported.file.save("people.csv", ContentFile(b"name,email\nA,a@a.example\n"), save=False)
    imported.save()
    return {
        "audience_contact": ContactFactory(organisation=brenta),
        "audience_import": imported,
        "segment": SegmentFactory(organisation=brenta),
        "mailing": MailingFactory(organisation=brenta),
    }
