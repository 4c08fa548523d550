-- +goose Up
-- Signal names that vehicles invented, beside the signal table. vin sent it
-- first; '' is a name from before anybody counted. day is that of the newest reading.
CREATE TABLE signal_names (
    name TEXT PRIMARY KEY,
    vin TEXT NOT NULL,
    day BIGINT NOT NULL
);

-- +goose Down
DROP TABLE signal_names;
