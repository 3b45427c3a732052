"""The logo of who writes, as a field of the text of a mailing."""

import pytest
from django.urls import reverse

from audiences.letters import Writer, known_fields
from audiences.models import Recipient
from core.errors import DomainError
from tests.audiences.factories import ContactFactory, MailingFactory
from tests.partners.pictures import with_logo

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(sender):
    """What a letter of this text looks like, to somebody."""
    to = ContactFactory(organisation=sender)

    def write(body, html=True):
        mailing = MailingFactory(organisation=sender, body=body)
        return Writer(mailing).filled(to, Recipient(email=to.email), html=html)

    return write


def test_with_and_without_a_logo(sender, filled):
    assert "our_logo" in known_fields(sender)
    assert "<strong>Aurora</strong>" in filled("{{our_logo}}") and "<img" not in filled("{{our_logo}}")
    assert "<strong>The &lt;b&gt; pumps</strong>" in filled("{{our_logo|The <b> pumps}}")
    assert filled("{{our_logo}} here", html=False).startswith("Aurora here")
    with_logo(sender)
    html = filled("{{our_logo|The pumps}}")
    assert f'src="{sender.logo_url}" width="192" height="64" alt="Aurora"' in html and "The pumps" not in html
    assert filled("{{our_logo}} here", html=False).startswith("Aurora here")
    assert ".logo {" in html.split("prefers-color-scheme: dark")[1], "in the dark it has a plate"


def test_a_hostile_name_stays_text(sender, filled):
    sender.name = '"><script>alert(1)</script>'
    sender.save()
    for _ in range(2):
        html = filled("{{our_logo}}")
        assert "<script" not in html and "&lt;script&gt;" in html
        with_logo(sender)


@pytest.mark.parametrize("bad", [{"subject": "{{our_logo}}"}, {"body": "[x](https://a.example/{{our_logo}})"}])
def test_neither_in_a_subject_nor_in_an_address(sender, bad):
    with pytest.raises(DomainError):
        Writer(MailingFactory(organisation=sender, **bad))


def test_the_preview_may_load_it_and_nothing_else(sender, keeper, sign_in, settings):
    client = sign_in(sender, "audiences.view")
    mailing = MailingFactory(organisation=with_logo(sender), body="{{our_logo}}")
    answer = client.get(reverse("audiences:letter", args=[mailing.pk]))
    rules = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
    assert rules["img-src"].startswith("'self' http") and rules["default-src"] == rules["script-src"] == "'none'"
    assert sender.logo_url in answer.text
