"""searchkit in frameworks: a module each, which imports its own framework only.

See docs/integrations.md. Each needs the extra of its name, as `pip install 'searchkit[mcp]'`.
"""
