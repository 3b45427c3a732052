"""Asking questions and answering them, under one's name or without."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from forums.actions.posts import locked_topic
from forums.live import wake
from forums.models import Answer, Board, Choice, Participation, Question, Survey, Topic
from forums.permissions import is_author, may_ask, may_manage, may_moderate, may_take_part
from partners.access import membership_of, person_of, require
from partners.actors import Actor, system_actor

MAX_QUESTIONS = 20
MAX_CHOICES = 12
MAX_TEXT = 2000
LONGEST = timedelta(days=365)
_shuffle = random.SystemRandom().shuffle


@transaction.atomic
def save_survey(
    *,
    actor: Actor,
    board: Board,
    survey: Survey | None,
    fields: Mapping[str, Any],
    questions: Sequence[Mapping[str, Any]],
) -> Survey:
    """Write a survey of a board, or change one that nobody has seen yet. `questions` are {text, kind, choices}.

    Raises DomainError for a survey that is open, or for questions that cannot be asked.
    """
    board = get_object_or_404(Board.objects.visible_to(actor), pk=board.pk)
    require(may_manage(actor, board))
    if survey is not None:
        survey = _locked(actor, survey)
        if survey.state != Survey.State.DRAFT:
            raise DomainError(_("The survey is open: its questions stay as they are."))
    survey = survey or Survey(board=board, author=person_of(actor))
    survey.title, survey.intro = str(fields["title"])[:160], str(fields.get("intro", ""))[:2000]
    survey.anonymous, survey.closes_at = bool(fields.get("anonymous")), _closing(fields)
    survey.save()
    _ask(survey, questions)
    record(actor=actor, verb="survey.saved", target=survey)
    return survey


def _closing(fields: Mapping[str, Any]) -> datetime | None:
    closes: datetime | None = fields.get("closes_at")
    if closes is None:
        if fields.get("anonymous"):
            raise DomainError(
                _("Say when it closes: the results of anonymous answers are shown only then."), field="closes_at"
            )
        return None
    if not now() < closes < now() + LONGEST:
        raise DomainError(_("Choose a day within the next year."), field="closes_at")
    return closes


def _ask(survey: Survey, questions: Sequence[Mapping[str, Any]]) -> None:
    if not 1 <= len(questions) <= MAX_QUESTIONS:
        raise DomainError(_("Ask between one and %(most)s questions.") % {"most": MAX_QUESTIONS}, field="questions")
    survey.questions.all().delete()
    for position, asked in enumerate(questions, start=1):
        choices = [str(each).strip()[:120] for each in asked.get("choices", ()) if str(each).strip()]
        if asked["kind"] in {Question.Kind.ONE, Question.Kind.MANY} and not 2 <= len(set(choices)) <= MAX_CHOICES:
            words = {"text": asked["text"], "most": MAX_CHOICES}
            raise DomainError(
                _("“%(text)s” needs between two and %(most)s different choices.") % words, field="questions"
            )
        if asked["kind"] == Question.Kind.SCALE:
            choices = [str(number) for number in range(1, 6)]
        question = Question.objects.create(
            survey=survey, position=position, text=str(asked["text"])[:300], kind=asked["kind"],
            required=asked["kind"] != Question.Kind.TEXT,
        )  # fmt: skip
        kept = [] if asked["kind"] == Question.Kind.TEXT else list(dict.fromkeys(choices))
        Choice.objects.bulk_create(Choice(question=question, position=at, text=text) for at, text in enumerate(kept))


def _locked(actor: Actor, survey: Survey) -> Survey:
    rows = Survey.objects.visible_to(actor).select_related("board__organisation", "board__tier", "topic")
    return get_object_or_404(rows.select_for_update(of=("self",)), pk=survey.pk)


@transaction.atomic
def add_poll(
    *, actor: Actor, topic: Topic, text: str, choices: Iterable[str], many: bool, anonymous: bool, days: int
) -> Survey:
    """Put a poll beside a topic: one question with choices, open at once. Its author or a moderator may, once."""
    topic = locked_topic(actor, topic)
    if not is_author(actor, topic):
        require(may_moderate(actor, topic.board))
    if Survey.objects.filter(topic=topic).exists():
        raise DomainError(_("This topic has a poll already."))
    fields = {"anonymous": anonymous, "closes_at": now() + timedelta(days=min(max(days, 1), 90))}
    survey = Survey.objects.create(
        board=topic.board,
        topic=topic,
        title=topic.title[:160],
        anonymous=anonymous,
        state=Survey.State.OPEN,
        closes_at=_closing(fields),
        opened_at=now(),
        author=person_of(actor),
    )
    kind = Question.Kind.MANY if many else Question.Kind.ONE
    _ask(survey, [{"text": text.strip() or topic.title, "kind": kind, "choices": list(choices)}])
    record(actor=actor, verb="topic.changed", target=topic, poll=survey.pk)
    wake(topic, "topic.changed")
    return survey


@transaction.atomic
def open_survey(*, actor: Actor, survey: Survey) -> Survey:
    """Put a survey to everybody who reads its board."""
    survey = _locked(actor, survey)
    require(may_ask(actor, survey))
    if survey.state != Survey.State.DRAFT:
        raise DomainError(_("The survey was opened already."))
    if survey.closes_at is not None and survey.closes_at <= now():
        raise DomainError(_("The day on which it closes is over. Choose another one."))
    survey.state, survey.opened_at = Survey.State.OPEN, now()
    survey.save(update_fields=["state", "opened_at"])
    record(actor=actor, verb="survey.opened", target=survey, parties=survey.board.party_ids())
    return survey


@transaction.atomic
def close_survey(*, actor: Actor, survey: Survey) -> Survey:
    """Take no more answers; the results are there from then on, if enough answered."""
    survey = _locked(actor, survey)
    if actor.via != "system":
        require(may_ask(actor, survey))
    if survey.state == Survey.State.OPEN:
        survey.state, survey.closed_at = Survey.State.CLOSED, now()
        survey.save(update_fields=["state", "closed_at"])
        record(actor=actor, verb="survey.closed", target=survey)
        if survey.topic is not None:
            wake(survey.topic, "survey.closed")
    return survey


def close_due_surveys(*, moment: datetime) -> int:
    """Close what is over, each in a transaction of its own, in the name of the company that asked."""
    due = Survey.objects.filter(state=Survey.State.OPEN, closes_at__lte=moment).select_related("board__organisation")
    many = 0
    for survey in due.order_by("pk")[:200]:
        close_survey(actor=system_actor(survey.board.organisation), survey=survey)
        many += 1
    return many


@transaction.atomic
def answer_survey(*, actor: Actor, survey: Survey, answers: Mapping[int, Sequence[int] | str]) -> Participation:
    """Answer: keys of questions to keys of choices, or to words. A named answer replaces one's earlier one.

    Of an anonymous one nothing is written that ties it to the person, the trail included: only that they took part.
    """
    survey = _locked(actor, survey)
    me = membership_of(actor)
    known = Participation.objects.filter(survey=survey, membership=me).first()
    require(may_take_part(actor, survey, answered=known is not None))
    questions = list(survey.questions.select_for_update(of=("self",)).prefetch_related("choices").order_by("position"))
    checked = [(question, _checked(question, answers.get(question.pk))) for question in questions]
    part = known or Participation.objects.create(survey=survey, membership=me)
    if not survey.anonymous:
        Answer.objects.filter(question__survey=survey, membership=me).delete()
    for question, given in checked:
        if survey.anonymous:
            _count(question, given)
        else:
            _note(question, me.pk, given)
    if not survey.anonymous:
        record(actor=actor, verb="survey.answered", target=survey)
        if survey.topic is not None:
            wake(survey.topic, "survey.answered")
    return part


def _checked(question: Question, given: Sequence[int] | str | None) -> Sequence[int] | str:
    """What was given, if it answers the question. Raises DomainError."""
    field = f"q{question.pk}"
    if question.kind == Question.Kind.TEXT:
        words = str(given or "").replace("\0", "").strip()
        if len(words) > MAX_TEXT:
            raise DomainError(_("Write %(most)s characters at most.") % {"most": MAX_TEXT}, field=field)
        return words
    chosen = list(dict.fromkeys(given)) if given and not isinstance(given, str) else []
    offered = {choice.pk for choice in question.choices.all()}
    if set(chosen) - offered or (question.kind != Question.Kind.MANY and len(chosen) > 1):
        raise DomainError(_("Choose what is offered."), field=field)
    if question.required and not chosen:
        raise DomainError(_("Answer “%(text)s”.") % {"text": question.text}, field=field)
    return chosen


def _count(question: Question, given: Sequence[int] | str) -> None:
    """Make tallies one higher; put words among those of the others, in no order."""
    if isinstance(given, str):
        if given:
            question.texts = [*question.texts, given]
            _shuffle(question.texts)
            question.save(update_fields=["texts"])
        return
    Choice.objects.filter(question=question, pk__in=given).update(tally=F("tally") + 1)


def _note(question: Question, membership_id: int, given: Sequence[int] | str) -> None:
    if isinstance(given, str):
        if given:
            Answer.objects.create(question=question, membership_id=membership_id, text=given)
        return
    Answer.objects.bulk_create(
        Answer(question=question, membership_id=membership_id, choice_id=choice) for choice in given
    )
