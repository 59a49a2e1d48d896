"""What the product seals is opened by a browser that opens the example of RFC 8291 (appendix A)."""

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec

from jru.exchange.webpush.sealing import sealed
from jru.services.alert_records import PushAddress
from tests.push.service import Device, Message

POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def plain(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_browser_opens_the_example_and_what_the_product_seals() -> None:
    key = ec.derive_private_key(int.from_bytes(plain(PRIVATE), "big"), ec.SECP256R1())
    browser = Device("example", plain(SECRET), key)
    assert browser.point == plain(POINT)
    assert browser.opened(Message("/", {}, plain(SEALED))) == b"When I grow up, I want to be a watermelon"
    address = PushAddress("https://push.example/a", browser.point, browser.secret)
    first, second = (sealed(address, b"JR01") for _ in range(2))
    assert browser.opened(Message("/", {}, first)) == b"JR01"
    assert first != second
