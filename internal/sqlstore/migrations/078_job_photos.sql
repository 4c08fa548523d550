-- +goose Up
-- Photos that technicians took at visits: JPEG, made anew without what cameras write
-- beside a picture. The bytes are last, so that a list reads none of them.
CREATE TABLE job_photos (
    booking_id   TEXT NOT NULL,
    id           TEXT NOT NULL,
    added_at     BIGINT NOT NULL,
    added_by     TEXT NOT NULL,
    width        BIGINT NOT NULL,
    height       BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    for_customer BIGINT NOT NULL,
    small        BYTEA NOT NULL,
    body         BYTEA NOT NULL,
    PRIMARY KEY (booking_id, id)
);

-- +goose Down
DROP TABLE job_photos;
