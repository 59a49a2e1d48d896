"""Passwords: which are taken, and how they are kept (argon2id: 19 MiB, two passes, one lane)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources

from argon2 import exceptions, extract_parameters
from argon2.low_level import Type, hash_secret, verify_secret

from jru.clock import Random
from jru.errors import InvalidInput

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
SALT_BYTES = 16
HASH_BYTES = 32
MIN_CHARS = 12
MAX_CHARS = 4096
MIN_DIFFERENT = 5
WORD_MIN = 4
WORDS_TOO_FEW = 2
OWN_WORDS = ("joint", "response", "unit", "police", "constabulary", "ambulance", "paramedic", "constable")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_PLAIN = str.maketrans("013457@$!", "oieastasi")


def normal(password: str) -> str:
    """Return the form in which a password counts: composed, every kind of space a plain one (RFC 8265, 4.2)."""
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in password)
    return unicodedata.normalize("NFC", spaced)


class Passwords:
    """Makes and checks password hashes. Both take about 25 ms of one core and 19 MiB."""

    def __init__(self, random: Random, context: Callable[[], Iterable[str]] = tuple) -> None:
        """`context` gives the words of this place that are no password: forces, districts, call signs."""
        self._random = random
        self._context = context
        self._nobodys = self.hashed(random.bytes(SALT_BYTES).hex())

    def hashed(self, password: str) -> bytes:
        """Return what is kept of a password."""
        return hash_secret(
            _bytes(password), self._random.bytes(SALT_BYTES), PASSES, MEMORY_KIB, LANES, HASH_BYTES, Type.ID
        )

    def matches(self, kept: bytes | None, password: str) -> bool:
        """Tell whether a password is the one kept; the same work is done where none is kept."""
        try:
            verify_secret(kept or self._nobodys, _bytes(password), Type.ID)
        except (exceptions.VerificationError, exceptions.InvalidHash):
            return False
        return kept is not None

    def outdated(self, kept: bytes) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        found = extract_parameters(kept.decode("ascii"))
        return (found.memory_cost, found.time_cost, found.parallelism) != (MEMORY_KIB, PASSES, LANES)

    def check(self, password: str, own: Iterable[str] = ()) -> None:
        """Refuse a weak password; `own`: what else an attacker would try first, such as the person's names.

        Raises InvalidInput, code password.short, password.long or password.common.
        """
        counted = normal(password)
        if len(counted) < MIN_CHARS:
            raise _refused(
                "short", f"A password has at least {MIN_CHARS} characters.", "Three or four words do."
            )
        if len(counted) > MAX_CHARS:
            raise _refused("long", f"A password has at most {MAX_CHARS} characters.", "Choose a shorter one.")
        if self._easy(counted, frozenset(_letters(word) for name in own for word in re.split(r"\W+", name))):
            raise _refused(
                "common", "This password is easily guessed.", "Take three or more unrelated words."
            )

    def _easy(self, password: str, own: frozenset[str]) -> bool:
        plain = password.casefold()
        if len(set(plain)) < MIN_DIFFERENT or plain in common_words() or _is_run(plain):
            return True
        place = {_letters(word) for word in (*OWN_WORDS, *self._context())}
        listed = common_words() | {word for word in own | place if len(word) >= WORD_MIN}
        return any(
            _made_of_few(letters, listed)
            for letters in {_letters(plain), _letters(plain.translate(_PLAIN))}
            if letters
        )


def _refused(what: str, message: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"password.{what}", message, remedy)


def _bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalpha())


def _made_of_few(letters: str, listed: frozenset[str] | set[str]) -> bool:
    """Tell whether letters are one listed word or two: digits and signs around them add little."""
    if letters in listed:
        return True
    return any(
        letters[:cut] in listed and letters[cut:] in listed
        for cut in range(WORD_MIN, min(len(letters) - WORD_MIN, 24) + 1)
    )


def _is_run(plain: str) -> bool:
    """Tell whether a password follows the alphabet or the keyboard, forwards or backwards, or repeats a short piece."""
    doubled = [run * 3 for run in _RUNS]
    if any(plain in line or plain in line[::-1] for line in doubled):
        return True
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))


@cache
def common_words() -> frozenset[str]:
    """Return the words that common passwords are made of, and the common ones that are long enough."""
    text = (resources.files("jru.services") / "common_words.txt").read_text(encoding="ascii")
    return frozenset(text.split())
