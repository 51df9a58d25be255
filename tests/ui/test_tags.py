"""Tags of the component kit."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.ui import icons, states

NOW = datetime(2021, 10, 5, 12, 0, tzinfo=UTC)


def render(source, **context):
    with clock.at(NOW):
        return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_readers_and_exists():
    assert 'aria-hidden="true"' in render('{% icon "check2" %}')
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        render('{% icon "no-such-icon" %}')


def test_every_state_has_a_tone_and_an_icon_of_the_kit():
    for tone, symbol in states.LOOKS.values():
        assert tone in states.TONES
        assert symbol in icons.names()


def test_every_state_of_every_model_has_a_look():
    from django.apps import apps

    found = {
        value
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name == "state" and field.choices
        for value, _label in field.choices
    }
    assert found - set(states.LOOKS) <= {"sending"}


def test_a_state_says_its_display_name():
    thing = SimpleNamespace(state="held", get_state_display=lambda: "It took place")
    assert "It took place" in render("{% state thing %}", thing=thing)
    assert "tone-success" in render("{% state thing %}", thing=thing)


def test_a_badge_of_an_unknown_tone_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="no tone"):
        render('{% badge "x" "pink" %}')


def test_initials():
    assert ">RS<" in render("{% avatar who %}", who=User(given_name="Réka", family_name="Szabó"))
    assert ">R<" in render("{% avatar who %}", who=User(email="reka@example.edu"))


def test_names_are_escaped():
    who = User(given_name="<b>", family_name="x")
    assert "<b>" not in render("{% person who note=note %}", who=who, note="<b>")


@pytest.mark.parametrize(
    ("style", "shown"),
    [("full", "Tue 5 Oct, 16:00"), ("day", "Tue 5 Oct"), ("time", "16:00"), ("ago", "in 2 hours")],
)
def test_a_moment_is_shown_in_the_readers_zone_and_machine_readable(style, shown):
    with timezone.override(ZoneInfo("Europe/Budapest")):
        html = render("{% when at style %}", at=NOW + timedelta(hours=2), style=style)
    assert f">{shown}</time>" in html
    assert 'datetime="2021-10-05T14:00:00Z"' in html


def test_a_moment_of_another_year_names_it():
    assert "Mon 5 Oct 2020, 12:00" in render("{% when at %}", at=NOW.replace(year=2020))
    assert "Sat 1 Jan 2022" in render("{% when at %}", at=date(2022, 1, 1))
    assert render("{% when at %}", at=None) == ""


@pytest.mark.parametrize(
    ("delta", "shown"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=-12), "12 days ago"),
        (timedelta(days=1, hours=1), "in 1 day"),
    ],
)
def test_how_long_ago(delta, shown):
    assert f">{shown}<" in render('{% when at "ago" %}', at=NOW + delta)


def test_a_span_names_the_day_once():
    html = render("{% span a b %}", a=NOW, b=NOW + timedelta(minutes=45))
    assert ">Tue 5 Oct, 12:00</time>–<time" in html
    assert ">12:45</time>" in html


def test_a_button_that_posts_carries_its_token_question_and_fields():
    html = render(
        '{% confirm_button "/x/" "End" "End it?" reason="left" %}', csrf_token="token-of-the-page"
    )
    assert 'method="post" action="/x/" data-confirm="End it?"' in html
    assert 'value="token-of-the-page"' in html
    assert '<input type="hidden" name="reason" value="left">' in html


def test_a_share_of_nothing_is_a_dash():
    assert render("{{ 3|percent:4 }} {{ 0|percent:0 }}") == "75 % –"
