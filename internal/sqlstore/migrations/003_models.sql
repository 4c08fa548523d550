-- +goose Up
CREATE TABLE rollups (
    vin      TEXT NOT NULL,
    day      BIGINT NOT NULL,
    samples  BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    features TEXT NOT NULL,
    PRIMARY KEY (vin, day)
);

CREATE TABLE prognoses (
    vin          TEXT NOT NULL,
    component    TEXT NOT NULL,
    as_of        BIGINT NOT NULL,
    status       TEXT NOT NULL,
    badness      BIGINT NOT NULL, -- 0 ok, 1 unknown, 2 stale, 3 watch, 4 due: the worst wins
    fail30       DOUBLE PRECISION NOT NULL, -- probability of failure within 30 days
    body         TEXT NOT NULL,
    path         TEXT NOT NULL, -- the predicted course: three quarters of the text, read for one vehicle only
    PRIMARY KEY (vin, component)
);
CREATE INDEX prognoses_health ON prognoses (component, status);
CREATE INDEX prognoses_urgency ON prognoses (badness, fail30);

CREATE TABLE labels (
    vin         TEXT NOT NULL,
    component   TEXT NOT NULL,
    at          BIGINT NOT NULL,
    odometer_km DOUBLE PRECISION NOT NULL,
    outcome     TEXT NOT NULL,
    replaced    BOOLEAN NOT NULL,
    measured    DOUBLE PRECISION,
    booking_id  TEXT NOT NULL,
    PRIMARY KEY (vin, component, at)
);

-- +goose Down
DROP TABLE labels;
DROP TABLE prognoses;
DROP TABLE rollups;
