import pytest
from django.urls import reverse

from mentoring import outbox
from mentoring.outbox import mailbox
from mentoring.outbox.models import Notification
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(probe, reader, folder, noon):
    """Two mails, to the reader and to somebody else."""
    report = outbox.Attachment("report.txt", "text/plain", b"figures")
    probe.build = lambda note: outbox.Mail({"word": "<b>"}, attachments=[report])
    other = UserFactory(time_zone="Europe/Budapest")
    for person in (reader, other):
        outbox.enqueue(kind="probe", recipient=person, dedupe_key=person.email)
    outbox.deliver_due()
    return {note.recipient.email: str(note.guid) for note in Notification.objects.all()}


def test_the_demo_shows_all_mails_to_whoever_sits_there(letters, client, settings):
    settings.DEMO = True
    page = client.get(reverse("mailbox")).content.decode()
    assert page.count("Hello Given") == 1
    assert page.count("Hello Anna") == 1


def test_outside_the_demo_one_needs_a_login_and_sees_ones_own(letters, client, reader):
    assert client.get(reverse("mailbox"))["Location"].startswith("/accounts/login/")
    client.force_login(reader)
    page = client.get(reverse("mailbox")).content.decode()
    assert "Hello Anna" in page
    assert "Hello Given" not in page


def test_a_search_finds_by_person(letters, client, reader, settings):
    settings.DEMO = True
    page = client.get(reverse("mailbox"), {"q": reader.email.upper()}).content.decode()
    assert ("Hello Anna" in page, "Hello Given" in page) == (True, False)
    assert "No mail fits" in client.get(reverse("mailbox"), {"q": "nobody"}).content.decode()


def test_the_body_is_framed_and_may_do_nothing(letters, client, reader, settings):
    settings.DEMO = True
    name = letters[reader.email]
    page = client.get(reverse("mailbox_mail", args=[name]))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    body = client.get(reverse("mailbox_body", args=[name]))
    policy = body["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert body["X-Frame-Options"] == "SAMEORIGIN"


def test_an_attachment_is_a_download(letters, client, reader, settings):
    settings.DEMO = True
    answer = client.get(reverse("mailbox_file", args=[letters[reader.email], 0]))
    assert answer.content == b"figures"
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    gone = client.get(reverse("mailbox_file", args=[letters[reader.email], 1]))
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("name", "value"), [("REMOTE_ADDR", "192.0.2.7"), ("HTTP_X_FORWARDED_FOR", "192.0.2.7")]
)
def test_it_is_not_there_for_other_machines(letters, client, settings, name, value):
    settings.DEMO = True
    assert client.get(reverse("mailbox"), **{name: value}).status_code == 404


def test_it_is_not_there_in_production(letters, client, settings):
    settings.LOCAL_MAILBOX = False
    assert client.get(reverse("mailbox")).status_code == 404


@pytest.mark.parametrize("name", ["../secret", "..", "a/b", "", "x" * 200])
def test_a_name_never_leaves_the_folder(folder, name):
    assert mailbox.read(name) is None


def test_an_empty_folder_says_what_to_do(folder, client, settings):
    settings.DEMO = True
    assert "No mail yet" in client.get(reverse("mailbox")).content.decode()
