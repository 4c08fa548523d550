-- +goose Up
-- What advisers answer common questions with; those of files are not here.
CREATE TABLE articles (
    id         TEXT NOT NULL,
    lang       TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    keywords   TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed    BIGINT NOT NULL, -- 1 hides one of a file
    PRIMARY KEY (id, lang)
);
-- What became of suggestions: once for each text of a customer, whose hash is the key.
CREATE TABLE article_uses (
    id         TEXT PRIMARY KEY,
    article_id TEXT NOT NULL,
    lang       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX article_uses_article ON article_uses (article_id, lang, kind);

-- +goose Down
DROP TABLE article_uses;
DROP TABLE articles;
