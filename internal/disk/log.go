package disk

import (
	"fmt"
	"log/slog"
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
