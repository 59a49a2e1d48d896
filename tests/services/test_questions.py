"""What one room asks of the other besides coming: its time of arrival, leave to go, a call."""

from __future__ import annotations

from datetime import datetime

import pytest

from jru.domain import commands as cmd
from jru.domain.codec import decode, encode
from jru.domain.incident import Incident
from jru.errors import Forbidden, NotFound, Refused
from jru.services.access import Viewer
from tests.services.test_waits import ask, waits
from tests.services.world import AMBULANCE, POLICE, World, north_kent, officer


def put(world: World, viewer: Viewer, incident: str, about: str, words: str = "") -> None:
    world.clock.advance(60)
    world.do(viewer, cmd.AskQuestion(incident_id=incident, about=about, words=words))


def reply(
    world: World,
    viewer: Viewer,
    incident: str,
    about: str,
    answer: str,
    minutes: int | None = None,
    reason: str = "",
) -> None:
    world.clock.advance(60)
    command = cmd.AnswerQuestion(
        incident_id=incident, about=about, answer=answer, eta_min=minutes, reason=reason
    )
    world.do(viewer, command)


def questions(world: World, incident: str, viewer: Viewer = POLICE) -> list[dict[str, object]]:
    found: list[dict[str, object]] = world.row(viewer, incident)["questions"]
    return found


def said(question: dict[str, object]) -> list[tuple[str, str | None]]:
    """Return the answers of a question or a wait as (answer, reason)."""
    return [(one["answer"], one["reason"]) for one in question["answers"]]  # type: ignore[attr-defined]


def arrived(world: World) -> str:
    """Return an incident where police have waited for a clinician, and one has come."""
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    world.do(AMBULANCE, cmd.RecordArrival(incident_id=incident))
    return incident


@pytest.mark.parametrize("about", ["eta", "release", "call"])
def test_both_rooms_see_a_question_and_its_answer(about: str) -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, about, "about the son")
    reply(world, AMBULANCE, incident, about, "no", reason="all crews are out")
    for viewer in (POLICE, AMBULANCE):
        (question,) = questions(world, incident, viewer)
        assert (question["asked"], question["by"], question["about"]) == ("ambulance", "police", about)
        assert question["words"] == "about the son"
        assert said(question) == [("no", "all crews are out")]


def test_a_question_shows_the_incident_to_the_room_that_is_asked_and_to_no_other() -> None:
    world = World()
    incident = world.call(POLICE, kind="public_order")
    hidden = world.call(POLICE, kind="public_order")
    with pytest.raises(NotFound):
        put(world, AMBULANCE, hidden, "eta")
    put(world, POLICE, incident, "call")
    assert world.listed(AMBULANCE) & {incident, hidden} == {incident}


def test_an_answer_that_is_owed_gets_loud_by_the_scheme_and_quiet_when_given() -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, "eta")
    ask(world, POLICE, incident)
    question, wait = questions(world, incident)[0], waits(world, incident)[0]
    for owed, since in ((question, question["asked_at"]), (wait, wait["requested_at"])):
        amber, red = (str(owed["due"][name]) for name in ("amber_at", "red_at"))  # type: ignore[index]
        start = datetime.fromisoformat(str(since))
        limits = [(datetime.fromisoformat(limit) - start).total_seconds() for limit in (amber, red)]
        assert tuple(limits) == north_kent().timers.unanswered
    world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="later"))
    reply(world, AMBULANCE, incident, "eta", "later")
    quiet = {"amber_at": None, "red_at": None}
    assert [questions(world, incident)[0]["due"], waits(world, incident)[0]["due"]] == [quiet, quiet]


def test_the_same_question_is_not_asked_twice_at_once_and_may_be_asked_again_once_answered() -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, "eta")
    with pytest.raises(Refused, match="asked this already and has not answered yet"):
        put(world, POLICE, incident, "eta")
    put(world, POLICE, incident, "call")
    put(world, AMBULANCE, incident, "eta")
    reply(world, AMBULANCE, incident, "eta", "later")
    put(world, POLICE, incident, "eta")
    assert [q["about"] for q in questions(world, incident)] == ["eta", "call", "eta", "eta"]


def test_the_first_answer_counts_and_a_later_one_stands_beside_it_with_its_reason() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    for answer, reason in (("later", "none free"), ("no", "a major incident")):
        world.clock.advance(60)
        world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer=answer, reason=reason))
    (wait,) = waits(world, incident)
    assert wait["answered_at"] == wait["answers"][0]["at"]  # type: ignore[index]
    assert wait["answer"] == "no"
    assert said(wait) == [("later", "none free"), ("no", "a major incident")]
    assert world.again().row(AMBULANCE, incident)["waits"] == [wait]


def test_an_answer_told_late_stands_where_its_time_puts_it() -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, "call")
    early = world.clock.now()
    reply(world, AMBULANCE, incident, "call", "no", reason="second")
    world.do(
        AMBULANCE,
        cmd.AnswerQuestion(incident_id=incident, about="call", answer="later", reason="first", at=early),
    )
    assert said(questions(world, incident)[0]) == [("later", "first"), ("no", "second")]


def test_a_second_request_keeps_the_words_of_the_first() -> None:
    world = World()
    incident = arrived(world)
    ask(world, POLICE, incident, "ambulance to convey")
    assert [wait["need"] for wait in waits(world, incident)] == ["clinician", "ambulance to convey"]


def test_a_time_of_arrival_answers_the_request_too_and_the_other_way_round() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    put(world, POLICE, incident, "eta")
    reply(world, AMBULANCE, incident, "eta", "yes", 12)
    (wait,), (question,) = waits(world, incident), questions(world, incident)
    log = [line["sentence"] for line in world.row(POLICE, incident)["log"]]
    assert log[-2:] == [
        "Ambulance answered yes (time of arrival), expected 21:15",
        "Ambulance answered yes, expected 21:15",
    ]
    assert wait["answer"] == "yes"
    assert wait["eta_at"] == question["answers"][0]["eta_at"]  # type: ignore[index]
    put(world, POLICE, incident, "eta")
    world.clock.advance(60)
    world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="yes", eta_min=20))
    assert [said(q) for q in questions(world, incident)] == [[("yes", None)], [("yes", None)]]


def test_yes_to_leaving_releases_the_service_that_asked() -> None:
    world = World()
    incident = arrived(world)
    put(world, POLICE, incident, "release")
    reply(world, AMBULANCE, incident, "release", "later", reason="two minutes")
    assert waits(world, incident)[0]["released_at"] is None
    reply(world, AMBULANCE, incident, "release", "yes")
    (wait,), (question,) = waits(world, incident), questions(world, incident)
    assert wait["released_at"] == question["answers"][1]["at"]  # type: ignore[index]
    assert world.row(POLICE, incident)["log"][-1]["sentence"] == "Police released"
    with pytest.raises(Refused, match="has not asked this"):
        reply(world, AMBULANCE, incident, "release", "later")


def test_yes_to_leaving_without_a_request_is_an_answer_and_releases_nothing_later() -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, "release")
    reply(world, AMBULANCE, incident, "release", "yes")
    ask(world, POLICE, incident)
    with pytest.raises(Refused, match="has not asked this"):
        reply(world, AMBULANCE, incident, "release", "yes")
    assert waits(world, incident)[0]["released_at"] is None


def test_what_has_happened_needs_no_answer() -> None:
    world = World()
    incident = world.call(POLICE)
    put(world, POLICE, incident, "eta")
    world.do(AMBULANCE, cmd.ReportResource(incident_id=incident, call_sign="A12", kind="dca", status="scene"))
    assert questions(world, incident)[0]["settled_at"]
    ask(world, POLICE, incident)
    put(world, POLICE, incident, "release")
    world.do(POLICE, cmd.RecordRelease(incident_id=incident))
    assert questions(world, incident)[1]["settled_at"]
    with pytest.raises(Refused, match="has not asked this"):
        reply(world, AMBULANCE, incident, "eta", "yes", 5)


def test_questions_of_both_reports_of_one_happening_are_answered_at_once() -> None:
    world = World()
    one, two = world.call(POLICE), world.call(AMBULANCE)
    put(world, POLICE, one, "call", "about one")
    put(world, POLICE, two, "call", "about two")
    world.do(AMBULANCE, cmd.DecideMatch(incident_id=two, other_id=one, same=True))
    reply(world, AMBULANCE, one, "call", "yes")
    assert [(q["words"], said(q)) for q in questions(world, one)] == [
        ("about one", [("yes", None)]),
        ("about two", [("yes", None)]),
    ]


@pytest.mark.parametrize(
    "command",
    [
        lambda i: cmd.AskQuestion(incident_id=i, about="weather"),
        lambda i: cmd.AnswerQuestion(incident_id=i, about="eta", answer="perhaps"),
        lambda i: cmd.AnswerQuestion(incident_id=i, about="eta", answer="yes"),
    ],
)
def test_unknown_words_and_answers_without_a_question_are_refused(command) -> None:  # type: ignore[no-untyped-def]
    world = World()
    incident = world.call(POLICE)
    with pytest.raises(Refused):
        world.do(POLICE, command(incident))


def test_a_no_carries_its_reason() -> None:
    world = World()
    incident = world.call(POLICE)
    ask(world, POLICE, incident)
    put(world, POLICE, incident, "call")
    with pytest.raises(Refused, match="say why not"):
        world.do(AMBULANCE, cmd.AnswerRequest(incident_id=incident, answer="no"))
    with pytest.raises(Refused, match="say why not"):
        reply(world, AMBULANCE, incident, "call", "no")


def test_only_rooms_ask_and_answer_and_only_while_the_incident_is_open() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE)
    with pytest.raises(Forbidden, match="only a control room may"):
        world.do(officer(unit), cmd.AskQuestion(incident_id=incident, about="eta"))
    world.do(POLICE, cmd.CloseIncident(incident_id=incident, reason="attended"))
    with pytest.raises(Refused, match="closed"):
        put(world, POLICE, incident, "eta")


def test_a_stored_incident_of_before_reads_as_it_did() -> None:
    world = World()
    incident = world.call(POLICE)
    joint = world.board.joint(incident)
    assert joint is not None
    old = encode(joint.first).replace(b'"questions":[],', b"")
    assert b"questions" not in old
    assert decode(Incident, old) == joint.first
