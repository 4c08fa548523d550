-- +goose Up
-- Who answers customers; lists are JSON.
CREATE TABLE advisers (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    workshops    TEXT NOT NULL,
    languages    TEXT NOT NULL,
    skills       TEXT NOT NULL,
    zone         TEXT NOT NULL,
    from_hour    BIGINT NOT NULL,
    to_hour      BIGINT NOT NULL,
    off_on       TEXT NOT NULL,
    absent_until BIGINT NOT NULL
);
-- Why the owner has a conversation.
ALTER TABLE conversations ADD COLUMN assigned TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE conversations DROP COLUMN assigned;
DROP TABLE advisers;
