-- +goose Up
-- Imports of the parts master. A part of version 0 is as the catalogue has it, every other as
-- the import of that version left it.
CREATE TABLE part_imports (
    version BIGINT PRIMARY KEY,
    source  TEXT NOT NULL,
    author  TEXT NOT NULL,
    put_at  BIGINT NOT NULL
);
ALTER TABLE parts ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

-- +goose Down
DELETE FROM parts WHERE version > 0;
ALTER TABLE parts DROP COLUMN version;
DROP TABLE part_imports;
