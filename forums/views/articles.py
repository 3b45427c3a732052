"""Knowledge: the articles of the boards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.search import within
from forums import actions
from forums.forms.surveys import ArticleForm
from forums.models import Article, Board
from forums.permissions import may_edit_article
from forums.places import places
from forums.views.access import spoken, topic_of
from partners.access import MemberRequest, member_required, require
from partners.actors import Actor

SHOWN = 100


def article_of(actor: Actor, pk: int) -> Article:
    """An article, or 404."""
    related = ("board__organisation", "board__tier", "topic", "author")
    return get_object_or_404(Article.objects.visible_to(actor).select_related(*related), pk=pk)


@require_GET
@member_required("forums.view")
def index(request: MemberRequest) -> HttpResponse:
    """The articles of the boards that the actor reads; `q` narrows them."""
    actor = request.actor
    boards = Board.objects.visible_to(actor).listed_for(actor).values("pk")
    text = request.GET.get("q", "")[:100]
    rows = Article.objects.visible_to(actor).filter(board__in=boards).filter(within(text, "search_text"))
    found = rows.select_related("board__organisation", "author").order_by("-updated", "-pk")[:SHOWN]
    return render(request, "forums/articles.html", {"articles": found, "q": text, "places": places(actor)})


@require_GET
@member_required("forums.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Read an article."""
    article = article_of(request.actor, pk)
    context = {"article": article, "board": article.board, "edit": may_edit_article(request.actor, article)}
    return render(request, "forums/article.html", context)


@require_http_methods(["GET", "POST"])
@member_required("forums.view")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change an article."""
    article = article_of(request.actor, pk)
    require(may_edit_article(request.actor, article))
    form = ArticleForm.of(article, request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.save_article(actor=request.actor, board=article.board, article=article, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(article)
    context = {"article": article, "board": article.board, "form": form}
    return render(request, "forums/article_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("forums.view")
@spoken
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    """Show an article to the readers of its board, or take it back."""
    on = request.POST.get("on") == "1"
    article = actions.publish_article(actor=request.actor, article=article_of(request.actor, pk), on=on)
    said = _("Everybody who reads the board reads the article.") if on else _("The article is a draft again.")
    messages.success(request, said)
    return redirect(article)


@require_POST
@member_required("forums.view")
@spoken
def from_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Make an article of a topic and its accepted answer, as a draft."""
    article = actions.article_from(actor=request.actor, topic=topic_of(request.actor, pk))
    return redirect("forums:article_edit", article.pk)
