"""What roles learn that an upgrade finds."""

from importlib import import_module

import pytest
from django.apps import apps

from partners.models import Role
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_preset_roles_learn_what_the_presets_learned_and_others_stay():
    give = import_module("deals.migrations.0015_preset_roles").give
    organisation = OrganisationFactory()

    def role(name, preset, *codes):
        return Role.objects.create(organisation=organisation, name=name, preset=preset, capabilities=list(codes))

    old = {
        "agrees": role("agrees", "approver", "deals.view"),
        "prepares": role("prepares", "channel_manager", "deals.view", "chat.post"),
        "knows": role("knows", "approver", "deals.approve"),
        "direct": role("direct", "approver", "direct_sales"),
        "own": role("own", "", "deals.view"),
        "sales": role("sales", "sales", "deals.view"),
    }
    for _twice in range(2):
        give(apps, None)
    codes = {name: Role.objects.get(pk=each.pk).capabilities for name, each in old.items()}
    assert codes == {
        "agrees": ["deals.approve", "deals.view"],
        "prepares": ["chat.post", "deals.prepare", "deals.view"],
        "knows": ["deals.approve"],
        "direct": ["direct_sales"],
        "own": ["deals.view"],
        "sales": ["deals.view"],
    }
