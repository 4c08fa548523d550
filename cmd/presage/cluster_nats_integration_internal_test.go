//go:build integration

package main

import (
	"fmt"
	"strings"
	"testing"

	"presage/internal/natstest"
)

// brokered is a cluster of processes behind one of brokers.
type brokered struct {
	*cluster

	nats   *natstest.Cluster
	broker string // the load balancer before the gateways
	ways   []way  // of killing one of each
}

// startBrokered starts three NATS nodes, a load balancer before their MQTT gateways, and
// three processes that share one consumer.
func startBrokered(t *testing.T, settings func(node int) []string) *brokered {
	t.Helper()
	b := &brokered{nats: natstest.Start(t)}
	address := freeAddr(t)
	b.broker = "tcp://" + address
	rebalance := (&cluster{t: t, doors: b.nats.Gateways()}).balance(address)
	b.cluster = startCluster(t, func(node int) []string {
		return append(settings(node),
			"--set", "mqtt.broker="+b.broker, "--set", "mqtt.jetstream="+strings.Join(b.nats.Clients(), ","),
			"--set", fmt.Sprintf("mqtt.client_id=presage-%d", node))
	})
	b.ways = b.cluster.ways(rebalance)
	for i := range b.nats.Clients() {
		b.ways = append(b.ways, way{fmt.Sprintf("broker node %d", i), func() { b.killBroker(i) }})
	}
	return b
}

// killBroker kills a node of the broker and waits until it has caught up: with two of
// three away nothing is acknowledged.
func (b *brokered) killBroker(i int) {
	b.t.Helper()
	if err := b.nats.Restart(i); err != nil {
		b.t.Fatal(err)
	}
	if err := b.nats.Await(b.t.Context(), i); err != nil {
		b.t.Fatal(err)
	}
}

// Vehicles publish through a load balancer to a cluster of brokers, which three processes
// share; one of each is killed under load. What the brokers acknowledged is stored once,
// the customer of an alarm is told once, and a command reaches its vehicle.
func TestThreeProcessesShareABrokerCluster(t *testing.T) {
	t.Parallel()
	b := startBrokered(t, func(int) []string { return nil })
	registerFleet(b.pages.service)
	r := startReplays(t, b.broker)
	r.awaitAcks(t, 200)
	alarmed := make(chan error, 1)
	go func() { alarmed <- alarm(t.Context(), b.broker, wearing) }()
	for _, way := range b.ways {
		if way.name == "process 1" || way.name == "broker node 1" || way.name == "broker node 2" {
			continue // one of each, and the one that serves pages
		}
		way.kill()
		r.awaitAcks(t, r.acks()+200)
		t.Logf("%s was killed; %d messages acknowledged by now", way.name, r.acks())
	}
	if err := <-alarmed; err != nil {
		t.Fatal(err)
	}
	b.checkStored(r, r.finish(t))
	b.checkTold(wearing)
	checkCommand(b.pages.service, b.broker)
	var again float64
	for i, n := range b.nodes {
		const name = `presage_jetstream_delivered_total{time=%q}`
		first := metric(n.service, fmt.Sprintf(name, "first"))
		if again += metric(n.service, fmt.Sprintf(name, "again")); first == 0 {
			t.Errorf("process %d was given nothing", i)
		}
	}
	t.Logf("%v messages came again since the last start of each process", again)
	b.checkLogs()
}

// TestRandomKills with a broker cluster, whose nodes are killed too.
func TestRandomKillsBehindABrokerCluster(t *testing.T) {
	t.Parallel()
	b := startBrokered(t, fast)
	b.randomKills(b.broker, b.ways)
}
