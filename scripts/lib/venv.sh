# The tests' own Python environment (Keras as the oracle), kept between runs. To be sourced after common.sh.

# test_python: prints the interpreter of an environment that has tests/requirements.txt, making it where it is missing.
# Prints nothing when it cannot be made: the tests that need Keras then skip. With CI=true that is an error.
test_python() {
  local requirements=$root/tests/requirements.txt key dir
  key=$(sha256sum "$requirements" | cut -c1-12)
  dir=${XDG_CACHE_HOME:-$HOME/.cache}/fovea/venv-$key
  if [ ! -e "$dir/complete" ]; then
    say "making the tests' Python environment in $dir" >&2
    rm -rf "$dir"
    if python3 -m venv "$dir" >&2 && "$dir/bin/pip" install -q --no-input -r "$requirements" >&2; then
      touch "$dir/complete"
    else
      rm -rf "$dir"
      if [ "${CI:-}" = true ]; then die "cannot install tests/requirements.txt"; fi
      echo "NOTE: tests/requirements.txt could not be installed (no network?): tests that need Keras are skipped" >&2
      return 0
    fi
  fi
  echo "$dir/bin/python"
}
