-- +goose Up
CREATE TABLE parts (
    number TEXT PRIMARY KEY,
    body   TEXT NOT NULL
);

-- reserved may exceed on_hand + on_order for a while: a broken-down car may
-- take the piece that a booking was promised, and a count may find less.
CREATE TABLE stock (
    depot_id TEXT NOT NULL,
    part     TEXT NOT NULL,
    on_hand  BIGINT NOT NULL CHECK (on_hand >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    on_order BIGINT NOT NULL CHECK (on_order >= 0),
    PRIMARY KEY (depot_id, part)
);

CREATE TABLE purchase_orders (
    id          TEXT PRIMARY KEY,
    depot_id    TEXT NOT NULL,
    part        TEXT NOT NULL,
    quantity    BIGINT NOT NULL CHECK (quantity > 0),
    ordered_at  BIGINT NOT NULL,
    expected_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX purchase_orders_open ON purchase_orders (depot_id, part, expected_at) WHERE received_at = 0;

CREATE TABLE part_use (
    depot_id TEXT NOT NULL,
    part     TEXT NOT NULL,
    day      BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (depot_id, part, day)
);

CREATE TABLE part_forecasts (
    part     TEXT NOT NULL,
    depot_id TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (part, depot_id)
);

-- +goose Down
DROP TABLE part_forecasts;
DROP TABLE part_use;
DROP TABLE purchase_orders;
DROP TABLE stock;
DROP TABLE parts;
