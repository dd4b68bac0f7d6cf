import time

import pytest
from django.core import signing

from portal.catalogue.forms import SALT
from tests.factories.library import make_library


@pytest.fixture
def library(db):
    """A published library in both languages; its subject librarian is Ąžuolas."""
    return make_library()


@pytest.fixture
def azuolas(library):
    return library.librarian.user


@pytest.fixture
def stamped(monkeypatch):
    """Make a form's stamp as old as somebody needs to write a question."""

    def stamp(seconds=60):
        moment = time.time() - seconds
        with monkeypatch.context() as patch:
            patch.setattr("django.core.signing.time.time", lambda: moment)
            return signing.dumps("ask", salt=SALT)

    return stamp
