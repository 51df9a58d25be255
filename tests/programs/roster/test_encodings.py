"""Names are kept as their owners write them, whatever the spreadsheet that saved the list."""

import pytest

from programs.roster import NotATableError, preview, read

HEADER = "email,given_name,family_name,role"

HUNGARIAN = ["Kovács Erdős", "Gergő Szűcs", "Ödön Tóth", "Zsófia Győri", "Ágnes Fűzesi"]
POLISH = ["Małgorzata Wójcik", "Paweł Dąbrowski", "Żaneta Świątek"]
CZECH = ["Jiří Dvořák", "Zdeněk Černý", "Růžena Nováková"]
CROATIAN = ["Željko Kovačić", "Đurđa Šarić"]
FRENCH = ["Hélène Lefèvre", "François Dûbois", "Anaïs Guérin"]
PORTUGUESE = ["João Simões", "Inês Conceição", "Antónia Guimarães"]
SPANISH = ["José Núñez", "Íñigo Güemes"]
GERMAN = ["Jürgen Groß", "Käthe Schröder"]
NORWEGIAN = ["Bjørn Sæther", "Åse Grønn"]
ITALIAN = ["Niccolò Forlì", "Cesarò Donà"]


def file(names, encoding):
    lines = [f"p{n}@b.eu,{name.replace(' ', ',')},student" for n, name in enumerate(names)]
    return "\r\n".join([HEADER, *lines]).encode(encoding)


def names(data, **how):
    return [f"{one.given_name} {one.family_name}" for one in read(data, **how).entries]


@pytest.mark.parametrize("country", ["", "HU", "DE"])
@pytest.mark.parametrize("people", [HUNGARIAN, POLISH, CZECH, CROATIAN])
def test_central_european_names(people, country):
    data = file(people, "windows-1250")
    assert read(data, country=country).encoding == "Windows-1250"
    assert names(data, country=country) == people


@pytest.mark.parametrize("country", ["", "HU", "FR"])
@pytest.mark.parametrize("people", [FRENCH, PORTUGUESE, SPANISH, GERMAN, NORWEGIAN, ITALIAN])
def test_western_names(people, country):
    assert names(file(people, "windows-1252"), country=country) == people


def test_where_both_readings_make_names_the_country_decides():
    data = file(["Ádám Szűcs"], "windows-1250")
    assert names(data, country="HU") == ["Ádám Szűcs"]
    western = file(["Adam Dûbois"], "windows-1252")
    assert names(western, country="FR") == names(western) == ["Adam Dûbois"]


def test_a_few_foreign_guests_do_not_turn_a_list():
    people = HUNGARIAN * 10 + ["François Çelik"]
    assert names(file(people, "windows-1250")) == people


def test_a_person_has_the_last_word():
    data = file(["Adam Dûbois"], "windows-1252")
    assert names(data, country="HU", encoding="Windows-1252") == ["Adam Dûbois"]
    greek = file(["Ελένη Παππά"], "windows-1253")
    assert names(greek, encoding="Windows-1253") == ["Ελένη Παππά"]
    assert preview(greek, encoding="Windows-1253").encoding == "Windows-1253"


def test_what_a_file_cannot_be_is_refused():
    with pytest.raises(NotATableError, match="cannot be read as UTF-8"):
        read(file(HUNGARIAN, "windows-1250"), encoding="UTF-8")
