"""Whatever is written in a blueprint, reading it ends in a blueprint or in errors with lines."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_parsing import blueprint_hash
from tests.unit.blueprint.texts import embedded, embedded_lines, problems_of, with_value

VALUES = sorted(embedded_lines().values, key=str)
LEAVES = [path for path in VALUES if not any(other[:-1] == path for other in VALUES)]
ENTRIES = sorted((path for path, span in embedded_lines().entries.items() if span.end > span.start), key=str)
GARBAGE = st.one_of(
    st.sampled_from(
        [
            *(
                '""',
                "''",
                '"x"',
                '"\\u0000"',
                '"\\ud800"',
                '"' + "x" * 5000 + '"',
                '"""\n\n"""',
                '"police"',
                '"medway"',
            ),
            *("0", "-1", "1", "6", "99999999999999999999999", "0x" + "f" * 9000, "9" * 5000, "1_000"),
            *("nan", "-inf", "inf", "1e308", "1e999", "-0.0", "0.1", "true", "false"),
            *("[]", "[[]]", "[{}]", "{}", "{ id = 1 }", '{ x = "y" }', '["a", "a"]', "[1, 1]", "[nan, nan]"),
            *("2019-01-01", "2019-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
            *(
                "00:00:00",
                "23:59:59.999999",
                "25:00:00",
                "",
                "=",
                "]",
                "#",
                "'''",
                "[" * 3000,
                "\x00",
                "\ud800",
            ),
        ]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.text(max_size=20).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.text(max_size=20),
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(VALUES), GARBAGE)
def test_any_value_turned_to_garbage_is_read_or_refused_with_lines(path: Path, garbage: str) -> None:
    text = with_value(path, garbage)
    problems_of(text)
    assert len(blueprint_hash(text)) == 64


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LEAVES))
def test_a_table_in_the_place_of_any_plain_value_is_named_on_its_line(path: Path) -> None:
    line = embedded_lines().values[path].line
    problems = problems_of(with_value(path, "{ strange = { deep = 1 } }"))
    assert line in {problem.line for problem in problems}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ENTRIES), st.sampled_from(ENTRIES))
def test_tables_and_keys_moved_doubled_or_gone_are_read_or_refused_with_lines(one: Path, other: Path) -> None:
    span, target = embedded_lines().entries[one], embedded_lines().entries[other]
    text = embedded()
    moved = text[span.start : span.end]
    problems_of(text[: span.start] + text[span.end :])
    problems_of(text[: target.start] + moved + text[target.start :])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(embedded())), st.integers(0, 400), st.text(max_size=30))
def test_a_torn_or_overwritten_text_is_read_or_refused_with_lines(at: int, length: int, written: str) -> None:
    problems_of(embedded()[:at] + written + embedded()[at + length :])
    problems_of(embedded()[:at])
