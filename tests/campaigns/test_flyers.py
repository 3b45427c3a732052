"""The flyer on paper: what is put on it, in which style, and what leads out of it."""

import pytest

from campaigns import flyers
from campaigns.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def flyer(scene, monkeypatch):
    """The text on paper as (words, bold, where it leads), and the file."""
    campaign = scene.running()
    seat = scene.seat(campaign, scene.first)
    scene.asset(campaign, "flyer", "One hour", "Text")
    put = []

    def write(self, height, text, link=""):
        put.append((text, "B" in self.font_style, link))
        return plain(self, height, text, link)

    plain = flyers.Flyer.write
    monkeypatch.setattr(flyers.Flyer, "write", write)

    def made(body, title="One hour"):
        Asset.objects.filter(kind="flyer").update(title=title, body=body)
        put.clear()
        return put, flyers.pdf_of(Asset.objects.get(kind="flyer"), seat)

    return made


def test_bold_words_are_bold_and_all_others_are_not(flyer):
    put, _file = flyer("We come, **measure *and* leave**, {{our_name}}.\n\n## Why\n\n- one\n- **two**")
    bold = "".join(text for text, is_bold, _link in put if is_bold)
    assert bold == "measure and leaveWhytwo"
    assert "".join(text for text, _bold, _link in put) == "We come, measure and leave, Brenta.Whyonetwo"


def test_a_heading_that_repeats_the_title_stands_once(flyer):
    assert [text for text, _bold, _link in flyer("# One hour\n\nCome.")[0]] == ["Come."]
    assert [text for text, _bold, _link in flyer("# Two hours\n\nCome.")[0]] == ["Two hours", "Come."]
    assert [text for text, _bold, _link in flyer("One hour")[0]] == ["One hour"]


def test_only_addresses_of_the_web_mail_and_telephone_lead_out_of_the_paper(flyer):
    body = "[web](https://a.example/?q=1) [mail](mailto:a@b.example) [here](#top) [file](file:///etc/passwd) [x](../x)"
    put, file = flyer(body)
    assert [link for _text, _bold, link in put if link] == ["https://a.example/?q=1"] * 2 + ["mailto:a@b.example"] * 2
    assert file.count(b"/URI (") >= 2 and b"/URI (file" not in file and b"#top" not in file
    assert "(#top)" in "".join(text for text, _bold, _link in put)


@pytest.mark.parametrize(
    "body", ["", "# One hour", "---", "```\ncode\n\nmore\n```", "- \n- ", "1. a\n   - b\n     - c", "> x"]
)
def test_odd_texts_make_a_page(flyer, body):
    assert flyer(body)[1].startswith(b"%PDF-")


def test_a_long_text_goes_on_over_pages_and_the_same_text_gives_the_same_bytes(flyer):
    long = "\n\n".join(["A sentence with **bold words** in it. " * 12] * 20)
    assert flyer(long)[1] == flyer(long)[1]
    assert flyer(long)[1].count(b"/Type /Page\n") > 1
