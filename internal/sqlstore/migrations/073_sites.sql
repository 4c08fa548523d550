-- +goose Up
-- Where a van repairs the car, as JSON; empty at the workshop.
ALTER TABLE cases ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE bookings ADD COLUMN site TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE bookings DROP COLUMN site;
ALTER TABLE cases DROP COLUMN site;
