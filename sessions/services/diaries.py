"""Diaries: written as one types, shared entry by entry and taken back, read under audit."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.keys import ALPHABET, KEY_LENGTH
from programs.spec.phases import phase_on
from sessions import private
from sessions.circle import Circle, circle, side_of
from sessions.diary import sight
from sessions.models import DiaryEntry, Meeting, MeetingState, ParticipantAttendance

MAX_LENGTH = 20_000


class StaleError(DomainError):
    """Another window has saved this entry meanwhile; ``entry`` is what stands now."""

    def __init__(self, entry: DiaryEntry) -> None:
        super().__init__(
            _(
                "This entry was changed in another window. Your text stays here: look at the other "
                "version, copy what you want to keep, and save again."
            )
        )
        self.entry = entry


@dataclass(frozen=True)
class Save:
    """One save of one window.

    ``key`` is drawn when the page is opened, so that a save whose answer was lost makes no second
    entry. ``version`` is the last one this window knows of (0: none), ``turn`` counts its saves.
    """

    key: str
    text: str
    version: int = 0
    tab: str = ""
    turn: int = 1
    day: date | None = None
    meeting: Meeting | None = None


@transaction.atomic
def save(*, mentorship: Mentorship, save: Save, by: User) -> DiaryEntry:
    """Keep what this person has typed so far. Never overwrites what another window saved."""
    if len(save.text) > MAX_LENGTH:
        message = _("Please write at most %(max)d characters.") % {"max": MAX_LENGTH}
        raise DomainError(message, field="text")
    entry = DiaryEntry.objects.select_for_update().filter(key=save.key).first()
    if entry is None:
        entry = _begin(mentorship, save, by)
    _check_own(entry, mentorship, by)
    if save.tab and entry.tab == save.tab:
        if save.turn <= entry.turn:
            return entry  # a late copy of an earlier save: what came after it stands
    elif entry.version != save.version:
        raise StaleError(entry)
    if save.day not in {None, entry.day} and entry.meeting_id is None:
        entry.day = save.day or entry.day
        _check_day(entry.day, mentorship, _place_starts(mentorship, by))
    _keep(entry, save, by)
    return entry


def _begin(mentorship: Mentorship, save: Save, by: User) -> DiaryEntry:
    """A new entry, still without words; refused while there is nothing to keep."""
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended."))
    members = circle(mentorship)
    member = members.need(by)
    if not save.text.strip():
        raise DomainError(_("Write something first."), field="text")
    if len(save.key) != KEY_LENGTH or not set(save.key) <= set(ALPHABET):
        raise DomainError(_("This page is out of date. Copy your text and open a new entry."))
    cohort = mentorship.cohort
    day = save.day or clock.today(cohort.zone)
    if save.meeting is not None:
        _check_meeting(save.meeting, mentorship, by)
        day = save.meeting.starts_at.astimezone(cohort.zone).date()
    started = member.started_at.astimezone(cohort.zone).date()
    _check_day(day, mentorship, started)
    try:
        with transaction.atomic():
            return DiaryEntry.objects.create(
                key=save.key,
                mentorship=mentorship,
                author=by,
                side=side_of(member.role),
                meeting=save.meeting,
                phase=phase_on(cohort.spec, started, day),
                day=day,
            )
    except IntegrityError:
        # Begun at the same moment: by a copy of this save, or about this meeting elsewhere.
        same_key = DiaryEntry.objects.select_for_update().filter(key=save.key).first()
        if same_key is not None:
            return same_key
        raise StaleError(sight.own(by).get(meeting=save.meeting)) from None


def _keep(entry: DiaryEntry, save: Save, by: User) -> None:
    now = clock.now()
    private.replace(entry, save.text)
    first = entry.written_at is None and bool(save.text.strip())
    if first:
        entry.written_at = now
        audit.record(by=by, action="diary.written", subject=entry)
    entry.updated_at, entry.version = now, entry.version + 1
    entry.tab, entry.turn = save.tab, save.turn
    entry.save(update_fields=["day", "written_at", "updated_at", "version", "tab", "turn"])


@transaction.atomic
def set_audience(*, entry: DiaryEntry, members: bool, supervisor: bool, by: User) -> DiaryEntry:
    """Let the other members, or the author's supervisors, read this entry; or no longer."""
    entry = _own(entry, by)
    if entry.written_at is None:
        raise DomainError(_("Write something first."))
    if members and not entry.members_at and not others(entry):
        raise DomainError(_("There is nobody else in this mentorship."))
    if supervisor and not entry.supervisor_at and not supervisors(entry):
        raise DomainError(_("You have no supervisor here."))
    now = clock.now()
    before = (bool(entry.members_at), bool(entry.supervisor_at))
    entry.members_at = (entry.members_at or now) if members else None
    entry.supervisor_at = (entry.supervisor_at or now) if supervisor else None
    if (members, supervisor) != before:
        entry.save(update_fields=["members_at", "supervisor_at"])
        action = "diary.shared" if members or supervisor else "diary.unshared"
        audit.record(by=by, action=action, subject=entry, members=members, supervisor=supervisor)
    return entry


@transaction.atomic
def delete(*, entry: DiaryEntry, by: User) -> DiaryEntry:
    """Remove the text for good, and from everyone it was shared with. Its date remains."""
    entry = _own(entry, by)
    private.erase([entry])
    entry.deleted_at, entry.members_at, entry.supervisor_at = clock.now(), None, None
    entry.save(update_fields=["deleted_at", "members_at", "supervisor_at"])
    audit.record(by=by, action="diary.deleted", subject=entry)
    return entry


@transaction.atomic
def read(*, entry: DiaryEntry, by: User) -> str:
    """The text, for its author and those it is shared with; each reading by another is recorded.

    The caller has checked ``READ_DIARY``.
    """
    if by.pk != entry.author_id:
        audit.record(by=by, action="diary.read", subject=entry)
    rows = DiaryEntry.objects.filter(pk=entry.pk).select_related("body")
    return private.texts(rows).get(entry.pk, "")


def others(entry: DiaryEntry) -> list[User]:
    """Who else is in the mentorship today."""
    members: Circle = circle(entry.mentorship)
    return [member.person for member in members.others(entry.author)]


def supervisors(entry: DiaryEntry) -> list[User]:
    """Who supervises the author."""
    rows = sight.supervisors(cohort=entry.mentorship.cohort, author=entry.author)
    return [row.person for row in rows]


def erase(user: User) -> None:
    """Remove everything she wrote; that there were entries, and when, stays with the program."""
    rows = DiaryEntry.objects.filter(author=user)
    private.erase(rows)
    rows.filter(deleted_at=None).update(deleted_at=clock.now(), members_at=None, supervisor_at=None)


def _own(entry: DiaryEntry, by: User) -> DiaryEntry:
    found = DiaryEntry.objects.select_for_update().get(pk=entry.pk)
    _check_own(found, found.mentorship, by)
    return found


def _check_own(entry: DiaryEntry, mentorship: Mentorship, by: User) -> None:
    if entry.author_id != by.pk or entry.mentorship_id != mentorship.pk:
        raise DomainError(_("This entry is somebody else's."))
    if entry.deleted_at is not None:
        raise DomainError(_("You have deleted this entry. Copy your text to keep it."))


def _check_meeting(meeting: Meeting, mentorship: Mentorship, by: User) -> None:
    there = meeting.participants.filter(person=by, attendance=ParticipantAttendance.PRESENT)
    held = meeting.state == MeetingState.HELD and meeting.mentorship_id == mentorship.pk
    if not held or not there.exists():
        raise DomainError(_("You can write about meetings that you were at."))


def _place_starts(mentorship: Mentorship, by: User) -> date:
    first = mentorship.memberships.filter(person=by).order_by("started_at").first()
    started = first.started_at if first else mentorship.started_at
    return started.astimezone(mentorship.cohort.zone).date()


def _check_day(day: date, mentorship: Mentorship, started: date) -> None:
    if day > clock.today(mentorship.cohort.zone):
        raise DomainError(_("This day is still to come."), field="day")
    if day < started:
        raise DomainError(_("You were not in this mentorship then."), field="day")
