"""Boards and what is written on them, through the actions, so that every row is as the portal makes it."""

from django.utils.timezone import now

from forums import actions
from forums.models import Board, BoardSeat, Post
from tests.factories import OrganisationFactory, PartnershipFactory

WRITER = ("forums.view", "forums.post")
MODERATOR = (*WRITER, "forums.moderate", "forums.manage")


def board_of(organisation, *, audience="programme", invited=(), **fields):
    """A board of the organisation."""
    name = fields.pop("name", f"Board {Board.objects.count()}")
    board = Board.objects.create(organisation=organisation, name=name, audience=audience, **fields)
    for each in invited:
        BoardSeat.objects.create(board=board, organisation=each)
    return board


def vendor_and_partner(**fields):
    """Two companies that work together."""
    edge = PartnershipFactory(
        vendor=OrganisationFactory(name="Vendor"), partner=OrganisationFactory(name="Partner"), **fields
    )
    return edge.vendor, edge.partner


def topic_by(actor, board, kind="question", title="How do I size the pump?", body="The pit is **4 m** deep.", **more):
    """A topic with its first post."""
    return actions.open_topic(actor=actor, board=board, kind=kind, title=title, body=body, **more)


def many_posts(topic, many):
    """Further posts, written by the author at once."""
    rows = [
        Post(
            topic=topic,
            seq=topic.last_seq + number + 1,
            membership=topic.membership,
            author=topic.author,
            organisation=topic.organisation,
            body=f"Post {number}",
            html=f"<p>Post {number}</p>",
            created=now(),
        )
        for number in range(many)
    ]
    Post.objects.bulk_create(rows)
    topic.last_seq += many
    topic.recount()
    topic.save()
    return topic
