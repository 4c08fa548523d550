-- +goose Up
-- The times in which a conversation or a case waited for a person. 0 is not yet.
CREATE TABLE waits (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL, -- the customer of a conversation, the case
    customer_id TEXT NOT NULL,
    case_id     TEXT NOT NULL,
    workshop_id TEXT NOT NULL,
    severity    TEXT NOT NULL,
    owner       TEXT NOT NULL,
    came_at     BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    read_at     BIGINT NOT NULL DEFAULT 0,
    assigned_at BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL DEFAULT 0,
    closed_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX waits_came ON waits (came_at, id);
CREATE INDEX waits_customer ON waits (customer_id);
CREATE UNIQUE INDEX waits_open ON waits (subject, kind) WHERE closed_at = 0;
-- What waits already, from when it waits.
INSERT INTO waits (id, kind, subject, customer_id, case_id, workshop_id, severity, owner, came_at, due_at)
    SELECT 'conversation/' || customer_id || '/' || since, 'conversation', customer_id, customer_id, case_id, workshop_id, severity,
        CASE WHEN owner = 'manager' THEN '' ELSE owner END, since, due_at
    FROM conversations WHERE state <> 'closed';
INSERT INTO waits (id, kind, subject, customer_id, case_id, workshop_id, severity, owner, came_at, due_at)
    SELECT 'case/' || id || '/' || updated_at, 'case', id, customer_id, id, workshop_id, severity, '', updated_at, due_at
    FROM cases WHERE state = 'escalated';

-- +goose Down
DROP TABLE waits;
