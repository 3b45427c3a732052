"""The shapes of rooms and messages in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from chat.actions.messages import MAX_BODY
from chat.files import MAX_FILES
from chat.models import Attachment, Message, Room
from chat.models.messages import SIGNS
from core.audit import sentence

MOST_KEY = 2**31 - 1


class RoomFileSerializer(serializers.ModelSerializer):
    """A file of a message. `url` is the page's address and takes a session; the API has it under `files/{id}/`."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "url"]
        read_only_fields = fields


class ReactionsSerializer(serializers.Serializer):
    """A sign, and who gave it."""

    sign = serializers.CharField()
    count = serializers.IntegerField()
    names = serializers.CharField()


class RoomMessageSerializer(serializers.ModelSerializer):
    """A message (`kind` said) or a line of what happened (`kind` note).

    `id` counts from 1 without a gap in its room.
    """

    id = serializers.IntegerField(source="seq", read_only=True)
    kind = serializers.SerializerMethodField()
    author = serializers.CharField(source="speaker", read_only=True)
    organisation: serializers.RelatedField = serializers.StringRelatedField(read_only=True)
    body = serializers.SerializerMethodField(help_text="Markdown; of a note, its sentence. Empty when deleted.")
    reply_to = serializers.IntegerField(source="reply_to.seq", read_only=True, default=None)
    files = RoomFileSerializer(source="attachments", many=True, read_only=True)
    reactions = ReactionsSerializer(source="reaction_groups", many=True, read_only=True)

    class Meta:
        model = Message
        fields = ["id", "kind", "author", "organisation", "body", "html", "reply_to", "files", "reactions"]
        fields += ["created", "edited_at", "deleted_at"]
        read_only_fields = fields

    def get_kind(self, message: Message) -> str:
        """said or note."""
        return "note" if message.entry_id else "said"

    def get_body(self, message: Message) -> str:
        """The words."""
        return sentence(message.entry) if message.entry else message.body


class NewMessageSerializer(serializers.Serializer):
    """What a caller says, as JSON, or as multipart/form-data with `files`. The same `client_id` again answers with the
    message of the first time."""

    body = serializers.CharField(
        max_length=MAX_BODY, trim_whitespace=False, required=False, allow_blank=True, default="", help_text="Markdown."
    )
    client_id = serializers.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False, default="")
    reply_to = serializers.IntegerField(required=False, min_value=1, max_value=MOST_KEY, allow_null=True, default=None)
    files = serializers.ListField(child=serializers.FileField(), max_length=MAX_FILES, required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Words, or at least a file."""
        if not attrs["body"] and not attrs["files"]:
            raise serializers.ValidationError({"body": [_("Say something, or send a file.")]})
        return attrs


class WordsSerializer(serializers.Serializer):
    """Other words for a message."""

    body = serializers.CharField(max_length=MAX_BODY, trim_whitespace=False, help_text="Markdown.")


class SignSerializer(serializers.Serializer):
    """A sign to put to a message, or to take away again."""

    sign = serializers.ChoiceField(choices=sorted(SIGNS))


class ReadSerializer(serializers.Serializer):
    """How far the member has read."""

    id = serializers.IntegerField(min_value=0, max_value=MOST_KEY, help_text="Number of the last message read.")


class MessagesSerializer(serializers.Serializer):
    """Messages in order, and the number of the last one in the room."""

    results = RoomMessageSerializer(many=True)
    last = serializers.IntegerField()


class RoomSerializer(serializers.ModelSerializer):
    """A room. A side thread (`kind` side) is one's own organisation's alone, under the shared room `parent`."""

    record = serializers.SerializerMethodField(help_text="The record it is about, or null.")
    unread = serializers.SerializerMethodField(help_text="Messages not read by the member; null for a machine.")
    last = serializers.IntegerField(source="last_seq", read_only=True)

    class Meta:
        model = Room
        fields = ["id", "kind", "title", "purpose", "record", "parent", "last", "last_at", "unread"]
        fields += ["closed_at", "archived_at", "created"]
        read_only_fields = fields

    def get_record(self, room: Room) -> dict[str, Any] | None:
        """{"type": "deals.deal", "id": 12}."""
        return {"type": room.record, "id": room.record_id} if room.record_id else None

    def get_unread(self, room: Room) -> int | None:
        """Nought for rooms that the member does not follow."""
        actor = self.context["request"].auth
        if actor.membership is None:
            return None
        return max((room.said - mark.said for mark in room.my_marks), default=0)  # type: ignore[attr-defined]


class NewRoomSerializer(serializers.Serializer):
    """A room to open: with people (`members`, ids from `/rooms/people/`), or with a whole partner organisation."""

    title = serializers.CharField(max_length=200)
    members = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=200, required=False, default=list
    )
    organisation = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One or the other."""
        if bool(attrs["members"]) == bool(attrs["organisation"]):
            raise serializers.ValidationError({"members": [_("Name members, or an organisation.")]})
        return attrs


class TitleSerializer(serializers.Serializer):
    """Another name for a room."""

    title = serializers.CharField(max_length=200)


class OneMemberSerializer(serializers.Serializer):
    """A person, by the id of their membership."""

    member = serializers.IntegerField(min_value=1, max_value=2**62)


class NewSeatSerializer(serializers.Serializer):
    """One more person for a group, or one more organisation for a partnership room."""

    member = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)
    organisation = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)


class PersonSerializer(serializers.Serializer):
    """Somebody whom one may write to; `id` is their membership's."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="user")
    organisation = serializers.CharField()
    job_title = serializers.CharField()


class SeatSerializer(serializers.Serializer):
    """A seat: of a person, or of a whole organisation (`member` null)."""

    id = serializers.IntegerField(source="pk")
    member = serializers.IntegerField(source="membership_id", allow_null=True)
    name = serializers.CharField(source="membership.user", default=None, allow_null=True)
    organisation = serializers.CharField()
    created = serializers.DateTimeField()


class FindSerializer(serializers.Serializer):
    """A message that was found, and the room it is in. `excerpt` is safe HTML with the words in <mark>."""

    room = serializers.IntegerField(source="message.room_id")
    title = serializers.CharField()
    excerpt = serializers.CharField(source="text")
    message = RoomMessageSerializer()


class FindsSerializer(serializers.Serializer):
    """A page of finds; `page` asks for the next one and is empty at the end."""

    results = FindSerializer(many=True)
    page = serializers.CharField(allow_blank=True)
    problems = serializers.ListField(child=serializers.CharField(), help_text="Filters that mean nothing.")
