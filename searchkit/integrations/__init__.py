"""searchkit in frameworks: a module each that imports its own framework only, and what they share.

See docs/integrations.md. Each needs the extra of its name, as `pip install 'searchkit[mcp]'`.
"""
