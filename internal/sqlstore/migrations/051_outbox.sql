-- +goose Up
-- Changes for systems of others, written in the transaction that makes them.
-- Times are microseconds, 0 for never.
CREATE TABLE subscriptions (
    id           TEXT PRIMARY KEY,
    url          TEXT NOT NULL,
    types        TEXT NOT NULL, -- ' a b ', or '' for all
    system_name  TEXT NOT NULL,
    secrets      TEXT NOT NULL, -- JSON
    active       BOOLEAN NOT NULL,
    created_at   BIGINT NOT NULL,
    paused_until BIGINT NOT NULL,
    failures     BIGINT NOT NULL,
    fault        TEXT NOT NULL
);

-- The last number given within each order: a case, with all its bookings.
CREATE TABLE outbox_orders (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE outbox_events (
    id          TEXT PRIMARY KEY,
    order_name  TEXT NOT NULL,
    n           BIGINT NOT NULL,
    type        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    at          BIGINT NOT NULL,
    data        TEXT NOT NULL,
    UNIQUE (order_name, n)
);
CREATE INDEX outbox_events_customer ON outbox_events (customer_id);

CREATE TABLE outbox_deliveries (
    id              TEXT PRIMARY KEY, -- subscription:event
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    event_id        TEXT NOT NULL REFERENCES outbox_events (id) ON DELETE CASCADE,
    order_name      TEXT NOT NULL,
    n               BIGINT NOT NULL,
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    claimed_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    fault           TEXT NOT NULL
);
CREATE INDEX outbox_deliveries_order ON outbox_deliveries (subscription_id, order_name, n);
CREATE INDEX outbox_deliveries_event ON outbox_deliveries (event_id);
CREATE INDEX outbox_deliveries_open ON outbox_deliveries (not_before) WHERE state = 'waiting';
CREATE INDEX outbox_deliveries_done ON outbox_deliveries (updated_at) WHERE state IN ('delivered', 'skipped');

-- +goose Down
DROP TABLE outbox_deliveries;
DROP TABLE outbox_events;
DROP TABLE outbox_orders;
DROP TABLE subscriptions;
