"""The chapter on algorithms: by hand against scikit-learn, the record against a new run, demos, and exercises."""

import functools
import json
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_source import ChapterSource, complaint
from hypothesis import given
from hypothesis import strategies as st
from recorded import recorder
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from mlacourse import resources

SOURCE = ChapterSource("02_modeling", "02_algorithms_and_their_limits")
RECORD = resources.path("datasets", "recorded", "algorithms_measured.json")
SUMMER, DIGITS, CENTRES, NINE, GROWTH, CHOOSER = range(6)


@functools.cache
def chapter() -> SimpleNamespace:
    names = SOURCE.definitions()
    exec(SOURCE.cell_with("RULES = {"), names)
    return SimpleNamespace(**names)


@functools.cache
def recorded() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return content


@functools.cache
def catalogue() -> dict[str, Any]:
    """The table of built-in algorithms, as its cell defines it."""
    names: dict[str, Any] = {}
    exec("import pandas as pd\n" + SOURCE.cell_with("BUILT_INS = {"), names)
    built_ins: dict[str, Any] = names["BUILT_INS"]
    return built_ins


@pytest.fixture(autouse=True, scope="module")
def _imports_done() -> None:
    """Import before hypothesis times the first example."""
    chapter()


def cloud(rows: int = 60, columns: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, columns))


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_best_cut_is_the_root_of_scikit_learns_tree(seed: int) -> None:
    x = cloud(seed=seed)
    y = (x[:, 1] + 0.3 * cloud(seed=seed + 50)[:, 0] > 0).astype(int)
    column, cut, impurity = chapter().best_cut(x, y)
    stump = DecisionTreeClassifier(max_depth=1, random_state=0).fit(x, y).tree_
    assert (column, cut) == (stump.feature[0], pytest.approx(stump.threshold[0], abs=1e-6))
    leaves = stump.impurity[1:] @ stump.weighted_n_node_samples[1:] / len(y)
    assert impurity == pytest.approx(leaves)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_gini_is_between_nought_and_a_half_and_does_not_mind_which_class_is_which(answers: list[bool]) -> None:
    gini = chapter().gini(np.array(answers))
    assert 0 <= gini <= 0.5
    assert gini == pytest.approx(chapter().gini(~np.array(answers)))


def test_k_nearest_by_hand_gives_scikit_learns_shares() -> None:
    x, asked = cloud(), cloud(20, seed=1)
    y = (x[:, 0] > 0).astype(int)
    library = KNeighborsClassifier(7, algorithm="brute").fit(x, y)
    assert chapter().k_nearest(x, y, asked, 7) == pytest.approx(library.predict_proba(asked)[:, 1])


def test_naive_bayes_by_hand_gives_scikit_learns_probabilities() -> None:
    x, asked = cloud(), cloud(20, seed=1)
    y = (x[:, 0] + x[:, 1] > 0).astype(int)
    library = GaussianNB(var_smoothing=0).fit(x, y)
    assert chapter().naive_bayes(x, y, asked) == pytest.approx(library.predict_proba(asked)[:, 1])


def test_principal_components_are_those_of_scikit_learn_up_to_their_sign() -> None:
    x = cloud(200, 5) * [5, 3, 2, 1, 0.5]
    mean, directions, share = chapter().principal(x, 3)
    library = PCA(3, svd_solver="full").fit(x)
    assert mean == pytest.approx(library.mean_)
    assert np.abs(directions @ library.components_.T) == pytest.approx(np.eye(3), abs=1e-9)
    assert share == pytest.approx(library.explained_variance_ratio_)
    assert all(row[np.abs(row).argmax()] > 0 for row in directions)


@pytest.mark.parametrize("seed", range(3))
def test_moving_the_centres_until_they_rest_is_lloyds_algorithm(seed: int) -> None:
    x = cloud(80, 2, seed)
    centres = x[:4].copy()
    for _ in range(100):
        before = chapter().inertia(x, centres)
        centres = chapter().moved(x, centres)
        assert chapter().inertia(x, centres) <= before + 1e-9
    library = KMeans(4, init=x[:4], n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(x)
    assert centres == pytest.approx(library.cluster_centers_)


def test_the_circles_bring_the_ends_of_year_and_day_together() -> None:
    first, same = chapter().on_circles(np.array([[0.0, 0.0], [365.0, 24.0]]))
    assert first == pytest.approx(same)


def test_libsvm_lines_are_those_of_scikit_learn(tmp_path: Any) -> None:
    from sklearn.datasets import load_svmlight_file

    rows = np.array([[1.0, 0.0, 2.5], [0.0, 3.0, 0.0]])
    file = tmp_path / "rows"
    file.write_text(chapter().libsvm(rows))
    x, y = load_svmlight_file(str(file), n_features=2, zero_based=True)
    assert np.column_stack([y, x.toarray()]).tolist() == rows.tolist()


@pytest.mark.parametrize("width", [8, 864])
def test_packed_answers_unpack_to_the_same(width: int) -> None:
    answers = cloud(width, 1)[:, 0] > 0
    text = chapter().packed(answers)
    assert "".join(f"{int(digit, 16):04b}" for digit in text) == "".join(str(int(a)) for a in answers)


# --- the record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "family", "tolerance"),
    [
        ("digits", "logistic regression", 0.003),
        ("digits", "SVM with a kernel", 0.003),
        ("digits", "decision tree", 0.003),
        ("digits", "k-NN", 0.003),
        ("census", "naive Bayes", 0.001),
        ("census", "gradient boosting", 0.004),
        ("flights", "logistic regression", 0.002),
    ],
)
def test_a_slice_of_the_record_comes_out_again(data: str, family: str, tolerance: float) -> None:
    rows = recorder("algorithms_measured").SETS[data]()
    row = recorded()["sets"][data][family]
    with threadpool_limits(1):
        model = recorder("algorithms_measured").fitted(family, rows)
        found = model.score(rows.table[rows.judge], rows.answer[rows.judge])
    assert found == pytest.approx(row["accuracy"], abs=tolerance)
    held = recorder("algorithms_measured").numbers_held(model[-1], rows.table.shape[1])
    assert held == pytest.approx(row["numbers"], rel=0.02)


def test_the_record_has_every_family_on_every_set_and_at_every_size() -> None:
    for families in recorded()["sets"].values():
        assert list(families) == list(recorder("algorithms_measured").FAMILIES)
    points = {(point["family"], point["axis"], point["size"]) for point in recorded()["growth"]}
    axes = {"rows": recorder("algorithms_measured").ROWS, "columns": recorder("algorithms_measured").COLUMNS}
    assert points == {
        (family, axis, size)
        for family in recorder("algorithms_measured").FAMILIES
        for axis, sizes in axes.items()
        for size in sizes
    }


def test_the_sizes_grow_with_the_rows_only_where_rows_are_carried_along() -> None:
    grown = {
        (point["family"], point["size"]): point["bytes"] for point in recorded()["growth"] if point["axis"] == "rows"
    }
    for family in recorder("algorithms_measured").FAMILIES:
        factor = grown[family, 16000] / grown[family, 500]
        carried = family in {"k-NN", "SVM with a kernel", "random forest", "decision tree"}
        assert (factor > 5) == carried, family


def test_the_doubling_of_an_exact_power_is_that_power() -> None:
    import pandas as pd

    sizes = np.array([250, 500, 1000, 2000, 4000])
    assert chapter().doubling(pd.DataFrame({"size": sizes, "seconds": 1e-6 * sizes**2.0})) == pytest.approx(4)


# --- demos ------------------------------------------------------------------------------------------------------------


def said(number: int, **values: object) -> str:
    return " | ".join(SOURCE.shown(number, **values))


def test_the_first_demo_opens_with_a_line_that_is_worse_than_never() -> None:
    text = said(SUMMER)
    others, never = re.findall(r"(?:other days|never warm): (\d+)% right", text)
    assert int(others) < int(never)
    assert "the two columns" in text


@pytest.mark.parametrize("freedom", [1, 2, 5])
def test_the_map_of_the_first_demo_is_that_of_a_model_fitted_anew(freedom: int) -> None:
    (rows,) = [rows for rows in SOURCE.specs()[SUMMER]["datasets"].values() if "map" in rows[0]]
    row = next(r for r in rows if r["family"] == "decision tree" and r["freedom"] == freedom)
    names: dict[str, Any] = {}
    exec(SOURCE.cell_with('weather = load("nyc_weather")'), names)
    cells = np.array([(1 + (c + 0.5) * 365 / 36, r) for r in range(24) for c in range(36)])
    depth = {1: 1, 2: 2, 5: None}[freedom]
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0)
    tree.fit(names["calendar"][names["learn"]], names["warm"][names["learn"]])
    assert row["map"] == chapter().packed(tree.predict(cells))


def test_more_components_keep_more_variance_and_all_keep_all() -> None:
    kept = [
        int(re.findall(r"(\d+)% of the variance", said(DIGITS, kept=count))[0])
        for count in (1, 2, 4, 8, 12, 16, 24, 32, 64)
    ]
    assert kept == sorted(kept)
    assert kept[-1] == 100


@pytest.mark.parametrize("clusters", [2, 3, 6])
def test_the_inertia_falls_to_the_last_step_and_the_unlucky_start_ends_higher(clusters: int) -> None:
    ends = {}
    for start in ("lucky", "unlucky"):
        seen = [
            float(re.findall(r"inertia ([\d.]+)", said(CENTRES, clusters=clusters, start=start, step=step))[0])
            for step in (0, 1, 3, 15)
        ]
        assert seen == sorted(seen, reverse=True)
        ends[start] = seen[-1]
    assert ends["lucky"] < ends["unlucky"]


@pytest.mark.parametrize(
    ("problem", "best"),
    [("flights", "random forest"), ("census", "gradient boosting"), ("digits", "SVM with a kernel")],
)
def test_the_table_demo_marks_the_family_with_most_right_answers(problem: str, best: str) -> None:
    lines = SOURCE.shown(NINE, problem=problem)
    marked = [line for line in lines if line.endswith(", best")]
    share = recorded()["sets"][problem][best]["accuracy"]
    assert marked == [f"{best}: {share:.1%}, best"]


def test_the_growth_demo_says_the_factor_of_the_record() -> None:
    rows = [p for p in recorded()["growth"] if p["family"] == "SVM with a kernel" and p["axis"] == "rows"][-4:]
    slope = np.polyfit(np.log2([p["size"] for p in rows]), np.log2([p["training"] for p in rows]), 1)[0]
    lines = SOURCE.shown(GROWTH)
    assert lines[lines.index("training") + 1] == f"twice the rows: {2**slope:.1f} times"


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"wanted": "topics", "given": "any"}, {"LDA", "Neural Topic Model"}),
        ({"wanted": "a number", "given": "a wide sparse table"}, {"Factorization Machines"}),
        ({"wanted": "what is unusual", "have": "yes", "given": "any"}, set()),
        ({"wanted": "a class", "given": "text", "have": "no"}, {"BlazingText"}),
        ({"wanted": "a forecast", "given": "any"}, {"DeepAR"}),
    ],
)
def test_the_chooser_lists_what_fits_and_says_so_if_nothing_does(values: dict[str, str], names: set[str]) -> None:
    lines = SOURCE.shown(CHOOSER, **values)
    assert {line for line in lines if line in catalogue()} == names
    assert ("No built-in of the table." in lines) == (not names)


def test_every_answer_and_every_kind_of_data_of_the_chooser_has_an_algorithm() -> None:
    controls = {param["name"]: param["bind"]["options"] for param in SOURCE.specs()[CHOOSER]["params"]}
    answers = {answer for row in catalogue().values() for answer in row[0]}
    data = {kind for row in catalogue().values() for kind in row[2]}
    assert set(controls["wanted"]) == answers
    assert set(controls["given"]) - {"any"} == data


def test_a_long_list_of_the_chooser_says_how_many_are_left_off() -> None:
    fitting = [name for name, row in catalogue().items() if "a class" in row[0]]
    lines = SOURCE.shown(CHOOSER, wanted="a class", given="any")
    assert [line for line in lines if line in catalogue()] == fitting[:8]
    assert f"… and {len(fitting) - 8} more. Say what the data are." in lines


def test_the_charts_stay_within_their_budget() -> None:
    for spec in SOURCE.specs():
        assert len(json.dumps(spec)) < 100_000


# --- exercises --------------------------------------------------------------------------------------------------------

GRADED = {
    "best-split": "best_split",
    "one-round": "one_round",
    "choose": "choose",
    "faults": "faults",
}


def verdict(grade_id: str, **answer: Any) -> str | None:
    return complaint(SOURCE.check(grade_id), vars(chapter()) | answer, refusals=(AssertionError, ValueError))


@pytest.mark.parametrize("grade_id", GRADED)
def test_the_solution_passes_its_check(grade_id: str) -> None:
    assert verdict(grade_id) is None


def takes_the_first_column_as_sorted(x: Any, y: Any) -> Any:
    return chapter().best_split(sorted(x), y)


def cuts_at_the_values(x: Any, y: Any) -> Any:
    cut, error = chapter().best_split(x, y)
    return (None, error) if cut is None else (float(max(v for v in x if v < cut)), error)


def measures_to_the_old_centres(rows: Any, centres: Any) -> Any:
    groups, new, _ = chapter().one_round(rows, centres)
    return groups, new, chapter().inertia(np.asarray(rows, dtype=float), np.asarray(centres, dtype=float))


def loses_a_centre_without_rows(rows: Any, centres: Any) -> Any:
    groups, new, left = chapter().one_round(rows, centres)
    return groups, np.array([new[g] if g in groups else np.zeros(new.shape[1]) for g in range(len(new))]), left


def moves_the_centres_in_place(rows: Any, centres: Any) -> Any:
    groups, new, left = chapter().one_round(rows, centres)
    if isinstance(centres, np.ndarray):
        centres[:] = new
    return groups, new, left


def takes_the_best_of_all(candidates: Any, slack: float, most_ms: float, most_mb: float, readable: bool = False) -> Any:
    best = max(row["score"] for row in candidates.values())
    good = {n: r for n, r in candidates.items() if r["score"] >= best - slack}
    return chapter().choose(good, 1, most_ms, most_mb, readable)


def forgets_the_slack(candidates: Any, slack: float, most_ms: float, most_mb: float, readable: bool = False) -> Any:
    return chapter().choose(candidates, 0, most_ms, most_mb, readable)


def reads_the_whole_content_type(algorithm: str, mode: str, content_type: str, gpu: bool, instances: int) -> Any:
    found = set(chapter().faults(algorithm, mode, content_type, gpu, instances))
    return found | {"format"} if ";" in content_type else found


def forgets_that_a_gpu_may_be_needed(algorithm: str, mode: str, content_type: str, gpu: bool, instances: int) -> Any:
    found = set(chapter().faults(algorithm, mode, content_type, gpu, instances))
    return found if gpu else found - {"gpu"}


@pytest.mark.parametrize(
    ("grade_id", "answer"),
    [
        ("best-split", takes_the_first_column_as_sorted),
        ("best-split", cuts_at_the_values),
        ("one-round", measures_to_the_old_centres),
        ("one-round", loses_a_centre_without_rows),
        ("one-round", moves_the_centres_in_place),
        ("choose", takes_the_best_of_all),
        ("choose", forgets_the_slack),
        ("faults", reads_the_whole_content_type),
        ("faults", forgets_that_a_gpu_may_be_needed),
    ],
)
def test_a_typical_wrong_answer_fails_its_check(grade_id: str, answer: Any) -> None:
    assert verdict(grade_id, **{GRADED[grade_id]: answer}) is not None
