import datetime

from django.db import migrations, models
from django.utils.timezone import localdate

CHUNK = 1000
ENDED = ("lost", "expired", "revoked")


def say_until(apps, schema_editor):
    """The keys of what has ended, behind those of what is open; a thousand registrations at a time."""
    Deal, MatchKey = apps.get_model("deals", "Deal"), apps.get_model("deals", "MatchKey")
    NamedAccount = apps.get_model("deals", "NamedAccount")
    rows, last = Deal.objects.filter(state__in=(*ENDED, "won")), 0
    rows = rows.values_list("pk", "state", "updated_at", "protected_until", "type__cool_off_days")
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        days = {}
        for pk, state, updated, protected, cool_off in chunk:
            day = localdate(updated)
            if state in ENDED:
                day = max(day, protected or day) + datetime.timedelta(days=cool_off)
            else:
                day = protected or day
            days.setdefault(day, []).append(pk)
        for day, deals in days.items():
            MatchKey.objects.filter(deal__in=deals).update(until=day)
        last = chunk[-1][0]
    for pk, day in NamedAccount.objects.exclude(until=None).values_list("pk", "until").iterator(chunk_size=CHUNK):
        MatchKey.objects.filter(account=pk).update(until=day)


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0013_board_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="matchkey",
            name="until",
            field=models.DateField(db_default=datetime.date(9999, 12, 31), default=datetime.date(9999, 12, 31)),
        ),
        migrations.RemoveIndex(model_name="matchkey", name="match_by_token"),
        migrations.AddIndex(
            model_name="matchkey", index=models.Index(fields=["token", "until", "id"], name="match_by_token")
        ),
        migrations.RunPython(say_until, migrations.RunPython.noop),
    ]
