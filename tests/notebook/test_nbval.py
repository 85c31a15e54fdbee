"""nbval compares what the sync stored: the same passes, a changed number does not."""

from __future__ import annotations

import re
import subprocess
import sys

NBVAL = "--nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg chapters -q -rA -p no:cacheprovider"
BODY = """\
```{code-cell} ipython3
import sys, tempfile, time, warnings

print(object(), tempfile.mkdtemp(), f"took {time.perf_counter():.3f} s and used {time.perf_counter_ns()} B")
print("accuracy 0.959")
```

```{code-cell} ipython3
rows = [{"x": 1, "y": 0.25}]
chart = {"data": {"values": rows}, "mark": "point", "encoding": {"x": {"field": "x"}, "y": {"field": "y"}}}
display({"application/vnd.vegalite.v5+json": chart, "text/plain": "a chart"}, raw=True)
```

```{code-cell} ipython3
:tags: [allow-stderr]

import ipywidgets

warnings.warn("look out")
ipywidgets.IntSlider()
```
"""


def test_nbval_passes_what_is_stored_and_fails_a_number_changed_by_hand(clone):
    names = ["01_data/01_same", "01_data/02_text", "01_data/03_chart"]
    for name in names:
        clone.write(BODY, name)
    outcome = clone.sync()
    assert outcome.code == 0, outcome.err
    clone.edit("chapters/01_data/02_text.ipynb", "accuracy 0.959\\n", "accuracy 0.958\\n")
    clone.edit("chapters/01_data/03_chart.ipynb", '"y":0.25', '"y":0.26')

    command = [sys.executable, "-m", "pytest", *NBVAL.split()]
    done = subprocess.run(command, cwd=clone.root, capture_output=True, text=True, check=False)

    failed = re.findall(r"^FAILED \S*/(\w+)\.ipynb::Cell (\d)", done.stdout, re.MULTILINE)
    # Cell 0 is the one for Colab.
    assert sorted(set(failed)) == [("02_text", "1"), ("03_chart", "2")], done.stdout
    assert "2 failed, 10 passed" in done.stdout
