# The tests' own Python environments, kept between runs. To be sourced after common.sh.

# python_environment REQUIREMENTS: prints the interpreter of an environment that has them, making it where it is missing.
# Prints nothing when it cannot be made: the tests that need it then skip. With CI=true that is an error.
python_environment() {
  local requirements=$root/$1 key dir
  key=$(sha256sum "$requirements" | cut -c1-12)
  dir=${XDG_CACHE_HOME:-$HOME/.cache}/fovea/venv-$key
  if [ ! -e "$dir/complete" ]; then
    say "making a Python environment for the tests in $dir" >&2
    rm -rf "$dir"
    if python3 -m venv "$dir" >&2 && "$dir/bin/pip" install -q --no-input -r "$requirements" >&2; then
      touch "$dir/complete"
    else
      rm -rf "$dir"
      if [ "${CI:-}" = true ]; then die "cannot install $1"; fi
      echo "NOTE: $1 could not be installed (no network?): tests that need it are skipped" >&2
      return 0
    fi
  fi
  echo "$dir/bin/python"
}

# test_python: the environment with Keras, the oracle.
test_python() { python_environment tests/requirements.txt; }

# emulator_python: the environment with a processor that has AVX-512, where this machine's has not.
emulator_python() {
  if [ "${FOVEA_EMULATE:-}" = 1 ] || ! grep -qw avx512vl /proc/cpuinfo; then
    python_environment tests/emulate/requirements.txt
  fi
}
