"""Polls and surveys as their reader sees them: the questions, what was answered, and who may see that."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forums.models import FEWEST, Answer, Participation, Question, Survey, Topic
from forums.permissions import may_ask, may_take_part
from partners.access import YES, Verdict, no
from partners.actors import Actor


@dataclass(frozen=True, slots=True)
class Bar:
    """A choice with how many chose it; `percent` is of those who took part."""

    text: str
    count: int
    percent: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered to one question; `texts` are words, each with a name where names were asked for."""

    question: Question
    bars: list[Bar]
    texts: list[tuple[str, str]]

    @property
    def mean(self) -> float | None:
        """The mean of a scale from 1 to 5."""
        many = sum(bar.count for bar in self.bars)
        if self.question.kind != Question.Kind.SCALE or not many:
            return None
        return round(sum(int(bar.text) * bar.count for bar in self.bars) / many, 1)


@dataclass(frozen=True, slots=True)
class Poll:
    """A survey as one reader sees it now."""

    survey: Survey
    questions: list[Question]
    many: int
    answered: bool
    chosen: set[int]
    words: dict[int, str]
    take_part: Verdict
    see: Verdict
    ask: Verdict
    results: list[Result]


def may_see_results(actor: Actor, survey: Survey, *, many: int, answered: bool) -> Verdict:
    """See what was answered: of an anonymous survey when it is closed, so that nobody watches a tally rise as somebody
    answers; of a named one the company that asks at once, the others once they have answered or it is closed. Nobody
    but the company that asked by name sees fewer than three answers."""
    over = not survey.is_open
    if survey.anonymous:
        if not over:
            return no(_("The results are shown when it closes: so nobody can tell who gave which answer."))
    elif may_ask(actor, survey):
        return YES if many else no(_("Nobody has answered yet."))
    elif not (over or answered):
        return no(_("The results are shown to you once you have answered."))
    if many < FEWEST:
        return no(_("Results are shown from %(fewest)s answers on.") % {"fewest": FEWEST})
    return YES


def shown(actor: Actor, survey: Survey) -> Poll:
    """The survey with its questions, one's own answers, and the results where one may see them."""
    questions = list(survey.questions.prefetch_related("choices").order_by("position"))
    parts = Participation.objects.filter(survey=survey)
    many = parts.count()
    answered = actor.membership is not None and parts.filter(membership=actor.membership).exists()
    see = may_see_results(actor, survey, many=many, answered=answered)
    ask = may_ask(actor, survey)
    mine = Answer.objects.none()
    if actor.membership is not None:
        mine = Answer.objects.filter(question__survey=survey, membership=actor.membership)
    own = list(mine.values_list("question", "choice", "text"))
    return Poll(
        survey=survey,
        questions=questions,
        many=many,
        answered=answered,
        chosen={choice for _question, choice, _text in own if choice},
        words={question: text for question, choice, text in own if not choice},
        take_part=may_take_part(actor, survey, answered=answered),
        see=see,
        ask=ask,
        results=_results(survey, questions, many, names=bool(ask)) if see else [],
    )


def poll_of(actor: Actor, topic: Topic) -> Poll | None:
    """The poll beside a topic, if it has one."""
    survey = Survey.objects.visible_to(actor).select_related("board", "topic").filter(topic=topic).first()
    return shown(actor, survey) if survey is not None else None


def _results(survey: Survey, questions: list[Question], many: int, *, names: bool) -> list[Result]:
    if survey.anonymous:
        return [
            Result(
                question,
                [_bar(choice.text, choice.tally, many, []) for choice in question.choices.all()],
                [("", str(text)) for text in question.texts],
            )
            for question in questions
        ]
    rows = Answer.objects.filter(question__survey=survey).select_related("membership__user", "membership__organisation")
    answers = list(rows.order_by("pk"))
    counted = Counter(answer.choice_id for answer in answers)
    who: dict[int, list[str]] = {}
    for answer in answers:
        if answer.choice_id and names:
            who.setdefault(answer.choice_id, []).append(_name(answer))
    return [
        Result(
            question,
            [_bar(each.text, counted[each.pk], many, who.get(each.pk, [])) for each in question.choices.all()],
            [
                (_name(each) if names else "", each.text)
                for each in answers
                if each.question_id == question.pk and each.text
            ],
        )
        for question in questions
    ]


def _name(answer: Answer) -> str:
    return f"{answer.membership.user}, {answer.membership.organisation}"


def _bar(text: str, count: int, many: int, names: list[str]) -> Bar:
    return Bar(text, count, round(100 * count / many) if many else 0, names)
