"""What everybody may read without an account: the public boards, by their address, and what stands on them."""

from django.db.models import QuerySet

from forums.models import Board, Post, Topic


def public_boards() -> QuerySet[Board]:
    """Boards that everybody reads. The caller looks one up by its key and never lists them."""
    return Board.objects.filter(audience=Board.Audience.PUBLIC).select_related("organisation")


def public_topics() -> QuerySet[Topic]:
    """Topics of public boards that are neither held nor hidden, nor went into another."""
    rows = Topic.objects.public().filter(merged_into=None)
    return rows.select_related("board__organisation", "author", "organisation").prefetch_related("tags")


def public_posts(topic: Topic) -> QuerySet[Post]:
    """The numbered posts of a public topic; the words of hidden and deleted ones are not shown."""
    return Post.objects.for_display().filter(topic=topic, seq__isnull=False)
