from dataclasses import dataclass

import pytest

from portal.directory.models import Library, Territory
from tests.factories.people import LibraryFactory, MunicipalityFactory


@dataclass
class Places:
    """Two libraries of one county, and one of another."""

    alytus: Library
    varena: Library
    utena: Library

    @property
    def county(self) -> Territory:
        return self.alytus.municipality.territory


@pytest.fixture
def places(db) -> Places:
    alytus = LibraryFactory(name_lt="Alytaus biblioteka")
    beside = MunicipalityFactory(territory=alytus.municipality.territory)
    return Places(
        alytus,
        LibraryFactory(name_lt="Varėnos biblioteka", municipality=beside),
        LibraryFactory(name_lt="Utenos biblioteka"),
    )
