package config

import (
	"regexp"
	"slices"
	"strings"

	"presage/ingest/jetstream"
)

var shareGroup = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)

// Nodes are the addresses in JetStream.
func (m MQTT) Nodes() []string {
	if m.JetStream == "" {
		return nil
	}
	nodes := strings.Split(m.JetStream.Reveal(), ",")
	for i, n := range nodes {
		nodes[i] = strings.TrimSpace(n)
	}
	return nodes
}

// share holds what processes need that share a broker's messages out.
func (v *check) share(c Config) {
	group := c.MQTT.Share
	v.require(shareGroup.MatchString(group), "mqtt.share",
		"%.80q: want a name of at most 64 letters, digits, dots, hyphens and underscores", group)
	v.require(group == "" || c.MQTT.Broker != "", "mqtt.share",
		"%.80q without mqtt.broker: the embedded server shares nothing out; put a load balancer before several", group)
	v.require(group == "" || c.shared(), "mqtt.share",
		"%.80q with an embedded store: each process would see a part of every vehicle; "+
			"set influx.url and database.url", group)
	if c.MQTT.JetStream != "" {
		v.jetStream(c)
	}
}

// jetStream holds what pulling from a NATS cluster needs.
func (v *check) jetStream(c Config) {
	const key = "mqtt.jetstream"
	for i, node := range c.MQTT.Nodes() {
		err := jetstream.CheckServer(node)
		v.require(err == nil, key, "address %d: %v (mqtt.username and mqtt.password)", i+1, err)
	}
	v.require(c.MQTT.Broker != "", key,
		"set without mqtt.broker: name the MQTT gateway of the same cluster, by which commands go to vehicles")
	v.require(c.shared(), key, "set with an embedded store: each process would see a part of every vehicle; "+
		"set influx.url and database.url")
	v.require(jetstream.CheckConsumer(c.MQTT.Share) == nil, "mqtt.share",
		"%.80q: with mqtt.jetstream it names a consumer: want letters, digits, hyphens and underscores", c.MQTT.Share)
	v.require(!slices.Contains(c.Ingest.Formats, "ovms"), "ingest.formats",
		"ovms with mqtt.jetstream: its metrics have QoS 0, which JetStream does not keep; "+
			"let the modules come to the MQTT server of a process without mqtt.broker")
}
