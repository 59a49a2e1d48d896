"""Nobody becomes somebody else: numbers of persons stay apart until somebody says that two are one, and again after."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from jru.domain import record_events as rev
from jru.domain.agency import Agency
from jru.domain.record_book import Book, evolve
from jru.domain.record_persons import Persons, Place

STREAMS = ("inc_1/patient", "inc_2/patient", "inc_3/patient")
places = st.builds(Place, st.sampled_from(STREAMS), st.integers(1, 99))
pairs = st.lists(st.frozensets(places, min_size=2, max_size=2), max_size=6)


@given(places, st.permutations(STREAMS))
def test_a_number_leads_back_to_the_one_person_it_stands_for(place: Place, order: list[str]) -> None:
    persons = Persons(tuple(order))
    assert persons.place(persons.shown(place)) == place
    assert persons.shown(Place(order[0], place.number)) == place.number


@given(st.sets(places, min_size=2), pairs)
def test_persons_are_one_exactly_when_somebody_joined_them(
    everybody: set[Place], joined: list[frozenset[Place]]
) -> None:
    persons = Persons(STREAMS, tuple(joined))
    for place in everybody:
        group = persons.one(place)
        assert place in group
        assert all(persons.one(other) == group for other in group)
        assert persons.number(place) == min(map(persons.shown, group))
        assert len(group) == 1 or all(any(each in pair for pair in joined) for each in group)


@given(st.integers(-300, 99_999))
def test_a_number_that_none_can_have_is_nobody(number: int) -> None:
    place = Persons(STREAMS[:2]).place(number)
    assert (place is None) == (number not in {*range(1, 100), *range(101, 200)})


@given(st.lists(st.tuples(places, places), min_size=1, max_size=5))
def test_taking_joinings_back_leaves_everybody_who_they_were(joinings: list[tuple[Place, Place]]) -> None:
    at = datetime(2019, 8, 16, 21, tzinfo=UTC)
    before = Book(order=STREAMS)
    for number, place in enumerate({place for pair in joinings for place in pair}):
        happened = rev.ObservationsRecorded(f"rec_{number}", place.number, None)
        before = evolve(before, place.stream, Agency.AMBULANCE, happened, at)
    after = before
    for number, (one, other) in enumerate(joinings):
        there = other.stream.partition("/")[0]
        told = rev.PersonsJoined(f"join_{number}", Agency.AMBULANCE, one.number, there, other.number)
        after = evolve(after, one.stream, Agency.AMBULANCE, told, at)
        assert other in after.persons.one(one)
    for number, (one, _) in enumerate(joinings):
        parted = rev.PersonsParted(f"join_{number}", Agency.AMBULANCE)
        after = evolve(after, one.stream, Agency.AMBULANCE, parted, at)
    assert after.persons == before.persons
    assert after.standing(rev.ObservationsRecorded) == before.entries
