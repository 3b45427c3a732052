"""The pages of deals at 10,000, 100,000 and 1,000,000 deals of one vendor over 200 partners, on PostgreSQL.

Each page is asked for through all middleware by a signed-in person; the figure is the median of RUNS. `ratio` is the
largest size over the smallest (at most 1.5), and for the list also over a bare Django view that makes as many queries,
renders 25 rows of a template and has no middleware (at most 3). BENCH_DEALS sets other sizes ("1000,10000").
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

from bench import Row, lay_tables, on_postgres, set_up

SIZES = [int(size) for size in os.environ.get("BENCH_DEALS", "10000,100000,1000000").split(",")]
RUNS = int(os.environ.get("BENCH_RUNS", "40"))


def run() -> list[Row]:
    """A row a page: its median at the largest size beside the smallest; then the list beside the bare view."""
    told = on_postgres("bench.deals.pages")
    rows = []
    for page, sizes in told["pages"].items():
        small, large = sizes[str(SIZES[0])], sizes[str(SIZES[-1])]
        what = f"{page} ({large['queries']} queries)"
        ratio = large["ms"] / small["ms"]
        rows.append(Row(what, f"{large['ms']:.1f} ms", f"{small['ms']:.1f} ms", f"itself at {SIZES[0]}", ratio))
    for page, bare in told["bare"].items():
        ours = told["pages"][page][str(SIZES[-1])]["ms"]
        rows.append(Row(page, f"{ours:.1f} ms", f"{bare:.1f} ms", "bare view, as many queries", ours / bare))
    return rows


def measure() -> dict:
    """Fill the tables size by size and ask for the pages at each."""
    set_up()
    from bench.deals import world as worlds

    lay_tables()
    world = worlds.people()
    pages: dict[str, dict[int, dict]] = {}
    bare: dict[str, float] = {}
    filled = 1
    for size in SIZES:
        started = time.perf_counter()
        worlds.fill(world, filled, size)
        filled = size + 1
        print(f"{size} deals after {time.perf_counter() - started:.0f} s", file=sys.stderr)
        for name, ask in asks(world).items():
            pages.setdefault(name, {})[size] = timed(ask)
            print(f"  {name}: {pages[name][size]}", file=sys.stderr)
    for name in ("vendor: list", "partner: list"):
        bare[name] = bare_view(pages[name][SIZES[-1]]["queries"])
    return {"pages": pages, "bare": bare}


def asks(world) -> dict[str, Callable]:
    """The pages, by name: each a function that asks for it once."""
    from bench.deals.world import family, town
    from deals.models import Deal

    deals = Deal.objects.filter(state="approved", partner=world.partner).order_by("pk")[:RUNS]
    numbers = [deal.pk for deal in deals]
    at = iter(range(10_000_000))
    words = [f"{family(n)} {town(n % 80)}" for n in range(20)]
    reviewer, seller = browser(world.reviewer), browser(world.seller)
    return {
        "vendor: list": lambda: reviewer.get("/deals/"),
        "partner: list": lambda: seller.get("/deals/"),
        "vendor: in review, of one partner": lambda: reviewer.get(
            "/deals/", {"state": "in_review", "with": world.partner.pk}
        ),
        "vendor: approved, proposal": lambda: reviewer.get("/deals/", {"state": "approved", "stage": "proposal"}),
        "partner: won": lambda: seller.get("/deals/", {"state": "won"}),
        "vendor: search, name and town": lambda: reviewer.get("/deals/", {"view": "all", "q": words[next(at) % 20]}),
        "vendor: search, name": lambda: reviewer.get("/deals/", {"view": "all", "q": words[next(at) % 20].split()[0]}),
        "partner: search, name": lambda: seller.get("/deals/", {"view": "all", "q": words[next(at) % 20].split()[0]}),
        "vendor: search everywhere": lambda: reviewer.get("/search/", {"q": words[next(at) % 20]}),
        "vendor: board": lambda: reviewer.get("/deals/board/", {"side": "vendor"}),
        "partner: board": lambda: seller.get("/deals/board/", {"side": "partner"}),
        "vendor: queue": lambda: reviewer.get("/deals/queue/"),
        "vendor: deal": lambda: reviewer.get(f"/deals/{numbers[next(at) % len(numbers)]}/"),
        "partner: deal": lambda: seller.get(f"/deals/{numbers[next(at) % len(numbers)]}/"),
    }


def browser(membership):
    """A client that is signed in as this member."""
    from django.conf import settings
    from django.test import Client

    from tests.chat.sockets import session_for

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_for(membership).session_key
    return client


def timed(ask: Callable) -> dict:
    """The median milliseconds of RUNS answers, and how many queries one makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        response = ask()
        assert response.status_code == 200, response.status_code
        b"".join(response.streaming_content) if response.streaming else response.content
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)  # now: the next request clears the log
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ask()
        took.append(time.perf_counter() - started)
    cuts = sorted(took)
    return {
        "ms": round(statistics.median(took) * 1000, 2),
        "p95": round(cuts[int(len(cuts) * 0.95) - 1] * 1000, 2),
        "queries": queries,
    }


BARE = (
    "<!doctype html><title>Deals</title><table>{% for deal in deals %}<tr><td><a href='/deals/{{ deal.pk }}/'>"
    "{{ deal.title }}</a></td><td>{{ deal.number }}</td><td>{{ deal.customer_name }}</td><td>{{ deal.partner }}</td>"
    "<td>{{ deal.amount }} {{ deal.currency }}</td><td>{{ deal.state }}</td><td>{{ deal.protected_until }}</td>"
    "<td>{{ deal.created }}</td></tr>{% endfor %}</table>"
)


def bare_view(queries: int) -> float:
    """The median milliseconds of a view without middleware: 25 rows, `queries` queries in all."""
    from django.http import HttpResponse
    from django.template import engines
    from django.test import RequestFactory

    from deals.models import Deal
    from partners.models import Organisation

    template = engines["django"].from_string(BARE)

    def view(request):
        for pk in range(queries - 1):
            Organisation.objects.filter(pk=pk).first()
        return HttpResponse(template.render({"deals": Deal.objects.select_related("partner").order_by("-pk")[:25]}))

    request = RequestFactory().get("/")
    for _ in range(3):
        view(request)
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        view(request)
        took.append(time.perf_counter() - started)
    return round(statistics.median(took) * 1000, 2)


if __name__ == "__main__":
    print(json.dumps(measure()))
