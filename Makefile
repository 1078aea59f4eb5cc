# The front door.  What is built is said in meson.build, what is done in tools/.
# TIME=seconds and TARGETS="a b" are for fuzz and soak, NAMES="a b" for bench, DESTDIR and PREFIX
# for install.
PREFIX ?= /usr/local
VALGRIND = valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all
TEST_C = meson test --no-rebuild --print-errorlogs --no-suite house --no-suite oracle

build: run-packages    ## the library, the command, the tests and the benchmarks
	@tools/build build
run: run-packages      ## a network, a signer and a connector on this machine, until Ctrl-C
	@tools/build build programs && exec tools/run
tour: run-packages     ## what the sdex command does by itself
	@tools/build build src/cmd/sdex/sdex && tools/tour build
check:                 ## every test that needs packages of the distribution only
	@tools/check
check-all: check       ## check, and the comparison with the SDKs of other languages
	@tests/oracle/run && tests/oracle/paths && tests/oracle/sandbox
lint: ci-packages      ## clang-format, clang-tidy
	@tools/lint
format: ci-packages    ## put the white space right
	@git ls-files '*.c' '*.h' | xargs clang-format -i
sanitize: check-packages  ## the tests of the C code under clang's address and undefined sanitizers
	@tools/build build-sanitize && $(TEST_C) -C build-sanitize
thread: check-packages ## the tests of what has threads under clang's thread sanitizer
	@tools/thread
valgrind: ci-packages  ## the tests of the C code under valgrind
	@tools/build build && SDEX_RUN_UNDER='$(VALGRIND)' $(TEST_C) -C build --logbase valgrind -t 20
coverage: ci-packages  ## lines covered, by floor; fails where a floor is below its bar
	@tools/coverage
fuzz: check-packages   ## every fuzz target for TIME seconds (600) on top of its saved corpus
	@TIME=$(TIME) tools/fuzz $(TARGETS)
soak: check-packages   ## the fuzz targets round after round, until stopped or something is found
	@TIME=$(TIME) tools/fuzz --forever $(TARGETS)
bench: run-packages    ## figures, with the machine they are from
	@tools/bench $(NAMES)
abi: check-packages    ## the library's interface against the accepted one in abi/
	@tools/build build && tools/abi check build
abi-accept: check-packages  ## make the present interface the accepted one
	@tools/build build && tools/abi accept build
docs: run-packages     ## the reference, as HTML
	@tools/build build docs && echo build/docs/index.html
install: run-packages  ## under $(DESTDIR)$(PREFIX)
	@tools/build --prefix '$(PREFIX)' build && meson install -C build --no-rebuild --quiet
	@echo "installed under $(DESTDIR)$(PREFIX)"
clean:                 ## remove the build folders
	rm -rf build build-sanitize build-thread build-fuzz build-coverage
help:                  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

%-packages:
	@tools/install-packages $*
.PHONY: build run tour check check-all lint format sanitize thread valgrind coverage fuzz soak bench \
	abi abi-accept docs install clean help
