# GeoSAM Processing: set-up, demo, tests. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup system link demo test quick qgis lint format benchmark workflows versions package plugin
.PHONY: docs site browse pictures translations audit desktop campaign clean

ROOT := $(CURDIR)
# The Python that makes the engine's environment, QGIS's own, and the environment.
PYTHON ?= python3
QGIS_PYTHON ?= /usr/bin/python3
VENV ?= $(ROOT)/.venv
ENGINE_PYTHON := $(VENV)/bin/python

# QGIS without a screen, with a profile of its own: the user's is never touched.
# On 3.22 Debian's wrapper qgis_process is broken, the program behind it is not.
QGIS_PROCESS ?= $(firstword $(wildcard /usr/bin/qgis_process.bin) qgis_process)
QGIS_ENVIRONMENT = QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=$(ROOT)/build/runtime \
	QGIS_CUSTOM_CONFIG_PATH=$(ROOT)/build/qgis QGIS_PLUGINPATH=$(ROOT) \
	GEOSAM_ENGINE_PYTHON=$(ENGINE_PYTHON)
QGIS_PROFILE ?= $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/QGIS/QGIS3/profiles/default

ENGINE_TESTS = tests/contract tests/engine tests/environment tests/training $(wildcard tests/test_*.py)
QGIS_TESTS = tests/algorithms tests/client tests/downloads tests/tiles tests/cli

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

system: ## install missing Debian packages (QGIS, venv, pytest)
	@QGIS_PYTHON=$(QGIS_PYTHON) $(PYTHON) scripts/system_packages.py --tests

setup: system ## set up all that is missing; takes a moment when nothing is
	@$(PYTHON) -m geosam_processing.environment --target $(VENV) --dev
	@mkdir -p build/qgis && mkdir -p -m 700 build/runtime

demo: setup ## make a scene, encode it, segment it, measure and draw the result; or RASTER=my.tif
	@$(QGIS_ENVIRONMENT) QGIS_PROCESS=$(QGIS_PROCESS) $(ENGINE_PYTHON) -m demo $(if $(RASTER),"$(RASTER)")

test: lint ## set up, lint, and run every test
	$(QGIS_ENVIRONMENT) $(ENGINE_PYTHON) -m pytest --timeout=900 $(ENGINE_TESTS)
	$(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m pytest $(QGIS_TESTS)

quick: lint ## lint, and the tests that answer within a minute
	$(ENGINE_PYTHON) -m pytest -q -m "not slow" --timeout=60 tests/test_walls.py tests/contract \
		tests/engine

qgis: setup ## run TESTS= of QGIS's side
	$(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m pytest $(TESTS)

lint: setup ## ruff, mypy, and the English of all texts
	$(ENGINE_PYTHON) -m ruff check .
	$(ENGINE_PYTHON) -m mypy
	$(ENGINE_PYTHON) -m scripts.check_prose

format: setup ## lay out the code
	$(ENGINE_PYTHON) -m ruff format .

docs: setup ## write the parts of docs/ that the algorithms' definitions determine
	@$(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m scripts.write_docs

SITE := $(ROOT)/build/site-environment
$(SITE)/.complete: scripts/site_requirements.txt
	$(PYTHON) -m venv --clear $(SITE)
	$(SITE)/bin/python -m pip install --quiet --require-hashes -r $<
	@touch $@

site: $(SITE)/.complete ## build the documentation's site into build/site
	NO_MKDOCS_2_WARNING=1 $(SITE)/bin/mkdocs build --strict --quiet
	@echo "build/site/index.html"

browse: site ## look at every page of the site in Chromium: pictures, links, search
	$(PYTHON) scripts/site_check.py

pictures: setup ## draw the pictures of real imagery; GEOSAM_SAMPLE_DATA= names its folder
	$(ENGINE_PYTHON) -m scripts.real_pictures

translations: setup ## bring the files of geosam_processing/i18n up to date
	@$(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m scripts.update_translations

versions: setup ## run QGIS's side on QGIS 3.40 and 3.44 (Debian, as root), compare workflows
	sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	$$sudo env GEOSAM_ENGINE_PYTHON=$(ENGINE_PYTHON) $(PYTHON) scripts/qgis_versions.py
	$(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m pytest tests/algorithms/test_workflows.py \
		--junitxml=build/qgis-versions/own.xml
	$(PYTHON) -m scripts.workflow_table build/qgis-versions/*.xml

benchmark: setup ## measure, and write benchmarks/RESULTS.md; QUICK=1 prints the main ratios only
	$(ENGINE_PYTHON) -m benchmarks $(if $(QUICK),--quick)

workflows: setup ## write the graphical models of models/ from workflows/
	@QT_HASH_SEED=0 $(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m workflows

link: ## make the plugin known to your own QGIS by a link in your profile
	@mkdir -p "$(QGIS_PROFILE)/python/plugins"
	@ln -sfn "$(ROOT)/geosam_processing" "$(QGIS_PROFILE)/python/plugins/geosam_processing"
	@echo "Linked into $(QGIS_PROFILE)/python/plugins; enable it with:"
	@echo "  $(notdir $(QGIS_PROCESS)) plugins enable geosam_processing"

package: setup ## build the wheel into dist/
	rm -rf build/lib
	$(ENGINE_PYTHON) -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

plugin: ## build the plugin's ZIP into dist/; with REPOSITORY= and EMAIL= for publication
	$(PYTHON) scripts/build_plugin.py --repository "$(REPOSITORY)" --email "$(EMAIL)"

audit: plugin ## scan the ZIP as plugins.qgis.org does
	$(PYTHON) scripts/audit_plugin.py dist/geosam_processing-*.zip

desktop: setup ## use the plugin in QGIS's window on a hidden screen; pictures in build/desktop
	$(ENGINE_PYTHON) scripts/desktop_check.py

campaign: setup ## kill, damage and starve it as docs/reliability.md describes; about half an hour
	QGIS_PYTHON=$(QGIS_PYTHON) $(ENGINE_PYTHON) -m scripts.campaign --write $(CAMPAIGN)

clean: ## remove what demo, tests and tools left (not the environment)
	rm -rf build/demo build/qgis build/runtime build/lib build/bdist.* dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
