"""The embedded scheme with a police directory in it."""

from __future__ import annotations

from jru.blueprints import embedded_blueprint


def scheme_with(address: str, **more: str) -> str:
    """Return the embedded scheme with a police directory."""
    lines = {
        "issuer": f'"{address}"',
        "client_id": '"jru"',
        "claim": '"groups"',
        "roles": '{ "JRU-Dispatch" = "police_dispatcher", "JRU-Specials" = "special_constable" }',
        **more,
    }
    table = "\n[partner.sign_in]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items()) + "\n"
    text = embedded_blueprint()
    at = text.index("[[partner.grade]]")
    return text[:at] + table.lstrip("\n") + text[at:]
