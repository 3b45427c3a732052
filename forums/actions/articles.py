"""Knowledge: articles, usually made from a topic."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat import markdown
from core.audit import record
from core.errors import DomainError
from core.search import text_of
from forums.models import Article, Board, Topic
from forums.permissions import may_edit_article, may_write_articles
from forums.writing import clean_title
from partners.access import person_of, require
from partners.actors import Actor

MAX_BODY = 50_000


@transaction.atomic
def article_from(*, actor: Actor, topic: Topic) -> Article:
    """Begin an article with the question and its accepted answer (or the first post); again opens the same draft."""
    rows = Topic.objects.visible_to(actor).select_related("board__organisation", "accepted__author")
    topic = get_object_or_404(rows, pk=topic.pk)
    require(may_write_articles(actor, topic.board))
    known = Article.objects.filter(topic=topic).first()
    if known is not None:
        return known
    first = topic.posts.standing().filter(seq=1).first()
    parts = [post.body for post in (first, topic.accepted) if post is not None and post.body]
    article = Article(board=topic.board, topic=topic, title=topic.title, author=person_of(actor))
    return _save(actor, article, topic.title, "\n\n---\n\n".join(parts))


@transaction.atomic
def save_article(*, actor: Actor, board: Board, article: Article | None, title: str, body: str) -> Article:
    """Write an article of a board, or change one."""
    if article is None:
        board = get_object_or_404(Board.objects.visible_to(actor), pk=board.pk)
        require(may_write_articles(actor, board))
        return _save(actor, Article(board=board, author=person_of(actor)), title, body)
    article = _locked(actor, article)
    require(may_edit_article(actor, article))
    return _save(actor, article, title, body)


def _locked(actor: Actor, article: Article) -> Article:
    rows = Article.objects.visible_to(actor).select_related("board__organisation", "board__tier")
    return get_object_or_404(rows.select_for_update(of=("self",)), pk=article.pk)


def _save(actor: Actor, article: Article, title: str, body: str) -> Article:
    body = body.replace("\0", "").replace("\r\n", "\n").strip()
    if not body:
        raise DomainError(_("Write the text of the article."), field="body")
    if len(body) > MAX_BODY:
        raise DomainError(_("An article has %(most)s characters at most.") % {"most": MAX_BODY}, field="body")
    article.title, article.body, article.html = clean_title(title), body, markdown.render(body)
    article.search_text, article.updated = text_of(article.title, body), now()
    article.save()
    record(actor=actor, verb="article.saved", target=article)
    return article


@transaction.atomic
def publish_article(*, actor: Actor, article: Article, on: bool) -> Article:
    """Show an article to everybody who reads its board, or take it back."""
    article = _locked(actor, article)
    require(may_edit_article(actor, article))
    wanted = Article.State.PUBLISHED if on else Article.State.DRAFT
    if article.state != wanted:
        article.state = wanted
        article.published_at = now() if on else article.published_at
        article.save(update_fields=["state", "published_at"])
        record(actor=actor, verb="article.published" if on else "article.withdrawn", target=article)
    return article
