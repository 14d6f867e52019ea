# Links .venv to an environment with the SDK of this working copy.
set -euo pipefail
source ../../../../sdk/python/tools/venv.sh
bin=$(sdk_venv)
ln -sfn "$(dirname "$bin")" .venv
