"""Making boards, saying who reads them, naming experts."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from forums.models import Board, BoardSeat, Expert, Follow, Post
from forums.permissions import may_make_boards, may_manage, may_moderate
from partners.access import membership_of, require
from partners.actors import Actor
from partners.models import Membership, Organisation

FIELDS = ("name", "description", "icon", "audience", "tier", "openers", "hold_first")


@transaction.atomic
def save_board(
    *, actor: Actor, board: Board | None, fields: dict[str, Any], invited: Iterable[Organisation] = ()
) -> Board:
    """Make a board, or change one. `invited` counts for the audience of that name alone.

    Raises DomainError when another board has that name, or when an invitation lacks somebody to invite.
    """
    if board is None:
        require(may_make_boards(actor))
        board = Board(organisation=actor.organisation)
    else:
        board = _locked(actor, board)
        require(may_manage(actor, board))
    new, before = board.pk is None, board.audience
    for key in FIELDS:
        if key in fields:
            setattr(board, key, fields[key])
    if board.audience != Board.Audience.PROGRAMME:
        board.tier = None
    if board.tier is not None and board.tier.programme.vendor_id != actor.organisation.pk:
        raise DomainError(_("Choose a tier of your own programme."), field="tier")
    if Board.objects.filter(organisation=board.organisation, name=board.name).exclude(pk=board.pk).exists():
        raise DomainError(_("You have a board of that name already."), field="name")
    chosen = [each for each in invited if each.pk != actor.organisation.pk]
    if board.audience == Board.Audience.INVITED and not chosen:
        raise DomainError(_("Choose at least one organisation to invite."), field="invited")
    try:
        with transaction.atomic():
            board.save()
    except IntegrityError as error:
        raise DomainError(_("You have a board of that name already."), field="name") from error
    _seat(board, chosen if board.audience == Board.Audience.INVITED else [])
    if new:
        Follow.objects.get_or_create(membership=membership_of(actor), board=board)
    record(
        actor=actor, verb="board.made" if new else "board.changed", target=board, before=before, after=board.audience
    )
    return board


def _locked(actor: Actor, board: Board) -> Board:
    rows = Board.objects.visible_to(actor).select_related("organisation")
    return get_object_or_404(rows.select_for_update(of=("self",)), pk=board.pk)


def _seat(board: Board, organisations: list[Organisation]) -> None:
    board.seats.exclude(organisation__in=organisations).delete()
    BoardSeat.objects.bulk_create(
        [BoardSeat(board=board, organisation=each) for each in organisations], ignore_conflicts=True
    )


@transaction.atomic
def archive_board(*, actor: Actor, board: Board, on: bool) -> Board:
    """Close a board to writing, or open it again; everything in it can still be read."""
    board = _locked(actor, board)
    require(may_manage(actor, board))
    if bool(board.archived_at) != on:
        board.archived_at = now() if on else None
        board.save(update_fields=["archived_at"])
        record(actor=actor, verb="board.archived" if on else "board.reopened", target=board)
    return board


@transaction.atomic
def name_expert(*, actor: Actor, board: Board, membership: Membership, subject: str) -> Expert | None:
    """Call somebody who writes on the board its expert for a subject; an empty subject takes the mark away."""
    board = _locked(actor, board)
    require(may_moderate(actor, board))
    subject = " ".join(subject.split())[:60]
    if not subject:
        gone, _each = Expert.objects.filter(board=board, membership=membership).delete()
        if gone:
            record(actor=actor, verb="board.expert_gone", target=board, parties=(), who=str(membership))
        return None
    if not Post.objects.standing().filter(topic__board=board, membership=membership).exists():
        raise DomainError(_("Only somebody who has written on this board can be its expert."), field="subject")
    expert, _new = Expert.objects.update_or_create(board=board, membership=membership, defaults={"subject": subject})
    parties = {board.organisation_id, membership.organisation_id}
    data = {"who": str(membership), "subject": subject, "member": membership.pk}
    record(actor=actor, verb="board.expert_named", target=board, parties=parties, **data)
    return expert
