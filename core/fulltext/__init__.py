"""Full text, the same on PostgreSQL (tsvector, GIN) and SQLite (FTS5).

What counts as a word, which words are akin and what a query means is decided here, in Python (`words`, `query`): the
databases only keep and find. So both give the same answers, and no database has to be set up for a language.

An app that wants its rows found adds three lines:

    class PostWords(Words):                                            # models: a table beside the rows
        post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="words")

    keep(PostWords, post, Content(f"{post.title}\\n{post.body}"))         # actions: in the transaction of the change
    matching(Post.objects.visible_to(actor), query_of(text))           # search: rows that the actor may see

Words go with their row; a row that is only marked as deleted is kept with no content: `keep(PostWords, post, None)`.
"""

from core.fulltext.marking import excerpt, marked
from core.fulltext.query import Query, query_of
from core.fulltext.storage import Words, keep, matching, ranked
from core.fulltext.words import Content

__all__ = ["Content", "Query", "Words", "excerpt", "keep", "marked", "matching", "query_of", "ranked"]
