"""Files where they lie: on this machine, under s3:// or under obs://."""
import hashlib
import os
import shutil
from typing import BinaryIO

from pyarrow import fs

from mixdown.errors import MixdownError

_CHUNK = 1 << 20


def is_local(uri: str) -> bool:
    return "://" not in uri


def exists(uri: str) -> bool:
    if is_local(uri):
        return os.path.exists(uri)
    store, path = _store(uri)
    return store.get_file_info(path).type != fs.FileType.NotFound


def join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


def read(uri: str) -> bytes:
    """A small file, whole."""
    try:
        with _open(uri) as file:
            return file.read()
    except FileNotFoundError:
        raise MixdownError(f"{uri}: not found") from None


def write(uri: str, content: bytes) -> None:
    """Writes a small file: a reader finds the old one or the new, never a part."""
    if not is_local(uri):
        store, path = _store(uri)
        with store.open_output_stream(path) as file:
            file.write(content)
        return
    os.makedirs(os.path.dirname(uri), exist_ok=True)
    draft = f"{uri}.{os.getpid()}.draft"
    with open(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, uri)


def fetch(uri: str, target: str) -> None:
    """Copies a file to this machine."""
    with _open(uri) as file, open(target, "wb") as copy:
        shutil.copyfileobj(file, copy, _CHUNK)


def sha256(path: str) -> str:
    """The SHA-256 of a local file, as ``sha256sum`` prints it."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def _open(uri: str) -> BinaryIO:
    if is_local(uri):
        return open(uri, "rb")
    store, path = _store(uri)
    return store.open_input_stream(path)


def _store(uri: str):
    """The store of a URI and the path in it. Where stores are, the environment says, as for Mixdown."""
    scheme, _, path = uri.partition("://")
    env = os.environ
    if scheme == "s3":
        endpoint = env.get("AWS_ENDPOINT_URL_S3") or env.get("AWS_ENDPOINT_URL")
        region = env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION")
        style = env.get("S3_PATH_STYLE")
        credentials = {}
    elif scheme == "obs":
        endpoint, region, style = (env.get(f"OBS_{k}") for k in ("ENDPOINT", "REGION", "PATH_STYLE"))
        if not endpoint:
            raise MixdownError(f"{uri}: set OBS_ENDPOINT to the address of the store")
        credentials = {
            "access_key": env.get("OBS_ACCESS_KEY_ID"),
            "secret_key": env.get("OBS_SECRET_ACCESS_KEY"),
            "session_token": env.get("OBS_SECURITY_TOKEN"),
        }
        style = style or ("false" if "myhuaweicloud.com" in endpoint else "true")
    else:
        raise MixdownError(f"{uri}: {scheme}:// is not supported; use a path, s3:// or obs://")
    if endpoint:
        credentials["endpoint_override"] = endpoint
    if region:
        credentials["region"] = region
    if style:
        credentials["force_virtual_addressing"] = style == "false"
    return fs.S3FileSystem(**credentials), path
