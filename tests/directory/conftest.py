from dataclasses import dataclass

import pytest

from portal.directory.models import Library, Role, Territory
from tests.directory.staff import coordinator, holder
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


@pytest.fixture
def rasa(places):
    """Rasa, who coordinates Alytus."""
    return coordinator(places.alytus)


@pytest.fixture
def ieva(places):
    """Ieva, who coordinates the county."""
    return holder(Role.TERRITORY_COORDINATOR, "Ieva Ūsaitė", territory=places.county)
