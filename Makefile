# Everything is set up by the first command you run: it needs python3 (>= 3.11, with venv), make and git.
PY   ?= python3
PORT ?= 8000
WORKERS ?= auto
UV   := .tools/bin/uv
RUN  := .venv/bin/python
export DATA_DIR ?= $(CURDIR)/var
export UV_PYTHON_DOWNLOADS = never
export UV_LINK_MODE = copy
CODE := core partners inbox chat deals orders forums promotions funds leads rebates programmes audiences campaigns automation edi insights api portal
FRONT := $(shell find frontend/src -type f 2>/dev/null)

.PHONY: help setup demo test e2e check bench format messages clean
help:                                     ## say what there is
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.dev frontend/dist/.ok       ## install everything for development
demo: .venv/.run frontend/dist/.ok        ## run the portal with demo data on SQLite: http://localhost:8000
	DEMO=true BASE_URL=http://localhost:$(PORT) $(RUN) manage.py demo --port $(PORT)
test: .venv/.dev frontend/dist/.ok        ## pass the tests
	$(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
e2e: .venv/.dev frontend/dist/.ok         ## drive the portal in a real browser (needs chromium)
	$(RUN) -m pytest -m browser tests/e2e
check: .venv/.dev frontend/dist/.ok       ## lint, format, types, imports, migrations, templates, TypeScript
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy $(CODE)
	.venv/bin/lint-imports
	DEMO=true $(RUN) manage.py makemigrations --check --dry-run
	.venv/bin/djlint --lint --quiet $(CODE)
	$(RUN) tools/assets.py $(UV) check
	$(RUN) tools/messages.py --check
bench: .venv/.dev frontend/dist/.ok       ## measure, as ratios against a peer or a bare limit in the same run
	$(RUN) -m bench
format: .venv/.dev                        ## write the code the one way
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .
messages: .venv/.dev                      ## collect and compile the translations (needs gettext)
	$(RUN) tools/messages.py

$(UV): tools/uv.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PY) -m venv .tools || { echo "python3 has no venv: apt-get install python3-venv"; exit 1; }
	.tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r tools/uv.txt
	@touch $@
.venv/.run: $(UV) pyproject.toml uv.lock
	$(UV) sync -q --locked --python "$(PY)" --no-default-groups --inexact --compile-bytecode
	@touch $@
.venv/.dev: $(UV) pyproject.toml uv.lock
	$(UV) sync -q --locked --python "$(PY)" --all-extras --inexact
	@touch $@ .venv/.run
frontend/dist/.ok: .venv/.run frontend/package-lock.json frontend/build.mjs tools/assets.py $(FRONT)
	$(RUN) tools/assets.py $(UV) build
	@touch $@
clean:                                    ## remove everything that was installed, built or filled
	rm -rf .venv .tools frontend/node_modules frontend/dist var
