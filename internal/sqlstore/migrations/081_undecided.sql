-- +goose Up
-- Vehicles that a process judged anew, and the one that decides has not looked at since.
CREATE TABLE undecided (
    vin  TEXT PRIMARY KEY,
    mark TEXT NOT NULL
);

-- +goose Down
DROP TABLE undecided;
