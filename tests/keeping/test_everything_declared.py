"""Nothing personal is forgotten: every record that leads to a person is handed over, or it is said why not."""

import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import override

from portal.custody import custody, found
from portal.directory.keeping import NOT_TOLD
from tests.factories.people import UserFactory

USER = get_user_model()


def declared():
    """Return each declared model's label with the field its lookup begins with."""
    return {
        (label, lookup.partition("__")[0])
        for holding in custody.holdings.values()
        for label, lookup in holding.records.items()
    }


def leading_to(targets):
    """Yield label and field of every column that refers to one of the models."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model in targets:
                yield model._meta.label, field.name


def test_every_model_with_a_person_in_it_is_exported_or_says_why_not():
    missing = {
        f"{label}.{field}"
        for label, field in leading_to({USER})
        if (label, field) not in declared() and f"{label}.{field}" not in custody.not_personal
    }
    assert missing == set(), "declare these in their app's keeping.py"


def test_every_record_of_ours_that_hangs_on_a_persons_is_exported_too():
    ours = {"courses", "certificates", "lti", "keeping", "directory"}
    personal = {
        apps.get_model(label)
        for label, _field in declared()
        if label.partition(".")[0] in ours and label != "directory.User"
    }
    labels = {label for label, _field in declared()}
    hanging = {label for label, _field in leading_to(personal) if label.partition(".")[0] in ours}
    assert hanging - labels == set()


def test_every_column_with_an_address_is_known():
    known = {label for label, _field in declared()}
    addresses = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.EmailField) and model._meta.label not in known
    }
    assert addresses - set(custody.not_personal) == set()


def test_every_reason_is_a_sentence_and_every_lookup_works(db):
    user = UserFactory()
    assert all(len(reason) > 20 for reason in custody.not_personal.values())
    for holding in custody.holdings.values():
        for label, lookup in holding.records.items():
            records = found(label, lookup, user)  # None: an app that is not installed here
            assert records is None or records.count() >= 0


def test_every_column_of_an_account_is_handed_over_but_for_the_secret_ones(db):
    user = UserFactory()
    told = custody.holdings["account"].export(user)["person"]
    assert {field.name for field in USER._meta.concrete_fields} - set(told) == NOT_TOLD


def test_each_holding_is_handed_over_when_accounts_are_joined_or_says_why_not():
    for holding in custody.in_order():
        assert bool(holding.move) != bool(len(holding.stays_behind) > 20), holding.name


@pytest.mark.parametrize("language", ["lt", "en"])
def test_each_holding_says_in_both_languages_what_goes_and_what_stays(db, language):
    with override(language):
        for holding in custody.in_order():
            assert str(holding.label) and str(holding.goes)


def test_an_export_of_somebody_new_is_json_too(db):
    user = UserFactory(email=None)
    for holding in custody.in_order():
        json.dumps(holding.export(user), cls=DjangoJSONEncoder)
