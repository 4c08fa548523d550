-- +goose Up
-- Blocks of workshops that a person took back: who had made them, who took them back, when.
CREATE TABLE blocks_taken_back (
    workshop_id TEXT NOT NULL,
    block_id    TEXT NOT NULL,
    resource    TEXT NOT NULL, -- bay or technician, '' for the whole workshop
    from_at     BIGINT NOT NULL,
    to_at       BIGINT NOT NULL,
    note        TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    who         TEXT NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX blocks_taken_back_times ON blocks_taken_back (workshop_id, from_at);

-- +goose Down
DROP TABLE blocks_taken_back;
