-- +goose Up
-- Where the conversation with a customer stands, once a person was needed.
CREATE TABLE conversations (
    customer_id TEXT PRIMARY KEY,
    state       TEXT NOT NULL,
    since       BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    severity    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    owner       TEXT NOT NULL,
    case_id     TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    lang        TEXT NOT NULL,
    updated_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    -- The order of the queue: by state and severity, then by time.
    place       BIGINT NOT NULL,
    sort_at     BIGINT NOT NULL
);
CREATE INDEX conversations_queue ON conversations (place, sort_at, customer_id);
CREATE INDEX replies_customer ON replies (customer_id, id);
CREATE INDEX messages_personal ON messages (customer_id) WHERE kind = 'personal';

-- +goose Down
DROP INDEX messages_personal;
DROP INDEX replies_customer;
DROP TABLE conversations;
