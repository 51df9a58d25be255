"""Whatever a spreadsheet holds, a roster file that says it is read back exactly."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from programs.roster import NotATableError, read

# Letters of any script that Windows or a spreadsheet would keep as they are.
word = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Nd"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
)
field = st.one_of(
    word, st.builds("{} \n{}".format, word, word), st.builds("{};,\t{}".format, word, word)
)
people = st.lists(st.tuples(field, field, st.sampled_from(["student", "mentor"])), max_size=8)


def written(rows, delimiter, end):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(["email", "given_name", "family_name", "role"])
    for number, (given_name, family_name, role) in enumerate(rows):
        writer.writerow([f"p{number}@example.edu", given_name, family_name, role])
    return buffer.getvalue()


@given(
    people,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read(rows, delimiter, end, encoding):
    found = read(written(rows, delimiter, end).encode(encoding))
    assert found.rejected == []
    assert found.read == len(rows)
    assert [entry.row for entry in found.entries] == list(range(2, len(rows) + 2))
    for entry, (_given, _family, role) in zip(found.entries, rows, strict=True):
        assert entry.role == role
        assert "\n" not in entry.given_name + entry.family_name


def outcome(data):
    """The roster, or the sentence that refuses the file."""
    try:
        return read(data), None
    except NotATableError as error:
        return None, str(error)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_roster_or_one_sentence(data):
    found, sentence = outcome(data)
    if found is None:
        assert sentence.endswith(".")
        assert "\n" not in sentence
    else:
        assert found.read == len(found.entries) + len(found.rejected)


@given(st.text(max_size=200))
def test_any_text_below_a_header_gives_rows_or_one_sentence(text):
    header = "email,given_name,family_name,role\n"
    found, sentence = outcome(f"{header}{text}".encode(errors="ignore"))
    if found is None:
        assert sentence.endswith(".")
    else:
        assert found.read == len(found.entries) + len(found.rejected)
        assert len({part.row for part in found.rejected}) == len(found.rejected)
