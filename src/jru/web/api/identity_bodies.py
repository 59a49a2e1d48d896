"""What comes in and goes out around accounts, sessions and tablets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from jru.web.api.answers import Answer, ViewerAnswer
from jru.web.api.fields import AgencyWord, CallSign, Code, RoleWord, ShortText, Strict, example

TicketWord = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]{1,64}$")]
NameTyped = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PasswordTyped = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
CodeTyped = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Encoded = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,8192}=*$")]
CredentialId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,1400}$")]
AccountId = Annotated[str, StringConstraints(pattern=r"^acc_[A-Za-z0-9-]{1,64}$")]
AccountPath = Annotated[str, Path(pattern=r"^acc_[A-Za-z0-9-]{1,64}$", description="Account.")]
SessionPath = Annotated[str, Path(pattern=r"^ses_[A-Za-z0-9-]{1,64}$", description="Login session.")]
PasskeyPath = Annotated[str, Path(pattern=r"^crd_[A-Za-z0-9-]{1,64}$", description="Passkey.")]
TabletPath = Annotated[str, Path(pattern=r"^dev_[A-Za-z0-9-]{1,64}$", description="Tablet.")]
_TICKET = "c2VhbGVkLXRpY2tldC1vZi10aGUtc3RlcA=="


class NamePassword(Strict):
    """The first step of signing in with a password."""

    model_config = example(name="example.one", password="four plain words together")  # noqa: S106 - an example

    name: NameTyped
    password: PasswordTyped


class TicketCode(Strict):
    """The second step: the code that the authenticator app shows."""

    model_config = example(ticket=_TICKET, code="123456")

    ticket: TicketWord
    code: CodeTyped


class TicketJob(Strict):
    """Which of several jobs somebody signs in for."""

    model_config = example(ticket=_TICKET, agency="police", role="constable")

    ticket: TicketWord
    agency: AgencyWord
    role: RoleWord


class Signature(Strict):
    """A passkey's answer to a challenge, in base64url."""

    clientDataJSON: Encoded  # noqa: N815 - the names of Web Authentication
    authenticatorData: Encoded  # noqa: N815
    signature: Encoded
    userHandle: Encoded | None = None  # noqa: N815


class Attestation(Strict):
    """What an authenticator says of a passkey that it made, in base64url."""

    clientDataJSON: Encoded  # noqa: N815
    attestationObject: Encoded  # noqa: N815


class UsedPasskey(Strict):
    """The browser's `PublicKeyCredential` after `navigator.credentials.get`."""

    id: CredentialId
    rawId: CredentialId  # noqa: N815
    type: Literal["public-key"]
    response: Signature


class MadePasskey(Strict):
    """The browser's `PublicKeyCredential` after `navigator.credentials.create`."""

    id: CredentialId
    rawId: CredentialId  # noqa: N815
    type: Literal["public-key"]
    response: Attestation


_USED = {
    "id": "AQIDBA",
    "rawId": "AQIDBA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}
_MADE = {
    "id": "AQIDBA",
    "rawId": "AQIDBA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
}


class TicketUsedPasskey(Strict):
    """A passkey's signature over the challenge of a ticket."""

    model_config = example(ticket=_TICKET, credential=_USED)

    ticket: TicketWord
    credential: UsedPasskey


class TicketMadePasskey(Strict):
    """A new passkey for the challenge of a ticket, with a name that its owner knows it by."""

    model_config = example(ticket=_TICKET, label="Work phone", credential=_MADE)

    ticket: TicketWord
    label: ShortText
    credential: MadePasskey


class Nothing(Strict):
    """No fields."""

    model_config = example()


class AwayAnswer(Answer):
    """Where a browser goes to sign in."""

    address: str


class NameSetup(Strict):
    """The start of a first set-up: sign-in name and one-time secret."""

    model_config = example(name="example.one", secret="ABCD-EFGH-IJKL-MNOP-QRST-UVWX")  # noqa: S106 - an example

    name: NameTyped
    secret: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class TicketOnly(Strict):
    """A ticket."""

    model_config = example(ticket=_TICKET)

    ticket: TicketWord


class TicketPassword(Strict):
    """The password that somebody chooses."""

    model_config = example(ticket=_TICKET, password="four plain words together")  # noqa: S106 - an example

    ticket: TicketWord
    password: PasswordTyped


class PairingCode(Strict):
    """The code that pairs a tablet."""

    model_config = example(code="ABCDE-FGHJK")

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class PersonPin(Strict):
    """Who unlocks a tablet, and their PIN."""

    model_config = example(person="acc_0198b6f2-6c1e-7b1a-8c55-3d2f0f4f6a10", pin="271828")

    person: AccountId
    pin: CodeTyped


class NewPin(Strict):
    """A PIN for this tablet and this duty."""

    model_config = example(pin="271828")

    pin: CodeTyped


class ChangePassword(Strict):
    """The present password and the one to come."""

    model_config = example(present="four plain words together", wanted="five other words in a row")

    present: PasswordTyped
    wanted: PasswordTyped


class Job(Strict):
    """What somebody works as."""

    agency: AgencyWord
    role: RoleWord
    qualifications: Annotated[list[Code], Field(max_length=30)] = []


Jobs = Annotated[list[Job], Field(min_length=1, max_length=10)]


class NewAccount(Strict):
    """Somebody who is to sign in."""

    model_config = example(
        name="example.one",
        full_name="Constable Example One",
        employments=[{"agency": "police", "role": "constable", "qualifications": ["response_driver"]}],
    )

    name: NameTyped
    full_name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    employments: Jobs


class Employments(Strict):
    """The jobs that somebody has from now on."""

    model_config = example(employments=[{"agency": "police", "role": "police_dispatcher"}])

    employments: Jobs


class NewTablet(Strict):
    """A tablet for a vehicle."""

    model_config = example(vehicle_id="JR01", label="Tablet in the dashboard")

    vehicle_id: CallSign
    label: ShortText


class EndTablet(Strict):
    """Why a tablet ends."""

    model_config = example(reason="stolen")

    reason: Literal["unpaired", "stolen"]


class TicketAnswer(Answer):
    """The ticket of the next step; the same for a right password and a wrong one."""

    ticket: str


class ChallengeAnswer(Answer):
    """A ticket and the options for the browser's Web Authentication call."""

    ticket: str
    options: dict[str, Any]


class JobAnswer(Answer):
    """A job to choose."""

    agency: AgencyWord
    role: str


class EnteredAnswer(Answer):
    """Who is signed in now; or, for somebody with several jobs, which there are to choose from."""

    viewer: ViewerAnswer | None
    ticket: str | None
    jobs: list[JobAnswer]


class SetupAnswer(Answer):
    """Whose set-up it is."""

    ticket: str
    name: str
    full_name: str


class AppSecretAnswer(Answer):
    """What goes into the authenticator app, as text and as an address; shown once."""

    ticket: str
    secret: str
    address: str


class CrewMember(Answer):
    """Somebody with a PIN on this tablet."""

    person: str
    name: str
    role: str


class TabletHere(Answer):
    """The tablet that asks, and who can unlock it."""

    vehicle_id: str
    label: str
    crew: list[CrewMember]


class TabletAnswer(BaseModel):
    """The tablet that asks; null for any other browser."""

    tablet: TabletHere | None


class SessionRow(Answer):
    """One open session."""

    id: str
    here: bool
    agency: AgencyWord
    role: str
    method: str
    client: str
    tablet: bool
    started_at: str
    seen_at: str
    expires_at: str


class ProofRow(Answer):
    """One proof of who somebody is."""

    id: str
    kind: str
    label: str
    created_at: str
    used_at: str | None


class OwnAccountAnswer(Answer):
    """The caller's own account."""

    name: str
    full_name: str
    fresh: bool
    sessions: list[SessionRow]
    proofs: list[ProofRow]


class EndedAnswer(Answer):
    """How many sessions were ended."""

    ended: int


class PasskeyKept(Answer):
    """A passkey that holds from now on."""

    id: str
    label: str


class PinKept(Answer):
    """Until when the PIN holds."""

    until: str


class EmploymentRow(Answer):
    """One job."""

    agency: AgencyWord
    role: str
    qualifications: list[str]


class AccountRow(Answer):
    """One account, as administrators see it."""

    id: str
    name: str
    full_name: str
    employments: list[EmploymentRow]
    created_at: str
    disabled_at: str | None
    proofs: list[str]
    sessions: int


class InvitedAnswer(Answer):
    """An account with its one-time set-up secret, shown once."""

    account: AccountRow
    setup_secret: str


class TabletRow(Answer):
    """One tablet, as those who pair it see it."""

    id: str
    vehicle_id: str
    label: str
    made_at: str
    paired_at: str | None
    ended_at: str | None
    ended_why: str | None


class OfferedTablet(Answer):
    """A new tablet with its pairing code, shown once."""

    id: str
    vehicle_id: str
    code: str
    expires_at: str
