-- +goose Up
-- Orders with lines. A row of purchase_orders is a line; open_pieces is what is placed
-- and still to come, ordered_at 0 a line that is proposed. Orders from before had one line.
CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    external_id TEXT NOT NULL,
    act_key     TEXT NOT NULL,
    depot_id    TEXT NOT NULL,
    supplier    TEXT NOT NULL,
    state       TEXT NOT NULL,
    author      TEXT NOT NULL,
    note        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX orders_created ON orders (created_at, id);
CREATE INDEX orders_state ON orders (state, created_at);
CREATE UNIQUE INDEX orders_external ON orders (external_id) WHERE external_id <> '';
CREATE INDEX orders_act ON orders (act_key) WHERE act_key <> '';
INSERT INTO orders (id, external_id, act_key, depot_id, supplier, state, author, note, created_at, updated_at)
SELECT id, '', '', depot_id, '', CASE WHEN received_at > 0 THEN 'received' ELSE 'placed' END, '', '', ordered_at,
    CASE WHEN received_at > 0 THEN received_at ELSE ordered_at END FROM purchase_orders;

ALTER TABLE purchase_orders ADD COLUMN order_id TEXT NOT NULL DEFAULT '';
ALTER TABLE purchase_orders ADD COLUMN line BIGINT NOT NULL DEFAULT 1;
ALTER TABLE purchase_orders ADD COLUMN received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase_orders ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase_orders ADD COLUMN open_pieces BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase_orders ADD COLUMN promised_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE purchase_orders ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
UPDATE purchase_orders SET order_id = id, promised_at = expected_at,
    received = CASE WHEN received_at > 0 THEN quantity ELSE 0 END,
    open_pieces = CASE WHEN received_at > 0 THEN 0 ELSE quantity END;
DROP INDEX purchase_orders_open;
CREATE INDEX purchase_orders_open ON purchase_orders (depot_id, part, expected_at) WHERE open_pieces > 0;
CREATE UNIQUE INDEX purchase_orders_line ON purchase_orders (order_id, line);

-- What was done to orders and shelves, each once by its key.
CREATE TABLE stock_acts (
    key      TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    kind     TEXT NOT NULL,
    author   TEXT NOT NULL,
    note     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    digest   TEXT NOT NULL,
    lines    TEXT NOT NULL
);
CREATE INDEX stock_acts_order ON stock_acts (order_id, at);

-- +goose Down
DROP TABLE stock_acts;
DROP INDEX purchase_orders_line;
DELETE FROM purchase_orders WHERE ordered_at = 0;
DROP INDEX purchase_orders_open;
ALTER TABLE purchase_orders DROP COLUMN confirmed_at;
ALTER TABLE purchase_orders DROP COLUMN promised_at;
ALTER TABLE purchase_orders DROP COLUMN open_pieces;
ALTER TABLE purchase_orders DROP COLUMN cancelled;
ALTER TABLE purchase_orders DROP COLUMN received;
ALTER TABLE purchase_orders DROP COLUMN line;
ALTER TABLE purchase_orders DROP COLUMN order_id;
CREATE INDEX purchase_orders_open ON purchase_orders (depot_id, part, expected_at) WHERE received_at = 0;
DROP TABLE orders;
