# Named tasks. `just` is on PyPI and npm as `rust-just`; `just` alone lists them.

# The Python with the packages of tests/receivers, if installed; `.ci/run` finds it by itself.
python := if path_exists(justfile_directory() / "target/receivers/bin/python") == "true" { justfile_directory() / "target/receivers/bin/python" } else { "python3" }
python_for_tests := env("LEADHOOK_TEST_PYTHON", python)

# The Node packages of tests/receivers.
export NODE_PATH := env("NODE_PATH", justfile_directory() / "target/receivers/node_modules")

_list:
    @just --list --unsorted

# The gate: formatting, clippy, the core alone, documentation, tests
gate:
    bash .ci/run

# Tier 1: every change; under 90 s on two idle cores
test *ARGS:
    LEADHOOK_TEST_PYTHON="{{python_for_tests}}" cargo test {{ARGS}}

# Tier 2: more kill rounds, connections and seeds, then fuzzing; before an issue is closed
soak FUZZ_SECONDS="300":
    LEADHOOK_SOAK=1 LEADHOOK_TEST_PYTHON="{{python_for_tests}}" cargo test --test leadhook
    fuzz/run.sh {{FUZZ_SECONDS}}

# Tier 3: every time and ratio, against peers in the same run
bench:
    cargo build --release --bins --examples
    python3 tests/benches/verify.py
    python3 tests/benches/explain.py
    python3 tests/benches/simulate.py target/release/leadhook
    python3 tests/benches/check.py
    python3 tests/benches/listen.py --million

# Fuzz all targets, for SECONDS in total
fuzz SECONDS="60":
    fuzz/run.sh {{SECONDS}}

# Build the book and open it in a browser; needs mdbook
book:
    mdbook serve --open docs/book

# Rewrite every generated file; `git diff` shows what changed
regenerate:
    UPDATE=1 cargo test --test leadhook completions
    UPDATE=1 cargo test --test leadhook provider_pages
    UPDATE=1 cargo test --test leadhook signature_page
    UPDATE=1 cargo test --test leadhook seed_7
    UPDATE=1 cargo test --test leadhook drawing
    UPDATE=1 cargo test --test leadhook picture
    UPDATE=1 cargo test --test leadhook book
    INSTA_UPDATE=always cargo test --test leadhook screens
    python3 tests/corpus/verify/make.py
    python3 tests/corpus/payloads/make.py

# Licences, sources, banned crates and advisories (downloads the advisory database)
deny:
    cargo deny check
