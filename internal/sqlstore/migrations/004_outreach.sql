-- +goose Up
CREATE TABLE cases (
    id          TEXT PRIMARY KEY,
    vin         TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    components  TEXT NOT NULL,
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    route       TEXT NOT NULL,
    owner       TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    visit_by    BIGINT NOT NULL,
    fail_within TEXT NOT NULL,
    decision    TEXT NOT NULL
);
-- A vehicle has at most one case that is not ended.
CREATE UNIQUE INDEX cases_one_live ON cases (vin)
    WHERE state IN ('open', 'offered', 'booked', 'arrived', 'escalated');
CREATE INDEX cases_newest ON cases (opened_at, id);
CREATE INDEX cases_vin ON cases (vin, opened_at);
CREATE INDEX cases_due ON cases (due_at) WHERE due_at > 0;

CREATE TABLE case_events (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    n          BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    who        TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    why        TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);

CREATE TABLE offers (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    vin         TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    slots       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    answer      TEXT NOT NULL
);
CREATE INDEX offers_case ON offers (case_id, created_at);

CREATE TABLE messages (
    id          TEXT PRIMARY KEY,
    msg_key     TEXT NOT NULL UNIQUE, -- a customer is told once per key
    case_id     TEXT NOT NULL,
    offer_id    TEXT NOT NULL,
    vin         TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    channel     TEXT NOT NULL,
    lang        TEXT NOT NULL,
    title       TEXT NOT NULL,
    body        TEXT NOT NULL,
    link        TEXT NOT NULL,
    safety      BOOLEAN NOT NULL,
    state       TEXT NOT NULL,
    not_before  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    provider_id TEXT NOT NULL,
    attempts    BIGINT NOT NULL CHECK (attempts >= 0),
    error       TEXT NOT NULL
);
CREATE INDEX messages_planned ON messages (not_before) WHERE state = 'planned';
CREATE INDEX messages_sending ON messages (updated_at) WHERE state = 'sending';
CREATE INDEX messages_newest ON messages (created_at, id);
CREATE INDEX messages_customer ON messages (customer_id, sent_at);
CREATE INDEX messages_case ON messages (case_id);
CREATE INDEX messages_provider ON messages (provider_id) WHERE provider_id <> '';

CREATE TABLE replies (
    id          BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    channel     TEXT NOT NULL,
    body        TEXT NOT NULL,
    meaning     TEXT NOT NULL,
    case_id     TEXT NOT NULL
);

-- +goose Down
DROP TABLE replies;
DROP TABLE messages;
DROP TABLE offers;
DROP TABLE case_events;
DROP TABLE cases;
