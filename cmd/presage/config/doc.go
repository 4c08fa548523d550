// Package config reads the configuration of presage and shows what is in effect.
//
// Four layers, the later one wins key by key:
//
//	defaults <- YAML files, in order <- PRESAGE_* environment <- flags (--set key=value)
//
// Every key is known by name: a key is the YAML path joined by dots
// ("influx.url") and its variable is PRESAGE_ and the key in capitals with
// underscores (PRESAGE_INFLUX_URL). A name that is not known is refused with
// the nearest known one; all faults of all layers are reported together.
// Secrets never leave the package in the clear: not in Print, not in a fault.
package config
