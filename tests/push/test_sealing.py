"""The example of RFC 8291 (appendix A), to the byte."""

from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec

from jru.exchange.webpush.sealing import CURVE, sealed
from jru.services.alert_records import PushAddress

POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def plain(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_message_is_sealed_as_the_standard_seals_its_example() -> None:
    own = ec.derive_private_key(int.from_bytes(plain(OWN), "big"), CURVE)
    address = PushAddress("https://push.example/a", plain(POINT), plain(SECRET))
    assert sealed(address, b"When I grow up, I want to be a watermelon", own, plain(SALT)) == plain(SEALED)
