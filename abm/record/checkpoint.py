"""The whole state at a month's end in one file: a zip of a JSON tree and NumPy arrays, without pickle.

A tree is made of dictionaries with string keys, lists, tuples, arrays, NumPy and Python scalars, strings and None.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError

FORMAT, VERSION = "gpfed checkpoint", 2
TREE = "tree.json"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # equal states give equal files


def save(path: str | Path, tree: Any) -> Path:
    """Write a tree to one file; a file of that name is replaced at once or not at all.

    Raises:
        TypeError: the tree holds something else than plain data.
    """
    path = Path(path)
    arrays: list[NDArray[Any]] = []
    document = {"format": FORMAT, "version": VERSION, "tree": _pack(tree, arrays)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_entry(TREE), json.dumps(document))
            for number, array in enumerate(arrays):
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, array, allow_pickle=False)
                archive.writestr(_entry(f"{number}.npy"), buffer.getvalue())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def load(path: str | Path) -> Any:
    """The tree that `save` wrote, equal in values and types.

    Raises:
        InputError: there is no such file, it is no checkpoint, or one of another version.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"the checkpoint '{path}' does not exist")
    try:
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read(TREE))
            if document.get("format") != FORMAT:
                raise KeyError(TREE)
            if document["version"] != VERSION:
                raise InputError(
                    f"the checkpoint '{path}' has version {document['version']}; this program reads version {VERSION}"
                )

            def array(number: int) -> NDArray[Any]:
                buffer = io.BytesIO(archive.read(f"{number}.npy"))
                return np.asarray(np.lib.format.read_array(buffer, allow_pickle=False))

            return _unpack(document["tree"], array)
    except (zipfile.BadZipFile, KeyError, AttributeError, json.JSONDecodeError, UnicodeDecodeError):
        raise InputError(f"the file '{path}' is no checkpoint; allowed is a file that a run has written") from None


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _pack(node: Any, arrays: list[NDArray[Any]]) -> Any:
    """JSON for a node: plain scalars and lists as they are, all else as a dictionary with a one-letter key."""
    if node is None or type(node) in (bool, int, float, str):
        return node
    if isinstance(node, dict):
        if not all(type(key) is str for key in node):
            raise TypeError(f"a checkpoint's dictionaries have string keys, not {next(iter(node))!r}")
        return {"d": {key: _pack(value, arrays) for key, value in node.items()}}
    if isinstance(node, list):
        return [_pack(value, arrays) for value in node]
    if isinstance(node, tuple):
        return {"t": [_pack(value, arrays) for value in node]}
    if isinstance(node, (np.ndarray, np.generic)):
        array = np.asarray(node)
        if array.dtype.hasobject:
            raise TypeError("a checkpoint holds no arrays of objects; use strings or numbers")
        arrays.append(array)
        return {"s" if isinstance(node, np.generic) else "a": len(arrays) - 1}
    raise TypeError(f"a checkpoint holds plain data, not {type(node).__name__}")


def _unpack(node: Any, array: Any) -> Any:
    if isinstance(node, list):
        return [_unpack(value, array) for value in node]
    if not isinstance(node, dict):
        return node
    ((kind, content),) = node.items()
    match kind:
        case "d":
            return {key: _unpack(value, array) for key, value in content.items()}
        case "t":
            return tuple(_unpack(value, array) for value in content)
        case "a":
            return array(content)
        case _:
            return array(content)[()]
