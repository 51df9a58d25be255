import django.db.models.deletion
import mentoring.clock
import mentoring.keys
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('matching', '0001_initial'), ('matching', '0002_groups'), ('matching', '0003_stand_ins')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('programs', '0001_folded'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_runs', to='programs.cohort')),
                ('number', models.PositiveIntegerField()),
                ('procedure', models.CharField(choices=[('optimal', 'Optimal'), ('fair', 'Fair'), ('stable', 'Stable'), ('random', 'Random, balanced'), ('greedy', 'Greedy')], max_length=10)),
                ('seed', models.PositiveBigIntegerField()),
                ('weights', models.JSONField(default=dict)),
                ('engine_version', models.CharField(blank=True, max_length=20)),
                ('inputs', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('result', models.JSONField(default=dict)),
                ('groups', models.JSONField(default=list)),
                ('job_key', models.CharField(blank=True, max_length=12)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Ready for review'), ('failed', 'Failed'), ('published', 'Published'), ('superseded', 'Not chosen')], default='queued', max_length=10)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='match_run_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'published', 'superseded'])), name='match_run_state_known'), models.CheckConstraint(condition=models.Q(('procedure__in', ['optimal', 'fair', 'stable', 'random', 'greedy'])), name='match_run_procedure_known')],
            },
        ),
        migrations.CreateModel(
            name='MatchPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='matching.matchrun')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.enrollment')),
                ('mentor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.enrollment')),
                ('score', models.PositiveIntegerField(null=True)),
                ('reasons', models.JSONField(default=list)),
                ('pinned', models.BooleanField(default=False)),
                ('shape', models.SlugField(blank=True, max_length=60)),
                ('group', models.PositiveIntegerField(null=True)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['run', 'score'], name='matching_ma_run_id_4458ab_idx')],
                'constraints': [models.UniqueConstraint(fields=('run', 'student', 'shape'), name='match_pair_once'), models.CheckConstraint(condition=models.Q(models.Q(('mentor', None), ('score', None)), models.Q(('mentor__isnull', False), ('score__isnull', False)), _connector='OR'), name='match_pair_scored')],
            },
        ),
        migrations.CreateModel(
            name='Mentorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentorships', to='programs.cohort')),
                ('shape', models.SlugField(max_length=60)),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='matching.mentorship')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentorships', to='matching.matchrun')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('active', 'Active'), ('paused', 'Paused'), ('completed', 'Completed'), ('dissolved', 'Ended early')], default='active', max_length=10)),
                ('started_at', models.DateTimeField(default=mentoring.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=12)),
                ('end_reason', models.CharField(blank=True, choices=[('fit', 'Another pair suits them better'), ('time', 'Their calendars do not meet'), ('absence', 'One of them is away for long'), ('left', 'One of them left the program'), ('need', 'Mentoring is not needed now'), ('reorganized', 'The program was reorganized')], max_length=20)),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='matching.mentorship')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['cohort', 'state'], name='matching_me_cohort__d2600f_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'active', 'paused', 'completed', 'dissolved'])), name='mentorship_state_known'), models.CheckConstraint(condition=models.Q(('end_reason__in', ['', 'fit', 'time', 'absence', 'left', 'need', 'reorganized'])), name='mentorship_end_reason_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['proposed', 'active', 'paused'])), models.Q(('ended_at__isnull', False), ('state__in', ['completed', 'dissolved'])), _connector='OR'), name='mentorship_end_dated')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='matching.mentorship')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='programs.enrollment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('shape', models.SlugField(max_length=60)),
                ('role', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('lead_mentor', 'Lead mentor'), ('junior_mentor', 'Junior mentor'), ('supervisor', 'Supervisor'), ('coordinator', 'Coordinator'), ('program_lead', 'Program lead'), ('at_risk_officer', 'At-risk officer'), ('wellbeing_contact', 'Wellbeing contact'), ('evaluator', 'Evaluator')], max_length=20)),
                ('started_at', models.DateTimeField(default=mentoring.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['person', 'ended_at'], name='matching_me_person__9c18b3_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['student', 'mentor', 'lead_mentor', 'junior_mentor', 'supervisor', 'coordinator', 'program_lead', 'at_risk_officer', 'wellbeing_contact', 'evaluator'])), name='membership_role_known'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('mentorship', 'enrollment'), name='membership_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('role', 'student')), fields=('enrollment', 'shape'), name='one_mentorship_per_student_and_shape'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='membership_forward'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('started_at')), _connector='OR'), name='membership_planned_forward')],
            },
        ),
        migrations.CreateModel(
            name='PairRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pair_rules', to='programs.cohort')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.enrollment')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.enrollment')),
                ('kind', models.CharField(choices=[('pin', 'Keep together'), ('must', 'Only this mentor, or another one named so'), ('forbid', 'Keep apart'), ('assesses', 'The mentor assesses the student')], max_length=10)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('student', 'mentor'), name='pair_rule_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['pin', 'must', 'forbid', 'assesses'])), name='pair_rule_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='StandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stand_ins', to='matching.mentorship')),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.enrollment')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to='programs.enrollment')),
                ('absence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stand_ins', to='programs.absence')),
                ('starts', models.DateField(verbose_name='first day')),
                ('ends', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('running', 'Stands in'), ('ended', 'Over'), ('cancelled', 'Taken back')], default='planned', max_length=10)),
                ('membership', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stand_in', to='matching.membership')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
            ],
            options={
                'ordering': ['starts', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'running'])), fields=['starts', 'ends'], name='stand_in_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'running', 'ended', 'cancelled'])), name='stand_in_state_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['planned', 'running'])), fields=('mentorship', 'enrollment'), name='stand_in_once'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='stand_in_forward')],
            },
        ),
    ]
