-- +goose Up
-- The channels that a customer wants, the best first, with spaces between; '' for
-- the order of the service.
ALTER TABLE customers ADD COLUMN preferred TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE customers DROP COLUMN preferred;
