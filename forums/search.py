"""Topics, posts and articles for the global search: of the boards that one's lists show."""

from django.utils.translation import gettext_lazy as _

from core.search import Hit, beginning
from forums.models import Article, Post, Topic
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Topics by title, tags and first words, then answers, then articles, newest first."""
    if not actor.can("forums.view"):
        return []
    wanted = beginning(text, "search_text")
    listed = Topic.objects.visible_to(actor).listed_for(actor).filter(hidden_at=None)
    topics = listed.filter(wanted).select_related("board").order_by("-last_at", "-pk")[:limit]
    hits = [Hit(_("Topics"), topic.title, _where(topic), topic.get_absolute_url(), topic.icon) for topic in topics]
    posts = Post.objects.visible_to(actor).standing().filter(wanted, topic__in=listed.values("pk"), seq__gt=1)
    hits += [
        Hit(_("Answers in forums"), post.excerpt(120), f"{post.author}, {post.topic}", post.get_absolute_url(), "reply")
        for post in posts.select_related("topic", "author").order_by("-pk")[:limit]
    ]
    boards = listed.order_by().values("board")
    articles = Article.objects.visible_to(actor).filter(wanted, board__in=boards).select_related("board")
    return hits + [
        Hit(_("Knowledge"), article.title, str(article.board), article.get_absolute_url(), "book-open")
        for article in articles.order_by("-updated", "-pk")[:limit]
    ]


def _where(topic: Topic) -> str:
    return f"{topic.get_kind_display()} · {topic.board}"
