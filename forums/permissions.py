"""May I write, answer, accept, moderate? The doors show the reason, the actions require the verdict."""

from django.utils.translation import gettext as _

from core.states import can_move
from forums.models import Article, Board, Post, Survey, Topic
from partners.access import YES, Verdict, holds, no
from partners.actors import Actor


def is_author(actor: Actor, thing: Post | Topic) -> bool:
    """True for the member who wrote it."""
    return actor.membership is not None and thing.membership_id == actor.membership.pk


def may_make_boards(actor: Actor) -> Verdict:
    """Make boards of one's own organisation."""
    return holds(actor, "forums.manage")


def may_manage(actor: Actor, board: Board) -> Verdict:
    """Change a board, invite to it, archive it, put surveys to its readers."""
    if board.organisation_id != actor.organisation.pk:
        return no(_("Only %(who)s manages this board.") % {"who": board.organisation})
    return holds(actor, "forums.manage")


def may_moderate(actor: Actor, board: Board) -> Verdict:
    """Keep a board in order."""
    if board.organisation_id != actor.organisation.pk:
        return no(_("Only %(who)s moderates this board.") % {"who": board.organisation})
    return holds(actor, "forums.moderate")


def may_write(actor: Actor, board: Board) -> Verdict:
    """Write on a board at all."""
    if board.archived_at:
        return no(_("This board is archived. You can still read it."))
    if actor.membership is None:
        return no(_("Only a person can do that."))
    return holds(actor, "forums.post")


def may_open(actor: Actor, board: Board) -> Verdict:
    """Open a topic."""
    verdict = may_write(actor, board)
    if verdict and board.openers == Board.Openers.OWNER and board.organisation_id != actor.organisation.pk:
        return no(_("Only %(who)s opens topics here. You can answer them.") % {"who": board.organisation})
    return verdict


def may_announce(actor: Actor, board: Board) -> Verdict:
    """Open an announcement, which everybody is told of."""
    return may_open(actor, board) and may_moderate(actor, board)


def may_answer(actor: Actor, topic: Topic) -> Verdict:
    """Write in a topic."""
    verdict = may_write(actor, topic.board)
    if not verdict:
        return verdict
    if topic.merged_into_id:
        return no(_("This topic went into another one. Answer there."))
    if topic.held_at:
        return no(_("This topic waits for a moderator. It can be answered once others see it."))
    if topic.locked_at and not may_moderate(actor, topic.board):
        return no(_("A moderator locked this topic. You can read it."))
    return verdict


def may_edit(actor: Actor, post: Post) -> Verdict:
    """Change the words of a post: its author, or a moderator, who leaves a reason."""
    if post.deleted_at:
        return no(_("There is nothing here that can be changed."))
    if may_moderate(actor, post.topic.board):
        return YES
    if not is_author(actor, post):
        return no(_("Only the author can change a post."))
    if post.hidden_at:
        return no(_("A moderator hid this post."))
    if post.held:
        return may_write(actor, post.topic.board)
    return may_answer(actor, post.topic)


def may_delete(actor: Actor, post: Post) -> Verdict:
    """Take a post back. Moderators hide instead, so that it can be looked at again."""
    if post.deleted_at:
        return no(_("There is nothing here that can be deleted."))
    if not is_author(actor, post):
        return no(_("Only the author can delete a post. A moderator can hide it."))
    if post.seq == 1 and post.topic.answers:
        return no(_("Others have answered: the first post stays. You can change its words."))
    return YES


def may_vote(actor: Actor, post: Post) -> Verdict:
    """Say that a post was useful, or that one wants an idea."""
    if post.deleted_at or post.hidden_at or post.held:
        return no(_("There is nothing here to vote for."))
    if is_author(actor, post):
        return no(_("You wrote this yourself; others say whether it is useful."))
    return may_write(actor, post.topic.board)


def may_accept(actor: Actor, topic: Topic) -> Verdict:
    """Say which answer solved a question."""
    if topic.kind != Topic.Kind.QUESTION:
        return no(_("Only questions have an accepted answer."))
    if is_author(actor, topic):
        return may_write(actor, topic.board)
    return may_moderate(actor, topic.board)


def may_step(actor: Actor, topic: Topic, step: str) -> Verdict:
    """Say where an idea stands."""
    verdict = may_moderate(actor, topic.board)
    if verdict and (topic.kind != Topic.Kind.IDEA or not can_move(topic, step)):
        return no(_("That step is not possible now."))
    return verdict


def may_change_topic(actor: Actor, topic: Topic) -> Verdict:
    """Change title, kind and tags."""
    if may_moderate(actor, topic.board):
        return YES
    if not is_author(actor, topic):
        return no(_("Only the author or a moderator can change that."))
    return may_answer(actor, topic)


def may_acknowledge(actor: Actor, topic: Topic) -> Verdict:
    """Confirm to have read an announcement."""
    if topic.kind != Topic.Kind.ANNOUNCEMENT:
        return no(_("Only announcements are acknowledged."))
    if actor.membership is None:
        return no(_("Only a person can do that."))
    if is_author(actor, topic):
        return no(_("You wrote it."))
    return YES


def may_see_readers(actor: Actor, topic: Topic) -> Verdict:
    """See who has acknowledged an announcement, and who has not."""
    if topic.kind == Topic.Kind.ANNOUNCEMENT and is_author(actor, topic):
        return YES
    return may_moderate(actor, topic.board)


def may_report(actor: Actor, post: Post) -> Verdict:
    """Tell the moderators that something is wrong with a post."""
    if actor.membership is None:
        return no(_("Only a person can do that."))
    if post.deleted_at or post.hidden_at or post.held:
        return no(_("There is nothing here to report."))
    if is_author(actor, post):
        return no(_("This is your own post. You can change or delete it."))
    return YES


def may_read_revisions(actor: Actor, post: Post) -> Verdict:
    """Read the former words of a post that stands; of a hidden one its author and the moderators do."""
    if not (post.deleted_at or post.hidden_at):
        return YES
    if post.hidden_at and not post.deleted_at and is_author(actor, post):
        return YES
    return may_moderate(actor, post.topic.board)


def may_take_part(actor: Actor, survey: Survey, *, answered: bool) -> Verdict:
    """Answer a poll or a survey. Anonymous answers cannot be changed, as nobody knows which are whose."""
    if not survey.is_open:
        return no(_("This survey takes no answers now."))
    if actor.membership is None:
        return no(_("Only a person can do that."))
    if answered and survey.anonymous:
        return no(_("You have answered. Nobody knows which answers are yours, so they cannot be changed."))
    return holds(actor, "forums.post")


def may_ask(actor: Actor, survey: Survey) -> Verdict:
    """Change, open and close a survey: the company that owns the board; a poll also by who opened its topic."""
    if survey.topic is not None and is_author(actor, survey.topic):
        return YES
    return may_manage(actor, survey.board)


def may_write_articles(actor: Actor, board: Board) -> Verdict:
    """Write, publish and withdraw articles."""
    return may_moderate(actor, board)


def may_edit_article(actor: Actor, article: Article) -> Verdict:
    """Change an article."""
    return may_moderate(actor, article.board)
