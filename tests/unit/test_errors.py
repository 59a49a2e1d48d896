"""Errors are values: code, sentence, remedy and data."""

import pickle

import pytest

from jru import errors


def subclasses() -> list[type[errors.JruError]]:
    return [errors.JruError, *errors.JruError.__subclasses__()]


@pytest.mark.parametrize("kind", subclasses())
def test_the_docstring_is_the_sentence_until_a_better_one_is_given(kind: type[errors.JruError]) -> None:
    assert kind("some.code").message == kind.__doc__
    assert kind("some.code", "Unit JR01 is off duty.").message == "Unit JR01 is off duty."


@pytest.mark.parametrize("kind", subclasses())
def test_an_error_survives_the_way_between_processes(kind: type[errors.JruError]) -> None:
    sent = kind("offer.lost", "JR01 is taken.", "Choose another unit.", {"by": "police"})
    got = pickle.loads(pickle.dumps(sent))
    assert (type(got), got.code, got.remedy, got.data) == (kind, "offer.lost", sent.remedy, {"by": "police"})


def test_what_a_person_reads_holds_the_sentence_the_remedy_and_every_problem() -> None:
    error = errors.InvalidInput(
        "blueprint.broken",
        "The blueprint has 2 errors.",
        problems=[
            errors.Problem("blueprint.toml:3", "unknown key `colour`", "did you mean `color`?"),
            errors.Problem("", "no partners"),
        ],
    )
    assert str(error).splitlines() == [
        "The blueprint has 2 errors.",
        "  blueprint.toml:3: unknown key `colour` (did you mean `color`?)",
        "  no partners",
    ]
    assert str(errors.Refused("unit.off_duty", "JR01 is off duty.", "Book it on.")) == (
        "JR01 is off duty. Book it on."
    )


def test_a_busy_service_says_when_to_come_back() -> None:
    assert errors.Unavailable("log.busy", retry_after_s=2.5).retry_after_s == 2.5


def test_every_error_stands_in_the_drawn_tree() -> None:
    drawn = [kind.__name__ for kind in subclasses() if kind.__module__ == errors.__name__]
    assert drawn
    assert all(name in (errors.__doc__ or "") for name in drawn)


@pytest.mark.parametrize(
    ("message", "remedy", "said"),
    [
        ("The door is shut.", "Ring.", "The door is shut. Ring."),
        ("the door is shut", "ring", "the door is shut: ring"),
        ("the door is shut", "", "the door is shut"),
    ],
)
def test_what_is_wrong_and_what_to_do_read_as_two_things(message: str, remedy: str, said: str) -> None:
    assert str(errors.InvalidInput("door", message, remedy)) == said
