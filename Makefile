# Aliases for people used to make; ./writethru does the work.
.PHONY: demo test lint lock
demo test lint:
	./writethru $@

# `make lock` rewrites requirements/*.txt from pyproject.toml and keeps what is locked where it can;
# `make lock UPGRADE=--upgrade` takes the newest releases. uv is the one that the front door made, or the one on PATH.
# Every file is cut from one resolution, so any of them may be installed together. No index address is written.
export PATH := $(PATH):$(CURDIR)/.uv/bin
export UV_SYSTEM_CERTS = 1
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --no-config --no-header --no-emit-index-url
WHOLE = .lock/whole.txt
CUT = $(COMPILE) --generate-hashes --annotation-style line --constraints $(WHOLE)

lock:
	mkdir -p $(dir $(WHOLE))
	sed -n 's/^\([a-z0-9].*==[^\\]*\) \\$$/\1/p' requirements/*.txt | sort -u > $(WHOLE)
	$(COMPILE) $(UPGRADE) pyproject.toml --all-extras \
		--group test --group lint --group e2e --group uv --output-file $(WHOLE)
	$(CUT) pyproject.toml --output-file requirements/core.txt
	for group in test lint e2e uv; do \
		$(CUT) --group $$group --output-file requirements/$$group.txt || exit 1; done
	for extra in archive ner; do \
		$(CUT) pyproject.toml --extra $$extra --output-file requirements/$$extra.txt || exit 1; done
