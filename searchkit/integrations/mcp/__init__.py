"""An index as a server of the Model Context Protocol (MCP), for programs with language models.

`make_server` gives a server of the maintained SDK, which runs it over standard input and output, or
HTTP; `searchkit mcp` is the command that does. See docs/mcp.md. Nothing in it writes to the index.
"""

from searchkit.errors import ExtraMissing

try:
    import mcp.server as _  # noqa: F401
except ModuleNotFoundError as error:
    raise ExtraMissing("mcp", error.name or "mcp") from error

from searchkit.integrations.mcp.server import make_server, run_http, run_stdio

__all__ = ["make_server", "run_http", "run_stdio"]
