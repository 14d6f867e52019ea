# venv NAME REQUIREMENTS: prints the bin folder of a virtual environment with exactly these packages, made once
# for each content of the list. PYTHON names the interpreter; default python3.
venv() {
  local python=${PYTHON:-python3} root digest folder
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
  digest=$({ "$python" --version && cat "$2"; } | cksum | cut -d' ' -f1) || return
  folder=$root/node_modules/.cache/$1-$digest
  if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    "$python" -m venv "$folder" >&2 || return
    "$folder/bin/pip" install --quiet --disable-pip-version-check --no-input --requirement "$2" >&2 || return
    touch "$folder/complete"
  fi
  echo "$folder/bin"
}

# sdk_venv: the same for all that tests need, with the SDK of this working copy in it.
sdk_venv() {
  local here bin
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  bin=$(venv sdk-python "$here/requirements.txt") || return
  "$bin/python" - "$here/src" <<'PYTHON' >&2 || return
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "pawl.pth").write_text(sys.argv[1] + "\n")
PYTHON
  echo "$bin"
}
