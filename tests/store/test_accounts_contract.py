"""What every store of accounts, sessions and tablets must do, whatever it is made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jru.domain.agency import Agency, Employment, Role
from jru.services.account_records import Account, Credential, Device, Kind, LoginSession, NameTaken, Pin
from jru.services.alert_records import PushAddress, Subscription
from tests.store.rigs import START, Rig

pytestmark = pytest.mark.timeout(60)
HOUR = timedelta(hours=1)

CONSTABLE = Employment(Agency.POLICE, Role.CONSTABLE, frozenset({"response_driver", "jru_course"}))
PARAMEDIC = Employment(Agency.AMBULANCE, Role.PARAMEDIC)


def account(name: str = "example.one", *jobs: Employment) -> Account:
    return Account(f"acc_{name}", name, "Constable Example One", jobs or (CONSTABLE,), START)


def credential(one: str = "crd_1", kind: Kind = Kind.PASSWORD, **more: object) -> Credential:
    held = Credential(one, "acc_example.one", kind, "Password", b"\x00secret\xff", None, 0, START)
    return replace(held, **more)  # type: ignore[arg-type]


def session(one: str = "ses_1", **more: object) -> LoginSession:
    held = LoginSession(
        session_id=one,
        token_hash=one.encode().ljust(32, b"\0"),
        account_id="acc_example.one",
        agency=Agency.POLICE,
        role=Role.CONSTABLE,
        method="passkey",
        client="Firefox",
        device_id=None,
        started_at=START,
        authenticated_at=START,
        seen_at=START,
        expires_at=START + 13 * HOUR,
    )
    return replace(held, **more)  # type: ignore[arg-type]


def device(one: str = "dev_1", **more: object) -> Device:
    held = Device(one, "JR01", "Tablet", "acc_lead", START, one.encode(), START + HOUR)
    return replace(held, **more)  # type: ignore[arg-type]


def pin(person: str = "acc_1", **more: object) -> Pin:
    held = Pin("dev_1", person, Agency.POLICE, Role.CONSTABLE, "unt_1", b"hash", 5, START + HOUR)
    return replace(held, **more)  # type: ignore[arg-type]


def subscription(one: str = "psh_1", browser: str = "a", **more: object) -> Subscription:
    held = Subscription(
        subscription_id=one,
        holder=b"\x00session\xff".ljust(32, b"\0"),
        subject="acc_1",
        agency=Agency.POLICE,
        role=Role.CONSTABLE,
        unit_id="unt_1",
        address=PushAddress(f"https://push.example/{browser}", b"\x04point".ljust(65, b"\xff"), b"\0" * 16),
        made_for="key",
        silent=True,
        made_at=START,
    )
    return replace(held, **more)  # type: ignore[arg-type]


def test_an_account_is_kept_with_its_jobs_and_credentials(rig: Rig) -> None:
    both = account("example.one", PARAMEDIC, CONSTABLE)
    rig.accounts.add(both, [credential()])
    assert rig.accounts.get("acc_example.one") == rig.accounts.named("example.one")
    kept = rig.accounts.named("example.one")
    assert kept is not None
    assert set(kept.employments) == {PARAMEDIC, CONSTABLE}
    assert replace(kept, employments=both.employments) == both
    assert rig.accounts.credentials("acc_example.one") == [credential()]
    assert rig.accounts.get("acc_nobody") is None
    assert rig.accounts.named("nobody") is None
    assert rig.accounts.credentials("acc_nobody") == []


def test_a_name_belongs_to_one_account(rig: Rig) -> None:
    rig.accounts.add(account(), [credential()])
    with pytest.raises(NameTaken):
        rig.accounts.add(replace(account(), account_id="acc_other"), [credential("crd_2")])
    assert rig.accounts.get("acc_other") is None
    assert len(rig.accounts.credentials("acc_example.one")) == 1


def test_accounts_are_listed_by_name(rig: Rig) -> None:
    for name in ("example.two", "example.one"):
        rig.accounts.add(account(name), [])
    assert [one.name for one in rig.accounts.all()] == ["example.one", "example.two"]


def test_what_changes_of_an_account_is_all_but_its_name(rig: Rig) -> None:
    rig.accounts.add(account(), [])
    changed = Account("acc_example.one", "other", "Example", (PARAMEDIC,), START + HOUR, START + HOUR)
    rig.accounts.change(changed)
    rig.accounts.change(account("unknown"))
    assert rig.accounts.all() == [
        Account("acc_example.one", "example.one", "Example", (PARAMEDIC,), START, START + HOUR)
    ]


def test_credentials_are_exchanged_all_or_nothing(rig: Rig) -> None:
    rig.accounts.add(account(), [credential(), credential("crd_2", Kind.PASSKEY, external="key")])
    with pytest.raises(NameTaken):
        rig.accounts.exchange(
            [credential("crd_3"), credential("crd_4", Kind.PASSKEY, external="key")], ["crd_1"]
        )
    assert [c.credential_id for c in rig.accounts.credentials("acc_example.one")] == ["crd_1", "crd_2"]
    rig.accounts.exchange([credential("crd_4", Kind.PASSKEY, external="key")], ["crd_1", "crd_2"])
    assert [c.credential_id for c in rig.accounts.credentials("acc_example.one")] == ["crd_4"]
    found = rig.accounts.credential(Kind.PASSKEY, "key")
    assert found is not None
    assert found.credential_id == "crd_4"
    assert rig.accounts.credential(Kind.OIDC, "key") is None


def test_a_counter_only_rises_unless_it_never_counts(rig: Rig) -> None:
    rig.accounts.add(account(), [credential(), credential("crd_2", Kind.TOTP, counter=7)])
    later = START + HOUR
    assert rig.accounts.use("crd_1", 0, later)
    assert rig.accounts.use("crd_1", 0, later)
    assert not rig.accounts.use("crd_2", 7, later)
    assert not rig.accounts.use("crd_2", 0, later)
    assert rig.accounts.use("crd_2", 8, later)
    assert not rig.accounts.use("crd_unknown", 1, later)
    assert [(c.counter, c.used_at) for c in rig.accounts.credentials("acc_example.one")] == [
        (0, later),
        (8, later),
    ]


def test_a_session_is_found_by_its_hash_and_ends_once(rig: Rig) -> None:
    rig.login_sessions.add(session())
    rig.login_sessions.add(session("ses_2", started_at=START + HOUR, device_id="dev_1"))
    assert rig.login_sessions.get(session().token_hash) == session()
    assert rig.login_sessions.get(bytes(32)) is None
    assert [s.session_id for s in rig.login_sessions.open_sessions(START)] == ["ses_2", "ses_1"]
    rig.login_sessions.saw("ses_2", START + 2 * HOUR)
    rig.login_sessions.end(["ses_1", "ses_none"], START + HOUR, "signed out")
    rig.login_sessions.end(["ses_1"], START + 2 * HOUR, "again")
    ended = rig.login_sessions.get(session().token_hash)
    assert ended is not None
    assert (ended.ended_at, ended.ended_why) == (START + HOUR, "signed out")
    (left,) = rig.login_sessions.open_sessions(START)
    assert left.seen_at == START + 2 * HOUR
    assert rig.login_sessions.open_sessions(START + 13 * HOUR) == []


def test_old_sessions_are_forgotten(rig: Rig) -> None:
    rig.login_sessions.add(session())
    rig.login_sessions.add(session("ses_2"))
    rig.login_sessions.end(["ses_2"], START + HOUR, "signed out")
    assert rig.login_sessions.forget(START + HOUR) == 0
    assert rig.login_sessions.forget(START + 2 * HOUR) == 1
    assert rig.login_sessions.forget(START + 14 * HOUR) == 1
    assert rig.login_sessions.get(session().token_hash) is None


def test_a_tablet_is_found_by_code_and_secret(rig: Rig) -> None:
    rig.devices.put(device())
    rig.devices.put(device("dev_2", made_at=START + HOUR))
    paired = device(code_hash=None, token_hash=b"token", paired_at=START + HOUR)
    rig.devices.put(paired)
    assert rig.devices.get("dev_1") == rig.devices.with_token(b"token") == paired
    assert rig.devices.with_code(b"dev_1") is None
    assert rig.devices.with_code(b"dev_2") == device("dev_2", made_at=START + HOUR)
    assert [d.device_id for d in rig.devices.all()] == ["dev_2", "dev_1"]
    assert rig.devices.get("dev_none") is None
    with pytest.raises(NameTaken):
        rig.devices.put(device("dev_3", code_hash=b"dev_2"))
    assert rig.devices.get("dev_3") is None


def test_a_pin_has_few_tries_and_goes_with_its_tablet_or_person(rig: Rig) -> None:
    rig.devices.put_pin(pin(tries_left=9))
    rig.devices.put_pin(pin(tries_left=2))
    rig.devices.put_pin(pin("acc_2"))
    rig.devices.put_pin(pin("acc_2", device_id="dev_2"))
    rig.devices.put_pin(pin("acc_3"))
    assert rig.devices.take_try("dev_1", "acc_1")
    assert rig.devices.take_try("dev_1", "acc_1")
    assert not rig.devices.take_try("dev_1", "acc_1")
    assert not rig.devices.take_try("dev_1", "acc_none")
    assert [(p.account_id, p.tries_left) for p in rig.devices.pins("dev_1")] == [
        ("acc_1", 0),
        ("acc_2", 5),
        ("acc_3", 5),
    ]
    rig.devices.remove_pins("dev_1", "acc_1")
    rig.devices.remove_pins(None, "acc_2")
    assert [p.account_id for p in rig.devices.pins("dev_1")] == ["acc_3"]
    assert rig.devices.pins("dev_2") == []
    rig.devices.remove_pins("dev_1", None)
    assert rig.devices.pins("dev_1") == []


def test_pins_that_have_run_out_are_removed(rig: Rig) -> None:
    rig.devices.put_pin(pin(expires_at=START + HOUR))
    rig.devices.put_pin(pin("acc_2", expires_at=START + 2 * HOUR))
    assert rig.devices.forget_pins(START) == 0
    assert rig.devices.forget_pins(START + HOUR) == 1
    assert [p.account_id for p in rig.devices.pins("dev_1")] == ["acc_2"]


def test_a_browser_is_told_under_the_sign_in_that_it_had_last(rig: Rig) -> None:
    rig.subscriptions.put(subscription())
    rig.subscriptions.put(subscription("psh_2", "b", unit_id=None, silent=False, made_at=START + HOUR))
    rig.subscriptions.put(subscription("psh_3", subject="acc_2", made_at=START + 2 * HOUR))
    assert [one.subscription_id for one in rig.subscriptions.all()] == ["psh_2", "psh_3"]
    rig.subscriptions.remove(["psh_2", "psh_none"])
    assert [(one.subscription_id, one.subject) for one in rig.subscriptions.all()] == [("psh_3", "acc_2")]
    rig.subscriptions.remove([])


def test_all_of_it_is_there_after_a_restart(rig: Rig) -> None:
    rig.accounts.add(account(), [credential()])
    rig.login_sessions.add(session())
    rig.devices.put(device())
    rig.subscriptions.put(subscription())
    rig.reopen()
    assert rig.accounts.get("acc_example.one") == account()
    assert rig.login_sessions.get(session().token_hash) == session()
    assert rig.devices.get("dev_1") == device()
    assert rig.subscriptions.all() == [subscription()]
