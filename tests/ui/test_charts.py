"""Charts: readable without seeing them, and without inline styles."""

import pytest
from lxml import html

from mentoring.ui import charts
from mentoring.ui.charts import Series


def parsed(chart):
    return html.fromstring(str(chart))


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars("Loads", [("None", 14), ("One", 157)]),
        charts.stacked_bars("Meetings", ["Sep", "Oct"], [Series("Held", [3, 4])]),
        charts.lines("Weeks", ["1", "2"], [Series("Met", [3, None])]),
    ],
    ids=["bars", "stacked", "lines"],
)
def test_a_chart_has_title_description_and_table_and_no_style(chart):
    figure = parsed(chart)
    image = figure.xpath("//div[@role='img']")[0]
    assert figure.xpath("//figcaption/@id") == [image.get("aria-labelledby")]
    assert figure.xpath("//p[@class='visually-hidden']/@id") == [image.get("aria-describedby")]
    assert figure.xpath("//details//table//td")
    assert "style=" not in str(chart)


def test_bars_are_as_long_as_their_numbers():
    widths = [
        float(rect.get("width"))
        for rect in parsed(charts.bars("Loads", [("a", 5), ("b", 10), ("c", 0)])).xpath("//rect")
    ]
    assert widths[1] == 2 * widths[0] > 0 == widths[2]


def test_stacked_bars_leave_out_what_is_zero_and_say_the_total():
    figure = parsed(charts.stacked_bars("M", ["Sep"], [Series("Held", [3]), Series("Missed", [0])]))
    assert len(figure.xpath("//div[@class='chart-rows']//rect")) == 1
    assert figure.xpath("//b")[0].text == "3"


def test_a_line_has_a_gap_where_nothing_is_known():
    chart = charts.lines("W", list("abcd"), [Series("x", [1, None, 2, 3])])
    path = parsed(chart).xpath("//div[@role='img']//path/@d")[0]
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_an_empty_chart_draws_without_dividing_by_zero():
    assert charts.bars("Loads", [])
    assert charts.lines("W", ["1"], [Series("x", [0])])


def test_series_must_fit_the_labels():
    with pytest.raises(ValueError, match="1 values for 2 labels"):
        charts.lines("W", ["1", "2"], [Series("x", [1])])


def test_labels_are_escaped():
    assert "<script>" not in str(charts.bars("<script>", [("<script>", 1)]))


def test_a_long_axis_is_labelled_sparsely_from_first_to_last():
    labels = [str(n) for n in range(1, 41)]
    ticks = parsed(charts.lines("W", labels, [Series("x", list(range(40)))])).xpath(
        "//div[@class='chart-ticks']/span/text()"
    )
    assert (ticks[0], ticks[-1], len(ticks)) == ("1", "40", 7)
