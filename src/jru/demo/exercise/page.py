"""A debrief as one HTML file that opens and prints anywhere: no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Final

from jru.demo.api import Row
from jru.domain.exercise import Part

VERDICTS: Final = {"met": "Met", "late": "Late", "missed": "Missed", "open": "Not reached"}
_STYLE: Final = (
    "body{font:15px/22px system-ui,sans-serif;margin:24px;max-width:1100px;color:#12181d}"
    "table{border-collapse:collapse;width:100%;margin:8px 0 24px}"
    "th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #c3ccd3}"
    "th{font-weight:600}td.t{font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".mark{letter-spacing:.06em}tr.script td{background:#f4f6f7}.soft{color:#4c5862}"
    "@media print{body{margin:0;font-size:10pt;line-height:14pt}tr{break-inside:avoid}}"
)


def page_of(found: Row) -> str:
    """Return the whole page of a debrief."""
    title = escape(found["title"])
    people = ", ".join(Part(part).words for part in found["people"]) or "nobody"
    judged = "".join(_judged(row) for row in found["expectations"])
    told = "".join(_told(row) for row in found["timeline"])
    notes = "".join(f"<li>{escape(note)}</li>" for note in found["notes"])
    heads = "".join(f'<th scope="col">{part.words.capitalize()} saw it</th>' for part in Part)
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}, debrief</title>'
        f"<style>{_STYLE}</style></head><body>"
        f'<p class="mark"><strong>{escape(found["marking"])}</strong> {escape(found["run"])}</p>'
        f"<h1>{title}</h1><p>{escape(found['given'])}</p>"
        f"<p>Played by people: {escape(people)}. {escape(found['ended'])}</p>"
        '<h2>What was expected</h2><table><thead><tr><th scope="col">Verdict</th>'
        '<th scope="col">What happened</th><th scope="col">Why it matters</th></tr></thead>'
        f"<tbody>{judged}</tbody></table><h2>What happened, and who saw it when</h2>"
        '<table><thead><tr><th scope="col">Time</th><th scope="col">What</th>'
        f"{heads}</tr></thead><tbody>{told}</tbody></table>"
        f'<ul class="soft">{notes}</ul></body></html>\n'
    )


def _judged(row: Row) -> str:
    machine = "" if row["by_people"] else ' <span class="soft">(played by the machine)</span>'
    cells = (VERDICTS[row["verdict"]], escape(row["sentence"]) + machine, escape(row["why"]))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _told(row: Row) -> str:
    if row["from"] == "script":
        became = "" if row["outcome"] == "done" else f" ({escape(row['outcome'])})"
        what = f"<strong>Script:</strong> {escape(row['what'])}{became}"
        return f'<tr class="script"><td class="t">{row["offset"]}</td><td colspan="4">{what}</td></tr>'
    seen = "".join(f'<td class="t">{row["seen"][part.value] or "not shown"}</td>' for part in Part)
    return f'<tr><td class="t">{row["offset"]}</td><td>{escape(row["what"])}</td>{seen}</tr>'
