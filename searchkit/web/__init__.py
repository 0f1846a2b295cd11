"""`searchkit serve`: an index over HTTP, as JSON and as a page to search on.

`create_app` of `searchkit.web.app` makes the application, `WebOptions` says how it is to behave.
Both need the extra `searchkit[serve]`; nothing here is imported by `import searchkit`.
"""
