import pytest

from portal.directory.models import Role
from tests.security.world import BACKEND, somebody


@pytest.fixture
def admin_of_portal(client, db):
    """A browser in which Lina, the administrator, is signed in."""
    client.force_login(somebody("Lina", "Ėringytė", role=Role.ADMINISTRATOR), backend=BACKEND)
    return client
