# One virtual environment holds everything, Deno too. `make help` lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
READY := $(VENV)/.ready
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg
# Two workers on two cores: a thread for each core would make four of them wait for each other.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
# What a processor without AVX-512 computes, on one that has it.
OLDER := $(ONE_THREAD) OPENBLAS_CORETYPE=Haswell \
	NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"
LOCK := $(UV) pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help site test quick older sync lint web a11y offline publish package lock clean

help: ## List the commands
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(READY): requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	$(UV) pip install --quiet --python $(BIN)/python -r requirements-dev.txt -e .
	@touch $@

site: $(READY) ## Build the site and serve it on localhost; it follows your edits
	$(BIN)/mlacourse site serve

test: $(READY) lint web ## Run everything that CI runs
	$(BIN)/mlacourse sync --check
	$(BIN)/mlacourse bank lint
	$(BIN)/mlacourse site build
	$(BIN)/pytest -q -m alone tests/web
	$(ONE_THREAD) $(BIN)/pytest -n 2 -m 'not network and not alone' --dist loadfile --doctest-modules $(NBVAL) src tests chapters

quick: $(READY) ## Check what changed since the last commit, in under a minute
	$(BIN)/ruff check src tests datasets
	$(BIN)/mlacourse sync --check
	$(BIN)/mlacourse bank lint
	$(BIN)/pytest -q -n 2 -m 'not network' --doctest-modules src tests/bank tests/datasets tests/chapters

older: $(READY) ## Compare the notebooks as an older processor, with one thread, computes them
	$(OLDER) $(BIN)/pytest -n 2 --dist loadfile $(NBVAL) chapters

sync: $(READY) ## Write and run the notebooks whose sources changed
	$(BIN)/mlacourse sync

lint: $(READY) ## Style, types and spelling, Python and TypeScript
	$(BIN)/ruff check src tests datasets
	$(BIN)/ruff format --check src tests datasets
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/deno task --quiet check

web: $(READY) ## Build and test the browser side
	$(BIN)/deno task --quiet build
	$(BIN)/deno task --quiet test

a11y: $(READY) web ## Check every page and widget with axe, light and dark
	$(BIN)/mlacourse site build
	$(BIN)/pytest -n 2 -k "axe or accessibility" tests/site tests/web

offline: $(READY) ## Write a zip of the site that opens from a folder
	$(BIN)/mlacourse site offline

publish: $(READY) web ## Build what Pages serves: the site, and the wheel that Colab installs
	$(BIN)/mlacourse site build
	$(UV) build --quiet --wheel --out-dir _build/html/wheel

package: $(READY) web ## Install the wheel beside the oldest, the newest and Colab's libraries, and run a chapter
	$(BIN)/pytest -n 0 -m network tests

lock: $(READY) ## Pin the newest dependencies that the bounds allow
	$(LOCK) --upgrade --extra chapters --extra cloud --extra notebooks -o requirements.txt
	$(LOCK) --upgrade --extra chapters --extra cloud --extra notebooks --extra classroom --extra site --extra dev \
		-c requirements.txt -o requirements-dev.txt

clean: ## Remove what was built (the environment stays)
	rm -rf _build build dist web/dist
