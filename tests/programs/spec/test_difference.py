from programs.spec import Change, catalog, difference, load

CALGARY = catalog.document("calgary") | {"assumed": []}
STRICT = CALGARY["confidentiality"]
KECK = catalog.document("keck") | {"assumed": []}


def test_the_same_document_has_no_difference():
    assert difference(load(CALGARY), load(CALGARY)) == []


def test_a_changed_value_is_found_by_name_wherever_it_stands():
    first, second = KECK["cadence"]
    changed = KECK | {"title": "New title", "cadence": [second, first | {"times": 20}]}
    assert difference(load(KECK), load(changed)) == [
        Change("title", KECK["title"], "New title"),
        Change("cadence.first-year.times.min", 24, 20),
        Change("cadence.first-year.times.max", 24, 20),
        Change("cadence", ["first-year", "second-year"], ["second-year", "first-year"]),
    ]


def test_what_appears_and_what_goes():
    strict = load(CALGARY)
    open_to_all = load({k: v for k, v in CALGARY.items() if k != "confidentiality"})
    assert difference(strict, open_to_all) == [Change("confidentiality", STRICT, None)]
    assert difference(open_to_all, strict) == [Change("confidentiality", None, STRICT)]
