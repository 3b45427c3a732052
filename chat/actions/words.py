"""Having messages found by their words, from the moment they are said until they are taken back."""

from collections.abc import Iterable

from chat.models import Message, MessageWords
from core.fulltext import Content, keep

LINK = '<a href="'


def content_of(body: str, html: str, file_names: Iterable[str]) -> Content:
    """What a message is found by."""
    names = list(file_names)
    marks = [mark for mark, there in (("file", bool(names)), ("link", LINK in html)) if there]
    return Content("\n".join([body, *names]), tuple(marks))


def keep_many_words(messages: Iterable[Message]) -> None:
    """The words of messages that were stored together, without files."""
    said = [each for each in messages if each.entry_id is None and each.deleted_at is None]
    rows = [MessageWords(message=each, vector=content_of(each.body, each.html, ())) for each in said]
    MessageWords.objects.bulk_create(rows, batch_size=200)


def keep_words(message: Message, file_names: Iterable[str] = (), *, new: bool = False) -> None:
    """Have the message found by what it says now; one that was taken back by nothing. In its own transaction."""
    gone = message.deleted_at is not None
    keep(MessageWords, message, None if gone else content_of(message.body, message.html, file_names), new=new)
