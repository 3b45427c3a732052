"""Forums: boards that one may read, topics on them, posts in topics. The same rules as on the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsing import number_in
from api.scoping import ScopedViewSet
from core.search import found
from core.web import key_of
from forums import actions
from forums.models import Board, Post, Topic
from forums.writing import FloodError

MOST = 200
POST = r"posts/(?P<seq>[0-9]{1,9})"


class BoardSerializer(serializers.ModelSerializer):
    """A board: whose it is and who reads it."""

    class Meta:
        model = Board
        fields = ["id", "name", "description", "organisation", "audience"]


class TopicSerializer(serializers.ModelSerializer):
    """A topic. `accepted`: the number of the post that answered the question; `last`: the number of its last post."""

    author: serializers.RelatedField = serializers.StringRelatedField()
    tags: serializers.RelatedField = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    accepted = serializers.IntegerField(source="accepted.seq", allow_null=True, default=None)
    last = serializers.IntegerField(source="last_seq")
    locked = serializers.SerializerMethodField()

    class Meta:
        model = Topic
        fields = [
            "id", "board", "kind", "title", "author", "organisation", "tags", "state", "accepted", "votes", "last",
            "last_at", "created", "locked",
        ]  # fmt: skip

    @extend_schema_field(bool)
    def get_locked(self, topic: Topic) -> bool:
        """True where only moderators answer."""
        return topic.locked_at is not None


class PostSerializer(serializers.ModelSerializer):
    """A post by its number in the topic. Of one that was hidden or taken back only the place is left."""

    id = serializers.IntegerField(source="seq", allow_null=True)
    author: serializers.RelatedField = serializers.StringRelatedField()
    reply_to = serializers.IntegerField(source="reply_to.seq", allow_null=True, default=None)
    text = serializers.SerializerMethodField()
    html = serializers.SerializerMethodField()
    removed = serializers.SerializerMethodField()

    class Meta:
        model = Post
        fields = ["id", "author", "organisation", "reply_to", "text", "html", "removed", "created", "edited_at"]

    @extend_schema_field(bool)
    def get_removed(self, post: Post) -> bool:
        """True where its words are gone."""
        return post.deleted_at is not None or post.hidden_at is not None

    @extend_schema_field(str)
    def get_text(self, post: Post) -> str:
        """Markdown."""
        return "" if self.get_removed(post) else post.body

    @extend_schema_field(str)
    def get_html(self, post: Post) -> str:
        """The words as the portal shows them, sanitised."""
        return "" if self.get_removed(post) else post.html


class NewTopicSerializer(serializers.Serializer):
    """A topic with its first words, in Markdown. The same `client_id` again is the same topic."""

    board = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=Topic.Kind.choices)
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=20_000)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=10, default=list)
    client_id = serializers.CharField(max_length=64, default="", allow_blank=True)


class NewPostSerializer(serializers.Serializer):
    """An answer in Markdown; `reply_to` is the number of a post. The same `client_id` again is the same post."""

    text = serializers.CharField(max_length=20_000)
    reply_to = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    client_id = serializers.CharField(max_length=64, default="", allow_blank=True)


class AcceptSerializer(serializers.Serializer):
    """The number of the post that answered; null takes that back."""

    post = serializers.IntegerField(min_value=1, allow_null=True)


class VoteSerializer(serializers.Serializer):
    """Useful to oneself, or no longer."""

    useful = serializers.BooleanField()


@contextmanager
def _in_measure() -> Iterator[None]:
    """Too much in too short a time is 429."""
    try:
        yield
    except FloodError as error:
        raise Throttled(wait=60, detail=error.message) from error


class BoardViewSet(ScopedViewSet):
    """Boards that one may read."""

    model = Board
    serializer_class = BoardSerializer
    capability = "forums.view"


class TopicViewSet(ScopedViewSet):
    """Topics on boards that one may read, the newest first."""

    model = Topic
    serializer_class = TopicSerializer
    capability = "forums.view"

    def get_queryset(self) -> QuerySet:
        """Narrowed by `?board=`, `?kind=` and `?q=`."""
        if getattr(self, "swagger_fake_view", False):
            return Topic.objects.none()
        rows = Topic.objects.visible_to(self.actor).for_rows().select_related("accepted").order_by("-pk")
        if self.action != "list":
            return rows
        asked = self.request.query_params
        rows = rows.listed_for(self.actor)
        if "board" in asked:
            rows = rows.filter(board=key_of(asked["board"]) or 0)
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        return found(rows, asked["q"], "search_text") if asked.get("q", "").strip() else rows

    def _post(self, seq: int) -> Post:
        return get_object_or_404(Post.objects.visible_to(self.actor), topic=self.get_object(), seq=seq)

    def _as_stored(self, post: Post, status: int = 200) -> Response:
        row = Post.objects.visible_to(self.actor).for_display().get(pk=post.pk)
        return Response(PostSerializer(row).data, status=status)

    @extend_schema(
        parameters=[
            OpenApiParameter("board", OpenApiTypes.INT, description="Only on this board."),
            OpenApiParameter("kind", OpenApiTypes.STR, enum=Topic.Kind.values),
            OpenApiParameter("q", OpenApiTypes.STR, description="Words of title, tags or first post."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Topics, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewTopicSerializer, responses={201: TopicSerializer})
    def create(self, request: Request) -> Response:
        """Open a topic. On some boards the first one of a newcomer waits for a moderator."""
        said = self.said(NewTopicSerializer)
        board = get_object_or_404(Board.objects.visible_to(self.actor), pk=said.pop("board"))
        with _in_measure():
            topic = actions.open_topic(actor=self.actor, board=board, body=said.pop("text"), **said)
        return self.shown(topic, 201)

    @extend_schema(
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT, description="Only posts after this number."),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {MOST}; 50 without it."),
        ],
        responses=PostSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def posts(self, request: Request, pk: str | None = None) -> Response:
        """What is written in the topic, in order. A post that waits for a moderator has no number and is not here."""
        after, limit = number_in(request, "after", 0), max(1, min(number_in(request, "limit", 50), MOST))
        rows = Post.objects.visible_to(self.actor).for_display().filter(topic=self.get_object(), seq__gt=after)
        return Response(PostSerializer(rows.order_by("seq")[:limit], many=True).data)

    @extend_schema(request=NewPostSerializer, responses={201: PostSerializer})
    @posts.mapping.post
    def add(self, request: Request, pk: str | None = None) -> Response:
        """Answer in the topic."""
        topic, said = self.get_object(), self.said(NewPostSerializer)
        above = self._post(said["reply_to"]).pk if said["reply_to"] else None
        with _in_measure():
            post = actions.add_post(
                actor=self.actor, topic=topic, body=said["text"], client_id=said["client_id"], reply_to=above
            )
        return self._as_stored(post, 201)

    @extend_schema(request=AcceptSerializer, responses=TopicSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Say which post answered the question."""
        topic, number = self.get_object(), self.said(AcceptSerializer)["post"]
        post = self._post(number) if number else None
        return self.shown(actions.accept_answer(actor=self.actor, topic=topic, post=post))

    @extend_schema(request=VoteSerializer, responses=PostSerializer)
    @action(detail=True, methods=["post"], url_path=f"{POST}/vote")
    def vote(self, request: Request, pk: str | None = None, seq: str = "0") -> Response:
        """Say that a post is useful, or take that back."""
        useful = self.said(VoteSerializer)["useful"]
        return self._as_stored(actions.vote(actor=self.actor, post=self._post(int(seq)), useful=useful))
