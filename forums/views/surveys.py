"""Surveys of boards and polls of topics."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from forums import actions
from forums.forms.surveys import PollForm, QuestionSet, SurveyForm, blocks_of
from forums.models import Board, Question, Survey
from forums.permissions import may_ask, may_make_boards, may_manage
from forums.places import places
from forums.polling import Poll, shown
from forums.views.access import number, spoken, topic_of
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

SHOWN = 100


def survey_of(actor: Actor, pk: int) -> Survey:
    """A survey, or 404."""
    related = ("board__organisation", "board__tier", "topic", "author")
    return get_object_or_404(Survey.objects.visible_to(actor).select_related(*related), pk=pk)


@require_GET
@member_required("forums.view")
def index(request: MemberRequest) -> HttpResponse:
    """The surveys of the boards that the actor reads."""
    actor = request.actor
    boards = Board.objects.visible_to(actor).listed_for(actor).values("pk")
    rows = Survey.objects.visible_to(actor).filter(board__in=boards, topic=None).select_related("board__organisation")
    verdict = may_make_boards(actor)
    context = {"surveys": rows.order_by("-pk")[:SHOWN], "make": verdict, "places": places(actor)}
    return render(request, "forums/surveys.html", context)


@require_http_methods(["GET", "POST"])
@member_required("forums.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Write a survey."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a survey that nobody has seen yet."""
    survey = survey_of(request.actor, pk)
    require(may_manage(request.actor, survey.board))
    return _edit(request, survey)


def _edit(request: MemberRequest, survey: Survey | None) -> HttpResponse:
    form = SurveyForm(request.POST or None, actor=request.actor, instance=survey)
    blocks = QuestionSet(request.POST or None, initial=blocks_of(survey), prefix="q")
    problem = ""
    if request.method == "POST" and form.is_valid() and blocks.is_valid():
        fields = dict(form.cleaned_data)
        board = fields.pop("board")
        asked = [values for values in (block.values() for block in blocks) if values]
        try:
            saved = actions.save_survey(actor=request.actor, board=board, survey=survey, fields=fields, questions=asked)
        except DomainError as error:
            problem = error.message
            at_its_field(form, error)
        else:
            return redirect(saved)
    wrong = bool(problem or form.errors or (blocks.is_bound and not blocks.is_valid()))
    context = {"form": form, "blocks": blocks, "survey": survey, "places": places(request.actor)}
    return render(request, "forums/survey_form.html", context, status=422 if wrong else 200)


@require_GET
@member_required("forums.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer a survey, or see what was answered."""
    survey = survey_of(request.actor, pk)
    if survey.topic is not None:
        return redirect(survey)
    return _show(request, shown(request.actor, survey))


def _show(request: MemberRequest, poll: Poll, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"survey": poll.survey, "board": poll.survey.board, "poll": poll, "problem": problem}
    return render(request, "forums/survey.html", context, status=status)


@require_POST
@member_required("forums.view")
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer a poll or a survey."""
    survey = survey_of(request.actor, pk)
    given: dict[int, list[int] | str] = {}
    for question in survey.questions.all():
        name = f"q{question.pk}"
        if question.kind == Question.Kind.TEXT:
            given[question.pk] = request.POST.get(name, "")
        else:
            given[question.pk] = [number(value) for value in request.POST.getlist(name)[:50]]
    try:
        actions.answer_survey(actor=request.actor, survey=survey, answers=given)
    except DomainError as error:
        if survey.topic is not None:
            messages.error(request, error.message)
            return redirect(survey)
        return _show(request, shown(request.actor, survey), error.message, 422)
    messages.success(request, _("Thank you. Your answer is counted."))
    return redirect(survey)


@require_POST
@member_required("forums.view")
@spoken
def step(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a survey to its readers, or close it."""
    survey = survey_of(request.actor, pk)
    if request.POST.get("to") == "open":
        actions.open_survey(actor=request.actor, survey=survey)
        messages.success(request, _("Everybody who reads the board is asked now."))
    else:
        actions.close_survey(actor=request.actor, survey=survey)
        messages.success(request, _("No more answers are taken."))
    return redirect(survey)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def poll(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a poll beside a topic."""
    topic = topic_of(request.actor, pk)
    require(may_ask(request.actor, Survey(board=topic.board, topic=topic)))
    form = PollForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.add_poll(actor=request.actor, topic=topic, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            return redirect(topic)
    context = {
        "topic": topic, "board": topic.board, "form": form, "title": _("Add a poll"), "button": _("Open the poll"),
        "help": _("Everybody who reads the topic can vote. Its choices stay as they are."),
    }  # fmt: skip
    return render(request, "forums/ask.html", context, status=422 if form.errors else 200)
