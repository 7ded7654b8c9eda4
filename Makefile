# Everything is in dev.py, because a fresh machine has Python and make and perhaps nothing else.
.PHONY: demo test test-long environment lock wheel stop bench
PYTHON ?= python3
export CITY ?= luzhou
export PORT ?= 8000

demo test test-long environment lock wheel stop bench:
	@$(PYTHON) dev.py $@
