"""Surveys, polls and articles as they are written."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from forums.models import Article, Board, Question, Survey
from partners.actors import Actor

BLOCKS = 6


class SurveyForm(forms.ModelForm):
    """What a survey is for, who is asked, and how."""

    board = forms.ModelChoiceField(label=_("Readers of the board"), queryset=Board.objects.none())
    closes_at = forms.DateField(
        label=_("Closes at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Needed for anonymous answers: their results are shown when it closes."),
    )

    class Meta:
        model = Survey
        fields = ("board", "title", "intro", "anonymous", "closes_at")
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "anonymous": _("No row ties a person to an answer; only that somebody took part is kept."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "board", Board.objects.visible_to(actor).filter(organisation=actor.organisation, archived_at=None))

    def clean_closes_at(self) -> datetime | None:
        """The last second of that day."""
        day = self.cleaned_data["closes_at"]
        return make_aware(datetime.combine(day, time(23, 59, 59))) if day else None

    def _post_clean(self) -> None:
        """The action writes the row."""


class QuestionForm(forms.Form):
    """One question; an empty one is left out."""

    text = forms.CharField(label=_("Question"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Answers"), choices=Question.Kind.choices, required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. Not needed for a scale or for words."),
    )  # fmt: skip

    def values(self) -> dict[str, Any] | None:
        """The question, or None for an empty one."""
        data = self.cleaned_data
        if not data.get("text", "").strip():
            return None
        lines = [line.strip() for line in data["choices"].splitlines() if line.strip()]
        return {"text": data["text"].strip(), "kind": data["kind"] or Question.Kind.ONE, "choices": lines}


QuestionSet = forms.formset_factory(QuestionForm, extra=0, max_num=20, validate_max=True, absolute_max=30)


def blocks_of(survey: Survey | None) -> list[dict[str, str]]:
    """The questions of a survey and some empty ones, as initial values."""
    asked = [
        {"text": each.text, "kind": each.kind, "choices": "\n".join(choice.text for choice in each.choices.all())}
        for each in (survey.questions.prefetch_related("choices") if survey else ())
    ]
    return asked + [{} for _number in range(max(2, BLOCKS - len(asked)))]


class PollForm(forms.Form):
    """A poll beside a topic."""

    text = forms.CharField(label=_("Question"), max_length=300)
    choices = forms.CharField(
        label=_("Choices"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("One a line.")
    )
    many = forms.BooleanField(label=_("Several may be chosen"), required=False)
    anonymous = forms.BooleanField(
        label=_("Anonymous"), required=False, help_text=_("The results are then shown when the poll closes.")
    )
    days = forms.IntegerField(label=_("Open for days"), min_value=1, max_value=90, initial=14)

    def clean_choices(self) -> list[str]:
        """The lines."""
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]


class ArticleForm(forms.Form):
    """An article."""

    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 18}))

    @classmethod
    def of(cls, article: Article | None, data: Any = None) -> "ArticleForm":
        """The form of an article, or an empty one."""
        return cls(data, initial={"title": article.title, "body": article.body} if article else {})
