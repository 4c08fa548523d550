-- +goose Up
-- What the car had driven when the case was opened: whether a warranty pays.
ALTER TABLE cases ADD COLUMN odometer_km DOUBLE PRECISION NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE cases DROP COLUMN odometer_km;
