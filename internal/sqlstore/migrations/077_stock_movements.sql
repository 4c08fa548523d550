-- +goose Up
-- The ledger of the shelves: rows are written once. n runs from 1 without a gap for each
-- part at each depot, and stock.moves is the last of them.
ALTER TABLE stock ADD COLUMN moves BIGINT NOT NULL DEFAULT 0;
CREATE TABLE stock_movements (
    depot_id    TEXT NOT NULL,
    part        TEXT NOT NULL,
    n           BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    pieces      BIGINT NOT NULL,
    on_hand     BIGINT NOT NULL CHECK (on_hand >= 0),
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL, -- 0 for what was there before the ledger
    ref         TEXT NOT NULL,
    line        BIGINT NOT NULL,
    author      TEXT NOT NULL,
    why         TEXT NOT NULL,
    act_key     TEXT NOT NULL,
    PRIMARY KEY (depot_id, part, n)
);
CREATE INDEX stock_movements_recorded ON stock_movements (recorded_at, depot_id, part, n);
CREATE INDEX stock_movements_ref ON stock_movements (ref);
CREATE INDEX stock_movements_act ON stock_movements (act_key) WHERE act_key <> '';
INSERT INTO stock_movements (depot_id, part, n, kind, pieces, on_hand, at, recorded_at, ref, line, author, why, act_key)
SELECT depot_id, part, 1, 'opening', on_hand, on_hand, 0, 0, '', 0, '', '', '' FROM stock WHERE on_hand > 0;
UPDATE stock SET moves = 1 WHERE on_hand > 0;

-- +goose Down
DROP TABLE stock_movements;
ALTER TABLE stock DROP COLUMN moves;
