-- +goose Up
-- Who is logged in to the console. The id is a hash of what the browser holds.
CREATE TABLE logins (
    id         TEXT PRIMARY KEY,
    user_name  TEXT NOT NULL,
    admin_key  TEXT NOT NULL, -- fingerprint of the key it stands by
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX logins_expire ON logins (expires_at);

-- Links that were used and whose time is not over: each works once.
CREATE TABLE used_links (
    id         TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE used_links;
DROP TABLE logins;
