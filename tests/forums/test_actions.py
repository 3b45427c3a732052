"""Topics, answers, votes, ideas, announcements: what is possible, what is refused, what it leaves in the trail."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.timezone import now

from core.audit import fan_out
from core.errors import DomainError, InvalidTransition
from core.models import TrailEntry
from forums import actions
from forums.models import Board, Follow, Post, PostRevision, ReadMark, Topic, Vote
from inbox.models import Notification
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.forums.factories import MODERATOR, WRITER, board_of, many_posts, topic_by
from tests.partners.factories import ProgrammeFactory, TierFactory

pytestmark = pytest.mark.django_db


def deliver():
    for entry in TrailEntry.objects.filter(fanned_out_at=None).order_by("pk"):
        fan_out.call(entry.pk)


def told(actor):
    return list(Notification.objects.filter(membership=actor.membership).values_list("entry__verb", flat=True))


# Boards ------------------------------------------------------------------------------------------------------------
def test_a_board_of_a_programme_is_for_active_partners(companies, board, act_for):
    vendor, partner = companies
    suspended = PartnershipFactory(vendor=vendor, state="suspended").partner
    seen = {org: Board.objects.visible_to(act_for(org)).exists() for org in (vendor, partner, suspended)}
    assert list(seen.values()) == [True, True, False]
    assert set(board.readers()) == {vendor, partner}


def test_a_board_of_a_tier_is_for_that_tier_and_higher_ones(companies, act_for):
    vendor, _partner = companies
    programme = ProgrammeFactory(vendor=vendor)
    low, middle, high = (TierFactory(programme=programme, rank=rank) for rank in (1, 2, 3))
    partners = [PartnershipFactory(vendor=vendor, tier=tier).partner for tier in (low, middle, high, None)]
    board = board_of(vendor, tier=middle)
    sees = [Board.objects.visible_to(act_for(each)).filter(pk=board.pk).exists() for each in partners]
    assert sees == [False, True, True, False]
    assert set(board.readers()) == {vendor, partners[1], partners[2]}


def test_an_invitation_is_for_those_invited(companies, act_for):
    vendor, partner = companies
    board = board_of(vendor, audience="invited", invited=[partner])
    rival = PartnershipFactory(vendor=vendor).partner
    assert Board.objects.visible_to(act_for(partner)).filter(pk=board.pk).exists()
    assert not Board.objects.visible_to(act_for(rival)).filter(pk=board.pk).exists()


def test_a_public_board_is_reached_by_all_and_listed_for_those_near(companies, act_for):
    board = board_of(companies[0], audience="public")
    stranger = act_for(OrganisationFactory(), *WRITER)
    assert board in Board.objects.visible_to(stranger)
    assert board not in Board.objects.visible_to(stranger).listed_for(stranger)
    actions.follow_board(actor=stranger, board=board, on=True)
    assert board in Board.objects.visible_to(stranger).listed_for(stranger)


def test_only_who_manages_makes_boards(companies, host, guest):
    made = actions.save_board(actor=host, board=None, fields={"name": "Ideas", "audience": "programme"})
    assert made.organisation == companies[0]
    assert TrailEntry.objects.filter(verb="board.made", target_id=made.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.save_board(actor=guest, board=None, fields={"name": "Mine"})
    with pytest.raises(PermissionDenied):
        actions.save_board(actor=guest, board=made, fields={"name": "Stolen"})
    with pytest.raises(DomainError, match="that name"):
        actions.save_board(actor=host, board=None, fields={"name": "Ideas"})


def test_a_board_takes_no_tier_of_another_programme(host):
    foreign = TierFactory(rank=1)
    with pytest.raises(DomainError, match="your own"):
        actions.save_board(actor=host, board=None, fields={"name": "X", "audience": "programme", "tier": foreign})


def test_an_archived_board_is_read_only(host, guest, board):
    topic = topic_by(guest, board)
    actions.archive_board(actor=host, board=board, on=True)
    with pytest.raises(PermissionDenied, match="archived"):
        actions.add_post(actor=guest, topic=topic, body="Hello")
    actions.archive_board(actor=host, board=board, on=False)
    assert actions.add_post(actor=guest, topic=topic, body="Hello").seq == 2


def test_where_only_the_owner_opens_topics_others_answer(companies, host, guest):
    board = board_of(companies[0], openers="owner")
    with pytest.raises(PermissionDenied, match="opens topics"):
        topic_by(guest, board)
    topic = topic_by(host, board)
    assert actions.add_post(actor=guest, topic=topic, body="Thanks").seq == 2


# Writing -----------------------------------------------------------------------------------------------------------
def test_a_topic_has_its_first_post_and_its_author_follows_it(guest, board):
    topic = topic_by(guest, board, tags=["Sizing", "sizing", " Pumps "])
    assert (topic.last_seq, topic.posts_count) == (1, 1)
    assert [tag.name for tag in topic.tags.all()] == ["pumps", "sizing"]
    assert Follow.objects.filter(membership=guest.membership, topic=topic).exists()
    assert ReadMark.objects.get(topic=topic, membership=guest.membership).last_seq == 1
    assert TrailEntry.objects.filter(verb="topic.opened", target_id=topic.pk).count() == 1


def test_the_same_client_id_posts_once(guest, board):
    first = topic_by(guest, board, client_id="abc")
    assert topic_by(guest, board, client_id="abc") == first
    one = actions.add_post(actor=guest, topic=first, body="Again", client_id="def")
    assert actions.add_post(actor=guest, topic=first, body="Again", client_id="def") == one
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " \n "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": " \0 "}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"kind": "sermon"}, "kind"),
        ({"tags": list("abcdef")}, "tags"),
        ({"tags": ["x" * 31]}, "tags"),
    ],
)
def test_what_a_topic_cannot_be(guest, board, fields, field):
    with pytest.raises(DomainError) as refusal:
        topic_by(guest, board, **fields)
    assert refusal.value.field == field
    assert not Topic.objects.exists()


def test_a_flood_is_refused_and_keeps_what_is_there(guest, board):
    topic = topic_by(guest, board)
    for number in range(7):
        actions.add_post(actor=guest, topic=topic, body=f"Post {number}")
    with pytest.raises(DomainError) as refusal:
        actions.add_post(actor=guest, topic=topic, body="One more")
    assert refusal.value.code == "flood"
    Post.objects.update(created=now() - timedelta(minutes=2))
    assert actions.add_post(actor=guest, topic=topic, body="Later").seq == 9


def test_topics_have_a_limit_of_their_own(guest, board):
    for number in range(3):
        topic_by(guest, board, title=f"Topic {number}")
    with pytest.raises(DomainError) as refusal:
        topic_by(guest, board)
    assert refusal.value.code == "flood"


def test_a_reader_writes_nothing(companies, board, act_for, guest):
    topic = topic_by(guest, board)
    reader = act_for(companies[1], "forums.view")
    with pytest.raises(PermissionDenied):
        topic_by(reader, board)
    with pytest.raises(PermissionDenied):
        actions.add_post(actor=reader, topic=topic, body="Hello")
    with pytest.raises(PermissionDenied):
        actions.vote(actor=reader, post=topic.posts.get(), useful=True)


def test_a_stranger_finds_nothing(guest, board, act_for):
    topic = topic_by(guest, board)
    stranger = act_for(OrganisationFactory(), *MODERATOR)
    for act in (
        lambda: topic_by(stranger, board),
        lambda: actions.add_post(actor=stranger, topic=topic, body="Hello"),
        lambda: actions.vote(actor=stranger, post=topic.posts.get(), useful=True),
        lambda: actions.follow_topic(actor=stranger, topic=topic, on=True),
        lambda: actions.accept_answer(actor=stranger, topic=topic, post=None),
    ):
        with pytest.raises(Http404):
            act()


def test_markdown_is_made_harmless(guest, board):
    body = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://evil.test/t.png)\n\n"
        '<img src=x onerror=alert(1)> <a href="data:text/html,x">y</a>\n\n# Big\n\n> quoted\n\n`<b>`'
    )
    html = topic_by(guest, board, body=body).posts.get().html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript:' not in html
    assert "<h1" not in html
    assert "<blockquote>" in html


def test_deeply_nested_markdown_comes_to_an_end(guest, board):
    post = topic_by(guest, board, body=">" * 15_000 + "x").posts.get()
    assert post.seq == 1


def test_files_are_checked_by_their_content(guest, board):
    topic = topic_by(guest, board)
    with pytest.raises(DomainError, match="not what its name says"):
        actions.add_post(actor=guest, topic=topic, body="See", files=[SimpleUploadedFile("a.png", b"MZ\x90")])
    post = actions.add_post(actor=guest, topic=topic, body="", files=[SimpleUploadedFile("a.txt", b"curve")])
    assert [file.name for file in post.files.all()] == ["a.txt"]


# Telling -----------------------------------------------------------------------------------------------------------
def test_followers_are_told_and_a_mention_comes_first(host, guest, other, board):
    topic = topic_by(guest, board)
    actions.add_post(actor=host, topic=topic, body=f"Take the larger one. @{other.user.name} knows the curve.")
    deliver()
    assert told(guest) == ["post.added"]
    kinds = Notification.objects.filter(membership=other.membership).values_list("kind", flat=True)
    assert list(kinds) == ["forum_mentions"]
    assert told(host) == []


def test_a_muted_topic_tells_nothing(host, guest, board):
    topic = topic_by(guest, board)
    actions.follow_topic(actor=guest, topic=topic, on=False)
    actions.add_post(actor=host, topic=topic, body="Take the larger one.")
    deliver()
    assert told(guest) == []
    assert not Topic.objects.visible_to(guest).unread_by(guest.membership.pk).exists()


def test_followers_of_a_board_are_told_of_new_topics(host, guest, board):
    actions.follow_board(actor=host, board=board, on=True)
    topic = topic_by(guest, board)
    deliver()
    assert told(host) == ["topic.opened"]
    assert list(Topic.objects.visible_to(host).unread_by(host.membership.pk)) == [topic]
    actions.mark_read(actor=host, topic=topic, seq=10**6)
    assert not Topic.objects.visible_to(host).unread_by(host.membership.pk).exists()


def test_topics_from_before_one_followed_the_board_are_not_unread(host, guest, board):
    topic_by(guest, board)
    actions.follow_board(actor=host, board=board, on=True)
    assert not Topic.objects.visible_to(host).unread_by(host.membership.pk).exists()


def test_reading_never_goes_back(host, guest, board):
    topic = many_posts(topic_by(guest, board), 10)
    actions.mark_read(actor=host, topic=topic, seq=7)
    assert actions.mark_read(actor=host, topic=topic, seq=3) == 7
    assert actions.read_board(actor=host, board=board) == 0
    actions.follow_topic(actor=host, topic=topic, on=True)
    assert actions.read_board(actor=host, board=board) == 1


# Questions ---------------------------------------------------------------------------------------------------------
def test_the_asker_accepts_an_answer_and_its_author_is_told(host, guest, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Take the larger one.")
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    deliver()
    topic.refresh_from_db()
    assert topic.accepted == answer
    assert told(host) == ["topic.answered"]
    actions.accept_answer(actor=guest, topic=topic, post=None)
    topic.refresh_from_db()
    assert topic.accepted is None


def test_who_may_accept(host, guest, other, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=other, topic=topic, body="Take the larger one.")
    with pytest.raises(PermissionDenied):
        actions.accept_answer(actor=other, topic=topic, post=answer)
    actions.accept_answer(actor=host, topic=topic, post=answer)
    with pytest.raises(DomainError, match="one of the answers"):
        actions.accept_answer(actor=guest, topic=topic, post=topic.posts.get(seq=1))


def test_an_answer_of_another_topic_is_not_accepted(host, guest, board):
    mine, theirs = topic_by(guest, board), topic_by(host, board)
    foreign = actions.add_post(actor=host, topic=theirs, body="Elsewhere")
    with pytest.raises(DomainError):
        actions.accept_answer(actor=guest, topic=mine, post=foreign)


def test_a_discussion_has_no_accepted_answer(guest, host, board):
    topic = topic_by(guest, board, kind="discussion")
    answer = actions.add_post(actor=host, topic=topic, body="Yes")
    with pytest.raises(PermissionDenied, match="Only questions"):
        actions.accept_answer(actor=guest, topic=topic, post=answer)


# Ideas -------------------------------------------------------------------------------------------------------------
def test_votes_count_once_and_never_for_oneself(host, guest, board):
    topic = topic_by(guest, board, kind="idea")
    first = topic.posts.get()
    for _each in range(2):
        actions.vote(actor=host, post=first, useful=True)
    topic.refresh_from_db()
    assert topic.votes == Vote.objects.count() == 1
    with pytest.raises(PermissionDenied, match="yourself"):
        actions.vote(actor=guest, post=first, useful=True)
    actions.vote(actor=host, post=first, useful=False)
    topic.refresh_from_db()
    assert topic.votes == 0


def test_an_idea_moves_and_those_who_voted_are_told(host, guest, other, board):
    topic = topic_by(guest, board, kind="idea")
    actions.vote(actor=other, post=topic.posts.get(), useful=True)
    actions.step_idea(actor=host, topic=topic, step="plan")
    deliver()
    assert told(other) == told(guest) == ["topic.stepped"]
    with pytest.raises(DomainError, match="Say why"):
        actions.step_idea(actor=host, topic=topic, step="decline")
    actions.step_idea(actor=host, topic=topic, step="decline", reason="The drive cannot do it.")
    topic.refresh_from_db()
    assert (topic.state, topic.state_reason) == ("declined", "The drive cannot do it.")
    with pytest.raises((PermissionDenied, InvalidTransition)):
        actions.step_idea(actor=host, topic=topic, step="finish")
    with pytest.raises(PermissionDenied):
        actions.step_idea(actor=guest, topic=topic, step="reopen")


def test_a_discussion_becomes_an_idea(guest, host, board):
    topic = topic_by(guest, board, kind="question")
    answer = actions.add_post(actor=host, topic=topic, body="No, but we could build it.")
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    actions.change_topic(actor=guest, topic=topic, title="Build it", kind="idea", tags=["product"])
    topic.refresh_from_db()
    assert (topic.kind, topic.title, topic.accepted) == ("idea", "Build it", None)
    with pytest.raises(PermissionDenied):
        actions.change_topic(actor=guest, topic=topic, title="Hear ye", kind="announcement", tags=[])


# Announcements -----------------------------------------------------------------------------------------------------
def test_only_moderators_announce_and_everybody_is_told(host, guest, other, board):
    with pytest.raises(PermissionDenied):
        topic_by(guest, board, kind="announcement")
    topic = topic_by(host, board, kind="announcement")
    deliver()
    assert told(guest) == told(other) == ["topic.announced"]
    first = actions.acknowledge(actor=guest, topic=topic)
    assert actions.acknowledge(actor=guest, topic=topic) == first
    with pytest.raises(PermissionDenied):
        actions.acknowledge(actor=host, topic=topic)
    assert TrailEntry.objects.filter(verb="topic.acknowledged").count() == 1


# Changing and taking back ------------------------------------------------------------------------------------------
def test_an_edit_keeps_the_former_words(guest, other, board):
    topic = topic_by(guest, board)
    post = topic.posts.get()
    actions.edit_post(actor=guest, post=post, body="The pit is 5 m deep.")
    assert PostRevision.objects.get().body == "The pit is **4 m** deep."
    actions.edit_post(actor=guest, post=post, body="The pit is 5 m deep.")
    assert PostRevision.objects.count() == 1
    with pytest.raises(PermissionDenied):
        actions.edit_post(actor=other, post=post, body="Something else")


def test_a_moderator_gives_a_reason_and_the_author_is_told(host, guest, board):
    post = topic_by(guest, board).posts.get()
    with pytest.raises(DomainError, match="Say why"):
        actions.edit_post(actor=host, post=post, body="Without the price.")
    actions.edit_post(actor=host, post=post, body="Without the price.", reason="Prices stay between companies.")
    deliver()
    assert told(guest) == ["moderation.done"]


def test_a_deleted_post_leaves_its_place_and_nothing_of_its_words(host, guest, board):
    topic = topic_by(guest, board)
    post = actions.add_post(actor=host, topic=topic, body="SECRET", files=[SimpleUploadedFile("a.txt", b"x")])
    actions.edit_post(actor=host, post=post, body="SECRET 2")
    actions.accept_answer(actor=guest, topic=topic, post=post)
    actions.delete_post(actor=host, post=post)
    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.body, post.html, post.search_text) == ("", "", "")
    assert not post.files.exists()
    assert not post.revisions.exists()
    assert (topic.accepted, topic.posts_count, topic.last_seq) == (None, 1, 2)
    with pytest.raises(PermissionDenied):
        actions.delete_post(actor=host, post=post)


def test_the_first_post_stays_while_others_have_answered(host, guest, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Answer")
    with pytest.raises(PermissionDenied, match="Others have answered"):
        actions.delete_post(actor=guest, post=topic.posts.get(seq=1))
    actions.delete_post(actor=host, post=answer)
    actions.delete_post(actor=guest, post=topic.posts.get(seq=1))
    assert not Topic.objects.visible_to(host).listed_for(host).filter(hidden_at=None).exists()


def test_a_draft_is_kept_for_its_author_alone_and_goes_with_the_post(host, guest, board):
    topic = topic_by(guest, board)
    draft = actions.keep_draft(actor=host, board=board, topic=topic, fields={"body": "Half a", "evil": "x"})
    assert draft.fields == {"body": "Half a"}
    assert type(draft).objects.visible_to(guest).count() == 0
    actions.add_post(actor=host, topic=topic, body="Half a sentence")
    assert type(draft).objects.count() == 0
    assert actions.keep_draft(actor=host, board=board, topic=None, fields={"body": "  "}) is None


def test_who_is_not_a_reader_of_the_board_is_not_mentioned(guest, board, act_for):
    stranger = act_for(OrganisationFactory(), *WRITER)
    rival = act_for(PartnershipFactory(vendor=board.organisation).partner, *WRITER)
    body = f"@{stranger.user.name} and @{rival.user.name} and @{guest.user.name}"
    topic = topic_by(guest, board, body=body)
    html = topic.posts.get().html
    assert f'data-member="{stranger.membership.pk}"' not in html
    assert f'data-member="{rival.membership.pk}"' not in html, "a board is no directory of other partners"
    assert f'data-member="{guest.membership.pk}"' in html
