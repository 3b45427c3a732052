"""Co-branding: each participant's logo in its own letters, on its page and on its flyer, and nobody else's."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from audiences.letters import Writer
from audiences.models import Recipient
from campaigns import actions, flyers
from core.errors import DomainError
from core.paper import Paper
from tests.audiences.factories import ContactFactory
from tests.campaigns.factories import Scene
from tests.partners.pictures import with_logo

BODY = "{{our_logo}}\n\nDear {{first_name}}, [ask us]({{our_page}})."


@pytest.fixture
def scene(db):
    found = Scene()
    with_logo(found.owner, size=(240, 80))
    with_logo(found.first, size=(400, 100))
    return found


@pytest.fixture
def pictures(monkeypatch):
    """What is put on paper as a picture: its octets and what is said of it."""
    found, plain = [], Paper.picture

    def spy(self, png, **said):
        found.append((png, said["said"]))
        plain(self, png, **said)

    monkeypatch.setattr(Paper, "picture", spy)
    return found


def browser(actor):
    client = Client()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_letter_is_previewed_with_the_logo_of_each_participant(scene):
    campaign = scene.running()
    letter = scene.asset(campaign, body=BODY)
    at = reverse("campaigns:asset", args=[campaign.pk, letter.pk])

    def text_of(actor, organisation):
        page = browser(actor).get(f"{at}?as={scene.seat(campaign, organisation).pk}").content.decode()
        return page.split('class="prose"')[1].split("</section>")[0]

    owners, firsts = text_of(scene.manager, scene.owner), text_of(scene.manager, scene.first)
    assert scene.owner.logo_path in owners and scene.first.logo_path not in owners
    assert scene.first.logo_path in firsts and 'width="240" height="60" alt="Brenta"' in firsts
    seconds = text_of(scene.manager, scene.second)
    assert "<strong>Dora</strong>" in seconds and "<img" not in seconds, "without a logo its name stands there"
    assert scene.first.logo_path in text_of(scene.joiner, scene.owner), "a participant sees its own alone"


@pytest.mark.parametrize(
    ("title", "body"), [("From {{our_logo}}", "Text"), ("From us", "[x]({{our_logo}})"), ("From us", "{{our_logos}}")]
)
def test_the_logo_stands_in_the_text_alone(scene, title, body):
    campaign = scene.running()
    with pytest.raises(DomainError):
        scene.asset(campaign, title=title, body=body)


def test_the_mailing_that_is_made_of_it_shows_ones_own(scene, settings):
    settings.BASE_URL = "https://portal.example"
    campaign = scene.running()
    mailing = actions.use_letter(actor=scene.joiner, campaign=campaign, asset=scene.asset(campaign, body=BODY))
    assert "{{our_logo}}" in mailing.body
    to = ContactFactory(organisation=scene.first, first_name="Jana")
    Writer(mailing).compose(Recipient(email=to.email), to).send()
    html, text = mail.outbox[0].alternatives[0][0], mail.outbox[0].body
    assert f'src="https://portal.example{scene.first.logo_path}"' in html and "Dear Jana" in html
    assert html.count("<img") == 1 and 'alt="Brenta"' in html
    assert text.startswith("Brenta\n\nDear Jana")
    assert Client().get(scene.first.logo_path).status_code == 200, "it loads without signing in"


def test_the_landing_page_wears_it(scene):
    campaign = scene.running()
    where = f"/c/{scene.seat(campaign, scene.first).form.code}/"
    page = Client().get(where)
    header = page.text.split("<header>")[1].split("</header>")[0]
    assert f'src="{scene.first.logo_path}"' in header and 'alt="Brenta"' in header
    assert "<b>Brenta" not in header, "a wide logo says the name"
    assert scene.owner.logo_code not in page.text
    with_logo(scene.first, size=(100, 100))
    assert "<b>Brenta</b>" in Client().get(where).text, "a sign does not"
    plain = Client().get(f"/c/{scene.seat(campaign, scene.second).form.code}/").text
    assert "<img" not in plain and 'class="mark' in plain


def test_a_flyer_has_it_at_its_head_and_where_its_text_says(scene, pictures):
    campaign = scene.running()
    asset = scene.asset(campaign, kind="flyer", body="Text\n\n{{our_logo}}\n\n- of {{our_logo}}\n\n\ue000 end")
    seat, plain = scene.seat(campaign, scene.first), scene.seat(campaign, scene.second)
    made = flyers.pdf_of(asset, seat)
    assert [said for _png, said in pictures] == ["Brenta", "Brenta"] and b"/Subtype /Image" in made
    assert flyers.pdf_of(asset, seat) == made, "the same bytes each time"
    pictures.clear()
    assert b"/Subtype /Image" not in flyers.pdf_of(asset, plain) and not pictures
    printed = reverse("campaigns:asset_print", args=[campaign.pk, asset.pk])
    assert browser(scene.joiner).get(printed).text.count(f'src="{scene.first.logo_path}"') == 3
