"""Errors that the product raises, as values with a code and data rather than text alone.

    JruError                 something is wrong: code, message, remedy, data
    ├── Refused              a rule of the field says no
    ├── Conflict             the record changed since it was read, or somebody else was first
    ├── NotFound             there is no such thing, or the viewer may not know of it
    ├── Forbidden            the viewer's role does not allow it
    ├── Unauthenticated      nobody is signed in, or what was given does not prove who it is
    ├── InvalidInput         what came in is not well formed; lists every problem with its place
    ├── Unavailable          not now; says after how many seconds to try again
    │   └── TooManyTries     too many guesses at a secret; says after how many seconds the next one counts
    └── Quarantined          taken, but put aside for a person to look at

No error knows HTTP: `jru.web.problems` maps them to problem documents in one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import cleandoc


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where (a path or `file:line`), what, and what to do about it."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence} ({self.remedy})" if self.remedy else sentence


class JruError(Exception):
    """Something went wrong."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        remedy: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:
        """Hold a stable dotted `code`, a sentence (the class docstring when absent), a remedy and data."""
        self.code = code
        self.message = message or cleandoc(type(self).__doc__ or "").partition("\n")[0]
        self.remedy = remedy
        self.data: Mapping[str, object] = dict(data or {})
        super().__init__(code, self.message, remedy, self.data)

    def __str__(self) -> str:
        if not self.remedy:
            return self.message
        return f"{self.message}{' ' if self.message.endswith(('.', '!', '?')) else ': '}{self.remedy}"


class Refused(JruError):
    """A rule of the service does not allow this."""


class Conflict(JruError):
    """The record changed in the meantime."""


class NotFound(JruError):
    """There is no such record."""


class Forbidden(JruError):
    """Your role does not allow this."""


class Unauthenticated(JruError):
    """There is no valid session or token."""


class InvalidInput(JruError):
    """The input is not well formed."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        remedy: str = "",
        data: Mapping[str, object] | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        """Hold every problem found, not the first one alone."""
        super().__init__(code, message, remedy, data)
        self.problems = tuple(problems)
        self.args = (*self.args, self.problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {problem}" for problem in self.problems)])


class Unavailable(JruError):
    """The service cannot take this just now."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        remedy: str = "",
        data: Mapping[str, object] | None = None,
        retry_after_s: float = 1.0,
    ) -> None:
        """Hold after how many seconds a new attempt makes sense."""
        super().__init__(code, message, remedy, data)
        self.retry_after_s = retry_after_s
        self.args = (*self.args, retry_after_s)


class TooManyTries(Unavailable):
    """There were too many tries."""


class Quarantined(JruError):
    """The entry was kept aside for a person to look at."""
