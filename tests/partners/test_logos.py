"""Logos: what is taken and what is not, who may give one, and how it is served."""

import io
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import DomainError
from core.models import TrailEntry
from partners import actions
from partners.actors import acting
from partners.logos import MOST_OCTETS, drawn
from partners.models import Logo, Organisation
from partners.publics import letterhead_of
from partners.templatetags.network import emblem, letterhead
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory
from tests.partners.factories import administrator
from tests.partners.pictures import BAD, picture, sixteen_bits, with_secrets
from tests.partners.test_settings import signed

FILES = [
    picture(),
    picture(mode="RGBA", ground=(0, 0, 0, 0)),
    picture(mode="P"),
    picture(mode="L"),
    picture(mode="1"),
    picture("JPEG"),
    picture("JPEG", mode="CMYK"),
    picture("JPEG", progressive=True),
    picture("WEBP"),
    picture("WEBP", mode="RGBA", lossless=True),
]


def upload(octets, name="logo.png", kind="image/png"):
    return {"logo": SimpleUploadedFile(name, octets, kind)}


def opened(octets):
    image = Image.open(io.BytesIO(octets))
    image.load()
    return image


class TestJudging:
    @pytest.mark.parametrize("octets", FILES)
    def test_what_is_a_picture_is_drawn_anew_as_png(self, octets):
        kept = drawn(io.BytesIO(octets))
        image = opened(kept.png)
        assert (image.format, image.size) == ("PNG", (300, 100)) == ("PNG", (kept.width, kept.height))
        red, green, _blue = image.convert("RGB").getpixel((80, 50))[:3]
        assert red > 70 + green or image.convert("L").getpixel((80, 50)) < 130, "the bar is where it was"

    @pytest.mark.parametrize("octets", [sixteen_bits(), picture(mode="LA")])
    def test_greys_of_any_depth(self, octets):
        image = opened(drawn(io.BytesIO(octets)).png).convert("L")
        assert image.getpixel((80, 50)) < 120 and image.getpixel((290, 5)) > 240

    @pytest.mark.parametrize(("octets", "said"), BAD.values(), ids=BAD)
    def test_what_is_no_logo_says_why(self, octets, said):
        with pytest.raises(DomainError, match=said) as refused:
            drawn(io.BytesIO(octets))
        assert refused.value.field == "logo"

    @pytest.mark.parametrize(
        ("size", "kept"), [((1200, 400), (600, 200)), ((400, 1200), (80, 240)), ((3000, 3000), (240, 240))]
    )
    def test_a_large_one_is_made_smaller_and_a_small_one_stays(self, size, kept):
        for kind in ("PNG", "JPEG", "WEBP"):
            assert opened(drawn(io.BytesIO(picture(kind, size=size))).png).size == kept
        assert opened(drawn(io.BytesIO(picture(size=(40, 20)))).png).size == (40, 20)

    def test_nothing_but_the_pixels_is_kept(self):
        assert b"script" in with_secrets() and b"iCCP" in with_secrets()
        png = drawn(io.BytesIO(with_secrets())).png
        assert opened(png).info == {}
        assert not any(name in png for name in (b"tEXt", b"iCCP", b"pHYs", b"eXIf", b"script"))
        behind = picture() + b"<script>alert(1)</script>"
        assert b"script" not in drawn(io.BytesIO(behind)).png, "what stands behind the picture is gone"

    def test_a_photograph_that_was_held_upright_stands_upright(self):
        turned = Image.Exif()
        turned[0x0112] = 6  # a quarter to the right
        assert opened(drawn(io.BytesIO(picture("JPEG", exif=turned.tobytes()))).png).size == (80, 240)

    @given(st.integers(0, 2**32), st.sampled_from(FILES))
    def test_whatever_is_broken_in_it_the_answer_is_a_sentence(self, seed, octets):
        chance, broken = random.Random(seed), bytearray(octets)
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(chance.choice((60, len(broken))))
            broken[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        try:
            kept = drawn(io.BytesIO(bytes(broken)))
        except (DomainError, UserWarning):  # of what is odd; tests make warnings errors
            return
        assert kept.width <= 600 and kept.height <= 240


@pytest.mark.django_db
class TestGiving:
    def test_put_up_replaced_and_taken_away_with_its_trail(self, organisation, admin):
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        organisation.refresh_from_db()
        first = organisation.logo_code
        assert len(first) == 32 and (organisation.logo_width, organisation.logo_height) == (300, 100)
        assert opened(letterhead_of(organisation)).size == (300, 100)
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        assert TrailEntry.objects.filter(verb="organisation.logo_set").count() == 1, "the same once more is nothing"
        actions.set_logo(actor=admin, upload=io.BytesIO(picture(size=(200, 200))))
        organisation.refresh_from_db()
        assert organisation.logo_code != first and Logo.objects.count() == 2
        assert Client().get(f"/logo/{first}.png").status_code == 200, "letters that were sent show it"
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        organisation.refresh_from_db()
        assert organisation.logo_code == first and Logo.objects.count() == 2, "back to the first"
        actions.remove_logo(actor=admin)
        actions.remove_logo(actor=admin)
        organisation.refresh_from_db()
        assert (organisation.logo_code, organisation.logo_width, organisation.logo_url) == ("", 0, "")
        assert not Logo.objects.exists() and Client().get(f"/logo/{first}.png").status_code == 404
        entries = TrailEntry.objects.filter(verb__startswith="organisation.logo").order_by("pk")
        assert [(e.verb, e.user) for e in entries] == [
            *[("organisation.logo_set", admin.user)] * 3, ("organisation.logo_removed", admin.user),
        ]  # fmt: skip
        assert entries[1].data["before"] == {"logo_code": first}
        assert {reader.organisation_id for e in entries for reader in e.readers.all()} == {organisation.pk}

    def test_not_without_the_capability(self, organisation, admin, act_for):
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        reader = act_for(organisation, "partnerships.manage", "campaigns.manage")
        for run in (
            lambda: actions.set_logo(actor=reader, upload=io.BytesIO(BAD["huge"][0])),
            lambda: actions.remove_logo(actor=reader),
        ):
            with pytest.raises(PermissionDenied, match="Edit the organisation"):
                run()
        assert Logo.objects.count() == 1

    def test_each_organisation_has_its_own_even_of_one_picture(self, organisation, admin):
        other = acting(administrator(OrganisationFactory()), "web")
        for actor in (admin, other):
            actions.set_logo(actor=actor, upload=io.BytesIO(picture()))
        codes = set(Organisation.objects.exclude(logo_code="").values_list("logo_code", flat=True))
        assert len(codes) == 2
        actions.remove_logo(actor=other)
        organisation.refresh_from_db()
        assert letterhead_of(organisation), "what another takes away is its own"

    def test_what_was_replaced_long_ago_goes(self, organisation, admin, monkeypatch):
        monkeypatch.setattr(Logo, "KEPT", 3)
        seen = []
        for width in range(100, 160, 10):
            actions.set_logo(actor=admin, upload=io.BytesIO(picture(size=(width, 50))))
            organisation.refresh_from_db()
            seen.append(organisation.logo_code)
        assert set(Logo.objects.values_list("code", flat=True)) == set(seen[-3:])

    def test_a_refusal_changes_nothing(self, organisation, admin):
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        with pytest.raises(DomainError):
            actions.set_logo(actor=admin, upload=io.BytesIO(BAD["svg"][0]))
        organisation.refresh_from_db()
        assert organisation.logo_code and Logo.objects.count() == 1


@pytest.mark.django_db
class TestPages:
    AT, AWAY = "/organisation/logo/", "/organisation/logo/remove/"

    def test_given_shown_and_taken_away_among_the_details(self, organisation, admin):
        client, page = signed(admin), reverse("partners:details")
        assert "<img" not in client.get(page).text.split('id="logo"')[1].split("</section>")[0]
        assert client.post(self.AT, upload(picture(), "any name.exe", "application/x-msdownload")).status_code == 302
        organisation.refresh_from_db()
        assert client.get(page).text.count(f'src="/logo/{organisation.logo_code}.png"') == 2
        assert client.post(self.AWAY).status_code == 302
        assert "/logo/" not in client.get(page).text.replace(self.AT, "")

    @pytest.mark.parametrize("bad", ["svg", "text named .png", "huge", "truncated jpeg", "moving webp", "nothing"])
    def test_what_is_wrong_stands_at_the_field(self, organisation, admin, bad):
        answer = signed(admin).post(self.AT, upload(BAD[bad][0]))
        assert answer.status_code == 422
        assert answer.context["logo"].errors["logo"]
        assert 'value="EUR"' in answer.text, "the details stand beside it as they are"
        assert not Logo.objects.exists()

    def test_twenty_megabytes_and_no_file(self, admin):
        client = signed(admin)
        large = client.post(self.AT, upload(picture() + b"\0" * 20_000_000))
        assert large.status_code == 422 and f"{MOST_OCTETS // 1_000_000} MB" in large.text
        assert client.post(self.AT, {"logo": "logo.png"}).status_code == 422
        assert not Logo.objects.exists()
        assert client.post(self.AT, upload(picture(), "x" * 400 + ".svg")).status_code == 302, "no name matters"

    def test_a_colleague_sees_it_and_cannot_change_it(self, organisation, admin):
        actions.set_logo(actor=admin, upload=io.BytesIO(picture()))
        role = RoleFactory(organisation=organisation, capabilities=["partnerships.view"])
        client = signed(acting(MembershipFactory(organisation=organisation, roles=[role]), "web"))
        page = client.get(reverse("partners:details")).text
        assert "/logo/" in page and self.AT not in page and self.AWAY not in page
        for at, sent in ((self.AT, upload(picture())), (self.AWAY, {})):
            assert client.post(at, sent).status_code == 403
            assert client.get(at).status_code == 405
            assert Client().post(at, sent).status_code == 302, "who is not signed in is asked to"
        assert Logo.objects.count() == 1

    def test_a_partner_sees_it_where_the_company_stands_large(self, admin, pair):
        vendor, partner = pair
        edge = PartnershipFactory(vendor=vendor.organisation, partner=partner.organisation)
        at = reverse("partners:partnership", args=[edge.pk])
        assert "mark" in signed(vendor).get(at).text and "/logo/" not in signed(vendor).get(at).text
        actions.set_logo(actor=partner, upload=io.BytesIO(picture()))
        assert 'class="emblem"><img src="/logo/' in signed(vendor).get(at).text


@pytest.mark.django_db
class TestServing:
    @pytest.fixture
    def address(self, organisation, admin):
        return actions.set_logo(actor=admin, upload=io.BytesIO(picture())).logo_path

    def test_open_to_everybody_and_kept_by_whoever_stands_between(self, address, admin):
        for client in (Client(headers={"Accept-Language": "it"}), signed(admin)):
            answer = client.get(address)
            assert answer.status_code == 200 and opened(answer.content).size == (300, 100)
            assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["Cache-Control"] == "public, max-age=2592000, immutable"
            assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert not {"Vary", "Set-Cookie", "Content-Language"} & set(answer.headers) and not answer.cookies
        assert Client().head(address).status_code == 200
        assert Client().post(address).status_code == 405

    @pytest.mark.parametrize("code", ["0" * 32, "1", "x" * 500, "%00", "..%2f..%2fsecret", "A" * 32])
    def test_no_other_code_leads_anywhere(self, address, code):
        assert Client().get(f"/logo/{code}.png").status_code == 404

    def test_other_pages_still_differ_by_reader(self, admin):
        assert "Cookie" in signed(admin).get(reverse("partners:details"))["Vary"]


@pytest.mark.django_db
def test_marks_and_sizes():
    plain = OrganisationFactory(name="A <b> & Co")
    assert "emblem" not in emblem(plain) and "big" in emblem(plain)
    assert "A &lt;b&gt; &amp; Co" in letterhead(plain)
    wide = OrganisationFactory(name='"Wide" <i>', logo_code="a" * 32, logo_width=600, logo_height=100)
    assert wide.logo_within(300, 300) == (300, 50) and wide.logo_within(9000, 9000) == (600, 100)
    assert 'alt="&quot;Wide&quot; &lt;i&gt;"' in letterhead(wide) and "<b>" not in letterhead(wide)
    square = OrganisationFactory(name="Square", logo_code="b" * 32, logo_width=100, logo_height=100)
    assert 'alt=""' in letterhead(square) and "<b>Square</b>" in letterhead(square)
    assert wide.logo_url.startswith("http") and wide.logo_url.endswith(f"/logo/{'a' * 32}.png")
