PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCALES := locales/zh_CN/LC_MESSAGES/zhiban.po locales/en/LC_MESSAGES/zhiban.po

.PHONY: demo test check lint types layers words migrations collect format bench soak screenshots catalogues clean

demo: $(VENV)/.demo
	$(BIN)/zhiban demo

test: check collect
	$(BIN)/pytest -n auto

# Everything but pytest; its parts know nothing of each other and may run side by side (make --jobs).
check: lint types layers words migrations

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.test
	$(BIN)/mypy

layers: $(VENV)/.test
	$(BIN)/lint-imports

words: $(VENV)/.test
	$(BIN)/python -m tests.catalogues check

migrations: $(VENV)/.test
	$(BIN)/python -m tests.migrations_match_models

# Import every test once: what that compiles, all the workers of pytest read. What fails here, pytest will say.
collect: $(VENV)/.test
	-$(BIN)/pytest --collect-only -qq >/dev/null

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

soak: $(VENV)/.test
	ZHIBAN_SOAK=1 $(BIN)/pytest -n auto -m soak --timeout 7200

screenshots: $(VENV)/.test
	$(BIN)/python -m docs.screenshots

# Collect the messages from the code, merge them into both languages, compile.
catalogues: $(VENV)/.test
	$(BIN)/python -m tests.catalogues update

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable '.[kiosk,paper,sheets,solver]'
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) .demo build dist
