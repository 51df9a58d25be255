import django.db.models.deletion
import mentoring.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('guid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=64)),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('context', models.JSONField(default=dict)),
                ('about', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('sent', 'sent'), ('suppressed', 'not sent on purpose'), ('failed', 'failed')], default='queued', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('due_at', models.DateTimeField()),
                ('not_after', models.DateTimeField(null=True)),
                ('try_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['attempts', 'try_at', 'id'], name='outbox_queued'), models.Index(condition=models.Q(('about', ''), _negated=True), fields=['about'], name='outbox_about'), models.Index(condition=models.Q(('claim', ''), _negated=True), fields=['claim'], name='outbox_claim')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'suppressed', 'failed'])), name='outbox_state_known'), models.CheckConstraint(condition=models.Q(('recipient__isnull', False), models.Q(('address', ''), _negated=True), _connector='OR'), name='outbox_has_reader'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='outbox_settled_has_time')],
            },
        ),
    ]
