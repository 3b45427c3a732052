"""Reports, hiding, locking, moving, merging, splitting, warning, held posts; who sees the log."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from core.errors import DomainError
from forums import actions
from forums.models import Board, ModerationEntry, Post, PostFile, Report, Topic
from tests.factories import OrganisationFactory
from tests.forums.factories import MODERATOR, WRITER, board_of, topic_by
from tests.forums.test_actions import deliver, told
from tests.forums.test_views import client_for

pytestmark = pytest.mark.django_db


def test_a_report_reaches_the_moderators_once_and_nobody_else(host, guest, other, board, companies):
    post = topic_by(guest, board).posts.get()
    for _each in range(2):
        actions.report_post(actor=other, post=post, why="secret", note="A price")
    deliver()
    assert Report.objects.count() == 1
    assert told(host) == ["post.reported"]
    assert told(guest) == []
    assert Report.objects.visible_to(host).exists()
    assert not Report.objects.visible_to(guest).exists()
    assert not Report.objects.visible_to(other).exists()
    with pytest.raises(PermissionDenied):
        actions.report_post(actor=guest, post=post, why="spam")
    with pytest.raises(DomainError):
        actions.report_post(actor=other, post=topic_by(host, board).posts.get(), why="nonsense")


def test_a_hidden_post_is_gone_for_the_others_with_its_files_and_its_history(host, guest, other, board):
    topic = topic_by(host, board)
    post = actions.add_post(actor=guest, topic=topic, body="SECRET", files=[SimpleUploadedFile("a.txt", b"x")])
    actions.report_post(actor=other, post=post, why="secret")
    with pytest.raises(DomainError, match="Say why"):
        actions.hide_post(actor=host, post=post, reason=" ")
    with pytest.raises(PermissionDenied):
        actions.hide_post(actor=guest, post=post, reason="No")
    actions.hide_post(actor=host, post=post, reason="A price stays between companies.")
    deliver()
    assert Report.objects.get().upheld is True
    assert "moderation.done" in told(guest)
    assert not PostFile.objects.visible_to(other).exists()
    page = client_for(other).get(topic.get_absolute_url()).content.decode()
    assert "SECRET" not in page
    assert "A price stays between companies." in page
    assert client_for(other).get(reverse("forums:post_history", args=[post.pk])).status_code == 403
    assert client_for(guest).get(reverse("forums:post_history", args=[post.pk])).status_code == 200
    actions.show_post(actor=host, post=post)
    assert "SECRET" in client_for(other).get(topic.get_absolute_url()).content.decode()


def test_an_accepted_answer_that_is_hidden_no_longer_answers(host, guest, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Wrong")
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    actions.hide_post(actor=host, post=answer, reason="It is wrong.")
    topic.refresh_from_db()
    assert topic.accepted is None
    assert topic.posts_count == 1


def test_a_hidden_topic_is_for_its_author_and_moderators(host, guest, other, board):
    topic = topic_by(guest, board)
    actions.hide_topic(actor=host, topic=topic, reason="Twice")
    seen = [Topic.objects.visible_to(each).filter(pk=topic.pk).exists() for each in (host, guest, other)]
    assert seen == [True, True, False]
    assert client_for(other).get(topic.get_absolute_url()).status_code == 404
    actions.show_topic(actor=host, topic=topic)
    assert Topic.objects.visible_to(other).filter(pk=topic.pk).exists()


def test_what_its_author_deleted_is_not_shown_again(host, guest, board):
    topic = topic_by(guest, board)
    actions.delete_post(actor=guest, post=topic.posts.get())
    with pytest.raises(DomainError, match="deleted"):
        actions.show_topic(actor=host, topic=topic)


def test_a_locked_topic_takes_answers_of_moderators_alone(host, guest, board):
    topic = topic_by(guest, board)
    actions.lock_topic(actor=host, topic=topic, on=True)
    with pytest.raises(PermissionDenied, match="locked"):
        actions.add_post(actor=guest, topic=topic, body="But")
    actions.add_post(actor=host, topic=topic, body="Closed, as the manual says it now.")
    actions.lock_topic(actor=host, topic=topic, on=False)
    assert actions.add_post(actor=guest, topic=topic, body="Thanks").seq == 3
    acts = list(ModerationEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["locked", "unlocked"]


def test_nobody_but_the_owner_moderates(host, guest, companies, act_for, board):
    topic = topic_by(guest, board)
    theirs = act_for(companies[1], *MODERATOR)
    stranger = act_for(OrganisationFactory(), *MODERATOR)
    for act in (
        lambda actor: actions.lock_topic(actor=actor, topic=topic, on=True),
        lambda actor: actions.pin_topic(actor=actor, topic=topic, on=True),
        lambda actor: actions.hide_topic(actor=actor, topic=topic, reason="x"),
        lambda actor: actions.warn_author(actor=actor, post=topic.posts.get(), reason="x"),
        lambda actor: actions.merge_topics(actor=actor, topic=topic, into=topic),
        lambda actor: actions.split_topic(actor=actor, topic=topic, posts=[], title="x"),
        lambda actor: actions.article_from(actor=actor, topic=topic),
    ):
        with pytest.raises(PermissionDenied):
            act(theirs)
        with pytest.raises(Http404):
            act(stranger)


def test_a_topic_moves_to_no_more_readers(companies, host, guest, board):
    topic = topic_by(guest, board, tags=["pumps"])
    public = board_of(companies[0], audience="public", name="Public")
    own = board_of(companies[0], audience="own", name="Ours")
    with pytest.raises(DomainError, match="More organisations"):
        actions.move_topic(actor=host, topic=topic, board=public)
    actions.move_topic(actor=host, topic=topic, board=own)
    topic.refresh_from_db()
    assert topic.board == own
    assert [tag.board for tag in topic.tags.all()] == [own]
    assert not Topic.objects.visible_to(guest).exists()
    with pytest.raises(DomainError, match="More organisations"):
        actions.move_topic(actor=host, topic=topic, board=board)


def test_a_board_of_somebody_else_takes_no_topic(companies, host, guest, act_for, board):
    foreign = board_of(OrganisationFactory(), audience="public", name="Foreign")
    with pytest.raises(PermissionDenied):
        actions.move_topic(actor=host, topic=topic_by(guest, board), board=foreign)


def test_merged_posts_keep_their_permalinks(host, guest, board):
    into, topic = topic_by(host, board, title="First"), topic_by(guest, board, title="Second")
    answer = actions.add_post(actor=host, topic=topic, body="Answer")
    actions.merge_topics(actor=host, topic=topic, into=into)
    into.refresh_from_db()
    assert list(into.posts.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert (into.last_seq, into.posts_count) == (3, 3)
    client = client_for(guest)
    assert client.get(answer.get_absolute_url())["Location"] == into.address_of(3)
    assert client.get(topic.get_absolute_url())["Location"] == into.get_absolute_url()
    topic.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.add_post(actor=guest, topic=topic, body="Where am I?")
    with pytest.raises(DomainError):
        actions.merge_topics(actor=host, topic=topic, into=into)
    with pytest.raises(DomainError):
        actions.merge_topics(actor=host, topic=into, into=into)


def test_split_posts_have_a_topic_of_their_own(host, guest, board):
    topic = topic_by(guest, board)
    first = actions.add_post(actor=host, topic=topic, body="On the topic")
    aside = actions.add_post(actor=guest, topic=topic, body="By the way")
    actions.accept_answer(actor=guest, topic=topic, post=aside)
    made = actions.split_topic(actor=host, topic=topic, posts=[aside.pk, topic.posts.get(seq=1).pk], title="Aside")
    topic.refresh_from_db()
    assert [post.body for post in made.posts.all()] == ["By the way"]
    assert (made.membership, made.last_seq, topic.posts_count, topic.accepted) == (guest.membership, 1, 2, None)
    assert actions.add_post(actor=host, topic=topic, body="On").seq == 4
    assert first.topic_id == topic.pk
    with pytest.raises(DomainError):
        actions.split_topic(actor=host, topic=topic, posts=[aside.pk], title="Foreign")


def test_a_warning_is_read_by_the_one_whom_it_concerns(host, guest, other, board):
    post = topic_by(guest, board).posts.get()
    actions.warn_author(actor=host, post=post, reason="Please no names of customers.")
    deliver()
    assert told(guest) == ["moderation.done"]
    reads = [ModerationEntry.objects.visible_to(each).exists() for each in (host, guest, other)]
    assert reads == [True, True, False]
    assert "no names of customers" in client_for(guest).get(reverse("forums:log")).content.decode()
    assert "no names of customers" not in client_for(other).get(reverse("forums:log")).content.decode()
    with pytest.raises(DomainError):
        actions.warn_author(actor=host, post=topic_by(host, board).posts.get(), reason="Me")


@pytest.fixture
def strict(companies):
    return board_of(companies[0], hold_first=True, name="Strict")


def test_the_first_topic_of_a_newcomer_waits(host, guest, other, strict):
    topic = topic_by(guest, strict)
    deliver()
    assert topic.held_at
    assert told(host) == ["topic.held"]
    seen = [Topic.objects.visible_to(each).exists() for each in (host, guest, other)]
    assert seen == [True, True, False]
    actions.release_topic(actor=host, topic=topic)
    assert Topic.objects.visible_to(other).exists()
    assert topic_by(guest, strict, title="Second").held_at is None
    with pytest.raises(DomainError):
        actions.release_topic(actor=host, topic=topic)


def test_colleagues_of_the_owner_are_no_newcomers(other, strict):
    assert topic_by(other, strict).held_at is None


def test_a_held_post_has_no_number_until_it_is_let_through(host, guest, other, strict):
    topic = topic_by(host, strict)
    post = actions.add_post(actor=guest, topic=topic, body="HELD WORDS")
    assert post.seq is None
    assert "HELD WORDS" not in client_for(other).get(topic.get_absolute_url()).content.decode()
    assert "HELD WORDS" in client_for(guest).get(topic.get_absolute_url()).content.decode()
    assert client_for(other).get(post.get_absolute_url()).status_code == 404
    assert "HELD WORDS" in client_for(host).get(reverse("forums:moderation")).content.decode()
    actions.release_post(actor=host, post=post)
    deliver()
    post.refresh_from_db()
    assert post.seq == 2
    assert "HELD WORDS" in client_for(other).get(topic.get_absolute_url()).content.decode()
    with pytest.raises(DomainError):
        actions.release_post(actor=host, post=post)


def test_a_refused_post_is_seen_by_nobody_and_its_author_reads_why(host, guest, strict):
    topic = topic_by(host, strict)
    post = actions.add_post(actor=guest, topic=topic, body="BUY NOW")
    actions.refuse_held(actor=host, thing=post, reason="Advertising.")
    deliver()
    assert told(guest) == ["moderation.done"]
    assert "BUY NOW" not in client_for(guest).get(topic.get_absolute_url()).content.decode()
    assert "Advertising." in client_for(guest).get(reverse("forums:log")).content.decode()
    with pytest.raises(DomainError):
        actions.refuse_held(actor=host, thing=post, reason="Again")


def test_the_pages_of_moderation_work(host, guest, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Answer")
    reply = actions.add_post(actor=guest, topic=topic, body="Thanks")
    client = client_for(host)
    for route in ("topic_hide", "topic_move", "topic_merge", "topic_split", "poll_new"):
        assert client.get(reverse(f"forums:{route}", args=[topic.pk])).status_code == 200
    for route in ("post_hide", "post_warn", "post_report"):
        assert client.get(reverse(f"forums:{route}", args=[reply.pk])).status_code == 200
    client.post(reverse("forums:topic_pin", args=[topic.pk]), {"on": "1"})
    assert "Pinned" in client.get(topic.get_absolute_url()).content.decode()
    response = client.post(reverse("forums:topic_split", args=[topic.pk]), {"title": "Aside", "posts": [answer.pk]})
    assert response["Location"] == Topic.objects.get(title="Aside").get_absolute_url()
    actions.report_post(actor=guest, post=Post.objects.get(pk=answer.pk), why="rude")
    assert "Answer" in client.get(reverse("forums:moderation")).content.decode()
    client.post(reverse("forums:post_settle", args=[answer.pk]))
    assert Report.objects.get().upheld is False
    assert client_for(guest).get(reverse("forums:moderation")).status_code == 403


def test_an_expert_has_written_there(host, guest, other, board):
    with pytest.raises(DomainError, match="has written"):
        actions.name_expert(actor=host, board=board, membership=guest.membership, subject="Seals")
    topic_by(guest, board)
    expert = actions.name_expert(actor=host, board=board, membership=guest.membership, subject="Seals")
    deliver()
    assert expert.subject == "Seals"
    assert told(guest) == ["board.expert_named"]
    with pytest.raises(PermissionDenied):
        actions.name_expert(actor=other, board=board, membership=guest.membership, subject="Pumps")
    assert actions.name_expert(actor=host, board=board, membership=guest.membership, subject="") is None
    assert not Board.objects.get(pk=board.pk).experts.exists()


def test_writers_are_no_moderators():
    assert not set(WRITER) & {"forums.moderate", "forums.manage"}
