-- +goose Up
-- Transfers between depots, and what is coming from them and from suppliers. open_pieces of a line is what is picked and on its way: it is on
-- order at the depot that takes.
CREATE TABLE shipments (
    id          TEXT PRIMARY KEY,
    from_depot  TEXT NOT NULL,
    to_depot    TEXT NOT NULL,
    state       TEXT NOT NULL,
    author      TEXT NOT NULL,
    note        TEXT NOT NULL,
    act_key     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    picked_at   BIGINT NOT NULL,
    expected_at BIGINT NOT NULL
);
CREATE INDEX shipments_created ON shipments (created_at, id);
CREATE INDEX shipments_act ON shipments (act_key) WHERE act_key <> '';
CREATE TABLE shipment_lines (
    shipment_id TEXT NOT NULL,
    line        BIGINT NOT NULL,
    depot_id    TEXT NOT NULL, -- that takes
    part        TEXT NOT NULL,
    quantity    BIGINT NOT NULL,
    picked      BIGINT NOT NULL,
    received    BIGINT NOT NULL,
    missing     BIGINT NOT NULL,
    open_pieces BIGINT NOT NULL,
    PRIMARY KEY (shipment_id, line)
);
CREATE INDEX shipment_lines_open ON shipment_lines (depot_id, part) WHERE open_pieces > 0;
CREATE VIEW coming AS
SELECT id, depot_id, part, open_pieces, ordered_at, expected_at, '' AS from_depot FROM purchase_orders WHERE open_pieces > 0
UNION ALL
SELECT s.id, l.depot_id, l.part, l.open_pieces, s.picked_at, s.expected_at, s.from_depot
FROM shipment_lines l JOIN shipments s ON s.id = l.shipment_id WHERE l.open_pieces > 0;

-- +goose Down
DROP VIEW coming;
DROP TABLE shipment_lines;
DROP TABLE shipments;
