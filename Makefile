# Everything is in dev.py, because a fresh machine has Python and make and perhaps nothing else.
.PHONY: demo test test-long environment lock wheel stop bench bench-matters
PYTHON ?= python3
export CITY ?= luzhou
export PORT ?= 8000
export SCALE ?= 1

demo test test-long environment lock wheel stop bench bench-matters:
	@$(PYTHON) dev.py $@
