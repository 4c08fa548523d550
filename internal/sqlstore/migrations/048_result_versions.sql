-- +goose Up
-- Every version of what a workshop reported of a booking; workshop_results holds
-- the one that counts. back is what an undo gives back. Times are microseconds,
-- 0 for never.
CREATE TABLE result_versions (
    booking_id  TEXT NOT NULL,
    version     BIGINT NOT NULL,
    vin         TEXT NOT NULL,
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    why         TEXT NOT NULL,
    undone_at   BIGINT NOT NULL,
    undone_by   TEXT NOT NULL,
    body        TEXT NOT NULL,
    back        TEXT NOT NULL,
    PRIMARY KEY (booking_id, version)
);
CREATE INDEX workshop_results_booking ON workshop_results (booking_id);
CREATE INDEX labels_component ON labels (component, at);

-- +goose Down
DROP INDEX labels_component;
DROP INDEX workshop_results_booking;
DROP TABLE result_versions;
