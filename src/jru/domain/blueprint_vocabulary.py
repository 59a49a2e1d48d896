"""The fixed words of a blueprint: what code looks up by name and every scheme must therefore define."""

from __future__ import annotations

SITE_KINDS = ("base", "hospital", "police_station", "custody", "place_of_safety", "rvp")
COARSE_CLASSES = ("violence", "medical", "mental_health", "welfare", "drunkenness", "traffic", "other")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KIT_OWNERS = ("police", "ambulance", "joint")
COST_CLASSES = ("fiscal", "cashable", "economic")
REQUIRED_FLAGS = ("other_service_asked", "injury")
STATUS_IDS = (
    "off",
    "readying",
    "available",
    "meal",
    "offered",
    "assigned",
    "mobile",
    "rvp",
    "scene",
    "patient",
    "transport",
    "destination",
    "handover",
    "clearing",
    "vor",
    "emergency",
)
GATES = ("hours", "area", "vehicle", "hazard", "rcrp")
SENTENCES = (
    "may_offer",
    "may_not_offer",
    "consent",
    "told",
    "tie",
    "divert",
    "no_divert",
    "out_of_district",
    "keep_ambulance",
    "c1_always",
    "stand_down_ambulance",
)
OUTCOME_CODES = {
    "need": ("dual", "police_only", "ambulance_only", "neither"),
    "ended": ("attended", "stood_down_on_the_way", "held_at_rvp_released", "not_found"),
    "risk": ("calm", "tense", "threats", "violence"),
    "context": ("alcohol", "drugs", "mental_health", "domestic_abuse", "violence", "child"),
    "disposal": (
        "conveyed_ed",
        "conveyed_elsewhere",
        "see_and_treat",
        "referred",
        "left_at_scene",
        "custody",
        "s136",
    ),
    "conveyed_by": ("joint_unit", "ambulance", "police", "other"),
}
BRIEFING_HEADINGS = (
    "information",
    "intention",
    "method",
    "administration",
    "risk_assessment",
    "communications",
    "human_rights",
)
AFTERCARE = ("injury", "assault", "near_miss", "welfare")
HOLDING_HAZARDS = ("weapon", "firearm", "cbrn", "hostage")
