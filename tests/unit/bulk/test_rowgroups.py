"""Parquet files put behind one another, as other programs read them, against joining their rows."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from mcda.bulk import rowgroups
from mcda.bulk.rowgroups import height, put_together
from mcda.bulk.run import bulk
from mcda.bulk.sources import Settings

WORDS = pl.Enum(["", "a", "\u4e2d\u6587"])
KINDS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "numbers": (pl.Float64, st.floats()),
    "places": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "flags": (pl.Boolean, st.booleans()),
    "texts": (pl.String, st.text(max_size=6)),
    "words": (WORDS, st.sampled_from(WORDS.categories.to_list())),
    "days": (pl.Date, st.dates()),
}


@st.composite
def parts(draw: st.DrawFn) -> tuple[list[pl.DataFrame], list[str]]:
    """Frames with the same columns in any order, and some of these."""
    names = draw(st.permutations(sorted(KINDS)))
    frames = []
    for _ in range(draw(st.integers(1, 4))):
        rows = draw(st.integers(1, 7))
        columns = []
        for name in draw(st.permutations(names)):
            kind, entry = KINDS[name]
            entries = draw(st.sampled_from([entry, st.one_of(entry, st.none()), st.none()]))
            values = draw(st.lists(entries, min_size=rows, max_size=rows))
            columns.append(pl.Series(name, values, dtype=kind))
        frames.append(pl.DataFrame(columns))
    return frames, names[: draw(st.integers(1, len(names)))]


def joined(paths: list[Path], columns: list[str]) -> bytes | None:
    target = io.BytesIO()
    sources = (io.BytesIO(path.read_bytes()) for path in paths)
    return target.getvalue() if put_together(sources, target, columns) else None


def write(folder: Path, frames: list[pl.DataFrame], **options: Any) -> list[Path]:
    paths = [folder / f"{number}.part" for number in range(len(frames))]
    for path, frame in zip(paths, frames, strict=True):
        frame.write_parquet(path, **options)
    return paths


@given(
    parts(),
    st.sampled_from(["zstd", "snappy", "uncompressed"]),
    st.sampled_from([None, 1, 3]),
    st.booleans(),
)
def test_the_rows_are_those_of_the_files(
    folder: Path,
    drawn: tuple[list[pl.DataFrame], list[str]],
    compression: Any,
    group: int | None,
    statistics: bool,
) -> None:
    frames, columns = drawn
    paths = write(
        folder, frames, compression=compression, row_group_size=group, statistics=statistics
    )
    found = joined(paths, columns)
    assert found is not None
    texts = pl.col(WORDS).cast(pl.String)
    wanted = pl.concat([frame.select(columns) for frame in frames]).with_columns(texts)
    assert_frame_equal(pl.read_parquet(io.BytesIO(found)), wanted)
    assert_frame_equal(pl.DataFrame(pq.read_table(io.BytesIO(found))), wanted)
    assert [height(path) for path in paths] == [frame.height for frame in frames]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


@given(parts())
def test_what_the_footer_says_is_so(
    folder: Path, drawn: tuple[list[pl.DataFrame], list[str]]
) -> None:
    frames, columns = drawn
    found = joined(write(folder, frames, row_group_size=2), columns)
    assert found is not None
    about = pq.ParquetFile(io.BytesIO(found)).metadata
    assert about.num_rows == sum(frame.height for frame in frames)
    assert about.metadata is None  # nothing about how columns were held in memory
    row, end = 0, 4
    wanted = pl.concat([frame.select(columns) for frame in frames])
    for number in range(about.num_row_groups):
        group = about.row_group(number)
        slice_, row = wanted.slice(row, group.num_rows), row + group.num_rows
        for place, name in enumerate(columns):
            chunk = group.column(place)
            starts = [chunk.data_page_offset, chunk.dictionary_page_offset]
            assert min(start for start in starts if start is not None) == end
            end += chunk.total_compressed_size
            assert chunk.path_in_schema == name
            assert not chunk.has_offset_index
            assert not chunk.has_column_index
            if chunk.statistics is not None and chunk.statistics.has_null_count:
                assert chunk.statistics.null_count == slice_[name].null_count()
            if chunk.statistics is not None and chunk.statistics.has_min_max and name == "places":
                assert chunk.statistics.min == slice_[name].min()
                assert chunk.statistics.max == slice_[name].max()
        assert group.total_byte_size == sum(
            group.column(place).total_uncompressed_size for place in range(len(columns))
        )
    assert row == wanted.height


@given(parts())
def test_files_of_another_program(
    folder: Path, drawn: tuple[list[pl.DataFrame], list[str]]
) -> None:
    frames, columns = drawn
    paths = [folder / f"{number}.arrow.part" for number in range(len(frames))]
    texts = pl.col(WORDS).cast(pl.String)
    tables = [frame.with_columns(texts).to_arrow() for frame in frames]
    for path, table in zip(paths, tables, strict=True):
        pq.write_table(table, path, write_page_index=True, row_group_size=3, version="1.0")
    found = joined(paths, columns)
    assert found is not None
    wanted = pa.concat_tables([table.select(columns) for table in tables])
    assert_frame_equal(pl.DataFrame(pq.read_table(io.BytesIO(found))), pl.DataFrame(wanted))


def test_many_columns_and_groups(tmp_path: Path) -> None:
    """Lists of more than fourteen things and numbers of several bytes are written another way."""
    frame = pl.DataFrame({f"column {n}": range(n, n + 40) for n in range(200)})
    paths = write(tmp_path, [frame, frame], row_group_size=1)
    found = joined(paths, frame.columns)
    assert found is not None
    assert_frame_equal(pl.read_parquet(io.BytesIO(found)), pl.concat([frame, frame]))
    assert pq.ParquetFile(io.BytesIO(found)).metadata.num_row_groups == 80


A, B = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}), pl.DataFrame({"a": [1.5], "b": ["x"]})


@pytest.mark.parametrize(
    ("frames", "columns"),
    [
        ([], []),
        ([A, A.drop("b")], ["a", "b"]),
        ([A, A.rename({"a": "c"})], ["a", "b"]),
        ([A, B], ["a", "b"]),
        ([pl.DataFrame({"a": [[1]]})], ["a"]),
        ([pl.DataFrame({"a": [{"b": 1}]})], ["a"]),
    ],
    ids=["nothing", "missing", "renamed", "another kind", "lists", "structures"],
)
def test_what_cannot_be_put_together(
    tmp_path: Path, frames: list[pl.DataFrame], columns: list[str]
) -> None:
    assert joined(write(tmp_path, frames), columns) is None


def test_unknown_things_are_not_moved(tmp_path: Path) -> None:
    """What says where rows are sorted would be wrong for a file that says so of its own rows."""
    path = tmp_path / "a"
    pq.write_table(A.to_arrow(), path, sorting_columns=[pq.SortingColumn(0)])
    assert joined([path], ["a"]) is None


def test_files_of_another_format(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for data in (
        b"",
        b"x",
        b"x" * 40,
        b"PAR1",
        b"x" * 30 + (9).to_bytes(4, "little") + b"PAR1",
        b"\xff" * 30,
    ):
        path.write_bytes(data)
        assert joined([path], ["a"]) is None


@given(st.lists(st.tuples(st.integers(1, 700), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_footers_lead_to_no_other_end(folder: Path, changes: list[tuple[int, int]]) -> None:
    """Neither to an endless loop nor to an error: the rows are written in another way then."""
    buffer = io.BytesIO()
    A.write_parquet(buffer)
    whole = bytearray(buffer.getvalue())
    for place, byte in changes:
        whole[-8 - place] = byte
    path = folder / "damaged"
    path.write_bytes(whole)
    joined([path], A.columns)


INTEGERS = st.integers(-(2**63), 2**63 - 1)
STRUCTS = st.recursive(
    st.one_of(
        st.tuples(st.sampled_from([4, 5, 6]), INTEGERS),
        st.tuples(st.just(8), st.binary(max_size=300)),
        st.tuples(st.just(7), st.binary(min_size=8, max_size=8)),
        st.tuples(st.just(3), st.binary(min_size=1, max_size=1)),
        st.tuples(st.sampled_from([1, 2]), st.none()),
        st.tuples(
            st.just(9),
            st.lists(INTEGERS, max_size=40).map(lambda items: rowgroups._List(6, items)),
        ),
    ).map(lambda pair: rowgroups._Field(*pair)),
    lambda field: st.one_of(
        st.dictionaries(st.integers(1, 5000), field, max_size=5).map(
            lambda found: rowgroups._Field(12, found)
        ),
        st.lists(st.dictionaries(st.integers(1, 30), field, max_size=3), max_size=20).map(
            lambda items: rowgroups._Field(9, rowgroups._List(12, items))
        ),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.integers(1, 30000), STRUCTS, max_size=6))
def test_structures_survive_being_written(struct: dict[int, Any]) -> None:
    into = bytearray()
    rowgroups._write_struct(struct, into)
    reader = rowgroups._Reader(bytes(into))
    assert reader.struct() == struct
    assert reader.at == len(into)


def test_a_run_puts_the_parts_of_large_jobs_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output has them as its runs of rows, and says the same as rows that are joined."""
    template = {
        "format": "mcda/scenario/1",
        "id": "template",
        "criteria": {
            "price": {"direction": "cost", "domain": [0, 100]},
            "speed": {"direction": "benefit", "domain": [0, 1]},
        },
        "weights": {"direct": {"price": 2, "speed": 1}},
        "options": {name: {"price": 0, "speed": 0} for name in ("left", "right")},
    }
    (tmp_path / "t.json").write_text(json.dumps(template), encoding="utf-8")
    count, dice = 60_000, np.random.default_rng(0)
    table = pl.DataFrame(
        {
            "scenario": np.arange(count).repeat(2),
            "option": np.tile(["left", "right"], count),
            "price": dice.random(2 * count) * 100.01,  # some is beyond what is allowed
            "speed": dice.random(2 * count),
        }
    )
    table.write_parquet(tmp_path / "t.parquet")
    settings = Settings(template=str(tmp_path / "t.json"))

    def out(name: str, workers: int = 1) -> Path:
        path = tmp_path / name
        summary = bulk([str(tmp_path / "t.parquet")], path, settings, workers=workers)
        found = pl.read_csv(path) if path.suffix == ".csv" else pl.read_parquet(path)
        assert summary.scenarios == found.height == count
        assert summary.failed == found["error"].count() > 0
        for column, said in (("recommended", summary.recommended), ("verdict", summary.verdicts)):
            assert said == dict(found[column].drop_nulls().value_counts().rows())
        assert not summary.doubled
        return path

    one, two = out("one.parquet"), out("two.parquet", workers=2)
    assert one.read_bytes() == two.read_bytes()
    about = pq.ParquetFile(one).metadata
    assert [about.row_group(n).num_rows for n in range(2)] == [50_000, 10_000]
    monkeypatch.setattr("mcda.bulk.outputs._FEW", count)
    other = pl.read_parquet(out("other.parquet"))
    assert pq.read_schema(tmp_path / "other.parquet") == pq.read_schema(one)
    assert_frame_equal(pl.read_parquet(one), other)
    monkeypatch.setattr("mcda.bulk.outputs.put_together", lambda *_: False)
    assert_frame_equal(other, pl.read_parquet(out("unknown.parquet")))
    plain = pl.read_csv(out("plain.csv"), schema=other.schema)
    assert_frame_equal(plain.drop("error"), other.drop("error"), check_exact=True)
