import django.db.models.deletion
import mentoring.clock
import mentoring.keys
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('evaluation', '0001_initial'), ('evaluation', '0002_report'), ('evaluation', '0003_surveys'), ('evaluation', '0004_flag_notes'), ('evaluation', '0005_needs_assessment')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('matching', '0001_folded'),
        ('programs', '0001_folded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Broadcast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='broadcasts', to='programs.cohort')),
                ('audience', models.CharField(max_length=300)),
                ('subject', models.CharField(max_length=150, verbose_name='subject')),
                ('text', models.TextField(max_length=5000, verbose_name='message')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_at', models.DateTimeField(default=mentoring.clock.now)),
                ('recipients', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-sent_at'],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='programs.cohort')),
                ('rule', models.SlugField(max_length=40)),
                ('severity', models.CharField(choices=[('info', 'Notice'), ('warning', 'Warning'), ('high', 'High')], max_length=8)),
                ('state', models.CharField(choices=[('open', 'Open'), ('acknowledged', 'Acknowledged'), ('resolved', 'Settled'), ('cleared', 'Cleared by the facts')], default='open', max_length=12)),
                ('mentorship', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='matching.mentorship')),
                ('enrollment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='programs.enrollment')),
                ('subject', models.CharField(max_length=40)),
                ('occurrence', models.CharField(max_length=60)),
                ('since', models.DateTimeField(help_text='When the fact behind it began.')),
                ('opened_at', models.DateTimeField(default=mentoring.clock.now)),
                ('step', models.SlugField(default='flag', max_length=20)),
                ('evidence', models.JSONField(default=dict)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('cleared_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-opened_at', 'pk'],
                'indexes': [models.Index(fields=['cohort', 'state', 'rule'], name='evaluation__cohort__1c9329_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'acknowledged', 'resolved', 'cleared'])), name='flag_state_known'), models.CheckConstraint(condition=models.Q(('severity__in', ['info', 'warning', 'high'])), name='flag_severity_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'acknowledged'])), fields=('rule', 'subject'), name='one_standing_flag')],
            },
        ),
        migrations.CreateModel(
            name='FlagNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='evaluation.flag')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='programs.cohort')),
                ('as_of', models.DateField()),
                ('definitions', models.PositiveSmallIntegerField()),
                ('figures', models.JSONField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(fields=['cohort', '-made_at'], name='evaluation__cohort__b88199_idx')],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(choices=[('a4', 'A4'), ('letter', 'US Letter')], max_length=6)),
                ('language', models.CharField(max_length=10)),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='evaluation.report')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('paper__in', ['a4', 'letter'])), name='report_paper_known'), models.UniqueConstraint(fields=('report', 'paper', 'language'), name='report_file_once')],
            },
        ),
        migrations.CreateModel(
            name='RuleSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_settings', to='programs.cohort')),
                ('rule', models.SlugField(max_length=40)),
                ('enabled', models.BooleanField(default=True)),
                ('thresholds', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('cohort', 'rule'), name='rule_setting_once')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='surveys', to='programs.cohort')),
                ('occurrence', models.CharField(max_length=80)),
                ('slug', models.SlugField(max_length=60)),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('side', models.CharField(choices=[('student', 'Students'), ('mentor', 'Mentors'), ('staff', 'Staff')], max_length=8)),
                ('instruments', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('scheduled', 'Planned'), ('open', 'Open'), ('closed', 'Closed')], default='scheduled', max_length=10)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('leaves_out_unmet', models.BooleanField(default=False)),
                ('invited', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('answered', models.PositiveIntegerField(default=0)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
            ],
            options={
                'ordering': ['-opens_at', 'side', 'pk'],
                'indexes': [models.Index(fields=['state', 'opens_at'], name='survey_due')],
                'constraints': [models.UniqueConstraint(fields=('cohort', 'occurrence'), name='survey_once'), models.UniqueConstraint(fields=('cohort', 'slug'), name='survey_slug_once'), models.CheckConstraint(condition=models.Q(('side__in', ['student', 'mentor', 'staff'])), name='survey_side_known'), models.CheckConstraint(condition=models.Q(('state__in', ['scheduled', 'open', 'closed'])), name='survey_state_known'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='survey_forward')],
            },
        ),
        migrations.CreateModel(
            name='SurveyComment',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='evaluation.survey')),
                ('question', models.CharField(max_length=90)),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='SurveyInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='evaluation.survey')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_invitations', to=settings.AUTH_USER_MODEL)),
                ('answered', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('survey', 'person'), name='survey_invitation_once')],
            },
        ),
        migrations.CreateModel(
            name='SurveyResponse',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='evaluation.survey')),
                ('ratings', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='WaitingAnswer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='evaluation.survey')),
                ('sealed', models.BinaryField()),
            ],
        ),
    ]
