package disk

import (
	"fmt"
	"log/slog"

	"github.com/cockroachdb/pebble/v2"
)

// Log passes Pebble's errors on and keeps its chatter to itself. Texts that
// Pebble makes may hold keys, and keys hold VINs, so that only those that
// report a failure are let through.
type Log struct {
	What   string       // whose database it is: "telemetry"
	Logger *slog.Logger // nil: nobody listens
}

// Infof is chatter: flushes, compactions, file deletions.
func (Log) Infof(string, ...any) {}

// Errorf reports a failed background job, which Pebble repeats.
func (l Log) Errorf(format string, args ...any) {
	if l.Logger != nil {
		l.Logger.Error(l.What+" store", slog.String("detail", fmt.Sprintf(format, args...)))
	}
}

// Fatalf ends the process, as Pebble demands: after a failed sync nobody knows
// what is on the disk, and only a restart that replays the log finds out.
// Nothing unsynced was acknowledged.
func (l Log) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	panic(l.What + " store: " + fmt.Sprintf(format, args...))
}

// Listener keeps a damaged table from ending the process, as Pebble would: who
// reads the table gets an error, and all others are served. The keys at its
// bounds are not logged: they hold VINs.
func (l Log) Listener() *pebble.EventListener {
	return &pebble.EventListener{DataCorruption: func(info pebble.DataCorruptionInfo) {
		if l.Logger != nil {
			l.Logger.Error(l.What+" store: a table is damaged: restore a backup", slog.String("path", info.Path))
		}
	}}
}
