package main

import (
	"fmt"
	"sync/atomic"

	"presage"
	"presage/cmd/presage/demo"
	"presage/ingest/mqtt"
	"presage/simulator"
	"presage/simulator/ovms"
	"presage/simulator/tesla"
	"presage/simulator/wican"
)

// format is how simulated vehicles speak. A nil encode is the native format.
type format struct {
	encode demo.Encoder
	// faults are what goes wrong on the way of a foreign format: its messages carry
	// no time, so they are live or not at all, one sample at a time.
	faults simulator.Faults
	said   *atomic.Int64 // messages encoded
}

// formatOf finds the format of a name; base is the topic base of tesla.
func formatOf(name, base string) (format, error) {
	live := simulator.Faults{Single: 1, Nonsense: 0.001, BadValue: 0.00002}
	switch name {
	case "native", "http", "gbt32960", "gbt32960-2025": // terminals make their frames of native messages
		return format{}, nil
	case "tesla":
		return foreign(live, teslaEncoder(base)), nil
	case "ovms":
		return foreign(live, ovmsEncoder), nil
	case "wican":
		return foreign(live, wicanEncoder), nil
	}
	return format{}, fmt.Errorf("%w --format %q", presage.ErrInvalid, name)
}

// foreign counts what encode says.
func foreign(faults simulator.Faults, encode demo.Encoder) format {
	f := format{faults: faults, said: new(atomic.Int64)}
	f.encode = func(m simulator.Message) ([]mqtt.Outgoing, error) {
		out, err := encode(m)
		f.said.Add(int64(len(out)))
		return out, err
	}
	return f
}

func teslaEncoder(base string) demo.Encoder {
	e := tesla.Encoder{Base: base}
	return func(m simulator.Message) ([]mqtt.Outgoing, error) {
		said, err := e.Encode(m)
		out := make([]mqtt.Outgoing, 0, len(said))
		for _, s := range said {
			out = append(out, mqtt.Outgoing{Topic: s.Topic, Payload: s.Payload})
		}
		return out, err
	}
}

func ovmsEncoder(m simulator.Message) ([]mqtt.Outgoing, error) {
	said, err := ovms.Encode(m)
	out := make([]mqtt.Outgoing, 0, len(said))
	for _, s := range said {
		out = append(out, mqtt.Outgoing{Topic: s.Topic, Payload: s.Payload, QoS0: s.Metric, Retained: s.Metric})
	}
	return out, err
}

func wicanEncoder(m simulator.Message) ([]mqtt.Outgoing, error) {
	said, err := wican.Encode(m)
	out := make([]mqtt.Outgoing, 0, len(said))
	for _, s := range said {
		out = append(out, mqtt.Outgoing{Topic: s.Topic, Payload: s.Payload})
	}
	return out, err
}
