"""Messages are found by their words; those that stand already get theirs here."""

import django.db.models.deletion
from django.db import migrations, models

import core.fulltext.storage
import core.indexes
from core.fulltext import Content

TOGETHER = 500


def fill(apps, schema_editor):
    """The words of what was said so far, a few hundred messages at a time."""
    Message, Words = apps.get_model("chat", "Message"), apps.get_model("chat", "MessageWords")
    standing = Message.objects.filter(entry=None, deleted_at=None).prefetch_related("attachments").order_by("pk")
    for message in standing.iterator(chunk_size=TOGETHER):
        names = [file.name for file in message.attachments.all()]
        marks = [mark for mark, there in (("file", bool(names)), ("link", '<a href="' in message.html)) if there]
        Words.objects.create(message=message, vector=Content("\n".join([message.body, *names]), tuple(marks)))


class Migration(migrations.Migration):

    dependencies = [("chat", "0002_talk")]

    operations = [
        migrations.CreateModel(
            name="MessageWords",
            fields=[
                ("vector", core.fulltext.storage.VectorField()),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="chat.message",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [core.indexes.WordIndex(fields=["vector"], name="messagewords_by_word")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
