"""TLS and users for a node of OpenSearch, by its own plugin `opensearch-security`."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

PLUGIN = "org.opensearch.security.OpenSearchSecurityPlugin"

DEPENDENCY = """<dependency>
      <groupId>org.opensearch.plugin</groupId>
      <artifactId>opensearch-security</artifactId>
      <version>2.19.1.0</version>
      <type>zip</type>
      <exclusions>
        <exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>
      </exclusions>
    </dependency>"""
"""What Maven is asked for: the plugin with all that it needs, in an archive."""

SETTINGS: Mapping[str, str] = {
    **{
        f"plugins.security.ssl.{layer}.{name}": value
        for layer in ("http", "transport")
        for name, value in (
            ("pemcert_filepath", "node.pem"),
            ("pemkey_filepath", "node.key"),
            ("pemtrustedcas_filepath", "ca.pem"),
        )
    },
    "plugins.security.ssl.http.enabled": "true",
    "plugins.security.ssl.transport.enforce_hostname_verification": "false",
    "plugins.security.allow_default_init_securityindex": "true",
    "plugins.security.audit.type": "noop",
}
"""Settings of a node; more than one would also have to be told each other's names."""

PASSWORD = "rahasia-sekali"
# Of PASSWORD, by bcrypt.
_HASH = "$2y$12$1IIkACepyD82L1BOgv7ouO9V89Ye//NUcSTu/Jcf0VHzolRwcu7n."
ADMIN, OWNER, READER = "pengelola", "pemilik", "pembaca"
INDEX = "warta"

_FILES = {
    "config": """config:
  dynamic:
    authc:
      basic:
        http_enabled: true
        order: 0
        http_authenticator: {type: basic, challenge: true}
        authentication_backend: {type: intern}
""",
    "internalusers": "".join(f'{u}: {{hash: "{_HASH}"}}\n' for u in (ADMIN, OWNER, READER)),
    # What docs/opensearch.md says that a user needs, and no more.
    "roles": f"""admin:
  cluster_permissions: ["*"]
owner:
  cluster_permissions:
  - "indices:data/write/bulk"
  - "indices:data/read/mget"
  - "indices:data/read/scroll*"
  index_permissions:
  - index_patterns: ["{INDEX}", "{INDEX}-*"]
    allowed_actions: ["indices_all"]
reader:
  cluster_permissions: ["indices:data/read/mget"]
  index_permissions:
  - index_patterns: ["{INDEX}", "{INDEX}-*"]
    allowed_actions: ["read", "indices:admin/aliases/get", "indices:admin/mappings/get"]
""",
    "rolesmapping": "".join(
        f"{role}: {{users: [{user}]}}\n"
        for role, user in (("admin", ADMIN), ("owner", OWNER), ("reader", READER))
    ),
    "actiongroups": "",
    "tenants": "",
}
_NAMES = {
    "internalusers": "internal_users",
    "rolesmapping": "roles_mapping",
    "actiongroups": "action_groups",
}


class Guard:
    """A certificate for 127.0.0.1 alone, of an authority of its own, and three users.

    ADMIN may do what concerns the cluster, OWNER what an index INDEX needs that is read and
    written, READER may read it.
    """

    def __init__(self) -> None:
        # Imported late: who starts a cluster for a benchmark has no need of it.
        import trustme

        self.authority = trustme.CA()
        self._certificate = self.authority.issue_cert("127.0.0.1")

    def write(self, folder: Path) -> None:
        """Write certificates and users into the folder of a node's configuration."""
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            load_pem_private_key,
        )

        self.authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        self._certificate.cert_chain_pems[0].write_to_path(str(folder / "node.pem"))
        key = load_pem_private_key(self._certificate.private_key_pem.bytes(), None)
        (folder / "node.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "opensearch-security").mkdir(exist_ok=True)
        for kind, text in _FILES.items():
            head = f"_meta: {{type: {kind}, config_version: 2}}\n"
            file = folder / "opensearch-security" / f"{_NAMES.get(kind, kind)}.yml"
            file.write_text(head + text)

    def asking(self) -> dict[str, Any]:
        """Return how urllib3 is to ask the node, as ADMIN."""
        return {
            "ca_cert_data": self.authority.cert_pem.bytes().decode(),
            "headers": urllib3.make_headers(basic_auth=f"{ADMIN}:{PASSWORD}"),
        }


def with_plugin(class_path: str, folder: Path) -> str:
    """Unpack the plugin that Maven has brought into `folder`; return the class path with it."""
    paths = class_path.split(os.pathsep)
    archive = next(path for path in paths if path.endswith(".zip"))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    paths.remove(archive)
    return os.pathsep.join([*paths, f"{folder}{os.sep}*"])
