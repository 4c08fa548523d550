-- +goose Up
-- Prognoses of service intervals, which say when a service is due and nothing of failures.
-- Those of before count as what they are from the next pass on.
ALTER TABLE prognoses ADD COLUMN service INTEGER NOT NULL DEFAULT 0;
DROP INDEX prognoses_urgency;
CREATE INDEX prognoses_urgency ON prognoses (badness, service, fail30);

-- +goose Down
DROP INDEX prognoses_urgency;
ALTER TABLE prognoses DROP COLUMN service;
CREATE INDEX prognoses_urgency ON prognoses (badness, fail30);
