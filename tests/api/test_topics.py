"""Forums by the API: opened, answered, accepted, found; and what strangers, readers and nonsense get."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from forums import actions
from tests.factories import OrganisationFactory
from tests.forums.factories import MODERATOR, WRITER, board_of, many_posts, topic_by, vendor_and_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(act_for):
    class Scene:
        vendor, partner = vendor_and_partner()
        board = board_of(vendor, name="Application questions")
        host, guest = act_for(vendor, *MODERATOR), act_for(partner, *WRITER)
        reader = act_for(partner, "forums.view")
        stranger = act_for(OrganisationFactory(), *WRITER)

    return Scene


def api(actor) -> APIClient:
    client = APIClient()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def post(actor, path, **body):
    return api(actor).post(f"/api/v1/{path}", body, format="json")


def opened(scene, **more):
    body = {"board": scene.board.pk, "kind": "question", "title": "Which seal?", "text": "At **80** °C", **more}
    return post(scene.guest, "topics/", **body)


def test_a_question_is_asked_answered_accepted_and_voted_for(scene):
    topic = opened(scene, tags=["seals"]).json()
    assert (topic["title"], topic["tags"], topic["last"], topic["accepted"]) == ("Which seal?", ["seals"], 1, None)
    answer = post(scene.host, f"topics/{topic['id']}/posts/", text="EPDM", reply_to=1)
    assert (answer.status_code, answer.json()["id"], answer.json()["reply_to"]) == (201, 2, 1)
    assert post(scene.guest, f"topics/{topic['id']}/accept/", post=2).json()["accepted"] == 2
    assert post(scene.guest, f"topics/{topic['id']}/posts/2/vote/", useful=True).status_code == 200
    posts = api(scene.reader).get(f"/api/v1/topics/{topic['id']}/posts/").json()
    assert [(each["id"], each["text"]) for each in posts] == [(1, "At **80** °C"), (2, "EPDM")]
    assert "<strong>80</strong>" in posts[0]["html"]
    assert post(scene.guest, f"topics/{topic['id']}/accept/", post=None).json()["accepted"] is None


def test_sent_again_it_is_the_same(scene):
    first, again = (opened(scene, client_id="erp-1").json()["id"] for _ in range(2))
    assert first == again
    answers = [post(scene.host, f"topics/{first}/posts/", text="EPDM", client_id="a").json()["id"] for _ in range(2)]
    assert answers == [2, 2]


def test_lists_are_narrowed(scene):
    opened(scene)
    topic_by(scene.guest, scene.board, kind="idea", title="A configurator")
    client = api(scene.guest)
    titles = lambda query: [each["title"] for each in client.get(f"/api/v1/topics/?{query}").json()["results"]]  # noqa: E731
    assert titles("") == ["A configurator", "Which seal?"]
    assert titles("kind=idea") == titles("q=configurator") == ["A configurator"]
    assert titles(f"board={scene.board.pk}&q=seal") == ["Which seal?"]
    for wrong in ("board=x", "board=0", "kind=none", "q=zzz"):
        assert titles(wrong) == []
    assert [each["name"] for each in client.get("/api/v1/boards/").json()["results"]] == ["Application questions"]


def test_removed_words_are_gone(scene):
    topic = topic_by(scene.guest, scene.board)
    written = actions.add_post(actor=scene.guest, topic=topic, body="A secret")
    actions.hide_post(actor=scene.host, post=written, reason="Not here")
    found = api(scene.reader).get(f"/api/v1/topics/{topic.pk}/posts/?after=1")
    assert "secret" not in found.content.decode()
    assert [(each["id"], each["removed"]) for each in found.json()] == [(2, True)]


def test_strangers_readers_and_nonsense(scene, monkeypatch):
    topic = topic_by(scene.guest, scene.board)
    assert api(scene.stranger).get("/api/v1/topics/").json()["results"] == []
    assert post(scene.stranger, f"topics/{topic.pk}/posts/", text="Me too").status_code == 404
    assert post(scene.stranger, "topics/", board=scene.board.pk, kind="idea", title="x", text="x").status_code == 404
    assert post(scene.reader, f"topics/{topic.pk}/posts/", text="May I?").status_code == 403
    assert opened(scene, kind="announcement").status_code == 403
    for wrong in ({"kind": "x"}, {"title": ""}, {"text": "x" * 20_001}, {"board": "x"}, {"tags": ["t"] * 11}):
        assert opened(scene, **wrong).status_code == 400
    assert post(scene.host, f"topics/{topic.pk}/posts/", text="x", reply_to=99).status_code == 404
    assert post(scene.guest, f"topics/{topic.pk}/accept/", post=1).status_code == 409  # the question itself
    monkeypatch.setattr("forums.writing.FLOOD", ((1, 60),), raising=False)
    answers = {post(scene.guest, f"topics/{topic.pk}/posts/", text=f"{n}").status_code for n in range(40)}
    assert 429 in answers


def test_a_list_costs_the_same_for_one_and_for_three(scene):
    topic = topic_by(scene.guest, scene.board)
    client = api(scene.guest)

    def cost(path):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ("/api/v1/topics/", f"/api/v1/topics/{topic.pk}/posts/")
    before = [cost(path) for path in paths]
    for number in range(2):
        topic_by(scene.guest, scene.board, title=f"More {number}", tags=["a", "b"])
    many_posts(topic, 2)
    assert [cost(path) for path in paths] == before
