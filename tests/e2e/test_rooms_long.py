"""A room of ten thousand messages: it scrolls both ways without a jump, and never fills the page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import LUCA, MARTA
from tests.e2e.running import Portal, in_the_portal
from tests.e2e.steps import joined, message, say, submitted_deal

pytestmark = pytest.mark.browser
MANY = 10_000
FILL = """
from datetime import datetime, timedelta, timezone
from chat.models import Message, ReadMark, Room
from partners.models import Membership
room = Room.objects.get(record="deals.deal", record_id={deal})
people = [Membership.objects.get(user__email=who) for who in ({luca!r}, {marta!r})]
start, first = datetime(2026, 3, 2, 8, tzinfo=timezone.utc), room.last_seq
texts = ["Yes.", "The second pump is on the lorry.", "Could you look at the drawing again? " * 6, "- one\\n- two"]
Message.objects.bulk_create(
    Message(room=room, seq=first + n, said=room.said + n, created=start + timedelta(minutes=n * 12),
            membership=who, author=who.user, organisation=who.organisation, body=body, html=f"<p>{{body}}</p>")
    for n in range(1, {many} + 1) for who in [people[n // 3 % 2]] for body in [f"{{n}}: {{texts[n % 4]}}"]
)
Room.objects.filter(pk=room.pk).update(last_seq=first + {many}, said=room.said + {many}, last_said=first + {many})
ReadMark.objects.filter(room=room).update(last_seq=first + {many}, said=room.said + {many})
print(room.pk, first)
"""
COUNT = "log => log.querySelectorAll(':scope > [data-seq]').length"
# Scrolls as a wheel does and notes how far the first message in sight moved besides, each time more is fetched.
CLIMB = """async ([by, until]) => {
  const log = document.querySelector("[data-log]");
  const seqs = () => [...log.querySelectorAll(":scope > [data-seq]")].map((each) => Number(each.dataset.seq));
  const top = () => log.getBoundingClientRect().top;
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  let [most, worst, loads, edges] = [0, 0, 0, ""];
  for (let step = 0; step < 4000; step++) {
    const before = seqs();
    if (by < 0 ? before[0] <= until : before.at(-1) >= until) return { most, worst, loads, ok: true };
    log.scrollTop += by;
    await frame();
    const below = (each) => each.getBoundingClientRect().bottom > top() + 1;
    const anchor = [...log.querySelectorAll(":scope > [data-seq]")].find(below);
    const place = anchor.getBoundingClientRect().top;
    const now = () => [seqs()[0], seqs().at(-1)].join();
    const then = now();
    for (let wait = 0; wait < 3; wait++) await frame();
    const stuck = by < 0 ? log.scrollTop < 5 : log.scrollHeight - log.scrollTop - log.clientHeight < 5;
    for (let wait = 0; stuck && now() === then && wait < 400; wait++) await frame();
    if (now() !== then) loads++;
    if (anchor.isConnected) worst = Math.max(worst, Math.abs(anchor.getBoundingClientRect().top - place));
    most = Math.max(most, seqs().length);
  }
  return { most, worst, loads, ok: false };
}"""


@pytest.fixture(scope="module")
def filled() -> dict[str, tuple[int, int]]:
    """The one long room of this module, by the address of the portal."""
    return {}


@pytest.fixture
def long_room(open_as, portal: Portal, filled) -> tuple[str, int]:
    """The path of a deal's room with ten thousand messages, and the number before the first of them."""
    if portal.url not in filled:
        deal = submitted_deal(open_as)
        words = in_the_portal(portal, FILL.format(deal=deal["id"], luca=LUCA, marta=MARTA, many=MANY)).split()
        filled[portal.url] = (int(words[-2]), int(words[-1]))
    room, first = filled[portal.url]
    return f"/rooms/{room}/", first


def opened(open_as: Callable[..., Page], who: str, path: str) -> Page:
    page = open_as(who, path)
    joined(page)
    return page


def count(page: Page) -> int:
    return page.locator("[data-log]").evaluate(COUNT)


def at_end(page: Page) -> bool:
    return page.locator("[data-log]").evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight < 5")


def test_three_thousand_messages_up_and_the_page_stays_small(open_as, long_room):
    path, _first = long_room
    page = opened(open_as, LUCA, path)
    expect(page.locator("[data-newest]")).to_be_hidden()
    last = page.locator("[data-log] > [data-seq]").last.evaluate("m => Number(m.dataset.seq)")
    found = page.evaluate(CLIMB, [-1500, last - 3000])
    assert found["ok"], found
    assert found["most"] <= 300
    assert found["loads"] >= 20
    assert found["worst"] < 2, found

    page.locator("[data-newest]").click()
    expect(page.locator("[data-newest]")).to_be_hidden()
    assert at_end(page)
    assert count(page) <= 300


def test_down_again_from_a_linked_message(open_as, long_room):
    path, first = long_room
    at = first + 4000
    page = opened(open_as, LUCA, f"{path}?at={at}#m-{at}")
    linked = page.locator(f"#m-{at}")
    expect(linked).to_be_in_viewport()
    expect(linked).to_have_class(re.compile("linked"))
    found = page.evaluate(CLIMB, [1500, at + 700])
    assert found["ok"], found
    assert found["most"] <= 300
    assert found["worst"] < 2, found


def test_what_is_new_does_not_move_who_reads_above(open_as, long_room):
    path, first = long_room
    at = first + 9000
    luca, marta = opened(open_as, LUCA, f"{path}?at={at}#m-{at}"), opened(open_as, MARTA, path)
    place = luca.locator(f"#m-{at}").bounding_box()
    before = luca.locator("[data-log] > [data-seq]").count()
    say(marta, "New while you read above")
    expect(luca.locator("[data-newest]")).to_contain_text("1 new")
    assert luca.locator(f"#m-{at}").bounding_box() == place
    assert luca.locator("[data-log] > [data-seq]").count() == before
    luca.locator("[data-newest]").click()
    expect(message(luca, "New while you read above")).to_be_in_viewport()
    expect(luca.locator("[data-newest]")).to_be_hidden()
    say(marta, "And followed at the end")
    expect(message(luca, "And followed at the end")).to_be_in_viewport()


def test_to_a_day_and_back(open_as, long_room):
    path, _first = long_room
    page = opened(open_as, LUCA, path)
    page.locator("[data-day-form] input").fill("2026-04-01", force=True)
    day = page.locator(".day[data-day='2026-04-01']")
    expect(day).to_have_text("Wednesday 1 April 2026")
    expect(day).to_be_in_viewport()
    times = page.locator("[data-log] > [data-seq] time").evaluate_all("all => all.map(t => t.dateTime)")
    assert times == sorted(times)
    assert count(page) <= 300
    page.locator("[data-newest]").click()
    expect(page.locator("[data-newest]")).to_be_hidden()
    assert at_end(page)


def test_who_sends_from_far_above_sees_what_they_sent(open_as, long_room):
    path, first = long_room
    at = first + 500
    page = opened(open_as, LUCA, f"{path}?at={at}#m-{at}")
    say(page, "Said from far above")
    expect(message(page, "Said from far above")).to_be_in_viewport()
    expect(page.locator("[data-log] .waiting")).to_have_count(0)
    assert page.locator(f"#m-{at}").count() == 0
