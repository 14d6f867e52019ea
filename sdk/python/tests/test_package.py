"""What is shipped."""

from __future__ import annotations

import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pawl.testing import DevServer

PROJECT = Path(__file__).parents[1]


@pytest.mark.timeout(120)
def test_the_wheel_has_types_and_generated_code_and_works_in_a_clean_environment(tmp_path: Path) -> None:
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(PROJECT)]
    subprocess.run([sys.executable, *build], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("pawl_sdk-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"pawl/py.typed", "pawl/v1/worker_service_pb2.py", "pawl/v1/worker_service_pb2.pyi"} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "tools", "examples"))]
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "clean")], check=True)
    python = tmp_path / "clean" / "bin" / "python"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([python, "-m", "pip", "install", *quiet, str(wheel)], check=True)
    program = "import pawl, pawl.sync, pawl.testing; print(pawl.Worker('a:1').worker_id, pawl.__file__)"
    printed = subprocess.run([python, "-c", program], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert str(tmp_path / "clean") in printed.stdout


def test_the_helper_for_tests_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAWL_COMMAND", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match="PAWL_COMMAND"):
        DevServer()
    with pytest.raises(RuntimeError, match="no such thing"):
        DevServer([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_the_helper_for_tests_takes_its_command_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import os, signal
print("pawl is ready at http://a:1", "PAWL_COMMAND" in os.environ, flush=True)
signal.pause()
"""
    monkeypatch.setenv("PAWL_COMMAND", shlex.join([sys.executable, "-c", program]))
    with DevServer() as server:
        assert (server.address, server.log) == ("a:1", "pawl is ready at http://a:1 False\n")
