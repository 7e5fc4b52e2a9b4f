# Everything a newcomer needs is `make demo` and `make test`.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
# Tests run side by side; see tests/conftest.py for how many. make test WORKERS=1 runs one process.
WORKERS ?= auto
SIDE_BY_SIDE := --numprocesses $(WORKERS) --dist worksteal
# Hundreds of tests talk to servers and processes by real time, and a machine that stands still for
# seconds breaks one or another. Tests that failed beside others decide alone; pytest exits with 1
# for failed tests only, so a run that was stopped or could not begin is not taken up again.
AGAIN_ALONE = { test $$? -eq 1 || exit 1; echo "== once more, one by one: what failed beside others"; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none --maxfail 10 -v; }
# Tests start the command hundreds of times: it is compiled once, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-dates torture contract mutation judge audit lint types lock wheel clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Set up the virtual environment in this checkout

# The environment is made again when the pins change.
$(VENV)/.ready: requirements/dev.txt pyproject.toml requirements/install
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found. Install Python 3.11 or newer, or run: make $(MAKECMDGOALS) PYTHON=python3"; exit 2; }
	@requirements/install $(VENV) $(PYTHON)
	@touch $@

demo: setup ## A local news site, its digest, and the inbox it arrives in
	@$(BIN)/digest demo

test: setup ## Lint, types, dependencies, import rules and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo "$(BIN)/mypy, and the tests are compiled beside it"
	@$(BIN)/python -m pytest --collect-only >/dev/null 2>&1 & $(BIN)/mypy; said=$$?; wait; exit $$said
	$(BIN)/deptry .
	@tests/setup-browser
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) || $(AGAIN_ALONE)

test-dates: setup ## The tests at other dates and in other time zones; needs faketime
	$(BIN)/python -m tests.moments $(if $(AT),--at $(AT)) $(if $(QUICK),--quick) -- $(SIDE_BY_SIDE)

torture: setup ## Kill senders 200 times, flood the form, forge a million tokens; some minutes
	DIGEST_TORTURE=long $(BIN)/python -m pytest tests/torture tests/sender/providers/test_kills.py \
		tests/pipeline/test_event_storm.py tests/web/readers/test_floods.py \
		tests/subscribers/test_tokens.py tests/web/desk/test_actions.py -rP -o timeout=1800

contract: setup ## Have schemathesis try the JSON endpoints (fetched into .contract)
	@test -x .contract/bin/st || { $(PYTHON) -m venv .contract && .contract/bin/pip install --quiet schemathesis==4.32.5; }
	$(BIN)/python -m tests.contract .contract/bin/st --max-examples 300

mutation: setup ## What do tests let live? ROOM=digest/store SAMPLE=200 (mutmut, in .mutation)
	@test -x .mutation/bin/mutmut || { $(PYTHON) -m venv .mutation && .mutation/bin/pip install --quiet \
		--disable-pip-version-check --require-hashes -r requirements/mutation.txt; }
	.mutation/bin/python -m bench.mutation $(or $(ROOM),digest/store) --sample $(or $(SAMPLE),200) $(MORE)

judge: setup ## Put the mails of every theme before judges that are not ours
	$(BIN)/python -m judges

audit: setup ## Known vulnerabilities, licences and a bill of materials; asks the package index
	@requirements/audit $(VENV)

lint: setup ## Mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## Check the types
	$(BIN)/mypy

lock: ## Pin again (needs uv): versions and hashes, no addresses
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-annotate --no-header --all-extras --group test pyproject.toml -o requirements/dev.txt
	printf 'cyclonedx-bom\npip-audit\npip-licenses\n' | uv pip compile --upgrade --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header - -o requirements/audit.txt
	echo mutmut | uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o requirements/mutation.txt

wheel: setup ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

clean: ## Remove what was made here
	rm -rf $(VENV) .contract .mutation dist judges/node_modules .pytest_cache .mypy_cache .ruff_cache
