"""Round the hand-drawn lines: a centripetal Catmull-Rom curve through every point."""

from __future__ import annotations

import math

import shapely

LonLat = tuple[float, float]

_STEP_M = 120.0
_SLACK_M = 4.0
_SHARP_DEG = 50.0  # a sharper turn is a junction or a real corner and stays one
_METRES_LAT = 111_195.0


def rounded(line: list[LonLat]) -> list[list[LonLat]]:
    """Return for each span of a line the points to insert between its two ends."""
    flat = [_flat(p, line[0][1]) for p in line]
    corner = [i in {0, len(flat) - 1} or _turn_deg(flat, i) > _SHARP_DEG for i in range(len(flat))]
    inserted = []
    for i in range(len(flat) - 1):
        a, b = flat[i], flat[i + 1]
        before = _mirrored(b, a) if corner[i] else flat[i - 1]
        after = _mirrored(a, b) if corner[i + 1] else flat[i + 2]
        steps = min(8, int(math.dist(a, b) // _STEP_M))
        span = [_curve(before, a, b, after, k / steps) for k in range(1, steps)]
        kept = shapely.LineString([a, *span, b]).simplify(_SLACK_M).coords[1:-1]
        inserted.append([_degrees((x, y), line[0][1]) for x, y in kept])
    return inserted


def _flat(p: LonLat, lat0: float) -> LonLat:
    return p[0] * _METRES_LAT * math.cos(math.radians(lat0)), p[1] * _METRES_LAT


def _degrees(p: LonLat, lat0: float) -> LonLat:
    return p[0] / (_METRES_LAT * math.cos(math.radians(lat0))), p[1] / _METRES_LAT


def _mirrored(p: LonLat, about: LonLat) -> LonLat:
    return 2 * about[0] - p[0], 2 * about[1] - p[1]


def _turn_deg(flat: list[LonLat], i: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = flat[i - 1 : i + 2]
    turn = math.atan2(cy - by, cx - bx) - math.atan2(by - ay, bx - ax)
    return abs(math.degrees(math.atan2(math.sin(turn), math.cos(turn))))


def _curve(p0: LonLat, p1: LonLat, p2: LonLat, p3: LonLat, share: float) -> LonLat:
    """Evaluate the curve between p1 and p2 (Barry and Goldman's pyramid, alpha 0.5)."""
    t0 = 0.0
    t1 = t0 + math.sqrt(math.dist(p0, p1) or 1e-9)
    t2 = t1 + math.sqrt(math.dist(p1, p2) or 1e-9)
    t3 = t2 + math.sqrt(math.dist(p2, p3) or 1e-9)
    t = t1 + share * (t2 - t1)
    a1, a2, a3 = _mix(p0, p1, t0, t1, t), _mix(p1, p2, t1, t2, t), _mix(p2, p3, t2, t3, t)
    b1, b2 = _mix(a1, a2, t0, t2, t), _mix(a2, a3, t1, t3, t)
    return _mix(b1, b2, t1, t2, t)


def _mix(p: LonLat, q: LonLat, t0: float, t1: float, t: float) -> LonLat:
    w = (t - t0) / (t1 - t0)
    return p[0] + w * (q[0] - p[0]), p[1] + w * (q[1] - p[1])
