# What there is to do here. Each target is a script of the same name in scripts/, which sets up what it needs.
.PHONY: help run dist test bench test-long set-up clean

help:
	@echo "make run        build the page and serve it on a local port"
	@echo "make test       every check there is, as CI runs them"
	@echo "make dist       the static site, in dist/"
	@echo "make bench      the benchmark table"
	@echo "make test-long  fuzzing and long seeded sweeps"
	@echo "make set-up     install and build the tools only"
	@echo "make clean      remove what was built, but not the tools"

run dist test bench test-long:
	@scripts/$@

set-up:
	@scripts/set-up/build && scripts/set-up/test

clean:
	rm -rf dist target
