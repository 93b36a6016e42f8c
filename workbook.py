#!/usr/bin/env python3
"""Start creatorbook: make its environment on first use, then hand over to it.

    python3 workbook.py report      every sample client's report, into reports/
    python3 workbook.py lab         the notebooks, in JupyterLab
    python3 workbook.py test        all tests
    python3 workbook.py --help      everything else

Only the standard library is used here, and only syntax that Python 3.8 reads, so that an old Python can
say what is wrong in a sentence.
"""

import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "creatorbook.json"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 14)  # pyproject.toml says the same; a test holds the two together


def main(arguments):
    """Check the Python, make or renew the environment where needed, and run creatorbook in it."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return stop(
            f"creatorbook needs Python {dotted(OLDEST)} to {dotted(NEWEST)}, and this is "
            f"{dotted(sys.version_info[:2])}: run workbook.py with one of those."
        )
    try:
        make_environment()
    except KeyboardInterrupt:
        return stop("Set-up was interrupted; the next call goes on where it stopped.", 130)
    except SetupError as error:
        return stop(str(error), 1)
    command = [str(PYTHON), "-m", "creatorbook", *arguments]
    if os.name != "nt":  # exec on Windows would give the prompt back at once
        os.execv(command[0], command)
    return subprocess.call(command)


def dotted(numbers):
    """A version as people write it."""
    return ".".join(str(number) for number in numbers)


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


def make_environment():
    """Bring `.venv` to what the lock and the package ask for; does nothing if it is there already."""
    wanted = {"environment": environment_state(), "package": package_state()}
    have = read_stamp()
    if have == wanted and PYTHON.exists():
        return
    if have.get("environment") != wanted["environment"] or not works():
        STAMP.unlink() if STAMP.exists() else None
        make_virtual_environment()
        install_locked()
        install_pdf_engine()
    say("Installing creatorbook itself …")
    pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    say("Ready.")


def environment_state():
    """Changes when a lock or the interpreter does."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    return digest(locks, f"{sys.base_prefix} {sys.version}")


def package_state():
    """Changes when what an editable install copies does: pyproject.toml and the shared data files."""
    import tomllib  # there since Python 3.11

    project = ROOT / "pyproject.toml"
    build = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    shared = [ROOT / name for name in build["targets"]["wheel"].get("shared-data", {})]
    files = [path for place in shared for path in [place, *place.rglob("*")] if path.is_file()]
    return digest([project, *sorted(files)], str(ROOT))


def digest(paths, text):
    """SHA-256 of a text and of files."""
    hashed = hashlib.sha256(text.encode("utf-8"))
    for path in paths:
        hashed.update(path.name.encode("utf-8") + b"\0" + path.read_bytes())
    return hashed.hexdigest()


def read_stamp():
    """What the environment was last made for; nothing after a set-up that did not finish."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def works():
    """Whether the environment's Python starts."""
    try:
        return subprocess.call([str(PYTHON), "-c", ""]) == 0
    except OSError:
        return False


def make_virtual_environment():
    """Make `.venv` afresh unless this very Python's is there already, from a set-up that did not finish."""
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "This Python comes without pip (ensurepip is missing): install it, "
            "on Debian and Ubuntu with “apt install python3-venv”, and run this again."
        )
    say("Making an environment in .venv (once, about two minutes) …")
    if ENVIRONMENT.is_dir() and not (works() and same_python()):
        shutil.rmtree(str(ENVIRONMENT))
    code = subprocess.call([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    if code:
        raise SetupError(f"Python could not make a virtual environment in {ENVIRONMENT} (see above).")


def same_python():
    """Whether the environment was made by this interpreter."""
    code = "import sys; print(sys.base_prefix, sys.version)"
    answer = subprocess.run([str(PYTHON), "-c", code], stdout=subprocess.PIPE, check=False)
    return answer.stdout.decode("utf-8").strip() == f"{sys.base_prefix} {sys.version}".strip()


def install_locked():
    """Install the locked packages, checked by their hashes, and count them while they come."""
    lock = ROOT / "requirements.lock"
    pins = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    seen = 0
    for line in pip_lines("--require-hashes", "--prefer-binary", "--requirement", str(lock)):
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            seen += 1
            if sys.stdout.isatty():
                say(f"\r  fetching packages: {seen} of about {pins}", end="")
            elif seen % 40 == 0:
                say(f"  fetching packages: {seen} of about {pins}")
        elif line.startswith("Installing collected"):
            say("\n  installing them …" if sys.stdout.isatty() else "  installing them …")


def install_pdf_engine():
    """Install the PDF engine where there is a wheel of it; a report is complete without, but for the PDF."""
    lock = ROOT / "requirements-pdf.lock"
    try:
        pip("--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))
    except SetupError:
        say("There is no PDF engine for this machine: reports come without report.pdf.")


def pip(*arguments):
    """Run pip quietly."""
    for _line in pip_lines(*arguments):
        pass


def pip_lines(*arguments):
    """Run “pip install …” in the environment and give its lines as they come."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    process = subprocess.Popen(
        command + list(arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=str(ROOT),
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            yield line.rstrip()
    finally:
        process.stdout.close()
        if process.wait() and sys.exc_info()[0] is None:
            last_lines = "\n  ".join(lines[-8:])
            raise SetupError(f"Installing packages failed:\n  {last_lines}\nThe next call tries again.")


def say(text, end="\n"):
    """Print progress."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def stop(sentence, code=2):
    """Say why not, and give the exit code."""
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
