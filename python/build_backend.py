"""Builds the wheel of this package with Python's standard library alone.

A build backend from elsewhere would have to be downloaded for every installation. This package is a
folder of Python files, so its wheel is that folder and four text files (PEP 427, PEP 517, PEP 660).
"""
import ast
import base64
import hashlib
import re
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "mixdown"
WHEEL = "Wheel-Version: 1.0\nGenerator: mixdown\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _project():
    """What pyproject.toml says; Python before 3.11 has no reader of TOML."""
    text = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    project = text.split("[project]")[1].split("[project.optional-dependencies]")
    pattern = re.compile(r"^([\w-]+) = (.+)$", re.MULTILINE)
    fields, extras = ({k: ast.literal_eval(v) for k, v in pattern.findall(p)} for p in project)
    return fields, extras


def _metadata():
    fields, extras = _project()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {fields['name']}",
        f"Version: {fields['version']}",
        f"Summary: {fields['description']}",
        f"Requires-Python: {fields['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    lines += [f"Requires-Dist: {need}" for need in fields["dependencies"]]
    for extra, needs in extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {need}; extra == "{extra}"' for need in needs]
    return "\n".join(lines) + "\n\n" + (HERE / fields["readme"]).read_text(encoding="utf-8")


def _wheel(directory, files):
    """Writes a wheel of files (name -> bytes) and gives its name."""
    fields, _ = _project()
    stem = f"{fields['name']}-{fields['version']}"
    info = f"{stem}.dist-info"
    files = {**files, f"{info}/METADATA": _metadata().encode(), f"{info}/WHEEL": WHEEL.encode()}
    record = ""
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            wheel.writestr(zipfile.ZipInfo(path), content)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = sorted(p for p in PACKAGE.rglob("*") if p.suffix == ".py" or p.name == "py.typed")
    return _wheel(
        wheel_directory, {p.relative_to(HERE).as_posix(): p.read_bytes() for p in files}
    )


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory, {"mixdown-editable.pth": f"{HERE}\n".encode()})
