# Firstprint: every command here works on a fresh machine with Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: setup crawl test lint types contracts pytest soak spark bench docs lock

# Extraction's innermost modules become machine code: 20 seconds, once for their sources. Without a compiler all runs interpreted.
setup: $(STAMP)
	-@$(BIN)/python -m pipelines.compiled.build

# The stamp is newer than the lock exactly when what is installed is what is pinned.
$(STAMP): requirements/dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	touch $(STAMP)

# make crawl                       the bundled demo press, into output/demo/
# make crawl URL=https://site      one site, no configuration
# make crawl SITES=finance-zh      a list from crawler/sites/ or a path
crawl: setup
ifdef URL
	$(BIN)/scrapy crawl news -a url='$(URL)' $(ARGS)
else ifdef SITES
	$(BIN)/scrapy crawl news -a sites='$(SITES)' $(ARGS)
else
	$(BIN)/python -m demo crawl $(ARGS)
endif

test: setup lint types contracts pytest

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

pytest: setup
	$(BIN)/python -m pytest -n auto

soak: setup
	$(BIN)/python -m pytest -n auto -m soak
	COMPILED=1 $(BIN)/python -m pytest -n auto -m "soak or not soak" tests/article tests/fuzz

# The jobs of batch/, with what they need (400 MB, which nothing else does) and Java 17 or newer.
spark: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.lock
	$(BIN)/python -m pytest tests/batch -m "soak or not soak"

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/near_duplicates.py
	$(BIN)/python benchmarks/crawl.py

# Makes docs/record.md and its JSON Schema from crawler/items.py, docs/settings.md from settings.py.
docs: setup
	PYTHONPATH=. $(BIN)/python docs/make_record.py

# For maintainers: pins every package below pyproject.toml's lists (needs uv).
lock:
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml -o requirements/program.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group alerts -o requirements/alerts.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group javascript -o requirements/javascript.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group spark -o requirements/spark.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group dev -o requirements/dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group analysts -o requirements/analysts.lock -c requirements/dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url pyproject.toml --group dev --group bench -o requirements/bench.lock
