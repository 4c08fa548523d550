package app

import (
	"errors"
	"path/filepath"

	"presage/internal/disk"
	"presage/internal/sqlstore"
)

// reserve is how much of a disk must stay free, as the stores want it: negative
// for none.
func (a *App) reserve() int64 {
	if a.cfg.Store.Reserve == 0 {
		return -1
	}
	return int64(a.cfg.Store.Reserve)
}

// localPlaces are the directories that telemetry and what belongs to it is written
// to: none when all of it goes to servers.
func (a *App) localPlaces() []disk.Place {
	var out []disk.Place
	file, err := sqlstore.File(DatabaseURL(a.cfg))
	if err == nil && file != "" {
		out = append(out, disk.Place{What: "the database", Dir: filepath.Dir(file)})
	}
	if a.cfg.Influx.URL == "" || a.cfg.Ingest.Spool > 0 {
		data := disk.Place{What: "the data", Dir: filepath.Clean(a.cfg.DataDir)}
		if len(out) == 0 || out[0].Dir != data.Dir {
			out = append(out, data)
		}
	}
	return out
}

// room is an ErrUnavailable while less than store.reserve is free where the
// stores write: nothing is acknowledged then.
func (a *App) room() error {
	var faults []error
	for _, p := range a.places {
		faults = append(faults, p.Room(a.reserve()))
	}
	return errors.Join(faults...)
}
