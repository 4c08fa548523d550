-- +goose Up
-- Who sent the picked pieces of a transfer off, and when; '' and 0 for those that were sent before.
ALTER TABLE shipments ADD COLUMN shipped_by TEXT NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN shipped_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE shipments DROP COLUMN shipped_at;
ALTER TABLE shipments DROP COLUMN shipped_by;
