"""Surveys and polls: named and anonymous. What anonymous must mean is asked of the database itself."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now

from core.audit import fan_out
from core.errors import DomainError
from core.models import TrailEntry
from forums import actions
from forums.models import Answer, Choice, Participation, Question, Survey
from forums.polling import shown
from tests.factories import OrganisationFactory
from tests.forums.factories import MODERATOR, WRITER, topic_by
from tests.forums.test_views import client_for

pytestmark = pytest.mark.django_db
ASKED = (
    {"text": "Colour?", "kind": "one", "choices": ["Red", "Blue"]},
    {"text": "Which?", "kind": "many", "choices": ["A", "B", "C"]},
    {"text": "How good?", "kind": "scale", "choices": []},
    {"text": "Why?", "kind": "text", "choices": []},
)


def survey_by(host, board, *, anonymous=False, questions=ASKED, **fields):
    fields = {"title": "A survey", "anonymous": anonymous, "closes_at": now() + timedelta(days=7), **fields}
    survey = actions.save_survey(actor=host, board=board, survey=None, fields=fields, questions=questions)
    return actions.open_survey(actor=host, survey=survey)


def answers_for(survey, colour=0, words="Because"):
    one, many, scale, text = survey.questions.order_by("position")
    return {
        one.pk: [one.choices.all()[colour].pk],
        many.pk: [choice.pk for choice in many.choices.all()[:2]],
        scale.pk: [scale.choices.all()[3].pk],
        text.pk: words,
    }


def answered_by(survey, *actors):
    for number, actor in enumerate(actors):
        actions.answer_survey(actor=actor, survey=survey, answers=answers_for(survey, words=f"Words {number}"))


@pytest.fixture
def crowd(companies, act_for):
    return [act_for(companies[1], *WRITER) for _each in range(4)]


def test_no_row_of_an_anonymous_answer_names_a_person(host, guest, board):
    survey = survey_by(host, board, anonymous=True)
    actions.answer_survey(actor=guest, survey=survey, answers=answers_for(survey, words="Only I say this"))
    assert not Answer.objects.exists()
    assert Participation.objects.get().membership == guest.membership
    assert not TrailEntry.objects.filter(user=guest.user).exists(), "the trail would say when"
    assert Question.objects.get(kind="text").texts == ["Only I say this"]
    assert sum(Choice.objects.values_list("tally", flat=True)) == 4
    # whatever holds words or tallies has no column that leads to a person or to a moment
    for model in (Question, Choice):
        related = {field.related_model for field in model._meta.fields if field.is_relation}
        assert related <= {Survey, Question}
        assert not [field for field in model._meta.fields if field.get_internal_type().startswith("Date")]
    parts = {field.name for field in Participation._meta.fields}
    assert parts == {"id", "survey", "membership"}, "that, and not when"
    assert apps.get_model("forums.Answer")._meta.get_field("membership").null is False


def test_anonymous_words_stand_in_no_order(host, board, crowd, monkeypatch):
    from forums.actions import surveys

    monkeypatch.setattr(surveys, "_shuffle", lambda texts: texts.reverse())
    survey = survey_by(host, board, anonymous=True)
    answered_by(survey, *crowd)
    assert Question.objects.get(kind="text").texts != [f"Words {number}" for number in range(4)]


def test_anonymous_results_wait_for_the_end_and_for_three(host, guest, board, crowd):
    survey = survey_by(host, board, anonymous=True)
    answered_by(survey, *crowd)
    for actor in (host, crowd[0], guest):
        poll = shown(actor, survey)
        assert not poll.see
        assert poll.results == []
        assert "Words 0" not in client_for(actor).get(survey.get_absolute_url()).content.decode()
    actions.close_survey(actor=host, survey=survey)
    survey.refresh_from_db()
    poll = shown(guest, survey)
    assert [bar.count for bar in poll.results[0].bars] == [4, 0]
    assert poll.results[2].mean == 4.0
    assert all(who == "" for who, _text in poll.results[3].texts)
    assert all(not bar.names for result in poll.results for bar in result.bars)


def test_two_anonymous_answers_are_never_shown_even_to_the_asker(host, board, crowd):
    survey = survey_by(host, board, anonymous=True)
    answered_by(survey, *crowd[:2])
    actions.close_survey(actor=host, survey=survey)
    survey.refresh_from_db()
    poll = shown(host, survey)
    assert not poll.see
    assert poll.results == []
    assert "Words 0" not in client_for(host).get(survey.get_absolute_url()).content.decode()


def test_an_anonymous_answer_is_given_once(host, guest, board):
    survey = survey_by(host, board, anonymous=True)
    answered_by(survey, guest)
    with pytest.raises(PermissionDenied, match="Nobody knows"):
        answered_by(survey, guest)
    assert sum(Choice.objects.filter(question__kind="one").values_list("tally", flat=True)) == 1


def test_a_named_answer_replaces_the_earlier_one(host, guest, board):
    survey = survey_by(host, board)
    answered_by(survey, guest)
    actions.answer_survey(actor=guest, survey=survey, answers=answers_for(survey, colour=1))
    poll = shown(host, survey)
    assert [bar.count for bar in poll.results[0].bars] == [0, 1]
    assert poll.results[0].bars[1].names == [f"{guest.user}, {guest.organisation}"]
    assert poll.many == 1


def test_names_are_for_the_asker_alone(host, guest, board, crowd):
    survey = survey_by(host, board)
    answered_by(survey, *crowd)
    before, after = shown(guest, survey), shown(crowd[0], survey)
    assert not before.see
    assert after.see
    assert all(not bar.names for result in after.results for bar in result.bars)
    page = client_for(crowd[0]).get(survey.get_absolute_url()).content.decode()
    assert crowd[1].user.name not in page


@pytest.mark.parametrize(
    "change",
    [
        lambda given, one: {**given, one: []},
        lambda given, one: {**given, one: [99_999_999]},
        lambda given, one: {**given, one: [*given[one], 99_999_999]},
        lambda given, one: {**given, one: "junk"},
        lambda given, one: {},
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_counted(host, guest, board, change):
    survey = survey_by(host, board, anonymous=True)
    one = survey.questions.get(position=1).pk
    with pytest.raises(DomainError):
        actions.answer_survey(actor=guest, survey=survey, answers=change(answers_for(survey), one))
    assert not Participation.objects.exists()
    assert sum(Choice.objects.values_list("tally", flat=True)) == 0


def test_a_choice_of_another_survey_counts_nowhere(host, guest, board):
    survey, foreign = survey_by(host, board), survey_by(host, board, title="Other")
    one = survey.questions.get(position=1)
    given = {**answers_for(survey), one.pk: [foreign.questions.get(position=1).choices.first().pk]}
    with pytest.raises(DomainError):
        actions.answer_survey(actor=guest, survey=survey, answers=given)


def test_who_may_ask_and_answer(host, guest, board, companies, act_for):
    with pytest.raises(PermissionDenied):
        actions.save_survey(actor=guest, board=board, survey=None, fields={"title": "x"}, questions=ASKED)
    survey = survey_by(host, board)
    stranger = act_for(OrganisationFactory(), *MODERATOR)
    with pytest.raises(Http404):
        answered_by(survey, stranger)
    with pytest.raises(PermissionDenied):
        answered_by(survey, act_for(companies[1], "forums.view"))
    with pytest.raises(PermissionDenied):
        actions.close_survey(actor=guest, survey=survey)


@pytest.mark.parametrize(
    "questions",
    [
        (),
        ({"text": "x", "kind": "one", "choices": ["same", "same"]},),
        ({"text": "x", "kind": "one", "choices": [str(number) for number in range(13)]},),
        ({"text": "x", "kind": "text"},) * 21,
    ],
)
def test_questions_that_cannot_be_asked(host, board, questions):
    with pytest.raises(DomainError):
        survey_by(host, board, questions=questions)
    assert not Survey.objects.exists()


def test_anonymous_needs_an_end(host, board):
    with pytest.raises(DomainError) as refusal:
        survey_by(host, board, anonymous=True, closes_at=None)
    assert refusal.value.field == "closes_at"


def test_an_open_survey_is_not_changed(host, board):
    survey = survey_by(host, board)
    with pytest.raises(DomainError, match="stay as they are"):
        actions.save_survey(actor=host, board=board, survey=survey, fields={"title": "y"}, questions=ASKED)
    with pytest.raises(DomainError):
        actions.open_survey(actor=host, survey=survey)


def test_what_is_over_closes_by_itself(host, guest, board):
    survey = survey_by(host, board)
    assert actions.close_due_surveys(moment=now()) == 0
    Survey.objects.update(closes_at=now() - timedelta(minutes=1))
    survey.refresh_from_db()
    with pytest.raises(PermissionDenied, match="no answers now"):
        answered_by(survey, guest)
    assert actions.close_due_surveys(moment=now()) == 1
    assert actions.close_due_surveys(moment=now()) == 0
    assert TrailEntry.objects.get(verb="survey.closed").via == "system"


def test_a_draft_is_the_askers(host, guest, board):
    fields = {"title": "Draft"}
    survey = actions.save_survey(actor=host, board=board, survey=None, fields=fields, questions=ASKED)
    assert client_for(guest).get(survey.get_absolute_url()).status_code == 404
    assert client_for(host).get(survey.get_absolute_url()).status_code == 200


def test_a_survey_is_written_opened_and_answered_through_the_pages(host, guest, board):
    client = client_for(host)
    form = {"board": board.pk, "title": "Training", "q-TOTAL_FORMS": "2", "q-INITIAL_FORMS": "0"}
    form |= {"q-0-text": "Where?", "q-0-kind": "one", "q-0-choices": "Here\nThere", "q-1-text": "", "q-1-kind": "one"}
    response = client.post(reverse("forums:survey_new"), form)
    survey = Survey.objects.get()
    assert response["Location"] == survey.get_absolute_url()
    client.post(reverse("forums:survey_step", args=[survey.pk]), {"to": "open"})
    for entry in TrailEntry.objects.filter(fanned_out_at=None):
        fan_out.call(entry.pk)
    question = survey.questions.get()
    guests = client_for(guest)
    assert "Training" in guests.get(reverse("forums:surveys")).content.decode()
    refused = guests.post(reverse("forums:survey_answer", args=[survey.pk]), {})
    assert refused.status_code == 422
    choice = question.choices.first()
    guests.post(reverse("forums:survey_answer", args=[survey.pk]), {f"q{question.pk}": str(choice.pk)})
    assert "You have answered" in guests.get(survey.get_absolute_url()).content.decode()
    assert "100" in client.get(survey.get_absolute_url()).content.decode()


def test_a_poll_beside_a_topic(host, guest, other, board):
    topic = topic_by(guest, board)
    words = {"text": "Which?", "choices": ["A", "B"], "many": False, "days": 5}
    with pytest.raises(PermissionDenied):
        actions.add_poll(actor=other, topic=topic, anonymous=False, **words)
    survey = actions.add_poll(actor=guest, topic=topic, anonymous=False, **words)
    with pytest.raises(DomainError, match="already"):
        actions.add_poll(actor=host, topic=topic, anonymous=False, **words)
    page = client_for(other).get(topic.get_absolute_url()).content.decode()
    assert "Which?" in page
    choice = survey.questions.get().choices.first()
    url = reverse("forums:survey_answer", args=[survey.pk])
    response = client_for(other).post(url, {f"q{choice.question_id}": str(choice.pk)})
    assert response["Location"] == topic.get_absolute_url()
    actions.close_survey(actor=guest, survey=survey)
    actions.hide_topic(actor=host, topic=topic, reason="Twice")
    assert not Survey.objects.visible_to(other).exists()
