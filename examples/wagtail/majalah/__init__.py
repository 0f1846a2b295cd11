"""A magazine on Wagtail, searched by searchkit."""
