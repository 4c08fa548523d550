-- +goose Up
-- Who works with the service; roles and workshops are JSON. The key's hash is empty
-- where the person has none of their own.
CREATE TABLE accounts (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    roles       TEXT NOT NULL,
    workshops   TEXT NOT NULL,
    lang        TEXT NOT NULL,
    key_hash    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT NOT NULL
);
CREATE INDEX accounts_key ON accounts (key_hash);

-- +goose Down
DROP TABLE accounts;
