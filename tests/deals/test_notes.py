"""Notes and files beside a deal: shared, or kept by one organisation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from deals import actions
from deals.models import Deal, DealFile, Note
from tests.deals.factories import DealFactory, DraftFactory
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def deal():
    return DealFactory()


def text_file(text=b"What the customer said", name="minutes.txt"):
    return SimpleUploadedFile(name, text)


def test_an_internal_note_is_nowhere_for_the_other_side(deal, seller, reviewer):
    partner, vendor = seller(deal), reviewer(deal)
    for writer, other in ((partner, vendor), (vendor, partner)):
        actions.add_note(actor=writer, deal=deal, text="Secret doubts")
        shared = actions.add_note(actor=writer, deal=deal, text="For both", shared=True)
        seen = Note.objects.visible_to(other).filter(organisation=writer.organisation)
        assert list(seen) == [shared]
        told = TrailEntry.objects.visible_to(other).filter(organisation=writer.organisation)
        assert {entry.data["note"] for entry in told} == {"For both"}


def test_a_draft_keeps_what_is_written_beside_it(seller, reviewer):
    draft = DraftFactory()
    actions.add_note(actor=seller(draft), deal=draft, text="Early", shared=True)
    assert not Note.objects.visible_to(reviewer(draft)).exists()
    with pytest.raises(InvalidTransition):
        actions.add_file(actor=seller(draft), deal=draft, upload=text_file())


def test_a_note_is_changed_by_its_author_for_a_day_and_keeps_what_it_said(deal, seller, reviewer):
    author = seller(deal)
    note = actions.add_note(actor=author, deal=deal, text="Six pumps", shared=True)
    for other in (seller(deal), reviewer(deal)):
        with pytest.raises(PermissionDenied, match="alone can change it"):
            actions.edit_note(actor=other, note=note, text="Seven pumps")
    note = actions.edit_note(actor=author, note=note, text=" Eight pumps ")
    actions.edit_note(actor=author, note=note, text="Eight pumps")
    assert (note.text, [each.text for each in note.versions.all()]) == ("Eight pumps", ["Six pumps"])
    Note.objects.filter(pk=note.pk).update(created=now() - timedelta(hours=25))
    with pytest.raises(InvalidTransition, match="for a day"):
        actions.edit_note(actor=author, note=note, text="Nine pumps")


def test_a_pinned_note_is_on_top(deal, seller, reviewer):
    mine = seller(deal)
    first = actions.add_note(actor=mine, deal=deal, text="First", shared=True)
    second = actions.add_note(actor=mine, deal=deal, text="Second")
    actions.pin_note(actor=seller(deal), note=first)
    assert list(Note.objects.visible_to(mine)) == [first, second]
    with pytest.raises(PermissionDenied):
        actions.pin_note(actor=reviewer(deal), note=first, pinned=False)
    actions.pin_note(actor=mine, note=first, pinned=False)
    assert list(Note.objects.visible_to(mine)) == [second, first]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_a_note_says_something_and_not_too_much(deal, seller, text):
    with pytest.raises(DomainError) as refused:
        actions.add_note(actor=seller(deal), deal=deal, text=text)
    assert refused.value.field == "text"


def test_readers_and_strangers_write_nothing(deal, act_for):
    with pytest.raises(PermissionDenied):
        actions.add_note(actor=act_for(deal.vendor, "deals.view"), deal=deal, text="Hm")
    with pytest.raises(Deal.DoesNotExist):
        actions.add_note(actor=act_for(OrganisationFactory(), "deals.register"), deal=deal, text="Hm")
    with pytest.raises(PermissionDenied):
        actions.add_file(actor=act_for(deal.partner, "deals.view"), deal=deal, upload=text_file())


def test_files_are_looked_at_and_stored_once_a_side(deal, seller, reviewer):
    mine, vendor = seller(deal), reviewer(deal)
    inside = actions.add_file(actor=mine, deal=deal, upload=text_file())
    assert actions.add_file(actor=mine, deal=deal, upload=text_file(name="again.txt")) == inside
    shared = actions.add_file(actor=mine, deal=deal, upload=text_file(), shared=True)
    assert list(DealFile.objects.visible_to(vendor)) == [shared]
    # the other side's own copy tells it nothing of ours
    assert actions.add_file(actor=vendor, deal=deal, upload=text_file()).organisation == vendor.organisation
    for upload in (text_file(b"", "empty.txt"), text_file(b"MZ\x00", "run.txt"), text_file(name="page.html")):
        with pytest.raises(DomainError) as refused:
            actions.add_file(actor=mine, deal=deal, upload=upload)
        assert refused.value.field == "file"


def test_a_kept_file_can_be_taken_away_and_a_shared_one_stays(deal, seller, reviewer):
    mine = seller(deal)
    inside = actions.add_file(actor=mine, deal=deal, upload=text_file())
    shared = actions.add_file(actor=mine, deal=deal, upload=text_file(b"Other"), shared=True)
    with pytest.raises(DealFile.DoesNotExist):
        actions.remove_file(actor=reviewer(deal), file=inside)
    with pytest.raises(PermissionDenied):
        actions.remove_file(actor=reviewer(deal), file=shared)
    with pytest.raises(InvalidTransition, match="stays"):
        actions.remove_file(actor=mine, file=shared)
    actions.remove_file(actor=mine, file=inside)
    assert list(DealFile.objects.all()) == [shared]
