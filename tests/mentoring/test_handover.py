import pytest
from django.db import transaction

from mentoring import handover

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(monkeypatch):
    """A task that notes what was asked of it; a test may take the broker away."""
    monkeypatch.setattr(handover, "_silent", {})

    class Task:
        name = "note"
        OperationalError = ConnectionError
        away = False
        asked: list = []
        app = type("App", (), {"conf": type("Conf", (), {"task_always_eager": False})})

        def apply_async(self, args, retry):
            self.asked.append(args)
            if self.away:
                raise ConnectionError

    Task.asked = []
    return Task()


def test_work_is_handed_over_after_the_commit_and_once(task):
    with transaction.atomic():
        for number in (1, 1, 2):
            handover.after_commit(task, number)
        assert task.asked == []
    assert task.asked == [(1,), (2,)]


def test_nothing_is_handed_over_when_the_act_is_rolled_back(task):
    @transaction.atomic
    def act():
        handover.after_commit(task, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert task.asked == []


def test_a_broker_that_is_away_is_not_asked_again_and_again(task, caplog):
    task.away = True
    for number in range(5):
        handover.after_commit(task, number)
    assert task.asked == [(0,)]
    assert caplog.text.count("beat will hand note over later") == 1
    handover._silent["until"] = 0.0
    task.away = False
    handover.after_commit(task, 9)
    assert task.asked == [(0,), (9,)]
