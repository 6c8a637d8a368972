# Everything needs Python 3.11 or newer and make; `make help` lists the targets.
PLACE  ?= town-and-country
POLICY ?=
SEED   ?= 1
OUT    ?= results/
PORT   ?= 8765
PYTHON ?=

VENV      := .venv
INSTALLED := $(VENV)/installed
BIN       := $(VENV)/bin
PIP_INSTALL := -m pip --quiet --quiet --disable-pip-version-check install --no-compile

SMOKE_VENV      := .venv-smoke
SMOKE_INSTALLED := $(SMOKE_VENV)/installed

.PHONY: help run dashboard test test-slow check check-style check-types check-imports smoke baseline lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Variables: PLACE, POLICY, SEED and OUT for run; PORT for dashboard; PYTHON=/path/to/python3.11 for a new environment."

run: $(INSTALLED)  ## run one place; tables and picture go to results/
	$(BIN)/gpfed run $(PLACE) $(if $(POLICY),--policy $(POLICY)) --seed $(SEED) --out $(OUT)

dashboard: $(INSTALLED)  ## explore the five years in a browser (PORT=8765)
	$(BIN)/gpfed dashboard --port $(PORT)

# The engine is compiled once, before processes that would each compile it; a file's tests share their runs.
TESTS := -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
WARM  := -c "from abm.simulate import warm; warm()"

test: $(INSTALLED)  ## the tests that take seconds, on up to four cores
	@$(BIN)/python $(WARM)
	$(BIN)/python $(TESTS) -m "not slow"

# pytest answers 5 when no test was chosen; that is a failure only where slow tests exist
test-slow: $(INSTALLED)  ## the tests that take minutes
	@$(BIN)/python $(WARM)
	@$(BIN)/python $(TESTS) -m slow || { code=$$?; \
	  if [ $$code -eq 5 ] && ! grep -rqs --include='test_*.py' 'mark\.slow' tests; then echo "There are no slow tests."; \
	  else exit $$code; fi; }

check: check-style check-types check-imports  ## style, types and the direction of imports (-k: all three, whatever fails)

check-style: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: $(INSTALLED)
	$(BIN)/mypy

check-imports: $(INSTALLED)
	$(BIN)/lint-imports

smoke: $(SMOKE_INSTALLED)  ## a short run and a few tests under the newest Python of this machine
	$(SMOKE_VENV)/bin/gpfed --help > /dev/null
	$(SMOKE_VENV)/bin/gpfed run $(PLACE) --horizon 3 --seed $(SEED) --out $(SMOKE_VENV)/results
	$(SMOKE_VENV)/bin/python -m pytest -m "not slow" tests/setup tests/cli tests/regression

baseline: $(INSTALLED)  ## show what changed against the stored baselines, and store the new figures
	$(BIN)/python tests/update_baseline.py

UPGRADE ?=
lock:  ## resolve the dependencies anew (UPGRADE=1 for the newest versions)
	@python=$$(.ci/find-python $(PYTHON)) && "$$python" -m venv .venv-lock && .venv-lock/bin/python $(PIP_INSTALL) uv
	.venv-lock/bin/uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  $(if $(UPGRADE),--upgrade) --output-file requirements.lock

clean:  ## remove environments and caches; results stay
	rm -rf $(VENV) $(SMOKE_VENV) .venv-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so that an interrupted installation is taken up again by the next make.
$(INSTALLED): requirements.lock pyproject.toml
	@python=$$(.ci/find-python $(PYTHON)) && { [ -x $(BIN)/python ] || "$$python" -m venv --clear $(VENV); }
	@$(call install-into,$(VENV))

$(SMOKE_INSTALLED): requirements.lock pyproject.toml
	@python=$$(.ci/find-python $(or $(PYTHON),--newest)) && "$$python" -m venv --clear $(SMOKE_VENV)
	@$(call install-into,$(SMOKE_VENV))

define install-into
echo "Installing gpfed's libraries into $(1) (about 400 MB to download, once; one to two minutes) ..." && \
$(1)/bin/python $(PIP_INSTALL) --require-hashes -r requirements.lock && \
$(1)/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable . && \
touch $(1)/installed
endef
