// Package migrations is the history of the schema: SQL files in order, and a
// Go file where stored values are to be read anew. Each runs once, in a
// transaction, on SQLite and PostgreSQL alike.
package migrations

import (
	"database/sql"
	"embed"

	"github.com/pressly/goose/v3"
)

//go:embed *.sql
var files embed.FS

// New returns what moves a database between the versions of the schema.
func New(dialect goose.Dialect, db *sql.DB, opts ...goose.ProviderOption) (*goose.Provider, error) {
	opts = append(opts, goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(sentencesToReasons(), packRollups(), oneRowAVehicle()))
	return goose.NewProvider(dialect, db, files, opts...)
}
