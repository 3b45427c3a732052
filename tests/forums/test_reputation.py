"""Points, articles and search: counted from rows, seen only where one may read."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.errors import DomainError
from forums import actions
from forums.models import Article
from forums.reputation import most_helpful, standings
from forums.search import search
from forums.waiting import counts, waiting
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.forums.factories import WRITER, board_of, topic_by
from tests.forums.test_views import client_for

pytestmark = pytest.mark.django_db


def points(actor, of):
    found = standings(actor, [of.membership.pk]).get(of.membership.pk)
    return found.points if found else 0


def test_points_come_from_others_and_go_with_what_they_are_for(companies, host, guest, board, act_for):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Take the larger one.")
    assert points(guest, host) == 0
    actions.vote(actor=guest, post=answer, useful=True)
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    assert points(guest, host) == 12
    actions.accept_answer(actor=guest, topic=topic, post=None)
    actions.vote(actor=guest, post=answer, useful=False)
    assert points(guest, host) == 0


def test_colleagues_and_oneself_make_no_points(host, other, board):
    topic = topic_by(host, board)
    answer = actions.add_post(actor=host, topic=topic, body="I answer myself.")
    actions.accept_answer(actor=host, topic=topic, post=answer)
    actions.vote(actor=other, post=answer, useful=True)
    assert points(other, host) == 0


def test_points_made_where_one_may_not_read_are_not_told(companies, host, guest, act_for, board):
    closed = board_of(companies[0], audience="own", name="Ours")
    topic = topic_by(host, closed)
    third = act_for(companies[0], *WRITER)
    answer = actions.add_post(actor=third, topic=topic, body="Between us")
    actions.accept_answer(actor=host, topic=topic, post=answer)
    assert points(host, third) == 10
    assert points(guest, third) == 0
    assert most_helpful(guest) == []
    page = client_for(guest).get(reverse("forums:people")).content.decode()
    assert third.user.name not in page


def test_the_card_shows_points_marks_and_posts(host, guest, board):
    topic = topic_by(guest, board)
    answer = actions.add_post(actor=host, topic=topic, body="Take the larger one.")
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    actions.name_expert(actor=host, board=board, membership=host.membership, subject="hydraulics")
    page = client_for(guest).get(reverse("forums:person", args=[host.membership.pk])).content.decode()
    assert "hydraulics" in page
    assert "Take the larger one." in page
    assert "Answerer" in page


def test_an_article_is_made_of_the_question_and_its_answer(host, guest, board):
    topic = topic_by(guest, board, title="Which seal?", body="For glycol?")
    answer = actions.add_post(actor=host, topic=topic, body="Option **S3**.")
    actions.accept_answer(actor=guest, topic=topic, post=answer)
    with pytest.raises(PermissionDenied):
        actions.article_from(actor=guest, topic=topic)
    article = actions.article_from(actor=host, topic=topic)
    assert actions.article_from(actor=host, topic=topic) == article
    assert "For glycol?" in article.body
    assert "Option **S3**." in article.body
    assert not Article.objects.visible_to(guest).exists()
    actions.publish_article(actor=host, article=article, on=True)
    assert "<strong>S3</strong>" in client_for(guest).get(article.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        actions.save_article(actor=guest, board=board, article=article, title="Mine", body="Now")
    with pytest.raises(DomainError):
        actions.save_article(actor=host, board=board, article=article, title="Seal", body=" ")
    actions.publish_article(actor=host, article=article, on=False)
    assert client_for(guest).get(article.get_absolute_url()).status_code == 404


def test_an_article_is_never_read_by_who_does_not_read_the_board(companies, host, act_for, board):
    article = actions.save_article(actor=host, board=board, article=None, title="Kept", body="Among partners")
    actions.publish_article(actor=host, article=article, on=True)
    stranger = act_for(OrganisationFactory(), *WRITER)
    assert not Article.objects.visible_to(stranger).exists()
    assert search(stranger, "Kept", 5) == []


def test_the_search_finds_topics_answers_and_articles_that_one_reads(companies, host, guest, act_for, board):
    topic = topic_by(guest, board, title="Cavitation at the lagoon")
    actions.add_post(actor=host, topic=topic, body="Raise the lagoon level.")
    hidden = actions.add_post(actor=host, topic=topic, body="lagoon SECRET")
    actions.hide_post(actor=host, post=hidden, reason="A price")
    article = actions.save_article(actor=host, board=board, article=None, title="Lagoon rules", body="x")
    actions.publish_article(actor=host, article=article, on=True)
    titles = [hit.title for hit in search(guest, "lagoon", 5)]
    assert titles == ["Cavitation at the lagoon", "Raise the lagoon level.", "Lagoon rules"]
    rival = act_for(PartnershipFactory(partner=companies[1]).vendor, *WRITER)
    assert search(rival, "lagoon", 5) == []
    assert search(act_for(companies[1], "deals.view"), "lagoon", 5) == []


def test_what_waits_and_the_badge(host, guest, board):
    topic_by(host, board, kind="announcement", title="Closed in August")
    assert [str(item.title) for item in waiting(guest)] == ["Closed in August"]
    assert waiting(host) == []
    actions.acknowledge(actor=guest, topic=board.topics.get())
    assert waiting(guest) == []
    actions.follow_board(actor=guest, board=board, on=True)
    topic = topic_by(host, board)
    assert counts(guest) == {"forums": 1}
    actions.report_post(actor=guest, post=topic.posts.get(), why="spam")
    assert counts(host) == {"forums": 1}
    assert len(waiting(host)) == 1
