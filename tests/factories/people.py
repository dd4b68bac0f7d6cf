"""People with names and roles."""

from __future__ import annotations

import factory
from allauth.account.models import EmailAddress
from django.utils.timezone import now

from portal.directory.models import Library, Municipality, Territory, User


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who can sign in with the password ``labas-rytas-2026``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    first_name = "Austėja"
    last_name = "Žvirblytė"
    email = factory.Sequence(lambda n: f"austeja{n}@kelrodis.example")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or "labas-rytas-2026")
        self.save()

    @factory.post_generation
    def proved(self, create, extracted, **kwargs):
        """Whether the address, if there is one, is proved theirs: it is unless told otherwise."""
        if self.email and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email.lower(), verified=True, primary=True)
            self.email_verified_at = now()
            self.save()


class TerritoryFactory(factory.django.DjangoModelFactory):
    """A county."""

    class Meta:
        model = Territory

    name_lt = factory.Sequence(lambda n: f"Apskritis {n}")


class MunicipalityFactory(factory.django.DjangoModelFactory):
    """A municipality of a county."""

    class Meta:
        model = Municipality

    name_lt = factory.Sequence(lambda n: f"Savivaldybė {n}")
    territory = factory.SubFactory(TerritoryFactory)


class LibraryFactory(factory.django.DjangoModelFactory):
    """A library."""

    class Meta:
        model = Library

    name_lt = factory.Sequence(lambda n: f"Biblioteka {n}")
    code = factory.Sequence(lambda n: f"biblioteka-{n}")
    municipality = factory.SubFactory(MunicipalityFactory)
