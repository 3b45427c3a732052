from django.db import migrations

# What the presets of a new organisation have since, frozen as of this migration. Administrators hold everything anyway.
NEW = {"approver": "deals.approve", "channel_manager": "deals.prepare"}


def give(apps, schema_editor):
    """Roles made from a preset learn what the preset learned; roles of an organisation's own stay as they are."""
    for role in apps.get_model("partners", "Role").objects.filter(preset__in=NEW).iterator():
        code = NEW[role.preset]
        if code not in role.capabilities and "direct_sales" not in role.capabilities:
            role.capabilities = sorted([*role.capabilities, code])
            role.save(update_fields=["capabilities"])


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0014_match_keys_until"),
        ("partners", "0001_initial"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=True)]
