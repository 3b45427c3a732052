"""A day of two companies: a question in the forum, the deal's room, a call, and a digest that is answered by e-mail."""

import os
import re
import subprocess
import sys
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.callers import call, hang_up, hears, join
from tests.e2e.cast import LUCA, MARTA
from tests.e2e.letters import letter
from tests.e2e.running import OTHER_SETTINGS, ROOT, in_the_portal
from tests.e2e.steps import approved_deal, connected, joined, message, say
from tests.e2e.test_trail_inbox_search import prefer

pytestmark = pytest.mark.browser
TWO_HOURS_LATER = """
from datetime import timedelta
import time_machine
from django.utils.timezone import now
from inbox import outbox
from partners.models import Membership
with time_machine.travel(now() + timedelta(hours=2)):
    outbox.send_digest(Membership.objects.select_related("user", "organisation").get(user__email="{email}"))
"""


def path_of(url: str) -> str:
    return urlsplit(url).path


def answer_by_mail(portal, sender: str, address: str, text: str) -> None:
    """What a mail server does with a letter for the portal: hand it to the command that receives."""
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = sender, address, f"<{uuid4().hex}@mail.example>"
    made.set_content(f"{text}\n\nOn Monday, Filiera wrote:\n> Unread messages\n")
    own = {"DEMO": "true", "DATA_DIR": str(portal.data_dir), "BASE_URL": portal.url}
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_SETTINGS}
    command = [sys.executable, "manage.py", "receive_mail", "-"]
    subprocess.run(command, cwd=ROOT, env={**environment, **own}, input=made.as_bytes(), check=True)


def test_a_whole_day(open_as, portal, talker):
    word = uuid4().hex[:6]
    # Morning: Marta asks on the open board, Luca answers, she accepts.
    marta = open_as(MARTA, "/forums/")
    marta.get_by_role("link", name="Open forum").first.click()
    marta.get_by_role("link", name="New topic").click()
    marta.get_by_label("Title").fill(f"Which float switch for a pit of 7 m? {word}")
    marta.get_by_label("Text").fill("It must stop before the impeller runs dry.")
    marta.get_by_role("button", name="Post topic").click()
    connected(marta)
    luca = open_as(LUCA, path_of(marta.url))
    luca.locator("#reply textarea").fill("The FS-2, hung 30 cm above the inlet.")
    luca.locator("#reply textarea").press("Control+Enter")
    expect(marta.locator("#p-2")).to_contain_text("FS-2")
    marta.locator("#p-2").get_by_role("button", name="Accept").click()
    expect(luca.locator("#p-2")).to_contain_text("Accepted answer")

    # Noon: the deal about it, and its room.
    prefer(open_as(MARTA, "/inbox/preferences/"), "Unread messages", "Every hour, together")
    deal = approved_deal(open_as, title=f"Pit of 7 m {word}")
    marta.goto(f"{portal.url}/deals/{deal['id']}/")
    luca.goto(f"{portal.url}/deals/{deal['id']}/")
    for page in (marta, luca):
        joined(page)
    say(marta, f"Two pits, both with the FS-2. {word}")
    expect(message(luca, f"both with the FS-2. {word}")).to_have_count(1)
    room = f"/rooms/{luca.locator('[data-topic]').first.get_attribute('data-topic').removeprefix('room.')}/"

    # Afternoon: they call each other in that room.
    caller = call(talker(LUCA), room, "Marta Riva")
    called = join(talker(MARTA), caller.url)
    for page in (caller, called):
        hears(page, 1)
    for page in (caller, called):
        hang_up(page)
    expect(luca.locator(".note").last).to_contain_text(re.compile(r"The call ended after \d+:\d\d"))

    # Evening: Marta is away; the digest tells her, and she answers it by e-mail.
    marta.goto(f"{portal.url}/inbox/preferences/")
    say(luca, f"The offer is ready: can you sign on Thursday? {word}")
    expect(luca.locator("[data-log] .waiting")).to_have_count(0)
    in_the_portal(portal, TWO_HOURS_LATER.format(email=MARTA))
    mail = open_as(None, "/demo/mail/")
    digest = letter(mail, portal.url, MARTA, seconds=60)
    place = digest[: digest.index("can you sign on Thursday")].rindex(deal["number"])
    if address := re.search(r"reply\+[a-z0-9]+@\S+", digest[place:]):  # several rooms: each has an address of its own
        answer_by_mail(portal, MARTA, address[0], f"Thursday at ten. {word}")
    else:
        mail.get_by_label("Answer this letter as its reader").fill(f"Thursday at ten. {word}")
        mail.get_by_role("button", name="Send the answer").click()
        expect(mail.get_by_text("Your answer is posted.")).to_be_visible()
    said = message(luca, f"Thursday at ten. {word}")
    expect(said).to_have_count(1)
    expect(said).not_to_contain_text("wrote:")
