"""Small Altair charts, compiled as the site's build compiles them."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

MARKS = 2000


def compiled(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Vega for a chart of Altair."""
    spec: dict[str, Any] = vl_convert.vegalite_to_vega(chart.to_dict(), vl_version="5.20")
    return spec


def scores(count: int = MARKS) -> pd.DataFrame:
    """Scores of a model on two classes, one mark a row."""
    random = np.random.default_rng(0)
    half = count // 2
    return pd.DataFrame(
        {
            "score": np.r_[random.beta(5, 2, half), random.beta(2, 5, half)].round(3),
            "amount": random.normal(size=2 * half).round(3),
            "label": ["fraud"] * half + ["honest"] * half,
        }
    )


def threshold_chart(count: int = MARKS) -> alt.LayerChart:
    """A scatter plot with each kind of control; the slider moves a rule, a text and every mark's opacity."""
    threshold = alt.param(
        name="threshold", value=0.5, bind=alt.binding_range(min=0, max=1, step=0.01, name="Threshold (score): ")
    )
    shown = alt.param(name="shown", value="all", bind=alt.binding_select(options=["all", "fraud"], name="Class"))
    side = alt.param(
        name="side",
        value="both",
        bind=alt.binding_radio(options=["both", "flagged"], labels=["Both sides", "Flagged only"], name="Payments"),
    )
    text = alt.param(name="text", value=True, bind=alt.binding_checkbox(name="Write the threshold"))
    points = (
        alt.Chart(scores(count))
        .mark_point(filled=True)
        .encode(
            x=alt.X("score:Q", scale=alt.Scale(domain=[0, 1]), title="Score"),
            y=alt.Y("amount:Q", title="Amount"),
            color=alt.Color("label:N", scale=alt.Scale(range=["#d55e00", "#0072b2"]), title="Class"),
            shape=alt.Shape("label:N", title="Class"),
            opacity=alt.condition("datum.score >= threshold", alt.value(0.9), alt.value(0.15)),
            tooltip=["score:Q", "label:N"],
        )
        .transform_filter("(shown == 'all' || datum.label == shown) && (side == 'both' || datum.score >= threshold)")
    )
    at_threshold = alt.Chart(pd.DataFrame({"at": [0]})).encode(x=alt.datum(alt.expr("threshold"), type="quantitative"))
    label = at_threshold.mark_text(align="left", dx=6, dy=-130).encode(
        text=alt.value(alt.expr("text ? format(threshold, '.2f') : ''"))
    )
    return (
        (points + at_threshold.mark_rule() + label)
        .add_params(threshold, shown, side, text)
        .properties(title="Where should the alarm go off?", width="container", height=280)
    )


def two_views() -> dict[str, Any]:
    """A chart of two views that takes its container's width for the views and forgets their axes."""
    points = alt.Chart(scores(100)).mark_point().encode(x="score:Q", y="amount:Q").properties(width=500)
    bars = alt.Chart(scores(100)).mark_bar().encode(x="count()", y="label:N").properties(width=500)
    spec = compiled(points & bars)
    del spec["width"]
    container = "isFinite(containerSize()[0]) ? containerSize()[0] : 500"
    follow = {"init": container, "on": [{"update": container, "events": "window:resize"}]}
    spec["signals"] = [{"name": "width", **follow}, *spec["signals"]]
    return spec
