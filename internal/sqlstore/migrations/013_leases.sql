-- +goose Up
-- Work that one process alone does, as long as it prolongs its lease.
CREATE TABLE leases (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- +goose Down
DROP TABLE leases;
