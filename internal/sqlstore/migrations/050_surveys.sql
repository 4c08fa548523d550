-- +goose Up
-- What customers think of visits. Times are microseconds, 0 for never.
CREATE TABLE surveys (
    booking_id  TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    csat        BIGINT NOT NULL,
    nps         BIGINT NOT NULL,
    line        TEXT NOT NULL
);
CREATE INDEX surveys_answered ON surveys (answered_at, booking_id);
CREATE INDEX surveys_customer ON surveys (customer_id);
CREATE INDEX result_versions_recorded ON result_versions (recorded_at);

-- +goose Down
DROP INDEX result_versions_recorded;
DROP TABLE surveys;
