# Everything that people and CI do with this project. `make demo` and `make test` set up what they need.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The multimodal part of llama.cpp is not used: without it the build is a third shorter.
export CMAKE_ARGS ?= -DLLAVA_BUILD=OFF
CASES ?= tests/cases

.PHONY: demo test fast lint grammars bench train evaluate setup setup-dev system system-tests clean

demo: setup
	@$(BIN)/python examples/eight_commands.py

test: setup-dev lint
	$(BIN)/python -m pytest -q -m "" --durations=10

fast: setup-dev
	$(BIN)/python -m pytest -q -m "not engine and not train and not hardware"

lint: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=agent:devices:grammars:models $(BIN)/lint-imports
	$(BIN)/sanso grammar --check grammars

grammars: setup
	$(BIN)/sanso grammar --write grammars

bench: setup-dev
	$(BIN)/python -m sanso.models bench

train: setup-dev
	$(BIN)/sanso train sanso --ship --avoid tests/cases $(if $(CORPUS),--corpus $(CORPUS))

evaluate: setup-dev
	$(BIN)/sanso evaluate $(CASES) --failures 40

setup: $(VENV)/ready
setup-dev: $(VENV)/ready-dev

$(VENV)/ready: pyproject.toml | system
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing; llama.cpp is compiled for this machine once, which takes some minutes."
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e .
	touch $@

$(VENV)/ready-dev: pyproject.toml $(VENV)/ready | system-tests
	$(BIN)/python -m pip install --quiet -e ".[train,dev]"
	touch $@

# What pip cannot install. Only where something is missing, and only as root; else the missing package is named.
system:
	@sh tools/system.sh

# For the tests: a synthesiser, and a sound server that needs no sound card.
system-tests:
	@sh tools/system.sh tests

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
