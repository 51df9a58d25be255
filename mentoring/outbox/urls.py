"""Links in mails, and the local mailbox."""

from django.urls import path

from mentoring.outbox import views

urlpatterns = [
    path("l/<str:token>/", views.follow_link, name="follow_link"),
    path("mailbox/", views.mail_list, name="mailbox"),
    path("mailbox/<str:name>/", views.mail, name="mailbox_mail"),
    path("mailbox/<str:name>/body/", views.mail_body, name="mailbox_body"),
    path("mailbox/<str:name>/files/<int:number>/", views.mail_attachment, name="mailbox_file"),
]
