"""Give the workflow that Wagtail begins with a name editors understand."""

from django.db import migrations

NAMES = {"Moderators approval": "Redaktorių tvirtinimas"}


def rename(apps, schema_editor):
    for model in ("Workflow", "Task"):
        for before, after in NAMES.items():
            apps.get_model("wagtailcore", model).objects.filter(name=before).update(name=after)


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
