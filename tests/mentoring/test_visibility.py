"""The table of design section 5, and how the levels narrow it."""

import pytest

from mentoring.accounts.visibility import (
    INSIDE,
    OF_THE_PAIR,
    Content,
    Level,
    Sight,
    Viewer,
    sight,
)

OUTSIDE = [viewer for viewer in Viewer if viewer not in INSIDE]


@pytest.mark.parametrize("viewer", OUTSIDE)
@pytest.mark.parametrize("content", sorted(OF_THE_PAIR))
def test_a_strict_program_lets_nothing_out_but_what_an_author_shared(content, viewer):
    assert sight(content, viewer, Level.STRICT) in {Sight.NOTHING, Sight.IF_SHARED}


@pytest.mark.parametrize("viewer", OUTSIDE)
@pytest.mark.parametrize("content", sorted(OF_THE_PAIR))
def test_counts_is_between_open_and_strict(content, viewer):
    assert sight(content, viewer, Level.COUNTS) in {
        Sight.NOTHING,
        Sight.COUNTS,
        Sight.IF_SHARED,
    }


@pytest.mark.parametrize("level", list(Level))
def test_a_site_administrator_sees_nothing_of_anybody(level):
    assert {sight(content, Viewer.SITE_ADMIN, level) for content in Content} == {Sight.NOTHING}


@pytest.mark.parametrize("level", list(Level))
def test_levels_do_not_change_what_members_see(level):
    for viewer in INSIDE:
        for content in Content:
            assert sight(content, viewer, level) == sight(content, viewer, Level.OPEN)


@pytest.mark.parametrize("viewer", list(Viewer))
def test_anonymous_answers_are_shown_to_nobody(viewer):
    assert sight(Content.SURVEY_ANSWERS, viewer) is Sight.NOTHING


def test_a_coordinator_of_an_open_program_sees_meetings_but_no_words():
    seen = {content: sight(content, Viewer.COORDINATOR) for content in Content}
    assert seen == {
        Content.DIARY: Sight.DATES,
        Content.MEETING_FACTS: Sight.FULL,
        Content.TOPICS: Sight.IF_PROGRAM_SAYS,
        Content.NOTES: Sight.NOTHING,
        Content.MESSAGES: Sight.RESPONSE_TIME,
        Content.AGREEMENT: Sight.STATUS,
        Content.GOALS: Sight.NOTHING,
        Content.AT_RISK: Sight.NOTHING,
        Content.SURVEY_ANSWERS: Sight.NOTHING,
        Content.CONCERN: Sight.EXISTS,
    }
