"""The indices of OpenSearch that make up one of searchkit: an alias, and what it stands for."""

import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch.commits import HEAD, Commit, Commits, write_meta
from searchkit.engines.opensearch.mapping import index_body
from searchkit.engines.opensearch.server import Conflict, NotFound, Server
from searchkit.errors import (
    REBUILD,
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexNotWritable,
)

_META = "searchkit"


def target_of(server: Server) -> str:
    """Return the index that the alias stands for.

    Raises IndexMissing, and ForeignIndex for an index of that very name, or an alias for several.
    """
    name = server.options.name
    try:
        found = list(server.request("GET", f"/{name}/_alias"))
    except NotFound:
        raise server.missing() from None
    if len(found) != 1 or found[0] == name:
        raise ForeignIndex(
            f"{server.options.url} is not a searchkit index, but an index of another program; "
            "choose another name with --index-dir"
        )
    return found[0]


def manifest_of(server: Server, index: str | None = None) -> Manifest:
    """Return the manifest in the mapping of an index, that of the alias when none is named."""
    index = index or target_of(server)
    try:
        found = server.request("GET", f"/{index}/_mapping")
    except NotFound:
        raise server.missing() from None
    # Of an alias the answer is that of what it stands for.
    data = found.get(index, {}).get("mappings", {}).get("_meta", {}).get(_META)
    if data is None:
        raise ForeignIndex(
            f"{server.options.url} is not a searchkit index, but an index of another program; "
            "choose another name with --index-dir"
        )
    try:
        return Manifest.of(data)
    except ValueError:
        raise IndexDamaged(f"{server.options.url}: its manifest is damaged; {REBUILD}") from None


def create(server: Server, manifest: Manifest) -> None:
    """Put an empty index there, unless there is one in the meantime.

    The alias comes last: until then there is nothing. IndexNotWritable if an index of
    another program is in the way.
    """
    index = f"{server.options.name}-1"
    if not is_there(server):
        _make_room(server, index, manifest)
        make(server, index, manifest)
        point(server, index)


def _make_room(server: Server, index: str, manifest: Manifest) -> None:
    """Remove an index that was not made to its end, unless it is of `manifest`.

    IndexNotWritable if it is none of ours.
    """
    try:
        if manifest_of(server, index) == manifest:
            return
    except IndexMissing:
        return
    except IndexDamaged:
        pass
    except ForeignIndex:
        raise IndexNotWritable(
            f"{server.options.url} cannot be made, for there is an index or alias {index!r} that "
            "is not of searchkit; remove it, or choose another name with --index-dir"
        ) from None
    remove(server, index)


def make(server: Server, index: str, manifest: Manifest) -> None:
    """Make an index of OpenSearch with an empty commit, if it is not there yet."""
    body = index_body(server.options, manifest.to_data())
    # The node that makes it may be gone before it answers; so it is looked at, not asked for again.
    with suppress(Conflict):
        server.request("PUT", f"/{index}", body, wait_for_active_shards=1)
    empty = Commit(number=0)
    Commits(server, index).write(empty)
    with suppress(Conflict):
        write_meta(server, index, HEAD, {"number": empty.number}, op_type="create")


def fresh_name(server: Server) -> str:
    """Return the name of a further index."""
    return f"{server.options.name}-{uuid.uuid4().hex[:12]}"


def point(server: Server, index: str, before: str | None = None) -> None:
    """Let the alias stand for `index`, in place of the one before, which is removed in one step.

    IndexNotWritable if one of the two is not there any more, for another writer was faster.
    """
    name = server.options.name
    actions: list[Mapping[str, Any]] = [{"add": {"index": index, "alias": name}}]
    if before is not None:
        actions.append({"remove_index": {"index": before}})
    with suppress(NotFound):
        server.request("POST", "/_aliases", {"actions": actions})
        return
    # Asked a second time, because the first answer was lost, the one before is not there any more.
    if target_of(server) != index:
        raise IndexNotWritable(
            f"{server.options.url} was changed by another writer meanwhile, so nothing was changed "
            "by this one; run it again"
        )


def remove(server: Server, index: str) -> None:
    """Remove an index of OpenSearch, if it is there."""
    with suppress(NotFound):
        server.request("DELETE", f"/{index}")


def remove_leftovers(server: Server, kept: str) -> None:
    """Remove what rebuilds that were ended have left; for who holds the lock of the index `kept`.

    A rebuild that was thought dead can put nothing into the place of `kept` any more. NotFound if
    one has done so already.
    """
    name = server.options.name
    ours = re.compile(rf"{re.escape(name)}-([0-9a-f]{{12}}|1)")
    for index, told in server.request("GET", f"/{name}-*/_alias").items():
        if index != kept and ours.fullmatch(index) and not told["aliases"]:
            with suppress(ForeignIndex, IndexDamaged, IndexMissing):
                manifest_of(server, index)
                # In one step with what only succeeds while `kept` is there.
                stays = {"add": {"index": kept, "alias": name}}
                gone = {"remove_index": {"index": index}}
                server.request("POST", "/_aliases", {"actions": [stays, gone]})


def is_there(server: Server) -> bool:
    """Return whether there is anything of that name."""
    try:
        target_of(server)
    except IndexMissing:
        return False
    except ForeignIndex:
        return True
    return True
