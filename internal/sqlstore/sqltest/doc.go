// Package sqltest gives tests a real database: a SQLite store in a temporary
// directory (Open), or a PostgreSQL server from the system's own package on a
// free loopback port (StartPostgres). Everything is gone when the test ends.
package sqltest
