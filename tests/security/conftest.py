"""Security is tested as in production: staff need their second factor."""

import pytest


@pytest.fixture(autouse=True)
def second_factor_required(settings):
    settings.SECOND_FACTOR = "staff"
