import datetime
import django.db.models.deletion
import mentoring.accounts.models
import mentoring.clock
import mentoring.constraints
import mentoring.keys
import sessions.models.certificate
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('meetings', '0001_initial'), ('meetings', '0002_wish_overtaken'), ('meetings', '0003_who_moved_and_who_disputes'), ('meetings', '0004_diary'), ('meetings', '0005_agreement_and_goals'), ('meetings', '0006_training'), ('meetings', '0007_goal_changed'), ('meetings', '0008_waiting'), ('meetings', '0009_certificates')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('matching', '0001_folded'),
        ('programs', '0001_folded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='matching.mentorship')),
                ('number', models.PositiveSmallIntegerField()),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_at', models.DateTimeField(default=mentoring.clock.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('rhythm', models.CharField(choices=[('weeks', 'every so many weeks'), ('month', 'so many times a month'), ('open', 'when we need it')], max_length=8)),
                ('every', models.PositiveSmallIntegerField(default=0)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('contact_weeks', models.PositiveSmallIntegerField(default=0)),
                ('channels', models.JSONField(default=list)),
                ('answer_days', models.PositiveSmallIntegerField()),
                ('notice_hours', models.PositiveSmallIntegerField()),
                ('driver', models.CharField(choices=[('mentor', 'The mentor'), ('student', 'The student'), ('both', 'Both of us')], max_length=8)),
                ('check_in_weeks', models.PositiveSmallIntegerField(default=0)),
                ('end_days', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('mentorship', 'number'), name='agreement_number_once'), models.CheckConstraint(condition=models.Q(('rhythm__in', ['weeks', 'month', 'open'])), name='agreement_rhythm_known'), models.CheckConstraint(condition=models.Q(('driver__in', ['mentor', 'student', 'both'])), name='agreement_driver_known'), models.CheckConstraint(condition=models.Q(models.Q(('every', 0), ('rhythm', 'open')), models.Q(models.Q(('rhythm', 'open'), _negated=True), ('every__gte', 1)), _connector='OR'), name='agreement_says_how_often')],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='change_requests', to='matching.mentorship')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('open', 'Open'), ('granted', 'Granted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('overtaken', 'The mentorship has ended')], default='open', max_length=10)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'granted', 'declined', 'withdrawn', 'overtaken'])), name='change_request_state_known'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('mentorship', 'person'), name='one_open_change_request')],
            },
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to='programs.cohort')),
                ('mentorship', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matching.mentorship')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('urgent', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('raised', 'Raised'), ('acknowledged', 'Acknowledged'), ('closed', 'Closed')], default='raised', max_length=12)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'acknowledged', 'closed'])), name='concern_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='matching.mentorship')),
                ('horizon', models.CharField(choices=[('short', 'Within weeks'), ('long', 'In the long run')], max_length=8)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('rank', models.PositiveSmallIntegerField()),
                ('percent', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('active', 'Under way'), ('reached', 'Reached'), ('dropped', 'Let go')], default='active', max_length=8)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'indexes': [models.Index(fields=['mentorship', 'state'], name='meetings_go_mentors_a96c4d_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('horizon__in', ['short', 'long'])), name='goal_horizon_known'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'reached', 'dropped'])), name='goal_state_known'), models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='goal_percent_whole'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'active')), models.Q(models.Q(('state', 'active'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='goal_settled_dated')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='matching.mentorship')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('side', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('sent_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
                'indexes': [models.Index(fields=['mentorship', 'sent_at'], name='meetings_me_mentors_6997ad_idx')],
            },
        ),
        migrations.CreateModel(
            name='AgreementBody',
            fields=[
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.agreement')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='AgreementSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='meetings.agreement')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to=settings.AUTH_USER_MODEL)),
                ('signed_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['signed_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'person'), name='agreement_signed_once')],
            },
        ),
        migrations.CreateModel(
            name='BookingPreferences',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='booking_preferences', to=settings.AUTH_USER_MODEL)),
                ('time_zone', models.CharField(max_length=64, validators=[mentoring.accounts.models.validate_zone], verbose_name='time zone')),
                ('slot_minutes', models.PositiveSmallIntegerField(default=45, verbose_name='length of a meeting, minutes')),
                ('buffer_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='pause between meetings')),
                ('notice_hours', models.PositiveSmallIntegerField(default=24, verbose_name='minimum notice, hours')),
                ('horizon_days', models.PositiveSmallIntegerField(default=42, verbose_name='bookable ahead, days')),
                ('max_per_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most a day')),
                ('max_per_week', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most a week')),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('video', 'Video'), ('phone', 'Telephone')], default='in_person', max_length=10, verbose_name='usually')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('video_link', models.URLField(blank=True, verbose_name='video link')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['in_person', 'video', 'phone'])), name='booking_mode_known')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('person',), name='one_live_feed')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=sessions.models.certificate.new_code, editable=False, max_length=24, unique=True)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='programs.enrollment')),
                ('kind', models.CharField(choices=[('attendance', 'Certificate of attendance'), ('completion', 'Certificate of completion')], max_length=10)),
                ('facts', models.JSONField()),
                ('issued_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('revoked_why', models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                'ordering': ['-issued_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['attendance', 'completion'])), name='certificate_kind_known'), models.UniqueConstraint(condition=models.Q(('revoked_at', None), ('superseded_at', None)), fields=('enrollment', 'kind'), name='certificate_current_once'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_why', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_why', ''), _negated=True)), _connector='OR'), name='certificate_revoked_why')],
            },
        ),
        migrations.CreateModel(
            name='CertificateFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(choices=[('a4', 'A4'), ('letter', 'US Letter')], max_length=6)),
                ('language', models.CharField(max_length=10)),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='meetings.certificate')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('paper__in', ['a4', 'letter'])), name='certificate_paper_known'), models.UniqueConstraint(fields=('certificate', 'paper', 'language'), name='certificate_file_once')],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequestBody',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.changerequest')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='ConcernBody',
            fields=[
                ('concern', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.concern')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='matching.mentorship')),
                ('at', models.DateTimeField(default=mentoring.clock.now)),
                ('channel', models.CharField(choices=[('message', 'Message or e-mail'), ('phone', 'Telephone'), ('video', 'Video'), ('in_person', 'In person')], max_length=10)),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('side', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['mentorship', 'at'], name='meetings_co_mentors_3b4419_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['message', 'phone', 'video', 'in_person'])), name='contact_channel_known')],
            },
        ),
        migrations.CreateModel(
            name='ContactCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='matching.mentorship')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contacted', models.BooleanField()),
                ('answered_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mentorship', 'person'), name='contact_check_once')],
            },
        ),
        migrations.CreateModel(
            name='GoalBody',
            fields=[
                ('goal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.goal')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='GoalProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='meetings.goal')),
                ('at', models.DateTimeField(default=mentoring.clock.now)),
                ('percent', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('active', 'Under way'), ('reached', 'Reached'), ('dropped', 'Let go')], max_length=8)),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'reached', 'dropped'])), name='goal_progress_state_known'), models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='goal_progress_percent_whole')],
            },
        ),
        migrations.CreateModel(
            name='HoursException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours_exceptions', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('off', 'Not available'), ('extra', 'Extra hours')], max_length=5)),
                ('day', models.DateField(verbose_name='day')),
                ('starts', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('ends', models.TimeField(blank=True, null=True, verbose_name='to')),
            ],
            options={
                'ordering': ['day', 'starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['off', 'extra'])), name='hours_exception_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('ends', None), ('kind', 'off'), ('starts', None)), ('ends__gt', models.F('starts')), _connector='OR'), name='exception_forward')],
            },
        ),
        migrations.CreateModel(
            name='MessageBody',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.message')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='SupervisorGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supervisor_groups', to='programs.cohort')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervised_groups', to='programs.enrollment')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('cohort', 'name'), name='supervisor_group_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='series', to='programs.cohort')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='series', to='meetings.supervisorgroup')),
                ('kind', models.CharField(choices=[('training', 'Training'), ('orientation', 'Orientation'), ('supervision', 'Supervision')], max_length=12, verbose_name='kind')),
                ('audience', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('lead_mentor', 'Lead mentor'), ('junior_mentor', 'Junior mentor'), ('supervisor', 'Supervisor'), ('coordinator', 'Coordinator'), ('program_lead', 'Program lead'), ('at_risk_officer', 'At-risk officer'), ('wellbeing_contact', 'Wellbeing contact'), ('evaluator', 'Evaluator')], max_length=20, verbose_name='for whom')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('topic', models.CharField(blank=True, max_length=200, verbose_name='topic')),
                ('minutes', models.PositiveSmallIntegerField(default=90, verbose_name='length in minutes')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, help_text='Empty: no limit.', null=True, verbose_name='places')),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('video', 'Video'), ('phone', 'Telephone')], default='in_person', max_length=10, verbose_name='how')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('video_link', models.URLField(blank=True, verbose_name='video link')),
                ('course', models.BooleanField(default=False, help_text='All its dates belong together: who enrolls, enrolls for every day.', verbose_name='one course')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[mentoring.accounts.models.validate_zone])),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now, editable=False)),
            ],
            options={
                'verbose_name_plural': 'series',
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(fields=['cohort', 'kind'], name='meetings_se_cohort__432051_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['training', 'orientation', 'supervision'])), name='series_kind_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['in_person', 'video', 'phone'])), name='series_mode_known'), models.CheckConstraint(condition=models.Q(('capacity', None), models.Q(('capacity__gte', 1), ('capacity__lte', 1000)), _connector='OR'), name='series_capacity')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='programs.cohort')),
                ('mentorship', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='matching.mentorship')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='meetings.series')),
                ('kind', models.CharField(choices=[('mentoring', 'Mentoring'), ('group', 'Group'), ('plenary', 'Plenary'), ('training', 'Training'), ('orientation', 'Orientation'), ('supervision', 'Supervision')], default='mentoring', max_length=12)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('booked', 'Booked'), ('held', 'Held'), ('missed', 'Missed'), ('cancelled', 'Cancelled')], max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('video', 'Video'), ('phone', 'Telephone')], default='in_person', max_length=10)),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('video_link', models.URLField(blank=True, verbose_name='video link')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[mentoring.accounts.models.validate_zone])),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('sequence', models.PositiveIntegerField(default=0, help_text='SEQUENCE of RFC 5545.')),
                ('unplanned', models.BooleanField(default=False, help_text='Recorded without a booking.')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_side', models.CharField(blank=True, choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('booked_at', models.DateTimeField(blank=True, null=True)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_side', models.CharField(blank=True, choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, help_text='When the other side agreed with the record.', null=True)),
                ('disputed_at', models.DateTimeField(blank=True, null=True)),
                ('disputed_as', models.CharField(blank=True, max_length=8)),
                ('missed_by', models.CharField(blank=True, choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('cancelled_by', models.CharField(blank=True, choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('moved_from', models.DateTimeField(blank=True, null=True)),
                ('moved_by', models.CharField(blank=True, choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('reason', models.CharField(blank=True, choices=[('personal', 'Personal, such as illness'), ('clinical', 'Ward or duty'), ('academic', 'Lecture or exam'), ('relational', 'About how we get on'), ('other', 'Something else')], max_length=12)),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(fields=['mentorship', 'starts_at'], include=('state',), name='meet_pair'), models.Index(condition=models.Q(('state', 'held')), fields=['mentorship', 'starts_at'], name='meet_held'), models.Index(fields=['state', 'starts_at'], name='meetings_me_state_d9b979_idx'), models.Index(fields=['cohort', 'starts_at'], name='meetings_me_cohort__f2fb73_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['training', 'orientation', 'supervision']), ('mentorship', None)), models.Q(models.Q(('kind__in', ['training', 'orientation', 'supervision']), _negated=True), ('series__isnull', True)), _connector='OR'), name='meeting_of_one_owner'), models.CheckConstraint(condition=models.Q(('kind__in', ['mentoring', 'group', 'plenary', 'training', 'orientation', 'supervision'])), name='meeting_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'booked', 'held', 'missed', 'cancelled'])), name='meeting_state_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['in_person', 'video', 'phone'])), name='meeting_mode_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='meeting_forward'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('state', 'cancelled')), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at', None)), _connector='OR'), name='meeting_cancel_dated'), models.CheckConstraint(condition=models.Q(models.Q(('missed_by__in', ['student', 'mentor', 'both']), ('state', 'missed')), models.Q(models.Q(('state', 'missed'), _negated=True), ('missed_by', '')), _connector='OR'), name='meeting_missed_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['held', 'missed']), _negated=True), ('recorded_at__isnull', False), _connector='OR'), name='meeting_record_dated')],
            },
        ),
        migrations.CreateModel(
            name='DiaryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=mentoring.keys.new_key, editable=False, max_length=12, unique=True)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='diary', to='matching.mentorship')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diary', to=settings.AUTH_USER_MODEL)),
                ('side', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('both', 'Both'), ('staff', 'Coordinator')], max_length=8)),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='diary', to='meetings.meeting')),
                ('phase', models.SlugField(blank=True)),
                ('day', models.DateField(verbose_name='day it is about')),
                ('created_at', models.DateTimeField(default=mentoring.clock.now)),
                ('updated_at', models.DateTimeField(default=mentoring.clock.now)),
                ('written_at', models.DateTimeField(blank=True, help_text='When the first word of it was saved.', null=True)),
                ('members_at', models.DateTimeField(blank=True, help_text='Since when the other members may read it.', null=True)),
                ('supervisor_at', models.DateTimeField(blank=True, help_text="Since when the author's supervisors may read it.", null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('tab', models.CharField(blank=True, max_length=12)),
                ('turn', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-day', '-created_at', '-pk'],
                'indexes': [models.Index(fields=['author', '-day'], name='meetings_di_author__9413d6_idx'), models.Index(fields=['mentorship', 'author', 'written_at'], name='meetings_di_mentors_89c1d7_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['student', 'mentor', 'both', 'staff'])), name='diary_side_known'), models.UniqueConstraint(condition=models.Q(('deleted_at', None), ('meeting__isnull', False)), fields=('author', 'meeting'), name='one_diary_entry_per_meeting'), models.CheckConstraint(condition=models.Q(('deleted_at', None), models.Q(('members_at', None), ('supervisor_at', None)), _connector='OR'), name='diary_deleted_is_shared_with_nobody')],
            },
        ),
        migrations.CreateModel(
            name='DiaryBody',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='body', serialize=False, to='meetings.diaryentry')),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='meetings.meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='programs.enrollment')),
                ('role', models.CharField(choices=[('student', 'Student'), ('mentor', 'Mentor'), ('lead_mentor', 'Lead mentor'), ('junior_mentor', 'Junior mentor'), ('supervisor', 'Supervisor'), ('coordinator', 'Coordinator'), ('program_lead', 'Program lead'), ('at_risk_officer', 'At-risk officer'), ('wellbeing_contact', 'Wellbeing contact'), ('evaluator', 'Evaluator')], max_length=20)),
                ('answer', models.CharField(choices=[('open', 'Not answered'), ('accepted', 'Accepted'), ('declined', 'Declined')], default='open', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('holds', models.BooleanField(default=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('attendance', models.CharField(choices=[('unknown', 'Not recorded'), ('present', 'Present'), ('excused', 'Excused'), ('absent', 'Absent')], default='unknown', max_length=10)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['person', 'starts_at'], name='meetings_pa_person__927ec2_idx')],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='participant_once'), models.UniqueConstraint(fields=('meeting', 'place'), name='place_once'), models.CheckConstraint(condition=models.Q(('attendance__in', ['unknown', 'present', 'excused', 'absent'])), name='attendance_known'), models.CheckConstraint(condition=models.Q(('answer__in', ['open', 'accepted', 'declined'])), name='answer_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='participant_forward'), mentoring.constraints.NoOverlap(end='ends_at', flag='holds', name='no_double_booking', owner='person', start='starts_at')],
            },
        ),
        migrations.CreateModel(
            name='SupervisorPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='meetings.supervisorgroup')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisor_places', to='programs.enrollment')),
                ('started_at', models.DateTimeField(default=mentoring.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('enrollment',), name='one_supervisor_group_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='ThreadRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matching.mentorship')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('read_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mentorship', 'person'), name='thread_read_once')],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='meetings.series')),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='meetings.meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_for_places', to=settings.AUTH_USER_MODEL)),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_for_places', to='programs.enrollment')),
                ('since', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'verbose_name_plural': 'waiting',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='waits_once_for_a_date'), models.UniqueConstraint(condition=models.Q(('meeting', None)), fields=('series', 'person'), name='waits_once_for_a_course')],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enrollment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='training_waiver', to='programs.enrollment')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_at', models.DateTimeField(default=mentoring.clock.now)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WeeklyHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weekly_hours', to=settings.AUTH_USER_MODEL)),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='day')),
                ('starts', models.TimeField(verbose_name='from')),
                ('ends', models.TimeField(verbose_name='to')),
            ],
            options={
                'ordering': ['weekday', 'starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='weekday_range'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts')), ('ends', datetime.time(0, 0)), _connector='OR'), name='hours_forward')],
            },
        ),
    ]
