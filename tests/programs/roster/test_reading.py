"""A roster file says who takes part; what it gets wrong is named by line, field and value."""

import pytest

from programs.roster import NotATableError, read

HEADER = "email,given_name,family_name,role"
FULL = f"{HEADER},year,campus,track,gender,languages,interests,capacity,student_number"


def roster(*lines, header=HEADER):
    return read("\n".join([header, *lines]).encode())


def rejected(*lines, header=HEADER):
    return [(part.row, part.field, part.value) for part in roster(*lines, header=header).rejected]


def error(data):
    with pytest.raises(NotATableError) as caught:
        read(data)
    return str(caught.value)


def test_a_full_row():
    line = (
        "Anna.Kiss@Example.EDU, Anna ,Kiss,Mentee,1,Pest,Medicine,f,hu;en,"
        '"psychiatry, surgery",2,N-12'
    )
    [entry] = roster(line, header=FULL).entries
    assert entry.email == "anna.kiss@example.edu"
    assert (entry.given_name, entry.family_name, entry.role) == ("Anna", "Kiss", "student")
    assert (entry.year, entry.capacity) == (1, 2)
    assert entry.languages == ("hu", "en")
    assert entry.interests == ("psychiatry", "surgery")
    assert entry.student_number == "N-12"
    assert entry.given == set(FULL.split(",")[4:])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(separator, encoding, end):
    lines = [HEADER, "a@b.hu,Zoë,Müller,mentor", "c@b.hu,José,Núñez,student", ""]
    data = end.join(lines).replace(",", separator).encode(encoding)
    found = read(data)
    assert [(entry.given_name, entry.family_name) for entry in found.entries] == [
        ("Zoë", "Müller"),
        ("José", "Núñez"),
    ]
    assert found.rejected == found.warnings == []


@pytest.mark.parametrize(
    "header",
    [
        "E-mail;First name;Last name;Role",
        "Email Address;Given Name;Surname;Participant type",
        "EMAIL;FirstName;LastName;ROLE",
        " e_mail ;forename;Family name;role",
    ],
)
def test_common_spellings_of_headers(header):
    [entry] = roster("a@b.hu;Anna;Kiss;mentor", header=header).entries
    assert (entry.email, entry.given_name, entry.family_name) == ("a@b.hu", "Anna", "Kiss")


def test_an_explicit_mapping_wins():
    mapping = {"Cím": "email", "Kereszt": "given_name", "Család": "family_name", "Szerep": "role"}
    [entry] = read("Kereszt,Család,Cím,Szerep\nAnna,Kiss,a@b.hu,mentor\n".encode(), mapping).entries
    assert (entry.email, entry.given_name) == ("a@b.hu", "Anna")


def test_excels_own_separator_line_is_not_a_row():
    found = read(b"sep=;\r\nemail;given_name;family_name;role\r\nnobody;A;B;mentor\r\n")
    assert [part.row for part in found.rejected] == [2]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        (",A,B,mentor", "email", ""),
        ("nobody,A,B,mentor", "email", "nobody"),
        ("a@b,A,B,mentor", "email", "a@b"),
        ("a b@c.hu,A,B,mentor", "email", "a b@c.hu"),
        ("a@b.hu, ,B,mentor", "given_name", " "),
        ("a@b.hu,A,,mentor", "family_name", ""),
        ("a@b.hu,A,B,boss", "role", "boss"),
        ("a@b.hu,A,B,", "role", ""),
        ("a@b.hu,A,B,mentor,0", "year", "0"),
        ("a@b.hu,A,B,mentor,11", "year", "11"),
        ("a@b.hu,A,B,mentor,third", "year", "third"),
        ("a@b.hu,A,B,mentor,,,,,xx", "languages", "xx"),
        ("a@b.hu,A,B,mentor,,,,,hu;klingon", "languages", "hu;klingon"),
        ("a@b.hu,A,B,mentor,,,,,,,101", "capacity", "101"),
        ("a@b.hu,A,B,mentor,,,,,,,-1", "capacity", "-1"),
        ("a@b.hu,A,B,mentor,,,,,,,2.5", "capacity", "2.5"),
        (f"a@b.hu,{'A' * 151},B,mentor", "given_name", "A" * 151),
    ],
)
def test_what_is_rejected(line, field, value):
    assert rejected("ok@b.hu,A,B,mentor", line, header=FULL) == [(3, field, value)]


@pytest.mark.parametrize("value", ["0", "100", "7", "7.0", ""])
def test_capacity_from_0_to_100(value):
    assert rejected(f"a@b.hu,A,B,mentor,,,,,,,{value}", header=FULL) == []


@pytest.mark.parametrize("value", ["hu", "HU;en-GB", "Hungarian, english", "hu, en;de", ""])
def test_languages_as_codes_and_names(value):
    assert rejected(f'a@b.hu,A,B,mentor,,,,,"{value}"', header=FULL) == []


def test_the_first_row_of_an_address_stays_and_later_ones_are_rejected():
    found = roster("a@b.hu,A,B,mentor", "c@b.hu,C,D,student", "A@B.HU,E,F,student")
    assert [(entry.email, entry.row) for entry in found.entries] == [("a@b.hu", 2), ("c@b.hu", 3)]
    [remark] = found.rejected
    assert (remark.row, remark.field, remark.value) == (4, "email", "a@b.hu")
    assert remark.problem == "stands in row 2 already"


def test_one_rejection_a_row_but_every_problem_is_known():
    found = roster("nobody,,B,boss")
    assert len(found.rejected) == 1
    assert [part.field for part in found.problems] == ["email", "given_name", "role"]


def test_lines_are_counted_as_the_spreadsheet_shows_them():
    text = f'{HEADER},interests\na@b.hu,A,B,mentor,"one\ntwo"\n\n,,,\nnobody,C,D,mentor,\n'
    found = read(text.encode())
    assert found.read == 2
    assert found.entries[0].interests == ("one", "two")
    assert [(part.row, part.value) for part in found.rejected] == [(5, "nobody")]


def test_formulas_are_kept_and_warned_about():
    header = HEADER + ",interests"
    found = roster('a@b.hu,=1+1,-Kiss,mentor,"surgery;@home"', header=header)
    [entry] = found.entries
    assert (entry.given_name, entry.family_name) == ("=1+1", "-Kiss")
    assert entry.interests == ("surgery", "@home")
    assert [(part.row, part.field) for part in found.warnings] == [
        (2, "given_name"),
        (2, "family_name"),
        (2, "interests"),
    ]


def test_an_unknown_column_is_warned_about():
    found = roster("a@b.hu,A,B,mentor,blue", header=f"{HEADER},Favourite colour")
    assert [(part.row, part.value) for part in found.warnings] == [(1, "Favourite colour")]


def test_a_row_with_more_cells_than_the_header_is_not_guessed_at():
    assert rejected("a@b.hu,A,B, Jr.,mentor") == [(2, "", "mentor")]


def test_a_header_alone_is_an_empty_roster():
    found = read(f"{HEADER}\n".encode())
    assert (found.read, found.entries, found.rejected) == (0, [], [])


def test_two_columns_for_one_field():
    assert "More than one column could be email" in error(
        b"E-mail,Mail,given_name,family_name,role\n"
    )
    named = roster("a@b.hu,x,A,B,mentor", header="email,Mail,given_name,family_name,role")
    assert named.entries[0].email == "a@b.hu"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b" \r\n\n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"\xff\xfe", "The file is empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x1a\x1a", "The file is empty"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<table><tr><td>email</td></tr></table>", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08", "compressed"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"\x00\x01\x02\x03", "not a text file"),
        (b"\xff\xfea\x00b", "damaged or cut off"),
        (b"Dear all, please find the list below.", "missing: email"),
        (b"email,given_name,family_name\na@b.hu,A,B\n", "missing: role"),
        (b'email,given_name,family_name,role\na@b.hu,"A,B,mentor\nc@d.hu,C,D,mentor\n', "line 2"),
    ],
)
def test_what_is_no_roster_gets_one_clear_sentence(data, says):
    assert says in error(data)


@pytest.mark.parametrize(
    "header",
    [
        "E-mail cím;Keresztnév;Vezetéknév;Szerepkör",
        "E-Mail-Adresse;Vorname;Nachname;Rolle",
        "Courriel;Prénom;Nom de famille;Rôle",
        "Correo electrónico;Nombre;Apellidos;Función",
        "E-mail;Nome;Apelido;Papel",
        "Indirizzo e-mail;Nome;Cognome;Ruolo",
        "E-post;Fornavn;Etternavn;Rolle",
        "E-postadress;Förnamn;Efternamn;Roll",
    ],
)
def test_headers_of_the_continent(header):
    [entry] = roster("a@b.hu;Anna;Kiss;mentor", header=header).entries
    assert (entry.email, entry.given_name, entry.family_name) == ("a@b.hu", "Anna", "Kiss")


def test_roles_of_the_continent():
    lines = [f"{n}@b.hu,A,B,{role}" for n, role in enumerate(["Hallgató", "Étudiante", "Mentorin"])]
    assert [entry.role for entry in roster(*lines).entries] == ["student", "student", "mentor"]


def test_a_refused_row_says_whose_it_is():
    found = roster("nobody,Anna,Kiss,mentor", "also nobody,,,mentor")
    assert [remark.who for remark in found.rejected] == ["Anna Kiss", "also nobody"]
