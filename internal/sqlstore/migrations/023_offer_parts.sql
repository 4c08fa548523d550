-- +goose Up
-- The parts that the visits of an offer need: they are kept with its slots.
ALTER TABLE offers ADD COLUMN parts TEXT NOT NULL DEFAULT 'null';

-- +goose Down
ALTER TABLE offers DROP COLUMN parts;
