-- +goose Up
-- How planners want parts to be planned: versions, never changed; the newest is in force.
CREATE TABLE planning_parameters (
    version  BIGINT PRIMARY KEY,
    document TEXT NOT NULL,
    put_at   BIGINT NOT NULL,
    author   TEXT NOT NULL,
    note     TEXT NOT NULL
);

-- +goose Down
DROP TABLE planning_parameters;
