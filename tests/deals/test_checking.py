"""The check against everything a vendor knows of, its replay, and the vendor's own lists and rules."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from core.errors import DomainError
from core.models import TrailEntry
from deals import actions
from deals.actions.checking import check, merge_clusters, own_duplicate, replay
from deals.actions.filing import file_deals
from deals.matching import HOUSE, keys
from deals.models import ConflictCheck, CustomerCluster, Deal, MatchKey, MatchRules, NamedAccount
from deals.models import matching as filed
from tests.deals.factories import ApprovedFactory, DealFactory, DraftFactory

pytestmark = pytest.mark.django_db
VAT = "IT00743110157"


def beside(deal, **values):
    """Another partner's registration with the same vendor."""
    return DealFactory(partnership__vendor=deal.vendor, type=deal.type, **values)


@pytest.fixture
def manager(act_for):
    """Somebody who sets the terms for the vendor of a deal."""
    return lambda deal: act_for(deal.vendor, "deals.view", "deals.terms")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"customer_name": "Müller Pumpen GmbH"}, {"customer_name": "Mueller Pumpen"}),
        ({"customer_name": "Adige", "customer_email": "a@adige.example"}, {"customer_domain": "adige.example"}),
        ({"project_number": "Z1A2B3C4D5"}, {"project_number": "Z1A2B3C4D5"}),
        ({"customer_name": "Fratelli Bianchi"}, {"customer_name": "F.lli Bianci S.n.c."}),
    ],
)
def test_the_same_customer_is_found_however_it_is_written(one, other):
    first = DealFactory(**one)
    found = check(beside(first, **other))
    assert (found.verdict, found.findings[0]["deal"]) == ("possible", first.pk)


def test_another_tender_of_the_same_customer_is_another_sale():
    first = DealFactory(customer_vat=VAT, project_number="Z1A2B3C4D5")
    assert check(beside(first, customer_vat=VAT, project_number="Z9A2B3C4D5")).verdict == "clear"
    assert check(beside(first, customer_vat=VAT)).verdict == "possible"


def test_a_protection_blocks_whoever_writes_the_customer_in_another_way():
    held = ApprovedFactory(customer_name="Gebr. Weiß GmbH", customer_city="Ulm")
    late = beside(held, customer_name="Gebrüder Weiss", customer_city="Ulm")
    found = check(late)
    assert (found.verdict, found.queued, found.blocker) == ("blocking", True, held)


def test_an_affiliate_with_its_own_tax_number_is_not_blocked(reviewer):
    held = ApprovedFactory(customer_vat=VAT, customer_domain="adige.example")
    late = beside(held, customer_vat="IT02345670232", customer_domain="adige.example", state="in_review")
    assert check(late).verdict == "possible"
    assert actions.approve_deal(actor=reviewer(late), deal=late).state == "approved"
    assert CustomerCluster.objects.count() == 2


def test_the_partners_own_registration_of_the_same_is_found(seller):
    first = DealFactory(customer_name="Fratelli Bianchi", customer_city="Verona")
    same = {"customer_name": "F.lli Bianchi Snc", "customer_city": "Verona"}
    draft = DraftFactory(partnership=first.partnership, type=first.type, **same)
    assert own_duplicate(draft) == first
    with pytest.raises(actions.OwnDuplicate):
        actions.submit_deal(actor=seller(draft), deal=draft, terms=True)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("named_account", "named_account"), ("incumbent", "incumbent"), ("pipeline", "incumbent")],
)
def test_what_the_vendor_keeps_to_itself(manager, kind, verdict):
    deal = DealFactory(customer_vat=VAT)
    actions.save_account(actor=manager(deal), values={"name": "Whatever", "kind": kind, "vat": VAT})
    assert check(deal).verdict == verdict
    stranger = DealFactory(customer_vat=VAT)
    assert check(stranger).verdict == "clear"


def test_an_account_that_is_over_or_of_other_products_says_nothing(manager):
    deal = DealFactory(customer_vat=VAT, lines=[{"product_line": "Pumps"}])
    account = actions.save_account(
        actor=manager(deal), values={"name": "A", "vat": VAT, "product_line": "Drives", "kind": "incumbent"}
    )
    assert check(deal).verdict == "clear"
    actions.save_account(actor=manager(deal), values={"product_line": "Pumps"}, account=account)
    assert check(deal).verdict == "incumbent"
    actions.save_account(actor=manager(deal), values={"until": localdate().replace(year=2020)}, account=account)
    assert check(deal).verdict == "clear"


def test_a_tender_that_was_public_before():
    deal = DealFactory(is_tender=True, tender_published_on=localdate())
    assert check(deal).verdict == "tender_closed"


def test_a_verdict_is_replayed_whatever_has_changed_since(manager):
    held = ApprovedFactory(customer_vat=VAT)
    late = beside(held, customer_vat=VAT)
    found = check(late)
    held.protections.all().delete()
    Deal.objects.filter(pk=held.pk).update(state="withdrawn", customer_name="Somebody else", customer_vat="")
    actions.set_rules(actor=manager(held), values={"tax_id": 10, "name_same": 10})
    again = replay(ConflictCheck.objects.get(pk=found.pk))
    assert (again.verdict, again.findings) == (found.verdict, found.findings)
    assert check(late).verdict == "clear"


def test_rules_are_versions_that_are_never_changed(manager, seller):
    deal = DealFactory()
    first = actions.set_rules(actor=manager(deal), values={"phone": 70})
    second = actions.set_rules(actor=manager(deal), values={"phone": 60})
    assert (first.version, second.version) == (HOUSE.version + 1, HOUSE.version + 2)
    assert MatchRules.objects.of(deal.vendor_id, first.version).phone == 70
    assert MatchRules.objects.of(deal.vendor_id).phone == 60
    assert MatchRules.objects.of(deal.partner_id) == HOUSE
    assert check(deal).rules == second.version
    for values in ({"phone": 101}, {"same": 50}, {"phone": -1}):
        with pytest.raises(DomainError):
            actions.set_rules(actor=manager(deal), values=values)
    with pytest.raises(PermissionDenied):
        actions.set_rules(actor=seller(deal), values={})


def test_a_reviewer_has_it_checked_anew_and_only_the_vendor_knows(reviewer, seller):
    deal = DealFactory(customer_vat=VAT)
    check(deal)
    beside(deal, customer_vat=VAT)
    assert actions.recheck_deal(actor=reviewer(deal), deal=deal).verdict == "possible"
    entry = TrailEntry.objects.get(verb="deal.rechecked")
    assert list(entry.readers.values_list("organisation", flat=True)) == [deal.vendor_id]
    with pytest.raises(PermissionDenied):
        actions.recheck_deal(actor=seller(deal), deal=deal)


def test_the_check_costs_the_same_queries_whatever_it_finds():
    lone = DealFactory(customer_vat="IT02345670232")
    crowd = [beside(lone, customer_vat=VAT) for _rival in range(6)]
    ApprovedFactory(partnership__vendor=lone.vendor, type=lone.type, customer_vat=VAT)
    counts = []
    for each in (lone, crowd[0]):
        check(each)
        fresh = Deal.objects.select_related("type").get(pk=each.pk)
        with CaptureQueriesContext(connection) as asked:
            check(fresh)
        counts.append(len(asked))
    assert max(counts) <= 14
    assert max(counts) - min(counts) <= 1  # the lines of candidates, where there is one


def test_the_index_follows_the_state_and_can_be_rebuilt(reviewer):
    deal = DealFactory(state="in_review", customer_vat=VAT)
    before = set(MatchKey.objects.filter(deal=deal).values_list("token", flat=True))
    assert before
    actions.reject_deal(actor=reviewer(deal), deal=deal, reason="other", note="No.")
    assert not MatchKey.objects.filter(deal=deal).exists()
    Deal.objects.filter(pk=deal.pk).update(state="submitted")
    call_command("deals_index", chunk=1)
    assert set(MatchKey.objects.filter(deal=deal).values_list("token", flat=True)) == before


def test_two_customers_become_one_unless_protections_would_meet():
    held = ApprovedFactory(customer_name="Adige")
    other = ApprovedFactory(partnership__vendor=held.vendor, type=held.type, customer_name="Athesis")
    keep, gone = held.protections.get().cluster, other.protections.get().cluster
    with pytest.raises(DomainError, match=held.number):
        merge_clusters(keep=keep, other=gone)
    other.protections.update(exclusive=False)
    merge_clusters(keep=keep, other=gone)
    assert not CustomerCluster.objects.filter(pk=gone.pk).exists()
    assert other.protections.get().cluster == keep
    assert check(beside(held, customer_name="Athesis")).blocker == held
    with pytest.raises(DomainError):
        merge_clusters(keep=keep, other=ApprovedFactory().protections.get().cluster)


def test_a_list_is_imported_again_and_again(sign_in, manager):
    deal = DealFactory()
    client = sign_in(deal.vendor, "deals.view", "deals.terms")
    text = "name;vat;reference\nAdige;IT00743110157;A1\nBrenta;IT1;A2\n;;A3\n"
    for _time in range(2):
        page = client.post(reverse("deals:account_import"), {"file": SimpleUploadedFile("a.csv", text.encode())})
        assert (page.status_code, len(page.context["refused"])) == (200, 2)
    assert NamedAccount.objects.get().vat == VAT
    for bad in (b"\xff\xfe\x00", b"", b"x,y\n1,2\n", b"\x00" * 50):
        page = client.post(reverse("deals:account_import"), {"file": SimpleUploadedFile("a.csv", bad)})
        assert page.status_code == 422
    listed = client.get(reverse("deals:accounts")).content.decode()
    assert "Named account" in listed.split("<tbody")[1]
    assert "bound method" not in listed
    assert b"Adige" in b"".join(client.get(reverse("deals:accounts") + "?format=csv").streaming_content)


def test_the_pages_of_the_list_and_of_the_rules(sign_in):
    deal = DealFactory()
    client = sign_in(deal.vendor, "deals.view", "deals.terms")
    page = client.post(reverse("deals:account_new"), {"name": "Adige", "kind": "incumbent", "country": "IT"})
    account = NamedAccount.objects.get()
    assert page.status_code == 302
    assert client.get(reverse("deals:account", args=[account.pk])).status_code == 200
    assert client.post(reverse("deals:account", args=[account.pk]), {"name": "", "vat": "1"}).status_code == 422
    assert client.post(reverse("deals:account_delete", args=[account.pk])).status_code == 302
    tried = client.get(reverse("deals:match_rules"), {"one-name": "Müller GmbH", "other-name": "Mueller"})
    assert (tried.status_code, tried.context["points"], tried.context["level"]) == (200, 0, "clear")
    where = {"one-country": "DE", "other-country": "DE"}
    tried = client.get(reverse("deals:match_rules"), {"one-name": "Müller GmbH", "other-name": "Mueller", **where})
    assert (tried.context["points"], tried.context["level"]) == (88, "same")
    page = client.post(reverse("deals:match_rules"), {**HOUSE.stored(), "phone": 300})
    assert page.status_code == 422
    assert client.post(reverse("deals:match_rules"), HOUSE.stored()).status_code == 302


def test_what_ended_long_ago_gives_way_in_a_crowded_key(monkeypatch, time_machine):
    monkeypatch.setattr(filed, "BLOCK", 3)
    monkeypatch.setattr(filed, "CANDIDATES", 3)
    first = DealFactory(customer_vat=VAT)
    file_deals([first])
    old = [beside(first, customer_vat=VAT, state=state) for state in ("lost", "expired", "revoked", "lost")]
    file_deals(old)
    late = beside(first, customer_vat=VAT)
    # All of them matter during the cool-off, and the newest are read first; whatever is open is read even so.
    assert first.pk in {each.deal for each in asked_for(late)}
    time_machine.move_to(now() + timedelta(days=400))
    assert asked_for(late)[0].deal == first.pk
    assert check(late).findings[0]["deal"] == first.pk


def asked_for(deal):
    found = MatchKey.objects.candidates(deal.vendor_id, keys(deal.company))
    return [each for each in found if each.deal != deal.pk]


def test_a_key_says_until_when_a_registration_matters(reviewer, seller):
    deal = DealFactory(state="in_review")
    file_deals([deal])
    assert set(deal.match_keys.values_list("until", flat=True)) == {date.max}
    deal = actions.approve_deal(actor=reviewer(deal), deal=deal)
    assert set(deal.match_keys.values_list("until", flat=True)) == {date.max}
    lost = actions.lose_deal(actor=seller(deal), deal=deal, reason="price")
    ends = {max(localdate(), lost.protected_until or date.min) + timedelta(days=lost.type.cool_off_days)}
    assert set(deal.match_keys.values_list("until", flat=True)) == ends
    won = ApprovedFactory(state="won")
    file_deals([won])
    assert set(won.match_keys.values_list("until", flat=True)) == {won.protected_until}


def test_a_named_account_matters_to_its_last_day(manager):
    deal = DealFactory()
    last = localdate() + timedelta(days=9)
    account = actions.save_account(actor=manager(deal), values={"name": "Adige", "until": last})
    assert set(account.match_keys.values_list("until", flat=True)) == {last}
