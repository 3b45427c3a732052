"""What the tests of trade share."""

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def api(sign_in):
    """A client of the API for an organisation with these capabilities."""

    def build(organisation, *capabilities):
        client = APIClient()
        user = sign_in(organisation, *capabilities).user
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return build
