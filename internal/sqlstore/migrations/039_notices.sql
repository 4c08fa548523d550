-- +goose Up
-- E-mails to our own people, one row for each address. They name no customer.
CREATE TABLE notices (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    lang       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    link       TEXT NOT NULL,
    state      TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    error      TEXT NOT NULL
);
CREATE INDEX notices_waiting ON notices (not_before) WHERE state IN ('planned', 'sending');

-- +goose Down
DROP TABLE notices;
