import django.db.models.deletion
import lti.models.launches
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lti', '0001_initial'),
        ('lti_tool', '0008_ltideployment_pns_url_and_more'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='launchstate',
            name='storage_target',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.CreateModel(
            name='EntryTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ticket_sha256', models.CharField(max_length=64, unique=True)),
                ('facts', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('expires_at', models.DateTimeField(db_index=True, default=lti.models.launches.in_two_minutes)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lti_tool.ltiregistration')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ticket into a new tab',
                'verbose_name_plural': 'tickets into a new tab',
            },
        ),
    ]
