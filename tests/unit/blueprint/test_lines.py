"""The key-path index: every key of a TOML text has its line, however it is written."""

import json
import tomllib
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from jru.domain.blueprint_lines import Path, index_lines
from tests.unit.blueprint.texts import embedded

EVERY_FORM = '''\
title = "a"            # 1
owner.name = "b"       # 2: dotted
owner . 'quoted.key' = 3

[plain]
first = 1979-05-27 07:32:00  # 6
"spaced out" = """
[not a table]
x = 1 """""
after = 'it"s'  # 10

[[thing]]              # 12
id = "one"
  [[thing.part]]       # 14
  n = 1
  [[thing.part]]       # 16
  n = 2
  [thing.part.deep]    # 18
  x = { y = [ { z = 1 }, { z = 2 } ], w = "}" }  # 19

[[thing]]              # 21
id = "two"
[[thing.part]]         # 23
n = 3
many = [               # 25
  "a]",                # 26
  # a comment, with ] and "
  'b',                 # 28
  [1,
   2],                 # 30
]
[thing.'odd name'.sub] # 32
k = true
'''


def test_every_form_of_key_has_its_line() -> None:
    lines = index_lines(EVERY_FORM)
    expected: dict[Path, int] = {
        ("title",): 1,
        ("owner",): 2,
        ("owner", "quoted.key"): 3,
        ("plain",): 5,
        ("plain", "first"): 6,
        ("plain", "spaced out"): 7,
        ("plain", "after"): 10,
        ("thing",): 12,
        ("thing", 0, "id"): 13,
        ("thing", 0, "part", 0): 14,
        ("thing", 0, "part", 1): 16,
        ("thing", 0, "part", 1, "n"): 17,
        ("thing", 0, "part", 1, "deep"): 18,
        ("thing", 0, "part", 1, "deep", "x", "y", 1, "z"): 19,
        ("thing", 1): 21,
        ("thing", 1, "id"): 22,
        ("thing", 1, "part", 0): 23,
        ("thing", 1, "part", 0, "many"): 25,
        ("thing", 1, "part", 0, "many", 0): 26,
        ("thing", 1, "part", 0, "many", 1): 28,
        ("thing", 1, "part", 0, "many", 2, 1): 30,
        ("thing", 1, "odd name", "sub"): 32,
        ("thing", 1, "odd name", "sub", "k"): 33,
    }
    assert {path: lines.line_of(path) for path in expected} == expected


def test_an_absent_key_has_the_line_of_its_table() -> None:
    lines = index_lines(EVERY_FORM)
    assert lines.line_of(("thing", 0, "part", 1, "absent", 3)) == 16
    assert lines.line_of(("absent",)) == 1


def test_a_table_reopened_by_its_own_header_takes_the_line_of_that_header() -> None:
    lines = index_lines("[a.b]\nx = 1\n[a]\ny = 2\n")
    assert lines.line_of(("a",)) == 3
    assert lines.line_of(("a", "b")) == 1


def paths(value: object, here: Path = ()) -> list[Path]:
    """Return the path of every key and element of a document."""
    found = [here] if here else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        found += paths(inner, (*here, step))
    return found


def test_every_value_of_the_embedded_blueprint_is_found_where_it_stands() -> None:
    lines = index_lines(embedded())
    document = tomllib.loads(embedded())
    found = paths(document)
    assert len(found) > 1500
    assert [path for path in found if path not in lines.entries] == []
    for path, span in lines.values.items():
        value: object = document
        for step in path:
            value = value[step]  # type: ignore[index]
        assert tomllib.loads("v = " + embedded()[span.start : span.end])["v"] == value, path


@dataclass
class Writing:
    """A TOML text being written, with the line of every key."""

    written: list[str] = field(default_factory=list)
    expected: dict[Path, int] = field(default_factory=dict)

    def line(self, text: str, path: Path | None = None) -> None:
        """Add one line and remember which path begins on it."""
        self.written += text.split("\n")
        if path is not None:
            self.expected[path] = len(self.written) - text.count("\n")


KEYS = st.text(st.sampled_from("ab-_ .\"'#[]{}=é1"), min_size=1, max_size=4)
SCALARS = st.one_of(
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.text(st.sampled_from("ab\"'#[]{}=,\\ \n"), max_size=6),
)
LEAVES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(KEYS, SCALARS, max_size=2))
TABLES = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3),
    lambda inner: st.dictionaries(
        KEYS, st.one_of(LEAVES, inner, st.lists(inner, min_size=1, max_size=3)), max_size=3
    ),
    max_leaves=8,
)
STYLES = st.lists(st.integers(0, 2), min_size=1, max_size=20)


def write_value(value: object, style: int) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {write_value(v, style)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        gap = "\n  " if style else " "
        return (
            "["
            + "".join(
                f"{gap}{write_value(one, 0)}, # ]\n" if style else f"{write_value(one, 0)}, " for one in value
            )
            + "]"
        )
    if isinstance(value, str) and style == 2 and "'''" not in value and "\\" not in value:
        return f'"""\n{value}"""' if '"' not in value else json.dumps(value)
    return json.dumps(value)


def write_table(
    table: dict[str, object], path: Path, names: list[str], writing: Writing, styles: list[int]
) -> None:
    """Write plain keys first, then tables and arrays of tables below them."""
    style = styles[len(writing.written) % len(styles)]
    for key, value in table.items():
        if not is_below(value):
            writing.line(f"{json.dumps(key)}{' ' * style}= {write_value(value, style)}", (*path, key))
    for key, value in table.items():
        below = [*names, json.dumps(key)]
        if isinstance(value, dict) and is_below(value):
            writing.line(f"\n[{' . '.join(below)}] # [x]", None)
            writing.expected[*path, key] = len(writing.written)
            write_table(value, (*path, key), below, writing, styles)
        elif is_below(value):
            assert isinstance(value, list)
            for place, element in enumerate(value):
                writing.line(f"[[{'.'.join(below)}]]", (*path, key, place))
                write_table(element, (*path, key, place), below, writing, styles)


def is_below(value: object) -> bool:
    """Tell whether a value is written under a header: nested tables and arrays of tables are."""
    if isinstance(value, dict):
        return any(isinstance(inner, (dict, list)) for inner in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


@given(TABLES, STYLES)
def test_any_document_in_any_style_has_its_lines(document: dict[str, object], styles: list[int]) -> None:
    writing = Writing()
    write_table(document, (), [], writing, styles)
    text = "\n".join(writing.written) + "\n"
    read = tomllib.loads(text)
    lines = index_lines(text)
    assert {path: lines.line_of(path) for path in writing.expected} == writing.expected
    assert [path for path in paths(read) if path not in lines.entries] == []
