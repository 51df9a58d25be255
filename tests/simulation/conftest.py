"""Small plays, with a mail folder of their own and the real clock afterwards."""

from datetime import date

import pytest

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.simulation import behavior, figures
from mentoring.simulation.player import Piece, perform
from programs.spec import catalog


@pytest.fixture
def mail_folder(settings, tmp_path):
    """Where every sending of a mail is a file."""
    settings.EMAIL_BACKEND = "mentoring.simulation.mailbox.EverySendingBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


@pytest.fixture
def play(db, mail_folder):
    """Play a piece in the test's own transaction; the performance and its figures."""

    def playing(slug="semmelweis", *, students=10, mentors=9, weeks=8, seed=1, **changes):
        for path in mail_folder.glob("*.eml"):
            path.unlink()
        admin = User.objects.create_superuser("admin@staff.example.edu", given_name="A")
        piece = Piece(
            spec=catalog.spec(slug),
            name="A play",
            students=students,
            mentors=mentors,
            weeks=weeks,
            start=date(2021, 9, 6),
            seed=seed,
            behavior=behavior.load(slug).model_copy(update=changes),
        )
        performance = perform(piece, admin=admin)
        return performance, figures.collect(performance, folder=mail_folder)

    yield playing
    clock.set_process(None)
