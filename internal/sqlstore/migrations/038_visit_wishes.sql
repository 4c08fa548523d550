-- +goose Up
-- What the customer wishes of a visit.
ALTER TABLE bookings ADD COLUMN stay TEXT NOT NULL DEFAULT '';
ALTER TABLE bookings ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE bookings DROP COLUMN note;
ALTER TABLE bookings DROP COLUMN stay;
