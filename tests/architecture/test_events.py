"""Every event type has a version and a sentence that a person understands."""

import re

from jru.domain.events import EVENT_TYPES


def test_there_are_event_types() -> None:
    assert EVENT_TYPES


def test_every_event_type_has_a_schema_version() -> None:
    versions = {kind: event_type.schema_version for kind, event_type in EVENT_TYPES.items()}
    wrong = {kind: version for kind, version in versions.items() if type(version) is not int or version < 1}
    assert wrong == {}


def test_every_event_type_has_a_human_sentence() -> None:
    wrong = {
        kind: event_type.sentence
        for kind, event_type in EVENT_TYPES.items()
        if not reads(event_type.sentence)
    }
    assert wrong == {}, (
        "a sentence starts with a capital or a field, has two words or more, and shows no code"
    )


def test_no_two_event_types_read_the_same() -> None:
    sentences = [event_type.sentence for event_type in EVENT_TYPES.values()]
    assert sorted(sentences) == sorted(set(sentences))


def test_event_types_are_named_in_one_way() -> None:
    odd = [kind for kind in EVENT_TYPES if not re.fullmatch(r"[A-Z][A-Za-z]+|[a-z]+([._][a-z0-9]+)+", kind)]
    assert odd == []


def reads(sentence: str) -> bool:
    """Tell whether this is a sentence: several words, a capital or a field first, no raw name outside fields."""
    outside = re.sub(r"\{[^{}]*\}", "", sentence)
    return bool(
        re.match(r"[A-Z{]", sentence)
        and len(sentence.split()) >= 2
        and not re.search(r"[a-z]_[a-z]|[{}]", outside)
    )
