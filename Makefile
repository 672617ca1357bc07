# `make demo` and `make test` do all the set-up on a fresh machine. `make help` lists the rest.

PYTHON ?= python3.11
VENV ?= .venv
BOARD ?= zcu102
JOBS ?= 2

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.dataflowc-installed

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow lint format clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## create the virtual environment and install dataflowc into it

# torch is pinned exactly: a build of that version that is already in the environment, a CPU build too, is kept.
$(INSTALLED): pyproject.toml setup.py scripts/setup.sh
	scripts/setup.sh $(PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -e '.[torch,test]'
	@touch $@

demo: $(INSTALLED) ## compile ResNet-18 for a board, C-simulate it, print the result (BOARD=zcu102)
	$(BIN)/dataflowc examples/resnet18.py --target $(BOARD) -o demo/resnet18 -v

test: $(INSTALLED) ## run the tests, two processes at a time
	OMP_NUM_THREADS=1 $(BIN)/python -P -m pytest -n $(JOBS) --dist worksteal

test-slow: $(INSTALLED) ## run the tests of the full-size models
	$(BIN)/python -P -m pytest -m slow

lint: $(INSTALLED) ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED) ## rewrite the files in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) build dist demo *.egg-info .pytest_cache .ruff_cache .hypothesis
