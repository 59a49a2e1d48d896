"""Where a message may go: to a push service that the settings name, at an address of the open internet, over TLS."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jru.clock import SystemClock, SystemRandom
from jru.exchange.webpush.addresses import NotAdmitted, numbers_of, target_of
from jru.exchange.webpush.service import WebPush, new_key
from jru.services.alert_records import PushAddress, Receipt
from tests.push.service import Device, push_server


@pytest.mark.parametrize(
    "number",
    [
        *("10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("127.0.0.2", "[::1]", "[::]", "[fd00::1]", "[ff02::1]", "[::ffff:10.0.0.7]", "[::ffff:127.0.0.1]"),
    ],
)
def test_a_name_that_leads_to_an_address_of_the_own_net_is_not_connected_to(number: str) -> None:
    target = target_of(f"https://{number}/a", [number.strip("[]")])
    with pytest.raises(NotAdmitted):
        asyncio.run(numbers_of(target))


@pytest.mark.parametrize("number", ["93.184.216.34", "[2606:4700::1111]"])
def test_a_name_of_the_open_internet_is_connected_to_by_its_number(number: str) -> None:
    target = target_of(f"https://{number}/a", [number.strip("[]")])
    assert asyncio.run(numbers_of(target)) == [number.strip("[]")]


def sent(endpoint: str, trusted: ssl.SSLContext | None) -> Receipt:
    device, random = Device("a"), SystemRandom()
    push = WebPush(
        new_key(random), "https://localhost", ("127.0.0.1",), SystemClock(), random, trusted=trusted
    )
    address = PushAddress(endpoint, device.point, device.secret)
    return asyncio.run(push.send(address, b"told", 60)).receipt


def certified(directory: Path, name: str) -> Path:
    """Return a file with a key and a certificate of its own for an address."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.example")])
    certificate = (
        x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    found = directory / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return found


@pytest.mark.parametrize(("name", "arrives"), [("127.0.0.1", True), ("127.0.0.2", False)])
def test_a_push_service_is_believed_by_a_certificate_of_its_own_name_only(
    tmp_path: Path, name: str, arrives: bool
) -> None:
    file = certified(tmp_path, name)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    with push_server(own) as service:
        assert sent(f"{service.url}/to/a", ssl.create_default_context(cafile=file)) is (
            Receipt.SENT if arrives else Receipt.LATER
        )
        assert sent(f"{service.url}/to/a", None) is Receipt.LATER
    assert len(service.rest()) == int(arrives)
