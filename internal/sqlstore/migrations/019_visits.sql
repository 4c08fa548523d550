-- +goose Up
-- sequence counts the changes of a case's visit (RFC 5545); hours are the
-- opening hours that are sold where a visit takes several days, null else.
ALTER TABLE bookings ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN hours TEXT NOT NULL DEFAULT 'null';

-- +goose Down
ALTER TABLE bookings DROP COLUMN hours;
ALTER TABLE bookings DROP COLUMN sequence;
