-- +goose Up
-- That somebody was erased, when and on whose word; nothing leads back to them.
CREATE TABLE erasures (
    alias TEXT PRIMARY KEY,
    at    BIGINT NOT NULL,
    body  TEXT NOT NULL
);

-- +goose Down
DROP TABLE erasures;
