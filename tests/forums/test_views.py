"""The pages of the forums: who sees what, paging, drafts, refusals, the number of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import actions
from forums.models import Post, PostDraft, ReadMark, Topic
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.forums.factories import MODERATOR, WRITER, board_of, many_posts, topic_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest_client(guest):
    return client_for(guest)


@pytest.fixture
def host_client(host):
    return client_for(host)


def client_for(actor):
    client = Client()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_home_lists_boards_and_open_questions(guest, guest_client, board):
    topic_by(guest, board, title="Is there a filter?")
    page = guest_client.get(reverse("forums:home")).content.decode()
    assert board.name in page
    assert "Is there a filter?" in page


def test_an_empty_forum_offers_the_first_step(host_client):
    assert "No boards yet" in host_client.get(reverse("forums:home")).content.decode()


def test_without_the_capability_there_is_no_forum(companies, sign_in, board):
    client = sign_in(companies[1], "deals.view")
    assert client.get(reverse("forums:home")).status_code == 403
    assert client.get(board.get_absolute_url()).status_code == 403


def test_a_topic_is_opened_through_the_page(guest, guest_client, board):
    fields = {"kind": "question", "title": "Which seal?", "body": "For *glycol*.", "tags": "seals, glycol"}
    response = guest_client.post(reverse("forums:topic_new", args=[board.pk]), fields)
    topic = Topic.objects.get()
    assert response["Location"] == topic.get_absolute_url()
    page = guest_client.get(topic.get_absolute_url()).content.decode()
    assert "<em>glycol</em>" in page
    assert "Unanswered" in page


def test_what_is_refused_stays_in_the_form(guest_client, board):
    response = guest_client.post(
        reverse("forums:topic_new", args=[board.pk]), {"kind": "question", "title": "", "body": "Long text"}
    )
    assert response.status_code == 422
    assert "Long text" in response.content.decode()


def test_a_partner_is_not_offered_announcements(guest_client, host_client, board):
    url = reverse("forums:topic_new", args=[board.pk])
    assert 'value="announcement"' not in guest_client.get(url).content.decode()
    assert 'value="announcement"' in host_client.get(url).content.decode()
    fields = {"kind": "announcement", "title": "Hear", "body": "ye"}
    assert guest_client.post(url, fields).status_code == 422


def test_an_answer_leads_to_its_place(host, guest, guest_client, board):
    topic = many_posts(topic_by(host, board), 40)
    response = guest_client.post(reverse("forums:topic_answer", args=[topic.pk]), {"body": "Thanks", "client_id": "a1"})
    assert response["Location"] == f"{topic.get_absolute_url()}?at=42#p-42"
    again = guest_client.post(reverse("forums:topic_answer", args=[topic.pk]), {"body": "Thanks", "client_id": "a1"})
    assert again["Location"] == response["Location"]
    page = guest_client.get(response["Location"]).content.decode()
    assert 'id="p-42"' in page
    assert 'id="p-1"' not in page


def test_an_empty_answer_is_refused_and_says_so(guest, guest_client, board):
    topic = topic_by(guest, board)
    response = guest_client.post(reverse("forums:topic_answer", args=[topic.pk]), {"body": " "})
    assert response.status_code == 422
    assert "Write something first" in response.content.decode()


def test_a_flood_answers_429_and_keeps_the_text(guest, guest_client, board):
    topic = topic_by(guest, board)
    url = reverse("forums:topic_answer", args=[topic.pk])
    for number in range(7):
        guest_client.post(url, {"body": f"Post {number}"})
    response = guest_client.post(url, {"body": "The last straw"})
    assert response.status_code == 429
    assert "The last straw" in response.content.decode()


@pytest.mark.parametrize("query", ["?page=999999999", "?page=-1", "?page=x", "?at=99999", "?at=½", "?page=2"])
def test_any_page_number_shows_some_page(guest, guest_client, board, query):
    topic = many_posts(topic_by(guest, board), 45)
    response = guest_client.get(topic.get_absolute_url() + query)
    assert response.status_code == 200
    assert "Post " in response.content.decode()


def test_a_topic_opens_where_one_left_it(host, guest, guest_client, board):
    topic = many_posts(topic_by(host, board), 80)
    ReadMark.objects.create(topic=topic, membership=guest.membership, last_seq=64)
    page = guest_client.get(topic.get_absolute_url()).content.decode()
    assert 'id="p-65"' in page
    assert page.index('id="new"') < page.index('id="p-65"')
    assert page.count('id="new"') == 1


def test_5000_posts_cost_what_50_cost(guest, board, guest_client):
    small, large = topic_by(guest, board, title="Small"), topic_by(guest, board, title="Large")
    many_posts(small, 49)
    many_posts(large, 4999)
    counts = []
    for topic in (small, large):
        url = f"{topic.get_absolute_url()}?page={topic.pages}"
        guest_client.get(url)
        with CaptureQueriesContext(connection) as queries:
            response = guest_client.get(url)
        counts.append((len(queries), response.content.decode().count("<article")))
    assert counts[0][0] == counts[1][0]
    assert max(shown for _queries, shown in counts) <= 30


def test_reading_is_noted_and_never_goes_back(host, guest, guest_client, board):
    topic = many_posts(topic_by(host, board), 10)
    url = reverse("forums:topic_read", args=[topic.pk])
    assert guest_client.post(url, {"seq": "7"}).json() == {"read": 7}
    assert guest_client.post(url, {"seq": "junk"}).json() == {"read": 7}


def test_a_draft_comes_back(guest, guest_client, board):
    topic = topic_by(guest, board)
    guest_client.post(reverse("forums:topic_draft", args=[topic.pk]), {"body": "Half a thought"})
    assert "Half a thought" in guest_client.get(topic.get_absolute_url()).content.decode()
    guest_client.post(reverse("forums:board_draft", args=[board.pk]), {"title": "Half a title", "body": ""})
    assert "Half a title" in guest_client.get(reverse("forums:topic_new", args=[board.pk])).content.decode()
    assert PostDraft.objects.count() == 2


def test_a_permalink_leads_to_the_post(guest, guest_client, board):
    post = topic_by(guest, board).posts.get()
    assert guest_client.get(post.get_absolute_url())["Location"].endswith("?at=1#p-1")


def test_the_list_filters_sorts_and_searches(host, guest, guest_client, board):
    question = topic_by(guest, board, title="Cavitation at the lagoon", tags=["sizing"])
    idea = topic_by(host, board, kind="idea", title="Curves as DXF")
    actions.vote(actor=guest, post=idea.posts.get(), useful=True)
    url = reverse("forums:topics")

    def shown(query):
        page = guest_client.get(f"{url}?{query}").content.decode()
        return [topic for topic in (question, idea) if topic.title in page]

    assert shown("kind=idea") == [idea]
    assert shown("tag=sizing") == [question]
    assert shown("unanswered=1") == [question]
    assert shown("mine=1") == [question]
    assert shown("q=lagoon") == [question]
    assert shown("q=%F0%9F%92%A9") == []
    page = guest_client.get(f"{url}?sort=-votes").content.decode()
    assert page.index(idea.title) < page.index(question.title)
    csv = b"".join(guest_client.get(f"{url}?format=csv").streaming_content).decode()
    assert "Cavitation at the lagoon" in csv
    assert "<span" not in csv


def test_a_list_costs_the_same_for_one_topic_and_for_three(host, guest, guest_client, board):
    counts = []
    for number in range(3):
        topic_by(guest if number < 2 else host, board, title=f"Topic {number}", tags=[f"tag{number}"])
        for url in (board.get_absolute_url(), reverse("forums:topics"), reverse("forums:home")):
            guest_client.get(url)
            with CaptureQueriesContext(connection) as queries:
                guest_client.get(url)
            counts.append(len(queries))
    assert counts[:3] == counts[6:]


def test_a_hidden_post_shows_its_place_alone(host, guest, guest_client, host_client, board):
    topic = topic_by(guest, board)
    post = actions.add_post(actor=host, topic=topic, body="SECRET PRICE")
    Post.objects.filter(pk=post.pk).update(hidden_at=post.created, hidden_reason="A price")
    assert "SECRET PRICE" not in guest_client.get(topic.get_absolute_url()).content.decode()
    assert "A moderator hid this post" in guest_client.get(topic.get_absolute_url()).content.decode()
    assert "SECRET PRICE" in host_client.get(topic.get_absolute_url()).content.decode()


def test_votes_and_accepting_show_the_topic_again(host, guest, guest_client, board):
    topic = topic_by(guest, board)
    post = actions.add_post(actor=host, topic=topic, body="Take the larger one.")
    head = {"HX-Request": "true"}
    page = guest_client.post(reverse("forums:post_vote", args=[post.pk]), {"on": "1"}, headers=head).content.decode()
    assert 'aria-pressed="true"' in page
    assert "<html" not in page
    page = guest_client.post(
        reverse("forums:topic_accept", args=[topic.pk]), {"post": str(post.pk)}, headers=head
    ).content.decode()
    assert "Answered by" in page
    own = guest_client.post(reverse("forums:post_vote", args=[topic.posts.get(seq=1).pk]), {"on": "1"})
    assert own.status_code == 403


def test_the_history_shows_what_changed(guest, guest_client, board):
    post = topic_by(guest, board, body="one\ntwo").posts.get()
    actions.edit_post(actor=guest, post=post, body="one\nthree <b>")
    page = guest_client.get(reverse("forums:post_history", args=[post.pk])).content.decode()
    assert "<del>two</del>" in page
    assert "<ins>three &lt;b&gt;</ins>" in page


def test_an_announcement_shows_who_has_not_read_it(host, guest, guest_client, host_client, board):
    topic = topic_by(host, board, kind="announcement", title="Closed in August")
    url = reverse("forums:topic_readers", args=[topic.pk])
    assert guest_client.get(url).status_code == 403
    assert guest.user.name in host_client.get(url).content.decode().split("Not yet")[1]
    guest_client.post(reverse("forums:topic_acknowledge", args=[topic.pk]))
    assert guest.user.name in host_client.get(url).content.decode().split("Not yet")[0]


def test_a_preview_is_as_harmless_as_a_post(guest_client):
    page = guest_client.post(reverse("forums:preview"), {"body": "**a** <script>x</script>"}).content.decode()
    assert "<strong>a</strong>" in page
    assert "<script>" not in page


def test_a_card_of_somebody_whom_one_cannot_read_is_not_there(guest, host, guest_client, act_for):
    assert guest_client.get(reverse("forums:person", args=[host.membership.pk])).status_code == 404
    assert guest_client.get(reverse("forums:person", args=[guest.membership.pk])).status_code == 200


# Public boards -----------------------------------------------------------------------------------------------------
def test_a_public_board_is_read_without_signing_in(companies, host, client):
    board = board_of(companies[0], name="Open forum", audience="public")
    topic = topic_by(host, board, title="Oil of the seal chamber", body="How **often**?")
    page = client.get(reverse("forums_public:board", args=[board.pk, board.slug]))
    assert "Oil of the seal chamber" in page.content.decode()
    shown = client.get(reverse("forums_public:topic", args=[topic.pk, topic.slug]))
    text = shown.content.decode()
    assert "<strong>often</strong>" in text
    assert "noindex" not in text
    assert 'rel="canonical"' in text
    assert not shown.cookies
    wrong = client.get(reverse("forums_public:topic", args=[topic.pk, "other"]))
    assert (wrong.status_code, wrong["Location"]) == (301, reverse("forums_public:topic", args=[topic.pk, topic.slug]))


@pytest.mark.parametrize("audience", ["own", "programme", "invited"])
def test_nothing_else_is_public(companies, host, client, audience):
    board = board_of(companies[0], audience=audience)
    topic = topic_by(host, board)
    assert client.get(reverse("forums_public:board", args=[board.pk, board.slug])).status_code == 404
    assert client.get(reverse("forums_public:topic", args=[topic.pk, topic.slug])).status_code == 404


def test_a_public_page_hides_what_is_held_hidden_or_deleted(companies, host, guest, client):
    board = board_of(companies[0], audience="public")
    topic = topic_by(host, board)
    hidden = actions.add_post(actor=guest, topic=topic, body="HIDDEN WORDS")
    Post.objects.filter(pk=hidden.pk).update(hidden_at=hidden.created)
    gone = actions.add_post(actor=guest, topic=topic, body="DELETED WORDS")
    actions.delete_post(actor=guest, post=gone)
    url = reverse("forums_public:topic", args=[topic.pk, topic.slug])
    page = client.get(url).content.decode()
    assert "HIDDEN WORDS" not in page
    assert "DELETED WORDS" not in page
    Topic.objects.update(hidden_at=topic.created)
    assert client.get(url).status_code == 404
    Topic.objects.update(hidden_at=None, held_at=topic.created)
    assert client.get(url).status_code == 404


def test_a_member_of_any_company_writes_on_a_public_board(companies, act_for):
    board = board_of(companies[0], audience="public")
    stranger = act_for(OrganisationFactory(), *WRITER)
    response = client_for(stranger).post(
        reverse("forums:topic_new", args=[board.pk]), {"kind": "question", "title": "Hello", "body": "World"}
    )
    assert response.status_code == 302


# Board settings ----------------------------------------------------------------------------------------------------
def test_a_board_is_made_and_shared_with_invited_companies(companies, host_client, act_for):
    partner = companies[1]
    fields = {"name": "Circle", "audience": "invited", "openers": "all", "invited": [partner.pk]}
    response = host_client.post(reverse("forums:board_new"), fields)
    assert response.status_code == 302
    foreign = OrganisationFactory()
    response = host_client.post(reverse("forums:board_new"), {**fields, "name": "Other", "invited": [foreign.pk]})
    assert response.status_code == 422
    response = host_client.post(reverse("forums:board_new"), {**fields, "name": "Circle"})
    assert "of that name" in response.content.decode()


def test_only_the_owner_opens_the_settings(companies, board, act_for):
    other_vendor = PartnershipFactory(partner=companies[1]).vendor
    rival = client_for(act_for(other_vendor, *MODERATOR))
    partner = client_for(act_for(companies[1], *MODERATOR))
    url = reverse("forums:board_edit", args=[board.pk])
    assert rival.get(url).status_code == 404
    assert partner.get(url).status_code == 403
