-- +goose Up
-- The predicted course is computed when a page asks for it: it was three quarters
-- of what a night writes, and is read for one vehicle at a time.
ALTER TABLE prognoses DROP COLUMN path;

-- +goose Down
ALTER TABLE prognoses ADD COLUMN path TEXT NOT NULL DEFAULT 'null';
