"""Every error of a blueprint names its line, says what is wrong and, where there is one, the remedy."""

import pickle
from collections.abc import Callable

import pytest

from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_parsing import MAX_BYTES, BlueprintErrors, parse_blueprint
from tests.unit.blueprint.texts import embedded, embedded_lines, problems_of, with_value, without


def place(section: str, key: str, name: str) -> int:
    """Return the place of an element in its array of tables."""
    [found] = [
        path[1]
        for path, span in embedded_lines().values.items()
        if len(path) == 3
        and path[0] == section
        and path[2] == key
        and embedded()[span.start : span.end] == f'"{name}"'
    ]
    assert isinstance(found, int)
    return found


MEDWAY = ("district", 0)
MARITIME = ("site", place("site", "id", "medway_maritime"))
FIGHT = ("type", place("type", "id", "fight"))
WEAPON = ("hazard", place("hazard", "code", "weapon"))
SCENE = ("status", place("status", "id", "scene"))
CONSTABLE_HOUR = ("cost", place("cost", "id", "police_constable_hour"))

WRONG_VALUES: dict[str, tuple[Path, str, str, str]] = {
    "unknown pattern": ((*MEDWAY, "pattern"), '"fri_sat_evenin"', "no duty pattern", "fri_sat_evening?"),
    "unknown crew rule": ((*MEDWAY, "crew_rule"), '"special"', "no crew rule", "specials?"),
    "unknown base": ((*MEDWAY, "base"), '"base_medwey"', "no site", "base_medway?"),
    "a base that is a hospital": (
        (*MEDWAY, "base"),
        '"medway_maritime"',
        "is a hospital, not a base",
        "[[site]]",
    ),
    "no area code": ((*MEDWAY, "ons_code"), '"Medway"', "not an ONS area code", ""),
    "area code used twice": ((*MEDWAY, "ons_code"), '"E07000113"', "", ""),
    "id used twice": (("district", 1, "id"), '"medway"', "already used on line", "choose another"),
    "not in the kingdom": ((*MARITIME, "lon"), "2.35", "not in the United Kingdom", ""),
    "latitude is infinite": ((*MARITIME, "lat"), "inf", "found inf", "infinity"),
    "latitude is no number": ((*MARITIME, "lat"), "nan", "found nan", "NaN"),
    "unknown role": (
        ("crew_rule", 0, "seat", 0, "roles", 0),
        '"special"',
        "unknown word",
        "special_constable?",
    ),
    "a dispatcher aboard": (
        ("crew_rule", 0, "seat", 0, "roles", 0),
        '"police_dispatcher"',
        "unknown word",
        "",
    ),
    "role of the other service": (
        ("crew_rule", 0, "seat", 0, "roles"),
        '["paramedic"]',
        "does not belong",
        "",
    ),
    "unknown qualification": (
        ("crew_rule", 0, "seat", 1, "qualifications", 0),
        '"jru"',
        "no qualification",
        "",
    ),
    "too few seats": (("crew_rule", 0, "minimum", "police"), "3", "has 2 such seats", "[[crew_rule.seat]]"),
    "one partner only": (("crew_rule", 0, "minimum", "ambulance"), "0", "needs someone from ambulance", ""),
    "vehicle too small": (("vehicle", 0, "seats"), "2", "has 2 seats", "must fit"),
    "call sign used twice": (("vehicle", 1, "call_sign"), '"JR01"', "already used", ""),
    "no police kit": (("vehicle", 0, "kit"), '["paramedic"]', "no kit list of the police", ""),
    "unknown kit": (("vehicle", 0, "kit", 1), '"paramedics"', "no kit list", "paramedic?"),
    "weekday": (("pattern", 0, "weekdays", 0), '"Friday"', "unknown word", "friday?"),
    "time in quotation marks": (("pattern", 0, "start"), '"18:00"', "expected a clock time", "unquoted"),
    "endless duty": (("pattern", 0, "end"), "18:00:00", "ends when it starts", ""),
    "naive moment": (("scheme", "effective_at"), "2018-02-01T00:00:00", "no offset from UTC", "add Z"),
    "a day is no moment": (("state", 0, "since"), "2018-02-01", "expected a date and time", ""),
    "time zone": (("scheme", "time_zone"), '"Europe/Kent"', "no time zone", "Europe/London"),
    "version zero": (("scheme", "version"), "0", "out of bounds", "between 1"),
    "approval of another version": (("approval", 0, "version"), "2", "this is version 1", "anew"),
    "approval too late": (
        ("approval", 1, "at"),
        "2018-02-02T00:00:00Z",
        "after the version takes effect",
        "",
    ),
    "one partner signs twice": (("approval", 1, "agency"), '"police"', "already used", ""),
    "unknown state": (("state", 0, "status"), '"lively"', "unknown word", "live?"),
    "states out of order": (
        ("state", 4, "since"),
        "2018-01-31T00:00:00Z",
        "later or equal state above",
        "in order",
    ),
    "unknown district of a state": (("state", 0, "district"), '"medwey"', "no district", "medway?"),
    "score": ((*FIGHT, "score"), "6", "out of bounds", "between 0 and 5"),
    "negative share": ((*FIGHT, "joint_need"), "-0.1", "out of bounds", ""),
    "text for a number": ((*FIGHT, "transport"), '"a third"', "expected a number", ""),
    "number for text": ((*FIGHT, "name"), "12", "expected text", "quotation marks"),
    "code of another type": ((*FIGHT, "police_codes", 0), '"VP-ASLT"', "already used", ""),
    "coarse class": ((*FIGHT, "coarse"), '"violent"', "unknown word", "violence?"),
    "a weapon that does not hold": ((*WEAPON, "holds"), "false", "must hold", "write true"),
    "a word for a switch": ((*WEAPON, "holds"), '"yes"', "true or false", ""),
    "unknown next status": ((*SCENE, "follows", 0), '"pateint"', "no status", "patient?"),
    "amber after red": ((*SCENE, "amber_s"), "9000", "not before red", "amber comes first"),
    "unknown category": (("tasking", 0, "keep_ambulance_categories", 0), '"C6"', "no ambulance category", ""),
    "police stand down ambulances": (
        ("tasking", 0, "stand_down_ambulance"),
        '["police"]',
        "only the ambulance room",
        "",
    ),
    "a paramedic declares the scene safe": (
        ("tasking", 0, "scene_safe_roles", 0),
        '"paramedic"',
        "cannot declare",
        "",
    ),
    "C1 without ambulance": (
        ("tasking", 0, "keep_ambulance_categories"),
        '["C2"]',
        "must stay assigned",
        'add "C1"',
    ),
    "divert to the less urgent": (("tasking", 0, "divert", 0, "to_urgency_at_most"), "2", "more urgent", ""),
    "no sentence": (("tasking", 0, "sentences", "tie"), '"first come"', "not a sentence", ""),
    "unknown type of a rule": (
        ("candidate", 2, "types", 0),
        '"assault_injry"',
        "no incident type",
        "assault_injury?",
    ),
    "unknown flag of a rule": (("candidate", 1, "flags", 0), '"injured"', "no flag", "injury?"),
    "hazard gate warns": (("suitability", "gates", "hazard"), '"warn"', "must block", ""),
    "weights": (("matching", "weight_distance"), "0.5", "sum to 1.05", "sum to 1"),
    "amber above red": (("timers", "waiting", "1"), "[480, 120]", "second one larger", "[amber, red]"),
    "cost in the future tense": (
        (*CONSTABLE_HOUR, "valid_from"),
        '"next year"',
        "expected a calendar day",
        "",
    ),
    "negative cost": ((("cost", 0, "value_gbp")), "-216", "out of bounds", ""),
    "huge number": (("cost", 0, "value_gbp"), "0x" + "f" * 5000, "a very large whole number", ""),
    "assumes a key that is not there": (
        ("vehicle", 0, "assumed"),
        '{ colour = "x" }',
        "no key 'colour' to assume",
        "",
    ),
    "a reason that says nothing": (("matching", "assumed"), '" "', "the text is empty", ""),
    "wrong partner": (("partner", 0, "agency"), '"fire"', "unknown word", "known: ambulance, police"),
    "unknown field of a card": (("partner", 1, "card", 2), '"Scene: {scen}"', "no field {scen}", "scene?"),
    "half a field of a card": (("partner", 0, "card", 0), '"JRU {number"', "brace stands alone", "{field}"),
    "example without a digit": (("partner", 0, "references", 0), '"ABC"', "example of a reference", ""),
    "sender of the other": (("partner", 1, "senders", 0), '"KENTPOL"', "already used", ""),
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_a_wrong_value_is_named_with_its_line(name: str) -> None:
    path, written, message, hint = WRONG_VALUES[name]
    line = embedded_lines().values[path].line
    problems = problems_of(with_value(path, written))
    on_line = [problem for problem in problems if problem.line == line]
    if name == "area code used twice":  # the second one is the repeat
        on_line = [
            problem
            for problem in problems
            if problem.line == embedded_lines().values["district", 1, "ons_code"].line
        ]
        message = f"already used on line {line}"
    assert on_line, problems
    assert any(message in problem.message and hint in problem.hint for problem in on_line), on_line


def test_swapped_coordinates_are_recognised() -> None:
    text = embedded().replace("lon = 0.54222\nlat = 51.37827", "lon = 51.37827\nlat = 0.54222", 1)
    [problem] = problems_of(text)
    assert problem.line == embedded_lines().values[*MARITIME, "lon"].line
    assert problem.message == "longitude 51.3783 and latitude 0.54222 are swapped"


def add(section: Path, written: str) -> str:
    """Return the embedded blueprint with a line added below the header of a table."""
    span = embedded_lines().entries[section]
    at = embedded().index("\n", span.start) + 1
    return embedded()[:at] + written + "\n" + embedded()[at:]


@pytest.mark.parametrize(
    ("section", "written", "message", "hint"),
    [
        (("vehicle", 0), "colour = 'blue'", "unknown key 'colour'", ""),
        (("vehicle", 0), "regstration = 'X'", "unknown key 'regstration'", "registration?"),
        (("crew_rule", 0, "seat", 0), "qualification = []", "unknown key", "qualifications?"),
        (("partner", 1, "grade", 2), "target = 3", "unknown key", "target_s?"),
        (("tasking", 1, "divert", 2), "source = 'x'", "unknown key", ""),
        (("timers", "waiting"), "6 = [1, 2]", "unknown key '6'", ""),
        (("suitability", "gates"), "hazards = 'block'", "unknown key", "hazard?"),
        (("outcome_codes", "need"), "Both = 'x'", "is not an id", ""),
        (("scheme",), "naem = 'x'", "unknown key", "name?"),
    ],
)
def test_an_unknown_key_is_named_with_its_line_and_the_nearest_word(
    section: Path, written: str, message: str, hint: str
) -> None:
    line = embedded_lines().line_of(section) + 1
    [problem] = problems_of(add(section, written))
    assert problem.line == line
    assert message in problem.message
    assert hint in problem.hint


def test_an_unknown_section_is_named_with_its_line() -> None:
    [problem] = problems_of(embedded() + "\n[[vehicel]]\nid = 1\n")
    assert problem.line == embedded().count("\n") + 2
    assert "did you mean vehicle?" in problem.hint


@pytest.mark.parametrize(
    ("gone", "where", "message"),
    [
        (("district", 0, "pattern"), ("district", 0), "pattern is missing"),
        (("crew_rule", 1, "seat", 2, "roles"), ("crew_rule", 1, "seat", 2), "roles is missing"),
        (("site", 0, "source"), ("site", 0, "assumed"), "the others have no source"),
        (("site", 2, "source"), ("site", 2), "where its values come from"),
        (("tasking", 0, "sentences", "c1_always"), ("tasking", 0, "sentences"), "c1_always is missing"),
        (("timers", "waiting", "3"), ("timers", "waiting"), "3 is missing"),
        (("outcome_codes", "risk", "tense"), ("outcome_codes", "risk"), "tense is missing"),
        (("approval", 1), ("approval",), "not approved by the ambulance partner"),
        (("hazard", 1), ("hazard",), "the hazard firearm is missing"),
        (("flags", "injury"), ("flags",), "the flag injury is missing"),
        (("candidate", 5), ("candidate",), "once the other service was asked for"),
        (("vehicle", 0, "assumed"), None, ""),
    ],
)
def test_what_is_missing_is_named_at_its_table(gone: Path, where: Path | None, message: str) -> None:
    problems = problems_of(without(gone))
    if where is None:
        assert problems == [], "a table with a source need not assume anything"
        return
    removed_above = embedded_lines().line_of(gone) < embedded_lines().line_of(where)
    removed = embedded_lines().entries[gone]
    shift = embedded()[removed.start : removed.end].count("\n") if removed_above else 0
    line = embedded_lines().line_of(where) - shift
    assert any(problem.line == line and message in problem.message for problem in problems), problems


def test_a_missing_section_is_an_error_of_the_first_line() -> None:
    start = embedded().index("[matching]")
    end = embedded().index("# Unit status.")
    [problem] = problems_of(embedded()[:start] + embedded()[end:])
    assert (problem.line, problem.message) == (1, "matching is missing")


def test_a_missing_partner_is_named() -> None:
    text = embedded().replace('agency = "ambulance"\nname', 'agency = "police"\nname')
    assert any("there is no partner ambulance" in problem.message for problem in problems_of(text))


def test_a_status_that_nothing_leads_to_or_from_is_named() -> None:
    text = embedded().replace('follows = ["patient", ', "follows = [").replace('"vor", "off"]', '"off"]')
    messages = [problem.message for problem in problems_of(text)]
    assert any("patient is never reached" in message for message in messages)
    trapped = with_value((*SCENE, "follows"), '["scene"]')
    assert any("from scene no way leads back" in problem.message for problem in problems_of(trapped))


def test_every_error_is_reported_at_once_in_the_order_of_the_file() -> None:
    text = embedded().replace("score = 5", "score = 7").replace('tie_rule = "first"', 'tie_rule = "loudest"')
    problems = problems_of(text)
    assert len(problems) == text.count("score = 7") + text.count('"loudest"')
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (lambda text: "[scheme\n" + text, 1, "not valid TOML"),
        (lambda text: text.replace("version = 1", "version = ", 1), 14, "not valid TOML"),
        (lambda text: text + "\n[scheme]\n", None, "not valid TOML"),
        (lambda text: text + '\nx = "', None, "not valid TOML"),
        (lambda text: text.replace("version = 1", "version = " + "9" * 5000, 1), 14, "too many digits"),
        (lambda text: text.replace("version = 1", "version = " + "[" * 5000, 1), 14, ""),
        (lambda text: text.replace("version = 1", "version = " + "{a=" * 5000, 1), 14, ""),
        (lambda text: text + "#" * MAX_BYTES, 1, "larger than 1 MB"),
        (lambda _: "", 1, "scheme is missing"),
        (lambda _: "\x00", 1, "not valid TOML"),
        (lambda _: "scheme = 3", 1, "expected a table"),
        (lambda text: text.replace("[[kit]]", "[[kits]]"), 1, "kit is missing"),
    ],
)
def test_text_that_is_no_blueprint_has_a_line_too(
    change: Callable[[str], str], line: int | None, message: str
) -> None:
    text = change(embedded())
    expected = text.rstrip("\n").count("\n") + 1 if line is None else line
    assert any(problem.line == expected and message in problem.message for problem in problems_of(text))


def test_the_error_reads_as_a_list_and_survives_the_way_between_processes() -> None:
    with pytest.raises(BlueprintErrors) as caught:
        parse_blueprint(with_value((*FIGHT, "score"), "6"))
    line = embedded_lines().values[*FIGHT, "score"].line
    expected = f"{line}: type[fight].score: the whole number 6 is out of bounds (between 0 and 5)"
    assert str(caught.value.problems[0]) == expected
    assert expected in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
