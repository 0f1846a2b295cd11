CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- so that no id is given twice
    headline TEXT NOT NULL,
    body TEXT NOT NULL,
    section TEXT NOT NULL DEFAULT '',
    reporter TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    published TEXT NOT NULL  -- ISO 8601, with its zone
);
