-- +goose Up
-- Instants are microseconds since 1970 UTC, 0 for none; days are counted from 1970-01-01.
CREATE TABLE vehicles (
    vin              TEXT PRIMARY KEY,
    make             TEXT NOT NULL,
    model            TEXT NOT NULL,
    model_year       BIGINT NOT NULL,
    powertrain       TEXT NOT NULL,
    in_service       BIGINT NOT NULL,
    pack_capacity_ah DOUBLE PRECISION NOT NULL,
    customer_id      TEXT NOT NULL,
    workshop_id      TEXT NOT NULL,
    auto_registered  BOOLEAN NOT NULL,
    last_seen        BIGINT NOT NULL
);
CREATE INDEX vehicles_customer ON vehicles (customer_id);
CREATE INDEX vehicles_workshop ON vehicles (workshop_id);

CREATE TABLE customers (
    id                 TEXT PRIMARY KEY,
    name               TEXT NOT NULL,
    lang               TEXT NOT NULL,
    phone              TEXT NOT NULL,
    push_token         TEXT NOT NULL,
    zone               TEXT NOT NULL,
    tier               TEXT NOT NULL,
    consent_push       BOOLEAN NOT NULL,
    consent_sms        BOOLEAN NOT NULL,
    consent_call       BOOLEAN NOT NULL,
    consent_changed_at BIGINT NOT NULL,
    consent_source     TEXT NOT NULL
);
CREATE INDEX customers_phone ON customers (phone);

CREATE TABLE workshops (
    id       TEXT PRIMARY KEY,
    depot_id TEXT NOT NULL,
    body     TEXT NOT NULL
);

CREATE TABLE depots (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row a sequence. The row stays locked until the taker commits, so
-- numbers become visible in their order.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counters (name, last) VALUES ('dirty_days', 0), ('dead_letters', 0), ('replies', 0);

-- +goose Down
DROP TABLE counters;
DROP TABLE settings;
DROP TABLE depots;
DROP TABLE workshops;
DROP TABLE customers;
DROP TABLE vehicles;
