"""What moderators and reporters fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from forums.models import Board, Post, Report, Topic
from partners.actors import Actor


class ReportForm(forms.Form):
    """What is wrong with a post."""

    why = forms.ChoiceField(label=_("What is wrong"), choices=Report.Why.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(forms.Form):
    """To which board."""

    board = forms.ModelChoiceField(label=_("Board"), queryset=Board.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "board", Board.objects.visible_to(actor).moderated_by(actor).exclude(pk=topic.board_id))


class MergeForm(forms.Form):
    """Into which topic of the same board."""

    into = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Topic.objects.visible_to(actor).filter(board=topic.board_id, merged_into=None, held_at=None)
        offer(self, "into", rows.filter(hidden_at=None).exclude(pk=topic.pk).order_by("-last_at"))


class PostChoice(forms.ModelMultipleChoiceField):
    """Posts by their number and first words."""

    def label_from_instance(self, obj: Post) -> str:
        """ "#4 Marta Riva: The key is …"."""
        return f"#{obj.seq} {obj.author}: {obj.excerpt(80)}"


class SplitForm(forms.Form):
    """Which posts go, and under what title."""

    title = forms.CharField(label=_("Title of the new topic"), max_length=200)
    posts = PostChoice(label=_("Posts"), queryset=Post.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Post.objects.visible_to(actor).standing().filter(topic=topic, seq__gt=1)
        offer(self, "posts", rows.select_related("author").order_by("seq"))
