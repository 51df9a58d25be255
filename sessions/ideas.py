"""What helps with a meeting: agendas and activities from the cohort's library."""

from mentoring import clock
from mentoring.accounts.models import User
from programs import queries_resources
from programs.presenters.resources import Line, lines, reading
from sessions.models import Meeting


def meeting_ideas(meeting: Meeting, reader: User) -> list[Line]:
    """Until it ends: at most three, for the reader's role and the phase in which it lies."""
    if not meeting.is_open or meeting.ends_at <= clock.now():
        return []
    cohort, mentorship = meeting.cohort, meeting.mentorship
    started = mentorship.started_at if mentorship else None
    phase = queries_resources.current_phase(
        cohort,
        started=started.astimezone(cohort.zone).date() if started else None,
        day=meeting.starts_at.astimezone(cohort.zone).date(),
    )
    language = reading()
    found = queries_resources.ideas(reader, cohort, phase=phase, language=language)
    return lines(found, cohort, phase=phase, reads=language)
