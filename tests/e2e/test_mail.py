"""A room by e-mail: who is named reads the words in a letter, answers it, and the answer stands in the room."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.cast import LUCA, MARTA
from tests.e2e.letters import letter
from tests.e2e.steps import approved_deal, connected, message, say
from tests.e2e.test_trail_inbox_search import prefer

pytestmark = pytest.mark.browser


def test_a_letter_is_answered_and_the_answer_is_in_the_room(open_as, portal):
    prefer(open_as(MARTA, "/inbox/preferences/"), "Rooms", "At once")
    deal, word = approved_deal(open_as, title=f"Weir {uuid4().hex[:6]}"), uuid4().hex[:8]
    luca = open_as(LUCA, f"/deals/{deal['id']}/")
    connected(luca)
    say(luca, f"@Marta Riva, can you come on Tuesday? {word}")
    mail = open_as(None, "/demo/mail/")
    about = f"mentioned you in {deal['number']}"
    assert word in letter(mail, portal.url, MARTA, about=about, seconds=90)
    mail.get_by_label("Answer this letter as its reader").fill(f"Yes, at nine {word}.")
    mail.get_by_role("button", name="Send the answer").click()
    expect(mail.get_by_text("Your answer is posted.")).to_be_visible()
    said = message(luca, f"Yes, at nine {word}.")
    expect(said).to_have_count(1)
    expect(said).not_to_contain_text("wrote:")
