package broker

import (
	"fmt"
	"slices"

	"github.com/nats-io/nats-server/v2/server"

	"presage"
)

// Backlog is what the broker has acknowledged to vehicles and the service has
// not acknowledged to the broker.
type Backlog struct {
	Messages int64  // about how many
	Last     uint64 // number of the newest message that the broker has taken
	Served   uint64 // every message of vehicles up to this number is acknowledged
}

// Backlog asks how far the service is. Once Served has reached what Last was,
// all that vehicles had been acknowledged by then is the service's.
func (s *Server) Backlog() (Backlog, error) {
	account, err := s.nats.JszAccount(&server.JSzOptions{
		Account: server.DEFAULT_GLOBAL_ACCOUNT, Streams: true, Consumer: true, Config: true,
	})
	if err != nil {
		return Backlog{}, fmt.Errorf("broker: backlog: %w: %w", presage.ErrUnavailable, err)
	}
	for _, stream := range account.Streams {
		if stream.Name != "$MQTT_msgs" {
			continue
		}
		b := Backlog{Last: stream.State.LastSeq, Served: stream.State.LastSeq}
		for _, c := range stream.Consumer {
			if c.Config == nil || !s.fromVehicles(c.Config.FilterSubject) {
				continue
			}
			if waiting := int64(c.NumPending) + int64(c.NumAckPending); waiting > 0 {
				b.Messages += waiting
				b.Served = min(b.Served, c.AckFloor.Stream)
			}
		}
		return b, nil
	}
	return Backlog{}, nil // no message yet
}

// fromVehicles tells whether a consumer with the filter gets what vehicles or
// gateways publish.
func (s *Server) fromVehicles(filter string) bool {
	subjects := append(s.vehicleSubjects(), storedPrefix+"presage.v1.*.event")
	for _, g := range s.cfg.Gateways {
		for _, topic := range g.Topics {
			subjects = append(subjects, storedPrefix+subject(topic, ""))
		}
	}
	return slices.ContainsFunc(subjects, func(published string) bool {
		return server.SubjectsCollide(published, filter)
	})
}
