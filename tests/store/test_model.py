"""Any sequence of commands leaves every store as a simple model says."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jru.services.ports import (
    EVERYTHING,
    Append,
    Claim,
    ClaimTaken,
    EventDraft,
    KeyReused,
    StateRow,
    StoredEvent,
    VersionTaken,
)
from tests.store.rigs import Rig, command, draft, part, row

STREAMS = st.sampled_from(["inc_1/op", "inc_2/op", "unt_1"])
KEYS = st.integers(1, 12).map(lambda number: f"key-{number}")
STORES = st.sampled_from(["operational", "police", "patient"])


class Commands(RuleBasedStateMachine):
    """Sends commands to a store and to dictionaries."""

    new_rig: Callable[[], Rig]

    def __init__(self) -> None:
        super().__init__()
        self.rig = type(self).new_rig()
        self.heard: list[StoredEvent] = []
        self.rig.log.subscribe(self.heard.extend)
        self.sent: dict[str, Append] = {}
        self.versions: dict[str, int] = {}
        self.states: dict[str, StateRow] = {}
        self.claims: dict[str, str] = {}
        self.contents: dict[tuple[str, int, int], bytes] = {}
        self.events: list[tuple[str, int, bytes]] = []

    def teardown(self) -> None:
        self.rig.close()

    @rule(
        key=KEYS,
        streams=st.lists(STREAMS, max_size=3),
        late=st.booleans(),
        claim=st.none() | st.sampled_from(["KP-1", "KP-2"]),
        store=st.none() | STORES,
        is_open=st.booleans(),
        data=st.binary(max_size=6),
    )
    def send(
        self,
        key: str,
        streams: list[str],
        late: bool,
        claim: str | None,
        store: str | None,
        is_open: bool,
        data: bytes,
    ) -> None:
        drafts = self._drafts(streams, late=late, store=store, data=data)
        sent = command(
            *drafts,
            key=key,
            content=data.ljust(32),
            states=tuple(
                {d.stream: row(d.stream, d.version, is_open=is_open, body=data) for d in drafts}.values()
            ),
            claims=(Claim("police_ref", claim, streams[0] if streams else "none"),) if claim else (),
            outcome=data,
        )
        expected = self._refusal(sent)
        if expected is not None:
            with pytest.raises(expected):
                self.rig.log.append(sent)
            return
        answer = self.rig.log.append(sent)
        if key in self.sent:
            assert answer.repeated
            assert answer.outcome == self.sent[key].outcome
            return
        assert (answer.repeated, answer.outcome) == (False, data)
        assert (answer.seq_from, answer.seq_to) == (len(self.events) + 1, len(self.events) + len(drafts))
        self._keep(sent)

    def _drafts(self, streams: list[str], *, late: bool, store: str | None, data: bytes) -> list[EventDraft]:
        versions = dict(self.versions)
        drafts = []
        for stream in streams:
            versions[stream] = versions.get(stream, 0) + 1
            parts = (part(store, data),) if store else ()
            drafts.append(draft(stream, versions[stream], data, parts))
        if late and drafts and drafts[0].version > 1:
            drafts[0] = replace(drafts[0], version=drafts[0].version - 1)
        return drafts

    def _refusal(self, sent: Append) -> type[Exception] | None:
        before = self.sent.get(sent.idem_key)
        if before is not None:
            return None if before.request_hash == sent.request_hash else KeyReused
        if sent.events and sent.events[0].version <= self.versions.get(sent.events[0].stream, 0):
            return VersionTaken
        if any(self.claims.get(claim.key, claim.value) != claim.value for claim in sent.claims):
            return ClaimTaken
        return None

    def _keep(self, sent: Append) -> None:
        self.sent[sent.idem_key] = sent
        for kept in sent.events:
            self.events.append((kept.stream, kept.version, kept.data))
            self.versions[kept.stream] = kept.version
            for piece in kept.parts:
                self.contents[piece.store, len(self.events), piece.number] = piece.content
        self.states |= {state.stream: state for state in sent.states}
        self.claims |= {claim.key: claim.value for claim in sent.claims}

    @precondition(lambda self: self.contents)
    @rule(choice=st.data())
    def erase(self, choice: st.DataObject) -> None:
        store, seq, number = choice.draw(st.sampled_from(sorted(self.contents)))
        assert self.rig.erase(seq, number)
        del self.contents[store, seq, number]

    @rule(seconds=st.floats(0, 120))
    def wait(self, seconds: float) -> None:
        self.rig.clock.advance(seconds)

    @rule()
    def restart(self) -> None:
        before = self.rig.log
        self.rig.reopen()
        if self.rig.log is not before:
            self.rig.log.subscribe(self.heard.extend)

    @invariant()
    def holds_what_was_sent(self) -> None:
        log = self.rig.log
        stored = list(log.read(0, 10_000))
        assert [(event.stream, event.version, event.data) for event in stored] == self.events
        assert stored == self.heard
        assert log.head().seq == len(self.events)
        assert list(log.states(open_only=False)) == [self.states[name] for name in sorted(self.states)]
        assert [state.stream for state in log.states(open_only=True)] == [
            name for name in sorted(self.states) if self.states[name].open
        ]
        assert {key: log.claim("police_ref", key) for key in self.claims} == self.claims
        for name, payloads in self.rig.payloads.items():
            asked = [(event.seq, ref.number) for event in stored for ref in event.parts]
            mine = {
                (seq, number): kept for (store, seq, number), kept in self.contents.items() if store == name
            }
            assert payloads.get_many(asked, EVERYTHING) == mine

    @invariant()
    def times_run_forward(self) -> None:
        times = [event.recorded_at_us for event in self.heard]
        assert times == sorted(times)


@pytest.mark.timeout(180)
def test_every_store_does_what_the_model_does(
    new_rig: Callable[[], Rig], request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["new_rig"]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        type("Commands", (Commands,), {"new_rig": staticmethod(new_rig)}),
        settings=settings(
            max_examples={"memory": 40, "sqlite": 8, "postgres": 4}[kind],
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
