-- +goose Up
-- Roll-ups of 32 days of a vehicle, packed (internal/rollpack): a day took 600 bytes of
-- JSON and a row, and a night reads them all.
CREATE TABLE rollup_blocks (
    vin      TEXT NOT NULL,
    block    BIGINT NOT NULL, -- its first day / 32
    first_at BIGINT NOT NULL, -- of its oldest sample
    body     BYTEA NOT NULL,
    PRIMARY KEY (vin, block)
);
CREATE INDEX rollup_blocks_first ON rollup_blocks (first_at);

-- Vehicles whose prognoses are older than what is known of them. A mark that has
-- changed says that something came since it was read.
CREATE TABLE outdated (
    vin  TEXT PRIMARY KEY,
    mark TEXT NOT NULL
);

-- +goose Down
DROP TABLE outdated;
DROP TABLE rollup_blocks;
