import django.core.serializers.json
import mentoring.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=mentoring.clock.now)),
                ('actor', models.BigIntegerField(null=True)),
                ('action', models.CharField(max_length=80)),
                ('cohort', models.BigIntegerField(null=True)),
                ('subject_type', models.CharField(blank=True, max_length=60)),
                ('subject', models.BigIntegerField(null=True)),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'indexes': [models.Index(fields=['cohort', '-at'], name='audit_event_cohort_d9ad72_idx'), models.Index(fields=['subject_type', 'subject'], name='audit_event_subject_ca85df_idx'), models.Index(fields=['actor', '-at'], name='audit_event_actor_0b551e_idx')],
            },
        ),
    ]
