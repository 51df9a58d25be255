"""A process that forks windows saving one diary entry at once (see test_diary)."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from sessions.models import DiaryBody, DiaryEntry  # noqa: E402
from sessions.services import diaries  # noqa: E402
from tests.factories import meeting, pair  # noqa: E402
from tests.races.forking import race  # noqa: E402

NOW = datetime(2021, 9, 10, 10, 0, tzinfo=UTC)
KEY = "bcdfghjkmnpq"


def key(number: int) -> str:
    return f"bcdfghjkmn{number // 8 + 2}{number % 8 + 2}"


def acts(scene: str, racers: int):
    mentorship = pair()
    author = mentorship.mentor.person
    held = meeting(mentorship, NOW.replace(day=8), state="held")
    if scene == "editing":
        diaries.save(mentorship=mentorship, save=diaries.Save(key=KEY, text="First"), by=author)

    def save(number: int):
        about = held if scene == "beginning" else None
        entry_key = key(number) if scene == "beginning" else KEY
        version = 1 if scene == "editing" else 0
        diaries.save(
            mentorship=mentorship,
            save=diaries.Save(
                key=entry_key, text=f"Window {number}", version=version,
                tab=f"tab{number}", meeting=about,
            ),
            by=author,
        )  # fmt: skip

    return [lambda number=number: save(number) for number in range(racers)]


def main(scene: str, racers: int) -> None:
    call_command("migrate", verbosity=0)
    clock.set_process(NOW)
    counts, heard = race(acts(scene, racers))
    found = {
        "won": counts["won"],
        "refused": counts["refused"],
        "broke": counts["broke"],
        "entries": DiaryEntry.objects.count(),
        "bodies": DiaryBody.objects.count(),
        "versions": sum(DiaryEntry.objects.values_list("version", flat=True)),
        "heard": heard,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
