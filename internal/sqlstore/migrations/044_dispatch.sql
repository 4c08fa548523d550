-- +goose Up
-- Why a visit has its technician and bay; null for visits of before.
ALTER TABLE bookings ADD COLUMN dispatch TEXT NOT NULL DEFAULT 'null';

-- +goose Down
ALTER TABLE bookings DROP COLUMN dispatch;
