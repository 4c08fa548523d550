package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

type brokerKind string

const (
	brokerEmbedded  brokerKind = "the door"
	brokerMosquitto brokerKind = "Mosquitto"
)

type storeKind string

const (
	storeEmbedded storeKind = "Pebble"
	storeInflux   storeKind = "InfluxDB 1.8"
)

// combination is a broker with a store.
type combination struct {
	Name   string
	Broker brokerKind
	Store  storeKind
	// SpareBroker leaves the broker alive, to tell Presage's losses from its own.
	SpareBroker bool
}

func combinations() []combination {
	return []combination{
		{Name: "embedded", Broker: brokerEmbedded, Store: storeEmbedded},
		{Name: "mosquitto-influx", Broker: brokerMosquitto, Store: storeInflux},
		{Name: "mosquitto-influx-spared", Broker: brokerMosquitto, Store: storeInflux, SpareBroker: true},
		{Name: "mosquitto-embedded", Broker: brokerMosquitto, Store: storeEmbedded},
	}
}

// chosen are the named combinations, or all.
func chosen(names []string) ([]combination, error) {
	all := combinations()
	if len(names) == 0 {
		return all, nil
	}
	var out []combination
	for _, name := range names {
		i := slices.IndexFunc(all, func(c combination) bool { return c.Name == name })
		if i < 0 {
			var known []string
			for _, c := range all {
				known = append(known, c.Name)
			}
			return nil, fmt.Errorf("%w combination %q: want one of %s", presage.ErrInvalid, name, strings.Join(known, ", "))
		}
		out = append(out, all[i])
	}
	return out, nil
}

// quiet is how long nothing must be stored before the queue counts as drained:
// what was not acknowledged is sent again on the next connection. The rest is
// for a machine that stalls.
func (combination) quiet() time.Duration { return 15 * time.Second }
