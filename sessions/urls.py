"""Addresses of this floor, a list per object."""

from django.urls import include, path

from sessions.views import (
    agreements,
    availability,
    booking,
    certificate_lists,
    certificates,
    changes,
    concerns,
    diaries,
    feeds,
    goals,
    meetings,
    mentorships,
    moving,
    supervision,
    threads,
    training,
    training_lists,
    training_staff,
    waivers,
)

app_name = "sessions"

mentorship_urls = [
    path("", mentorships.detail, name="mentorship"),
    path("book/", booking.slots, name="slots"),
    path("book/<int:at>/", booking.book, name="book"),
    path("propose/", booking.propose, name="propose"),
    path("record/", mentorships.record, name="record_unplanned"),
    path("record-for-them/", mentorships.record_for_them, name="record_unplanned_for_them"),
    path("contact/", mentorships.contact, name="contact"),
    path("contact/undo/", mentorships.undo_contact, name="undo_contact"),
    path("contacted/", mentorships.contacted, name="contacted"),
    path("fit/", mentorships.fit, name="fit"),
    path("messages/", threads.read, name="thread"),
    path("messages/write/", threads.write, name="write"),
    path("diary/", diaries.of_mentorship, name="mentorship_diary"),
    path("diary/write/", diaries.write, name="write_diary"),
    path("diary/save/", diaries.save, name="save_diary"),
    path("agreement/", agreements.read, name="agreement"),
    path("agreement/propose/", agreements.propose, name="propose_agreement"),
    path("agreement/sign/", agreements.sign, name="sign_agreement"),
    path("agreement/withdraw/", agreements.withdraw, name="withdraw_agreement"),
    path("goals/", goals.index, name="goals"),
    path("goals/add/", goals.add, name="add_goal"),
    path("goals/<str:goal>/", goals.detail, name="goal"),
    path("goals/<str:goal>/edit/", goals.edit, name="edit_goal"),
    path("goals/<str:goal>/progress/", goals.progress, name="goal_progress"),
    path("goals/<str:goal>/settle/", goals.settle, name="settle_goal"),
    path("goals/<str:goal>/prefer/", goals.prefer, name="prefer_goal"),
    path("change/", mentorships.change, name="change"),
    path("change/withdraw/", mentorships.withdraw_change, name="withdraw_change"),
]

meeting_urls = [
    path("", meetings.detail, name="meeting"),
    path("answer/", booking.answer, name="answer"),
    path("move/", moving.move, name="move"),
    path("cancel/", moving.cancel, name="cancel"),
    path("record/", meetings.record, name="record"),
    path("record-for-them/", meetings.record_for_them, name="record_for_them"),
]

availability_urls = [
    path("", availability.edit, name="availability"),
    path("line/<int:day>/", availability.line, name="hours_line"),
    path("dates/", availability.add_date, name="add_date"),
    path("dates/remove/", availability.remove_date, name="remove_date"),
]

concern_urls = [
    path("", concerns.index, name="concerns"),
    path("<str:key>/", concerns.detail, name="concern"),
    path("<str:key>/acknowledge/", concerns.acknowledge, name="acknowledge_concern"),
    path("<str:key>/close/", concerns.close, name="close_concern"),
]

diary_urls = [
    path("", diaries.index, name="diary"),
    path("shared/", diaries.shared, name="shared_diaries"),
    path("<str:key>/", diaries.detail, name="diary_entry"),
    path("<str:key>/share/", diaries.share, name="share_diary"),
    path("<str:key>/delete/", diaries.delete, name="delete_diary"),
]

date_urls = [
    path("enroll/", training.enroll, name="enroll"),
    path("leave/", training.leave, name="leave"),
    path("wait/", training.wait, name="wait"),
    path("step-down/", training.step_down, name="step_down"),
    path("remove/", training_staff.remove, name="remove_from_date"),
    path("attendance/", training_lists.attendance, name="attendance"),
    path("move/", training_staff.move, name="move_date"),
    path("cancel/", training_staff.cancel, name="cancel_date"),
]

training_urls = [
    path("waive/<str:key>/", waivers.waive, name="waive"),
    path("waive/<str:key>/withdraw/", waivers.withdraw, name="withdraw_waiver"),
    path("", training_staff.index, name="training_of"),
    path("new/", training_staff.new, name="new_series"),
    path("people/", training_lists.people, name="quotas"),
    path("credits/", training_lists.credit_list, name="credits"),
    path("groups/", supervision.groups, name="groups"),
    path("certificates/", certificate_lists.index, name="certificates"),
    path("certificates/issue/", certificate_lists.issue_all, name="issue_certificates"),
    path("certificates/completion/", certificate_lists.completed, name="certificates_completion"),
    path("certificates/of/<str:key>/", certificates.of_person, name="person_certificates"),
    path("certificates/of/<str:key>/issue/", certificates.issue, name="issue_certificate"),
]

certificate_urls = [
    path("", certificates.check, name="certificate"),
    path("files/", certificates.files, name="certificate_files"),
    path("files/order/", certificates.order_pdf, name="order_certificate_pdf"),
    path("files/<str:paper>/", certificates.pdf, name="certificate_pdf"),
    path("revoke/", certificates.revoke, name="revoke_certificate"),
]

urlpatterns = [
    path("training/", training.index, name="training"),
    path("training/groups/", supervision.mine, name="my_groups"),
    path("training/groups/<str:key>/", supervision.group, name="group"),
    path("training/groups/<str:key>/members/", supervision.members, name="group_members"),
    path("training/groups/<str:key>/end/", supervision.end, name="end_group"),
    path("training/series/<str:key>/", training_staff.series, name="series"),
    path("training/series/<str:key>/add/", training_staff.add_date, name="add_training_date"),
    path("training/dates/<str:key>/", include(date_urls)),
    path("cohorts/<str:cohort>/training/", include(training_urls)),
    path("certificates/of/<str:key>/", certificates.mine, name="my_certificates"),
    path("certificates/of/<str:key>/fetch/", certificates.fetch, name="fetch_certificate"),
    path("certificates/<str:code>/", include(certificate_urls)),
    path("mentorships/<str:key>/", include(mentorship_urls)),
    path("meetings/", meetings.index, name="meetings"),
    path("meetings/<str:key>/", include(meeting_urls)),
    path("availability/", include(availability_urls)),
    path("concerns/", include(concern_urls)),
    path("diary/", include(diary_urls)),
    path("cohorts/<str:cohort>/concern/", concerns.raise_, name="raise_concern"),
    path("cohorts/<str:cohort>/changes/", changes.index, name="changes"),
    path("changes/<str:key>/", changes.detail, name="change_request"),
    path("calendar/", feeds.manage, name="feeds"),
    path("calendar/<str:token>.ics", feeds.feed, name="feed"),
]
