#!/usr/bin/env python3
"""Start creatorbook: make its environment on first use, then hand over to it.

    python3 workbook.py report      every sample client's report, into reports/
    python3 workbook.py lab         the notebooks, in JupyterLab
    python3 workbook.py test        all tests
    python3 workbook.py --help      everything else

Only the standard library is used here, and only syntax that Python 3.8 reads, so that an old Python can
say what is wrong in a sentence.
"""

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # this folder: a file that lies here by accident, as calendar.py, is not run

import csv
import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "creatorbook.json"
REMEMBERED = ROOT / ".venv-plugins.json"  # beside the environment: it outlives it
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LIBRARY = "Lib" if os.name == "nt" else "lib/python{}.{}".format(*sys.version_info)
PACKAGES = ENVIRONMENT / LIBRARY / "site-packages"
OLDEST, NEWEST = (3, 11), (3, 14)  # pyproject.toml says the same; a test holds the two together
ABORTS = {getattr(signal, name, None) for name in ("SIGILL", "SIGABRT", "SIGBUS", "SIGKILL", "SIGSEGV")}


def main(arguments):
    """Check the Python, make or mend the environment where needed, and run creatorbook in it."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return stop(
            f"creatorbook needs Python {dotted(OLDEST)} to {dotted(NEWEST)}, and this is "
            f"{dotted(sys.version_info[:2])}: run workbook.py with one of those."
        )
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # letters that the output has not
    try:
        make_environment()
        return run(python("-m", "creatorbook", *arguments))
    except KeyboardInterrupt:
        return stop("Set-up was interrupted; the next call goes on where it stopped.", 130)
    except SetupError as error:
        return stop(str(error), 1)
    except OSError as error:  # a full disk, a folder that may not be written, no memory for a process
        return stop(
            f"creatorbook cannot be started: {error}. Settle that, and run the same command again.", 1
        )
    except MemoryError:
        return stop("creatorbook cannot be started: this computer's memory was not enough.", 1)


def run(command):
    """Run creatorbook until it ends; its exit code. This process stays, so that somebody can explain an abort.

    What asks this process to end is handed on; should it be killed, the child reads the end of a pipe and goes too.
    """
    tied = {}
    if os.name != "nt":
        child_end, _own_end = os.pipe()
        tied = {"pass_fds": [child_end], "env": {**os.environ, "CREATORBOOK_LAUNCHER": str(child_end)}}
    child = subprocess.Popen(command, **tied)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: child.send_signal(number))
    while True:
        try:
            return explained(child.wait())
        except KeyboardInterrupt:  # the child has it too, and says what that means
            continue


def explained(code):
    """The exit code for the shell; what ended by a signal, and could not say why, is told."""
    if 0 <= code <= 255 and code - 128 not in ABORTS:
        return code
    number = -code if code < 0 else code - 128
    by_signal = code <= 255  # Windows ends what went wrong with a large number
    name = signal.Signals(number).name if by_signal else hex(code)
    why = "was ended"
    if number in ABORTS or not by_signal:
        why = "was killed; probably this computer's memory was not enough (close other programs, or try --jobs 1)"
    return stop(f"creatorbook {why} ({name}). Run the same command again.", 128 + number if by_signal else 1)


def python(*arguments):
    """A call of the environment's Python; -P keeps the working directory's files from being imported."""
    return [str(PYTHON), "-P", *arguments]


def dotted(numbers):
    """A version as people write it."""
    return ".".join(str(number) for number in numbers)


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


def make_environment():
    """Bring `.venv` to what the locks and the package ask for; does nothing if it is there already, and whole."""
    wanted = {"environment": environment_state(), "package": package_state()}
    stamp = read_stamp()
    whole = PYTHON.exists() and set(stamp.get("installed", ["never"])) <= installed()
    if whole and all(stamp.get(name) == state for name, state in wanted.items()):
        return
    STAMP.unlink() if STAMP.exists() else None
    remember_plugins()
    if not whole or stamp["environment"] != wanted["environment"] or not works():
        make_virtual_environment()
        drop_damaged()
        install_pip()
        install_locked()
        install_pdf_engine()
    say("Installing creatorbook itself …")
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    point_scripts_here()
    put_plugins_back()
    without_plugins = sorted(installed() - files_of_plugins())
    STAMP.write_text(json.dumps({**wanted, "installed": without_plugins}), encoding="utf-8")
    say("Ready.")


def installed():
    """What lies in the environment's folder of packages, by name, whatever its version."""
    names = {path.name for path in PACKAGES.glob("*")} - {"__pycache__"}
    return {name.split("-")[0] + ".dist-info" if name.endswith(".dist-info") else name for name in names}


def plugin_records():
    """The records of installed plugins: distributions with entry points of `creatorbook`, or that bring packs alone."""
    for place in ("lib/python*/site-packages", "Lib/site-packages"):
        for names in ENVIRONMENT.glob(place + "/*.dist-info/entry_points.txt"):
            text = names.read_text(encoding="utf-8")
            if "[creatorbook]" in text or "[creatorbook.packs]" in text:
                yield names.parent


def files_of_plugins():
    """What of the environment's folder of packages is plugins', as `installed` names it."""
    names = set()
    for record in plugin_records():
        with (record / "RECORD").open(encoding="utf-8", newline="") as lines:
            names |= {row[0].split("/")[0] for row in csv.reader(lines) if row}
    return {name.split("-")[0] + ".dist-info" if name.endswith(".dist-info") else name for name in names}


def remember_plugins():
    """Write down which plugins are installed and from where (PEP 610), before the environment may go."""
    there = remembered_plugins()
    for record in plugin_records():
        try:
            origin = json.loads((record / "direct_url.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            origin = {}
        is_editable = origin.get("dir_info", {}).get("editable", False)
        there[record.name.split("-")[0]] = {"from": origin.get("url", ""), "editable": is_editable}
    if there:
        REMEMBERED.write_text(json.dumps(there, indent=1), encoding="utf-8")


def remembered_plugins():
    """Plugins that a set-up began with and has not put back yet: name → where it came from, and how it was installed."""
    try:
        return json.loads(REMEMBERED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def put_plugins_back():
    """Install again, offline, the plugins that went with the environment; say which cannot be."""
    for name, origin in sorted(remembered_plugins().items()):
        if any(record.name.split("-")[0] == name for record in plugin_records()):
            continue
        place = url2pathname(urlsplit(origin["from"]).path) if origin["from"].startswith("file:") else ""
        try:
            if not place or not pathlib.Path(place).exists():
                raise SetupError("")
            editable = ["--editable"] if origin["editable"] else []
            pip("install", "--no-deps", "--no-build-isolation", "--no-index", *editable, place)
            say(f"  the plugin {name} is installed again, from {place}")
        except SetupError:
            where = place or origin["from"] or "where you have it from"
            say(f"  the plugin {name} could not be installed again: install it yourself, from {where}")
    if REMEMBERED.exists():
        REMEMBERED.unlink()


def drop_damaged():
    """Take the record of each package whose files are not all there, so that pip installs it again."""
    for record in PACKAGES.glob("*.dist-info"):
        try:
            with (record / "RECORD").open(encoding="utf-8", newline="") as lines:
                names = [row[0] for row in csv.reader(lines) if row and not row[0].endswith(".pyc")]
            whole = all((PACKAGES / name).exists() for name in names)
        except OSError:
            whole = False
        if not whole:
            say(f"  {record.name.split('-')[0]} is damaged and is installed again")
            shutil.rmtree(str(record))


def point_scripts_here():
    """Let the environment's programs start its own Python: after a move they would start the one at the old place."""
    subprocess.call([sys.executable, "-P", "-m", "venv", "--without-pip", str(ENVIRONMENT)])  # “activate”
    for script in [] if os.name == "nt" else PYTHON.parent.iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        lines = script.read_bytes().split(b"\n")
        if lines[0].startswith(b"#!") and b"/python" in lines[0]:
            rest = lines[1:]
        # as pip writes a path that is long or has a blank
        elif lines[1:] and lines[1].startswith(b"'''exec'"):
            rest = lines[3:]
        else:
            continue
        start = f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''".encode()
        script.write_bytes(b"\n".join([start, *rest]))


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
    """Whether the environment's Python starts, and has pip."""
    try:
        return subprocess.call(python("-c", "import pip"), stderr=subprocess.DEVNULL) == 0
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
    code = subprocess.call([sys.executable, "-P", "-m", "venv", str(ENVIRONMENT)])
    if code:
        raise SetupError(f"Python could not make a virtual environment in {ENVIRONMENT} (see above).")


def same_python():
    """Whether the environment was made by this interpreter."""
    code = "import sys; print(sys.base_prefix, sys.version)"
    answer = subprocess.run(python("-c", code), stdout=subprocess.PIPE, check=False)
    return answer.stdout.decode("utf-8").strip() == f"{sys.base_prefix} {sys.version}".strip()


def install_pip():
    """Renew pip, which Python brings as old as itself; setuptools came along with it, and nothing needs that."""
    pip("install", "--require-hashes", "--requirement", str(ROOT / "requirements-pip.lock"))
    pip("uninstall", "--yes", "setuptools")


def install_locked():
    """Install the locked packages, checked by their hashes, and count them while they come."""
    lock = ROOT / "requirements.lock"
    pins = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    seen = 0
    for line in pip_lines("install", "--require-hashes", "--prefer-binary", "--requirement", str(lock)):
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
        pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))
    except SetupError:
        say("There is no PDF engine for this machine: reports come without report.pdf.")


def pip(*arguments):
    """Run pip quietly."""
    for _line in pip_lines(*arguments):
        pass


def pip_lines(*arguments):
    """Run pip in the environment and give its lines as they come."""
    process = subprocess.Popen(
        python("-m", "pip", "--disable-pip-version-check", "--no-input", *arguments),
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
