"""What the acting member has not done yet: announcements to acknowledge, surveys to answer."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from forums.models import Acknowledgement, Board, Participation, Survey, Topic
from partners.actors import Actor

RECENT = timedelta(days=60)


def not_acknowledged(actor: Actor, topics: QuerySet[Topic]) -> QuerySet[Topic]:
    """Recent announcements of others that the member has not confirmed to have read."""
    done = Acknowledgement.objects.filter(membership=actor.membership).values("topic")
    recent = topics.filter(created__gt=now() - RECENT, board__archived_at=None)
    return recent.exclude(pk__in=done).exclude(membership=actor.membership)


def not_answered(actor: Actor, surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Surveys of boards near the member in which they have not taken part; not those of their own company."""
    near = Board.objects.visible_to(actor).listed_for(actor).exclude(organisation=actor.organisation)
    done = Participation.objects.filter(membership=actor.membership).values("survey")
    return surveys.filter(board__in=near.values("pk")).exclude(pk__in=done)
