"""The demo's county, libraries and people. Loading twice changes nothing."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localdate, now

from portal.demo.reading import read
from portal.directory.flows.roles import grant
from portal.directory.models import (
    Affiliation,
    Branch,
    Library,
    Municipality,
    Role,
    RoleAssignment,
    Territory,
    User,
)

PASSWORD = "kelrodis-demo"  # noqa: S105 (the demo refuses to run in production)
AT_LIBRARY = {Role.LIBRARY_COORDINATOR, Role.DIRECTOR}
HIRED = date(2024, 9, 1)


@transaction.atomic
def load() -> None:
    """Make the county and the named person of each role."""
    data = read("people.yaml")
    territory, _new = Territory.objects.get_or_create(
        name_lt=data["territory"]["lt"], defaults={"name_en": data["territory"]["en"]}
    )
    places = {row["key"]: _municipality(territory, row) for row in data["municipalities"]}
    libraries = {row["key"]: _library(places, row) for row in data["libraries"]}
    for row in data["branches"]:
        Branch.objects.get_or_create(
            library=libraries[row["library"]], name_lt=row["lt"], defaults={"name_en": row["en"]}
        )
    for row in data["people"]:
        _person(row, libraries, territory)


def sign_ins() -> list[tuple[str, str, str]]:
    """Return (name, what they are, e-mail address) of each demo person."""
    rows = read("people.yaml")["people"]
    return [(f"{row['given']} {row['family']}", row["title"]["lt"], row["email"]) for row in rows]


def _municipality(territory: Territory, row: dict[str, str]) -> Municipality:
    return Municipality.objects.get_or_create(
        territory=territory, name_lt=row["lt"], defaults={"name_en": row["en"]}
    )[0]


def _library(places: dict[str, Municipality], row: dict[str, str]) -> Library:
    return Library.objects.get_or_create(
        code=row["code"],
        defaults={
            "municipality": places[row["municipality"]],
            "name_lt": row["lt"],
            "name_en": row["en"],
            "city": row["city"],
        },
    )[0]


@cache
def _hashed() -> str:
    """Return the hash of everybody's password, made once: making it is slow on purpose, and nobody's secret."""
    return make_password(PASSWORD)


def _person(row: dict[str, Any], libraries: dict[str, Library], territory: Territory) -> None:
    user, created = User.objects.get_or_create(
        username=f"demo-{row['key']}",
        defaults={
            "email": row["email"],
            "first_name": row["given"],
            "last_name": row["family"],
            "preferred_language": row["language"],
            "email_verified_at": now(),
        },
    )
    if created:
        user.password = _hashed()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=row["email"], verified=True, primary=True)
    library = libraries.get(row.get("library") or "")
    if library is not None:
        Affiliation.objects.get_or_create(
            user=user,
            library=library,
            date_from=HIRED,
            defaults={"confirmed": True, "job_title": row["title"]["lt"]},
        )
    if row.get("role") in Role.values and not RoleAssignment.objects.filter(user=user).exists():
        role = Role(row["role"])
        grant(
            user=user,
            role=role,
            by=None,
            library=library if role in AT_LIBRARY else None,
            territory=territory if role == Role.TERRITORY_COORDINATOR else None,
            date_from=min(HIRED, localdate()),
        )
