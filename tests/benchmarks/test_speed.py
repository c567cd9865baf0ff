"""Speed against peers and limits; run with: pytest -m benchmark -s tests/benchmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import vector_normalization

import mcda
from mcda.files.loader import read_document
from tests.benchmarks.sidebyside import process, report, side_by_side

pytestmark = pytest.mark.benchmark

RNG = np.random.default_rng(0)
PEER = TOPSIS(vector_normalization)
LIBRARIES = "import numpy, networkx, pydantic"


def test_import() -> None:
    figures = side_by_side(process("import mcda"), process(LIBRARIES))
    report("import mcda / import numpy, networkx, pydantic", *figures, "at most 0.3")


def test_help() -> None:
    code = "import sys; sys.argv = ['mcda', '--help']; from mcda.cli.main import main; main()"
    figures = side_by_side(process(code), process(LIBRARIES))
    report("mcda --help / import numpy, networkx, pydantic", *figures, "at most 0.5")


def test_one_problem() -> None:
    matrix, weights = RNG.random((20, 10)) + 0.1, np.full(10, 0.1)
    directions = np.where(RNG.random(10) < 0.5, 1, -1)
    figures = side_by_side(
        lambda: mcda.topsis(matrix, weights, directions),
        lambda: PEER(matrix, weights, directions),
        calls=300,
    )
    report("topsis 20 x 10 / pymcdm", *figures, "at most 0.5")
    figures = side_by_side(
        lambda: mcda.topsis(matrix, weights, directions),
        lambda: PEER(matrix, weights, directions, validation=False),
        calls=300,
    )
    report("topsis 20 x 10 / pymcdm without its validation", *figures, "for comparison")


def _loop(matrices: list[np.ndarray], weights: np.ndarray, directions: np.ndarray) -> None:
    for matrix, vector in zip(matrices, weights, strict=True):
        PEER(matrix, vector, directions)


def test_weight_vectors() -> None:
    matrix, weights = RNG.random((20, 10)) + 0.1, RNG.random((100_000, 10))
    weights /= weights.sum(axis=1, keepdims=True)
    directions = np.where(RNG.random(10) < 0.5, 1, -1)
    ours, theirs, ratio = side_by_side(
        lambda: mcda.topsis(matrix, weights, directions).closeness,
        lambda: _loop([matrix] * 500, weights[:500], directions),
    )
    report("100,000 weight vectors on 20 x 10 / 500 calls of pymcdm", ours, theirs, ratio, "")
    report(
        "  the loop, extrapolated", ours, theirs * 200, 200 / ratio, "times as fast, at least 300"
    )


def test_problems() -> None:
    matrices, weights = RNG.random((100_000, 5, 5)) + 0.1, RNG.random((100_000, 5))
    weights /= weights.sum(axis=1, keepdims=True)
    directions = np.array([1, -1, 1, 1, -1])
    ours, theirs, ratio = side_by_side(
        lambda: mcda.topsis(matrices, weights, directions).closeness,
        lambda: _loop(list(matrices[:500]), weights[:500], directions),
    )
    report("100,000 problems of 5 x 5 / 500 calls of pymcdm", ours, theirs, ratio, "")
    report(
        "  the loop, extrapolated", ours, theirs * 200, 200 / ratio, "times as fast, at least 300"
    )


def test_reading_a_scenario(tmp_path: Path) -> None:
    lines = ["format: mcda/scenario/1", "id: sixty", "title: {en: Sixty lines, zh: 六十行}"]
    lines += ["criteria: ai-sourcing", "facts: article-world", "profile:"]
    lines += [f"  {name}: 2" for name in ("team", "budget", "data_security", "core_ness")]
    lines += ["options:"]
    for k in range(6):
        lines += [
            f"  option-{k}:",
            "    from: gpt-4",
            f"    title: {{en: Option {k}, zh: 选项 {k}}}",
        ]
        lines += ["    facts:", "      team_demand: 2.5", "      can_do_task: true"]
        lines += ["      money_base: {value: 3.5, low: 3, high: 4, source: a text}"]
    lines += ["weights:", "  judgements:", "    goal:", "      budget vs performance: 2"]
    lines += ["      core_ness vs performance: 1/3"]
    lines += ["expected:", "  recommended: option-0"]
    path = tmp_path / "sixty.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(lines) == 60
    figures = side_by_side(
        lambda: read_document(path),
        lambda: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
        calls=100,
    )
    report("reading a scenario of 60 lines / CSafeLoader alone", *figures, "at most 1.5")


def _judgements(count: int) -> np.ndarray:
    scale = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    upper = scale[RNG.integers(0, 17, (count, 5, 5))]
    matrices = np.triu(upper, 1)
    return matrices + np.tril(1 / np.swapaxes(upper, -1, -2), -1) + np.eye(5)


def test_batches_of_judgements_geometric_mean() -> None:
    import ahpy
    from pymcdm.weights.subjective import AHP

    matrices = _judgements(100_000)
    names = "abcde"
    pairs = [(i, j) for i in range(5) for j in range(i + 1, 5)]

    def loop_ahpy() -> None:
        for matrix in matrices[:100]:
            comparisons = {(names[i], names[j]): float(matrix[i, j]) for i, j in pairs}
            _ = ahpy.Compare("goal", comparisons, precision=4).target_weights

    def loop_pymcdm() -> None:
        for matrix in matrices[:100]:
            AHP(matrix=matrix)()

    for peer, loop in (("AHPy", loop_ahpy), ("pymcdm", loop_pymcdm)):
        ours, theirs, ratio = side_by_side(lambda: mcda.ahp(matrices).weights, loop)
        report(f"100,000 5 x 5 geometric means / 100 calls of {peer}", ours, theirs, ratio, "")
        report("  the loop, extrapolated", ours, theirs * 1000, 1000 / ratio, "times, at least 500")


def test_batches_of_judgements_eigenvector() -> None:
    matrices = _judgements(100_000)
    ours, theirs, ratio = side_by_side(
        lambda: mcda.ahp(matrices, method="eigenvector").weights,
        lambda: np.linalg.eig(matrices),
        rounds=5,
    )
    report(
        "100,000 5 x 5 eigenvectors / np.linalg.eig", ours, theirs, 1 / ratio, "times, at least 5"
    )
    result = mcda.ahp(matrices, method="eigenvector")
    image = (matrices @ result.weights[..., None])[..., 0] / result.weights
    bracket = ((image.max(axis=-1) - image.min(axis=-1)) / image.max(axis=-1)).max()
    print(f"  widest relative bracket of an eigenvalue: {bracket:.2g} (1e-12)")
