"""What people confide is found nowhere: a sentence is planted, and everything is searched for it.

Written as diary, message, concern and wish, through the pages and through the services; looked
for in the database's own files or dump, in every log line at DEBUG with SQL, on error pages and in
the report that administrators get, in mails, exports, audit, tasks, sessions and messages.
"""

import base64
import csv
import io
import json
import logging
import quopri
import shutil
import subprocess
from datetime import timedelta
from urllib.parse import quote, quote_plus

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail import mail_admins
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.views.debug import ExceptionReporter, technical_500_response

from evaluation.surveys import answering
from matching import private as matching_private
from matching.services import choosing, requests
from mentoring import clock, outbox, ports
from mentoring.audit.models import Event
from mentoring.celery import app
from mentoring.keys import new_key
from programs.models import Enrollment
from sessions import private
from sessions.agreement_terms import Terms
from sessions.models import DiaryEntry
from sessions.services import agreements, change_requests, concerns, diaries, goals, messages
from tests.evaluation.surveys.conftest import answers, ask, ground
from tests.factories import EnrollmentFactory

SENTENCE = "Quetzal-17 whispered: a szégyen nem múlik – \U0001f98a"
PLAIN = "Quetzal-17 whispered"


def disguises() -> dict[str, bytes]:
    """The sentence as it may look in a file, a log, a mail, a form or a dump."""
    found = {
        "utf-8": PLAIN.encode(),
        "utf-16-le": PLAIN.encode("utf-16-le"),
        "utf-16-be": PLAIN.encode("utf-16-be"),
        "hex": PLAIN.encode().hex().encode(),
        "quoted-printable": quopri.encodestring(PLAIN.encode()),
        "url": quote(PLAIN).encode(),
        "form": quote_plus(PLAIN).encode(),
        "accents as JSON": b"a sz\\u00e9gyen nem",
        "accents as repr": b"a sz\\xc3\\xa9gyen nem",
        "accents": "a szégyen nem".encode(),
    }
    # Base64 of a part looks different at each of three offsets.
    for offset in range(3):
        coded = base64.b64encode(b"x" * offset + PLAIN.encode())
        found[f"base64 at {offset}"] = coded[4 if offset else 0 : -4]
    return found


DISGUISES = disguises()


def look_in(where: str, content: object) -> list[str]:
    """Under which disguises the sentence stands there."""
    raw = content if isinstance(content, bytes) else str(content).encode("utf-8", "replace")
    return [
        f"{where}: {name}" for name, needle in DISGUISES.items() if needle.lower() in raw.lower()
    ]


class Everything(logging.Handler):
    """All that is logged, as the log would show it, its arguments and traces included."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record) + repr(record.__dict__.get("sql", "")))


@pytest.fixture(autouse=True)
def noon():
    """Nobody's quiet hours: mails leave."""
    with clock.at(clock.now().replace(hour=11)):
        yield


@pytest.fixture
def logs():
    """Every logger at DEBUG, with SQL and its parameters, but those the settings hold back."""
    handler, root = Everything(), logging.getLogger()
    held_back = settings.LOGGING["loggers"]
    names = [name for name in root.manager.loggerDict if name not in held_back]
    loggers = [root, *map(logging.getLogger, names)]
    before = [(one, one.level, one.disabled, one.propagate) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.disabled = False
    root.addHandler(handler)
    connection.force_debug_cursor = True
    yield handler
    connection.force_debug_cursor = False
    root.removeHandler(handler)
    for one, level, disabled, propagate in before:
        one.setLevel(level)
        one.disabled, one.propagate = disabled, propagate


@pytest.fixture
def tasks(monkeypatch):
    """The arguments of every task that is handed over, as the broker would store them."""
    handed: list[str] = []
    original = app.Task.apply_async

    def apply_async(self, args=None, kwargs=None, *more, **options):
        handed.append(json.dumps([self.name, args, kwargs], default=str))
        return original(self, args, kwargs, *more, **options)

    monkeypatch.setattr(app.Task, "apply_async", apply_async)
    return handed


@pytest.fixture
def stage(world):
    """The pair of ``world`` and a coordinator, with signed-in browsers."""
    for name in ("student", "mentor", "coordinator", "supervisor"):
        client = Client(raise_request_exception=False)
        client.force_login(world.people[name])
        setattr(world, f"{name}_browser", client)
    return world


def plant(stage) -> list[DiaryEntry]:
    """Through every page and every service that takes private text."""
    pair, cohort = stage.mentorship, stage.cohort
    student, mentor = stage.people["student"], stage.people["mentor"]
    browser = stage.student_browser
    for text in (SENTENCE, f"{SENTENCE} twice"):
        data = {"key": new_key(), "version": 0, "turn": 1, "text": text, "day": _today()}
        for accept in ("application/json", "text/html"):
            answer = browser.post(
                f"/mentorships/{pair.key}/diary/save/",
                data | {"key": new_key()},
                HTTP_ACCEPT=accept,
            )
            assert answer.status_code in {200, 302}, answer.content
    # Refused forms come back with what was typed: to its author, and to nobody's log.
    browser.post(f"/mentorships/{pair.key}/diary/save/", {"text": SENTENCE, "day": "never"})
    browser.post(f"/mentorships/{pair.key}/messages/write/", {"text": SENTENCE})
    browser.post(f"/mentorships/{pair.key}/messages/write/", {"text": SENTENCE * 200})
    browser.post(f"/mentorships/{pair.key}/change/", {"reason": SENTENCE})
    recipient = concerns.recipients(cohort, besides=student).first()
    browser.post(
        f"/cohorts/{cohort.key}/concern/",
        {"recipient": recipient.pk, "text": SENTENCE, "urgent": "on"},
    )
    messages.write(mentorship=pair, text=SENTENCE, by=mentor)
    concerns.raise_concern(
        cohort=cohort, recipient=recipient.person, text=SENTENCE, urgent=True, by=mentor
    )
    change_requests.ask(mentorship=pair, by=mentor, reason=SENTENCE)
    entry = diaries.save(
        mentorship=pair, save=diaries.Save(key=new_key(), text=SENTENCE), by=mentor
    )
    diaries.set_audience(entry=entry, members=True, supervisor=True, by=mentor)
    plant_what_they_agree_upon(stage)
    plant_beside_a_request(stage)
    plant_in_a_survey()
    return list(DiaryEntry.objects.all())


def plant_beside_a_request(stage) -> None:
    """What a student writes to the mentor she asks, through the page and the service."""
    cohort, rows = stage.cohort, Enrollment.objects.filter(cohort=stage.cohort)
    cohort.override_at, cohort.override_reason = clock.now(), "A test."
    cohort.save()
    her = rows.get(person=stage.people["fellow_student"])
    mentor = rows.get(person=stage.people["fellow_mentor"])
    asked = choosing.open_round(
        cohort=cohort, way="search", by=None, suggestions=10, asks=3, answer_days=5,
        expert_after_days=28,
    )  # fmt: skip
    browser, url = Client(), f"/cohorts/{cohort.key}/my-mentor/{her.key}/ask/{mentor.key}/"
    browser.force_login(her.person)
    browser.post(url, {"word": SENTENCE * 100})
    browser.post(url, {"word": SENTENCE})
    row = her.asked_mentors.get()
    assert matching_private.word(row) == SENTENCE
    reader = Client()
    reader.force_login(mentor.person)
    assert PLAIN in reader.get(f"/requests/{row.key}/").content.decode()
    requests.decline(request=row, by=mentor.person)
    other = EnrollmentFactory(cohort=cohort, role="mentor")
    requests.ask(round_=asked, student=her, mentor=other.key, by=her.person, word=SENTENCE)


def plant_what_they_agree_upon(stage) -> None:
    """An agreement's own words and a goal, as the pages and the services take them."""
    pair, mentor = stage.mentorship, stage.people["mentor"]
    terms = Terms(aims=SENTENCE, confidentiality=f"{SENTENCE} too")
    agreements.propose(mentorship=pair, terms=terms, by=mentor)
    browser, goals_page = stage.student_browser, f"/mentorships/{pair.key}/goals/"
    browser.post(f"{goals_page}add/", {"title": SENTENCE, "horizon": "short"})
    goal = pair.goals.get()
    browser.post(
        f"{goals_page}{goal.key}/edit/", {"title": f"{SENTENCE}, again", "horizon": "long"}
    )
    browser.post(f"{goals_page}{goal.key}/settle/", {"state": "dropped", "reason": SENTENCE})
    assert goals.words([pair.goals.get()])[goal.pk].reason == SENTENCE


def plant_in_a_survey() -> None:
    """A comment that waits, with too few others to be entered."""
    place = ground()
    survey = ask(place)
    with clock.at(survey.opens_at + timedelta(days=1)):
        answering.submit(
            survey=survey,
            ratings=answers(1),
            comments={"open-word.change": SENTENCE},
            by=place.students[0],
        )
    assert survey.waiting.count() == 1


def _today() -> str:
    return clock.now().date().isoformat()


def read_everything(stage) -> None:
    """The sentence is shown to those who may read it, so that what follows is a real search."""
    pair = stage.mentorship
    entry = DiaryEntry.objects.get(author=stage.people["mentor"])
    for path in (f"/mentorships/{pair.key}/messages/", f"/diary/{entry.key}/"):
        page = stage.student_browser.get(path)
        assert PLAIN in page.content.decode(), path
        assert "no-store" in page["Cache-Control"], path
    assert PLAIN in stage.supervisor_browser.get(f"/diary/{entry.key}/").content.decode()
    for path in (
        "/diary/",
        f"/mentorships/{pair.key}/diary/",
        f"/mentorships/{pair.key}/agreement/",
        f"/mentorships/{pair.key}/goals/",
    ):
        page = stage.student_browser.get(path)
        assert "no-store" in page["Cache-Control"], path


def database_dump(tmp_path) -> bytes:
    """The database as whoever steals it would see it."""
    if connection.vendor == "sqlite":
        # In memory during tests: written out page by page, free pages and all.
        target = tmp_path / "stolen.sqlite3"
        with connection.cursor() as cursor:
            if connection.in_atomic_block:
                return "\n".join(connection.connection.iterdump()).encode() + _all_rows()
            cursor.execute("VACUUM INTO %s", [str(target)])
        return target.read_bytes() + _all_rows()
    return _all_rows()


def _all_rows() -> bytes:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    found.append(
                        bytes(cell) if isinstance(cell, memoryview | bytes) else str(cell).encode()
                    )
    return b"\n".join(found)


def test_the_search_finds_a_sentence_in_every_disguise():
    for content in (SENTENCE, SENTENCE.encode("utf-16-le"), json.dumps(SENTENCE), quote(SENTENCE)):
        assert look_in("here", content)
    for offset in range(3):
        assert look_in("here", base64.b64encode(b"y" * offset + SENTENCE.encode()))
    assert look_in("here", SENTENCE.encode().hex())
    assert look_in("here", base64.b64encode(b"something else")) == []


@pytest.mark.django_db
def test_a_confided_sentence_is_found_nowhere(stage, logs, tasks, tmp_path):
    plant(stage)
    outbox.deliver_due()
    read_everything(stage)
    found = look_in("log", "\n".join(logs.lines)) + look_in("tasks", "\n".join(tasks))
    assert len(logs.lines) > 100
    connection.force_debug_cursor = False
    found += look_in("database", database_dump(tmp_path))
    found += look_in("audit", list(Event.objects.values()))
    found += look_in("sessions", [row.get_decoded() for row in Session.objects.all()])
    for letter in mail.outbox:
        found += look_in(f"mail {letter.subject}", letter.message().as_bytes())
    assert len(mail.outbox) > 3
    folder = settings.MAIL_FOLDER
    for path in folder.rglob("*") if folder.exists() else ():
        found += look_in("mailbox", path.read_bytes()) if path.is_file() else []
    assert found == []


@pytest.mark.django_db
def test_it_stands_in_nobodys_export_but_its_authors(stage):
    plant(stage)
    wrong = []
    for name, person in stage.people.items():
        sections = list(ports.PERSON_EXPORT.ask(person))
        text = json.dumps(sections, cls=DjangoJSONEncoder, ensure_ascii=False)
        mine = name in {"student", "mentor", "fellow_student"}
        if bool(look_in(name, text)) is not mine:
            wrong.append(name)
    assert wrong == []


@pytest.mark.django_db
def test_no_page_of_the_staff_and_no_list_for_a_spreadsheet_has_it(stage):
    plant(stage)
    key = stage.cohort.key
    pages = [
        "/", "/help/", "/concerns/", f"/mentorships/{stage.mentorship.key}/",
        *(f"/cohorts/{key}/{page}/" for page in ("people", "history", "changes", "board")),
        *(f"/cohorts/{key}/{page}/" for page in ("report", "surveys", "training")),
        *(f"/cohorts/{key}/{page}/?format=csv" for page in ("people", "pairs", "board/people")),
    ]  # fmt: skip
    seen = 0
    for path in pages:
        answer = stage.coordinator_browser.get(path)
        content = b"".join(answer) if answer.streaming else answer.content
        seen += answer.status_code == 200
        assert look_in(path, content) == []
        list(csv.reader(io.StringIO(content.decode("utf-8", "replace"))))
    assert seen >= 6


class BrokenError(RuntimeError):
    """What a mistake in our code would raise."""


@pytest.fixture
def broken(monkeypatch):
    """Sealing fails with the words in every frame around it."""

    def fail(row, text):
        local_copy = [text, {"text": text}]
        raise BrokenError(f"cannot seal {len(local_copy)} things")

    monkeypatch.setattr(private, "put", fail)
    monkeypatch.setattr(private, "replace", fail)


AGREED = {
    "often": "month-1",
    "minutes": 45,
    "contact_weeks": 1,
    "channels": ["message"],
    "answer_days": 2,
    "notice_hours": 48,
    "driver": "both",
    "check_in_weeks": 8,
    "end_days": 7,
    "aims": SENTENCE,
    "confidentiality": SENTENCE,
}
SENDS = [
    ("/mentorships/{pair}/diary/save/", {"version": 0, "turn": 1, "text": SENTENCE}),
    ("/mentorships/{pair}/messages/write/", {"text": SENTENCE}),
    ("/mentorships/{pair}/change/", {"reason": SENTENCE}),
    ("/cohorts/{cohort}/concern/", {"text": SENTENCE}),
    ("/mentorships/{pair}/goals/add/", {"title": SENTENCE, "horizon": "short"}),
    ("/mentorships/{pair}/agreement/propose/", AGREED),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("send", SENDS)
def test_an_error_page_its_report_and_its_log_do_not_repeat_it(stage, logs, settings, send, debug):
    settings.DEBUG = debug
    path, data = send
    settings.ADMINS = [("Admin", "admin@staff.example.edu")]
    recipient = concerns.recipients(stage.cohort, besides=stage.people["student"]).first()
    sent = data | {"key": new_key(), "day": _today(), "recipient": recipient.pk}
    address = path.format(pair=stage.mentorship.key, cohort=stage.cohort.key)
    answer = stage.student_browser.post(address, sent)
    assert answer.status_code == 500
    kind, error, trace = answer.exc_info
    reporter = ExceptionReporter(answer.wsgi_request, kind, error, trace)
    report = reporter.get_traceback_html() + reporter.get_traceback_text()
    assert "BrokenError" in report
    assert "local_copy" in report  # frames are there, by name
    technical = technical_500_response(answer.wsgi_request, kind, error, trace).content
    mail_admins("Error", reporter.get_traceback_text(), html_message=reporter.get_traceback_html())
    found = look_in("page", answer.content) + look_in("report", report)
    found += look_in("technical page", technical) + look_in("log", "\n".join(logs.lines))
    for letter in mail.outbox:
        found += look_in("mail", letter.message().as_bytes())
    assert found == []
    assert any("BrokenError" in line for line in logs.lines) or debug


def test_no_admin_of_the_framework_is_mounted():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not any("admin" in str(entry.pattern) for entry in get_resolver().url_patterns)


@pytest.mark.django_db(transaction=True)
def test_the_raw_files_of_the_database_do_not_hold_it(tmp_path):
    """SQLite's own file and its write-ahead log, or what ``pg_dump`` writes."""
    from tests.personas import make_world

    world = make_world()
    pair, author = world.mentorship, world.people["mentor"]
    messages.write(mentorship=pair, text=SENTENCE, by=author)
    entry = diaries.save(
        mentorship=pair, save=diaries.Save(key=new_key(), text=SENTENCE), by=author
    )
    EnrollmentFactory(cohort=world.cohort, hopes="Ordinary-hopes-42")
    assert private.texts([entry])[entry.pk] == SENTENCE
    raw = _raw_files(tmp_path)
    assert b"Ordinary-hopes-42" in raw  # what is not private is there: this is the database
    assert look_in("file", raw) == []
    assert Enrollment.objects.filter(hopes="Ordinary-hopes-42").exists()


def _raw_files(tmp_path) -> bytes:
    if connection.vendor == "sqlite":
        target = tmp_path / "raw.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        name = str(connection.settings_dict["NAME"])
        files = [target, *(tmp_path.parent.glob(f"{name}*") if "/" not in name else ())]
        return b"".join(path.read_bytes() for path in files if path.is_file())
    if not shutil.which("pg_dump"):
        return _all_rows()
    told = connection.settings_dict
    arguments = ["pg_dump", "-d", told["NAME"], "-h", told["HOST"] or "", "-U", told["USER"] or ""]
    if told["PORT"]:
        arguments += ["-p", str(told["PORT"])]
    done = subprocess.run(
        arguments, capture_output=True, check=False,
        env={"PGPASSWORD": told["PASSWORD"] or "", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else _all_rows()
