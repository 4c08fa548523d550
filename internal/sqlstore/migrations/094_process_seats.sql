-- +goose Up
-- Which place of work a process has, such as a data directory; one at a time has it.
ALTER TABLE processes ADD COLUMN seat TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE processes DROP COLUMN seat;
