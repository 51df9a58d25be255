import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from mentoring import clock, outbox
from mentoring.ops import broker, doctor
from mentoring.outbox.models import Heartbeat, Notification
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(monkeypatch, settings, tmp_path):
    """A house in order: a broker that answers, beat and worker alive."""

    class Client:
        def info(self, section):
            return {"redis_version": "7.2.4"}

        def config_get(self, name):
            return {name: "noeviction"}

        def close(self):
            pass

    monkeypatch.setattr(broker, "connect", Client)
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    for name in ("beat", "worker"):
        Heartbeat.beat(name)


def wrong() -> dict[str, tuple[str, str]]:
    return {f.check: (f.says, f.mend) for f in doctor.examine() if f.verdict == "wrong"}


def test_a_house_in_order_is_found_healthy(healthy, capsys):
    assert wrong() == {}
    call_command("doctor", "--json")
    assert json.loads(capsys.readouterr().out)["healthy"] is True


def test_every_finding_that_is_wrong_says_how_to_mend_it(db):
    findings = doctor.examine()  # no broker, no heartbeat: nothing runs here
    assert {f.check for f in findings if f.verdict == "wrong"} == {"broker", "beat", "worker"}
    assert all(f.mend for f in findings if f.verdict == "wrong")


def test_it_ends_with_1_when_something_is_wrong(db, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "Start that, or set REDIS_URL." in capsys.readouterr().out


def test_a_beat_that_has_stopped_is_told_from_a_worker_that_has(healthy):
    Heartbeat.objects.filter(name="beat").update(at=clock.now() - timedelta(minutes=9))
    assert wrong() == {
        "beat": ("showed itself 9 min ago", "Start beat: `manage.py up`, or the service beat.")
    }


def test_a_data_folder_open_to_others_is_found(healthy, settings):
    settings.DATA_DIR.chmod(0o755)
    assert wrong() == {
        "settings": ("others may enter the data folder", f"chmod 700 {settings.DATA_DIR}")
    }


def test_a_mail_server_that_is_away_is_found(healthy, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    says, mend = wrong()["mail"]
    assert says.startswith("ConnectionRefusedError")
    assert mend.startswith("Check EMAIL_URL")


def test_late_mails_are_found(healthy):
    user = UserFactory()
    past = clock.now() - timedelta(hours=1)
    outbox.enqueue(kind="account_mail", recipient=user, dedupe_key="late", due_at=past)
    assert wrong()["outbox"][0] == "1 mails are late by more than 15 min"
    Notification.objects.update(try_at=clock.now() + timedelta(hours=1))  # quiet hours
    assert wrong() == {}


def test_a_check_that_breaks_is_a_finding_and_the_others_still_count(healthy, monkeypatch):
    monkeypatch.setattr(doctor, "import_module", lambda name: 1 / 0)
    assert set(wrong()) == {"pdf"}


def test_missing_libraries_of_pango_are_a_note_with_what_to_install(healthy, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(doctor, "import_module", missing)
    note = next(finding for finding in doctor.examine() if finding.check == "pdf")
    assert note.verdict == "note"
    assert "libpango-1.0-0" in note.says
    assert note.mend == "apt-get install libpango-1.0-0 libpangoft2-1.0-0"


def test_heartbeat_answers_health_checks(healthy):
    call_command("heartbeat", "worker")
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=3))
    with pytest.raises(CommandError, match="has not shown itself"):
        call_command("heartbeat", "worker")
