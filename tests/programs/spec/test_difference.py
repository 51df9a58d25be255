from programs.spec import Change, difference, load
from tests.programs.spec.rows import CALGARY, KECK


def test_the_same_document_has_no_difference():
    assert difference(load(CALGARY), load(CALGARY)) == []


def test_a_changed_value_is_found_by_name_wherever_it_stands():
    first, second = KECK["cadence"]
    changed = KECK | {"title": "New title", "cadence": [second, first | {"times": 20}]}
    assert difference(load(KECK), load(changed)) == [
        Change("title", "keck", "New title"),
        Change("cadence.first.times.min", 24, 20),
        Change("cadence.first.times.max", 24, 20),
        Change("cadence", ["first", "second"], ["second", "first"]),
    ]


def test_what_appears_and_what_goes():
    strict = load(CALGARY)
    open_to_all = load({k: v for k, v in CALGARY.items() if k != "confidentiality"})
    assert difference(strict, open_to_all) == [Change("confidentiality", {"level": "strict"}, None)]
    assert difference(open_to_all, strict) == [Change("confidentiality", None, {"level": "strict"})]
