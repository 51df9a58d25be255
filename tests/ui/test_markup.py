"""Texts that coordinators write become pages, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.ui.markup import plain, render

ALLOWED = re.compile(
    r"</?(?:a|blockquote|br|code|em|h[2-6]|hr|li|ol|p|pre|strong|table|tbody|td|th|thead|tr|ul)"
    r'(?: (?:href="(?:https?:|mailto:|tel:|/)[^"<>]*"|rel="noopener noreferrer"|start="\d+"'
    r'|scope="col"))*>'
)


def test_marks_become_what_they_stand_for():
    html = render("# First meeting\n\nBring **questions**.\nNot *answers*.\n\n- one\n- two")
    assert "<h2>First meeting</h2>" in html
    assert "<strong>questions</strong>.<br>" in html
    assert "<li>two</li>" in html


def test_headings_stay_below_those_of_the_page():
    html = render("# One\n\n## Two\n\n###### Six", top=3)
    assert re.findall(r"<(h\d)>", html) == ["h3", "h4", "h5"]


def test_no_level_of_headings_is_skipped():
    html = render("### A\n\n##### B\n\n###### C\n\n### D\n\n# E")
    assert re.findall(r"<(h\d)>", html) == ["h2", "h3", "h4", "h2", "h2"]
    assert re.findall(r"<(h\d)>", render("### Alone", top=2)) == ["h2"]


def test_a_picture_is_a_link_to_it():
    html = render("See ![the map](https://example.edu/map.png) & ![](https://example.edu/x.png)")
    assert '<a href="https://example.edu/map.png" rel="noopener noreferrer">the map</a>' in html
    assert ">https://example.edu/x.png</a>" in html
    assert "<img" not in html
    assert "href" not in render("![x](javascript:alert(1))")


def test_a_table_says_what_its_columns_are():
    html = render("| Week | What |\n|---|---|\n| 1 | Meet |")
    assert '<th scope="col">Week</th>' in html
    assert "<td>Meet</td>" in html


def test_links_lead_to_the_web_to_mail_and_to_the_telephone():
    html = render("[w](https://example.edu) [m](mailto:a@example.edu) [t](tel:+3612345)")
    assert re.findall(r'href="([a-z]+):', html) == ["https", "mailto", "tel"]
    assert html.count('rel="noopener noreferrer"') == 3
    assert 'href="/help/"' in render("[Help](/help/)")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '[x](https://example.edu "onmouseover=alert(1)")',
        "<style>body{display:none}</style>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x]( javascript:alert(1) )",
        '<https://example.edu/"onclick=alert(1)>',
        "`<svg/onload=alert(1)>`",
        "<iframe src=//elsewhere.example></iframe>",
    ],
)
def test_nothing_gets_through_that_is_not_on_the_list(hostile):
    html = str(render(hostile))
    assert "<" not in ALLOWED.sub("", html)


@given(st.text(alphabet="<>&\"'`*_[]()!#|- \n\tjavascript:dt=/\\01aé\u202e", max_size=80))
def test_whatever_is_typed_only_tags_of_the_list_come_out(text):
    assert "<" not in ALLOWED.sub("", str(render(text)))


def test_plain_text_has_no_marks_and_an_end():
    assert plain("# One\n\n**two** &lt; [three](https://example.edu)") == "One two < three"
    assert plain("one two three four", words=2) == "one two…"
