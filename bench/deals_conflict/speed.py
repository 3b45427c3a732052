"""How long the conflict check of a new registration takes among many customers of one vendor. PostgreSQL only.

The customers are loaded with COPY, 200 partners beside each other, one in twenty protected. Half of the new
registrations re-type a customer that is there, half are new.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

FEW, MANY = 10_000, int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
ASKED = 200
FIRST = 10_000_000  # the sequence numbers what is registered later from 1 on
CHUNK = 20_000
STARTS = [
    "Bar",
    "Cor",
    "Del",
    "Fal",
    "Gar",
    "Lor",
    "Mar",
    "Nor",
    "Pel",
    "Ros",
    "San",
    "Tor",
    "Val",
    "Zan",
    "Ber",
    "Col",
    "Dor",
    "Fer",
    "Gal",
    "Lam",
    "Mon",
    "Pas",
    "Riv",
    "Sal",
    "Tur",
    "Ven",
]
MIDDLES = ["a", "e", "i", "o", "u", "an", "el", "in", "or", "ar", "en", "il", "ol", "um"]
ENDS = [
    "bini",
    "chetti",
    "dini",
    "gnoli",
    "latti",
    "mazzo",
    "netti",
    "pelli",
    "rossi",
    "sconi",
    "tello",
    "vero",
    "zzani",
    "ghi",
    "li",
    "ni",
    "sso",
    "tta",
    "mann",
    "berg",
]


def people(rng: random.Random) -> Callable[[], str]:
    """Surnames as they are spread: a few are borne by many, most by few."""
    names = [f"{a}{b}{c}" for a in STARTS for b in MIDDLES for c in ENDS]
    rng.shuffle(names)
    return lambda: names[min(int(rng.paretovariate(0.35)), len(names)) - 1] if rng.random() < 0.6 else rng.choice(names)


def customers(rng: random.Random) -> Iterator[Any]:
    """Companies without end; 2,000 towns."""
    from bench.deals_conflict import companies

    surname = people(rng)
    country, forms = "IT", companies.FORMS["IT"]
    trades = companies.TRADES["IT"].split()
    number = 0
    while True:
        number += 1
        town = rng.randrange(2000)
        made = companies.Entity(
            words=rng.choice(
                ((surname(), rng.choice(trades)), (surname(),), (rng.choice(trades), surname(), surname()))
            ),
            form=rng.choice(forms),
            country=country,
            city=f"Borgo {town}",
            postcode=f"{10000 + town * 40:05d}",
            vat="",
            domain="",
            phone=companies.phone(rng, country),
            email="",
        )
        stem = "".join(made.words).lower()
        domain = f"{stem}{number % 97}.it"
        vat = companies.vat(rng, country) if rng.random() < 0.4 else ""
        yield replace(made, domain=domain, email=f"info@{domain}", vat=vat)


def plain(made: Any, rng: random.Random) -> Any:
    """The company as it was registered: some fields, no slips. Built without checking what was made to be right."""
    from deals.matching import Company, name_key

    name = f"{' '.join(made.words)} {made.form}"
    return Company(
        name=name,
        key=name_key(name),
        country=made.country,
        postcode=made.postcode if rng.random() < 0.7 else "",
        city=made.city.lower(),
        vat=f"IT{made.vat}" if made.vat else "",
        domain=made.domain if rng.random() < 0.5 else "",
    )


class World:
    """One vendor, 200 partners, and as many customers as are asked for."""

    def __init__(self, seed: int) -> None:
        from tests.deals.factories import DealFactory
        from tests.factories import OrganisationFactory, PartnershipFactory

        self.rng = random.Random(seed)
        self.made = customers(self.rng)
        self.vendor = OrganisationFactory(name="Bench Pumps")
        self.edges = [PartnershipFactory(vendor=self.vendor) for _partner in range(200)]
        self.template = DealFactory(partnership=self.edges[0], customer_name="Template", lines=[{"product_line": "P"}])
        self.size, self.sample = 0, []

    def grow(self, size: int) -> None:
        """Load customers until there are `size`."""
        from django.db import connection

        while self.size < size:
            some = list(islice(self.made, min(CHUNK, size - self.size)))
            self._load([(made, plain(made, self.rng)) for made in some])
            self.sample += self.rng.sample(some, min(len(some), 40))
            self.size += len(some)
            print(f"{self.size:,} customers", file=sys.stderr)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _load(self, rows: list[tuple[Any, Any]]) -> None:
        from django.db import connection, transaction

        first = FIRST + self.size
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE fresh (id bigint, customer_name text, customer_name_key text,"
                " customer_postcode text, customer_city text, customer_vat text, customer_domain text,"
                " partner_id bigint, partnership_id bigint, number text, state text) ON COMMIT DROP"
            )
            with cursor.copy("COPY fresh FROM STDIN") as copy:
                for pk, (_made, known) in enumerate(rows, start=first):
                    edge = self.edges[pk % 200]
                    copy.write_row(
                        (
                            *(pk, known.name, known.key, known.postcode, known.city, known.vat, known.domain),
                            *(edge.partner_id, edge.pk, f"B-{pk}", "approved" if pk % 20 == 0 else "submitted"),
                        )
                    )
            self._insert(cursor, "deals_deal", "fresh.id")
            self._insert(cursor, "deals_dealline", "nextval('deals_dealline_id_seq')", deal_id="fresh.id")
            self._protect(cursor)
            self._file(cursor, first, rows)

    def _insert(self, cursor: Any, table: str, key: str, **given: str) -> None:
        """As many rows like the template's as there are fresh customers."""
        from django.apps import apps

        model = apps.get_model("deals", "Deal" if table == "deals_deal" else "DealLine")
        fresh = (
            "customer_name customer_name_key customer_postcode customer_city customer_vat customer_domain partner_id "
        )
        own = set((fresh + "partnership_id number state").split()) if table == "deals_deal" else set()
        columns = {field.column: f"t.{field.column}" for field in model._meta.concrete_fields}
        columns |= {name: f"fresh.{name}" for name in own} | {"id": key} | given
        if table == "deals_deal":
            columns["draft_key"] = "NULL"
        match = f"t.id = {self.template.pk}" if table == "deals_deal" else f"t.deal_id = {self.template.pk}"
        names, values = ", ".join(columns), ", ".join(columns.values())
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM fresh, {table} t WHERE {match}")

    def _protect(self, cursor: Any) -> None:
        held = "FROM fresh WHERE state = 'approved'"
        vendor = self.vendor.pk
        cursor.execute(
            f"INSERT INTO deals_customercluster (id, vendor_id, name, created)"
            f" SELECT id, {vendor}, customer_name, now() {held}"
        )
        cursor.execute(
            f"INSERT INTO deals_clusterkey (vendor_id, cluster_id, kind, value)"
            f" SELECT {vendor}, id, 'domain', customer_domain {held} AND customer_domain <> '' ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            f'INSERT INTO deals_protection (vendor_id, deal_id, cluster_id, product_line, exclusive, start, "end")'
            f" SELECT {vendor}, id, id, 'P', true, current_date, current_date + 60 {held}"
        )

    def _file(self, cursor: Any, first: int, rows: list[tuple[Any, Any]]) -> None:
        from deals.matching import keys
        from deals.models.matching import token_of

        with cursor.copy("COPY deals_matchkey (token, deal_id) FROM STDIN") as copy:
            for pk, (_made, known) in enumerate(rows, start=first):
                for token in dict.fromkeys(token_of(self.vendor.pk, key) for key in keys(known)):
                    copy.write_row((token, pk))

    def ask(self, count: int) -> list[tuple[Any, bool]]:
        """New registrations, every other one of a customer that is there already, written by somebody else."""
        from bench.deals_conflict.writing import written
        from tests.deals.factories import DealFactory

        asked = []
        for at in range(count):
            known = at % 2 == 0
            made = self.rng.choice(self.sample) if known else next(self.made)
            values = {f"customer_{name}": value for name, value in written(self.rng, made, 1).items() if value}
            if values.get("customer_vat"):
                values["customer_vat"] = f"IT{values['customer_vat']}"
            lines = [{"product_line": "P"}]
            asked.append((DealFactory(partnership=self.rng.choice(self.edges), lines=lines, **values), known))
        return asked


def measure(world: World) -> dict[str, Any]:
    """p50 and p95 in milliseconds of the check and of a look-up, and the share of known customers that were found."""
    from deals.actions.checking import check
    from deals.models import Deal

    asked = world.ask(ASKED + 20)
    for deal, _known in asked[:20]:  # warm
        check(deal)
    checks, lookups, found = [], [], []
    for deal, known in asked[20:]:
        started = time.perf_counter()
        row = check(deal)
        checks.append(time.perf_counter() - started)
        started = time.perf_counter()
        Deal.objects.get(pk=FIRST + world.rng.randrange(world.size))
        lookups.append(time.perf_counter() - started)
        if known:
            found.append(row.verdict != "clear")
    return {"check": _percentiles(checks), "lookup": _percentiles(lookups), "found": sum(found) / len(found)}


def _percentiles(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=20)
    return {"p50": cuts[9] * 1000, "p95": cuts[18] * 1000}


def main() -> None:
    """Print one object: customers → figures."""
    from bench import lay_tables, set_up

    set_up()
    lay_tables()
    world = World(20261122)
    told = {}
    for size in (FEW, MANY):
        world.grow(size)
        told[size] = measure(world)
        print(told[size], file=sys.stderr)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
