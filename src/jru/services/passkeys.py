"""Passkeys (W3C Web Authentication, level 3): what a browser is asked, and whether its answer holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from jru.clock import Random
from jru.errors import InvalidInput

CHALLENGE_BYTES = 32
TIMEOUT_MS = 300_000


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as its authenticator made it; `external` is its id in base64url."""

    external: str
    public_key: bytes
    counter: int


class Passkeys:
    """Passkeys of one domain. A passkey proves two things at once, since the authenticator checks its user."""

    def __init__(self, domain: str, random: Random) -> None:
        """`domain`: the host name that people reach the product under; passkeys hold for it alone."""
        self.domain = domain
        self._random = random

    def ask_new(
        self, account_id: str, name: str, full_name: str, held: Iterable[str]
    ) -> tuple[bytes, dict[str, Any]]:
        """Return a challenge and what a browser needs to make a passkey; `held`: ids that the person has."""
        challenge = self._random.bytes(CHALLENGE_BYTES)
        options = generate_registration_options(
            rp_id=self.domain,
            rp_name="Joint response unit",
            user_id=hashlib.sha256(account_id.encode()).digest(),
            user_name=name,
            user_display_name=full_name,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in held],
        )
        return challenge, json.loads(options_to_json(options))

    def ask(self) -> tuple[bytes, dict[str, Any]]:
        """Return a challenge and what a browser needs to use any passkey of this domain: no name is asked for."""
        challenge = self._random.bytes(CHALLENGE_BYTES)
        options = generate_authentication_options(
            rp_id=self.domain,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return challenge, json.loads(options_to_json(options))

    def check_new(self, challenge: bytes, answer: Mapping[str, Any], origin: str) -> NewPasskey:
        """Return the passkey of a browser's answer; raises InvalidInput, code passkey.refused."""
        try:
            made = verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=self._own(origin),
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise refused() from error
        return NewPasskey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)

    def check(
        self, challenge: bytes, answer: Mapping[str, Any], origin: str, public_key: bytes, counter: int
    ) -> int:
        """Return the passkey's new counter; raises InvalidInput for an answer that does not hold."""
        try:
            found = verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=self._own(origin),
                credential_public_key=public_key,
                credential_current_sign_count=counter,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise refused() from error
        return found.new_sign_count

    def _own(self, origin: str) -> str:
        """Return the origin of a request if it lies in this domain: over TLS, or on this very machine."""
        parts = urlsplit(origin)
        host = parts.hostname or ""
        inside = host == self.domain or host.endswith(f".{self.domain}")
        if not inside or (parts.scheme != "https" and host != "localhost"):
            raise refused()
        return origin


def refused() -> InvalidInput:
    """Return the answer to a passkey that does not hold."""
    return InvalidInput(
        "passkey.refused", "The passkey was not accepted.", "Try again, or use another way to sign in."
    )
