from email import message_from_bytes, policy

import pytest
from django.core import mail

from mentoring import outbox
from mentoring.outbox.models import Notification
from tests.mentoring.outbox.conftest import NOON

pytestmark = pytest.mark.django_db


def sent(reader, **fields):
    outbox.enqueue(**{"kind": "probe", "recipient": reader, "dedupe_key": "a", **fields})
    outbox.deliver_due()
    return mail.outbox[0]


def test_facts_and_times_are_those_of_sending_in_the_readers_zone(probe, reader, noon):
    probe.build = lambda note: outbox.Mail({"word": "x", "when": NOON})
    assert sent(reader).subject == "Hello Anna at 12:00"


def test_a_mail_has_text_and_html_and_escapes_only_the_latter(probe, reader, noon):
    probe.build = lambda note: outbox.Mail({"word": "<b>&"})
    message = sent(reader)
    assert "Dear Anna Kovács, <b>&" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "Dear Anna Kovács, &lt;b&gt;&amp;" in html
    assert 'dir="ltr"' in html


def test_a_reader_of_arabic_gets_a_mail_from_right_to_left(probe, reader, noon):
    reader.language = "ar"
    reader.save()
    assert '<html lang="ar" dir="rtl">' in sent(reader).alternatives[0][0]


def test_headers_name_the_mail_for_good(probe, reader, noon):
    message = sent(reader)
    guid = Notification.objects.get().guid
    assert message.extra_headers["Message-ID"] == f"<{guid}@localhost>"
    assert message.extra_headers["Date"] == "Tue, 07 Sep 2021 10:00:00 +0000"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_what_may_be_muted_carries_the_one_click_headers(probe, reader, noon):
    headers = sent(reader).extra_headers
    assert headers["List-Unsubscribe"].startswith("<http://localhost:8000/l/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_may_not_be_muted_carries_none(probe, reader, noon):
    assert "List-Unsubscribe" not in sent(reader, kind="alarm").extra_headers


def test_a_name_cannot_inject_a_header(probe, reader, noon, folder):
    reader.given_name = 'Eve" <eve@example.org>\r\nBcc: all@example.edu'
    reader.save()
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    assert outbox.deliver_due().sent == 1
    (file,) = folder.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == [reader.email]


def test_attachments_and_alternatives_travel(probe, reader, noon, folder):
    invitation = outbox.Attachment(
        "invite.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR", alternative=True
    )
    report = outbox.Attachment("report.pdf", "application/pdf", b"%PDF")
    probe.build = lambda note: outbox.Mail({"word": "x"}, attachments=[invitation, report])
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    assert outbox.deliver_due().sent == 1
    (file,) = folder.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    kinds = {part.get_content_type(): part for part in message.walk()}
    assert kinds["text/calendar"].get_param("method") == "REQUEST"
    assert kinds["text/calendar"].get_content().strip() == "BEGIN:VCALENDAR"
    assert kinds["application/pdf"].get_filename() == "report.pdf"


def test_the_folder_holds_one_file_per_mail_however_often_it_is_sent(probe, reader, noon, folder):
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    outbox.deliver_due()
    Notification.objects.update(state="queued", settled_at=None, try_at=NOON)
    outbox.deliver_due()
    assert [file.name for file in folder.iterdir()] == [f"{Notification.objects.get().guid}.eml"]


def test_a_mail_sent_again_is_the_same_to_the_byte(probe, reader, noon, folder):
    report = outbox.Attachment("report.pdf", "application/pdf", b"%PDF")
    probe.build = lambda note: outbox.Mail({"word": "x"}, attachments=[report])
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    outbox.deliver_due()
    (first,) = [file.read_bytes() for file in folder.iterdir()]
    Notification.objects.update(state="queued", settled_at=None, try_at=NOON)
    outbox.deliver_due()
    assert [file.read_bytes() for file in folder.iterdir()] == [first]


def test_headers_that_need_folding_are_folded(probe, reader, noon, folder):
    reader.given_name = "Éva " + "long " * 25
    reader.save()
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    outbox.deliver_due()
    (file,) = folder.iterdir()
    head = file.read_bytes().split(b"\n\n")[0]
    assert all(len(line) <= 78 or b" " not in line.strip() for line in head.split(b"\n"))
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"].count("long") == 25
