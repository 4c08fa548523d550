//go:build integration

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/mosquittotest"
	"presage/internal/procs"
	"presage/internal/sqlstore/sqltest"
)

// cluster is three processes on one PostgreSQL and one InfluxDB.
type cluster struct {
	t        *testing.T
	postgres *sqltest.Postgres
	influx   influxtest.Server
	args     [3][]string
	nodes    [3]*child
	doors    []string // HOST:PORT of each one's MQTT server
	pages    *child   // a process with the role api
	database string
}

func startCluster(t *testing.T, settings func(node int) []string) *cluster {
	t.Helper()
	c := &cluster{t: t, postgres: sqltest.StartPostgres(t), influx: influxtest.Start(t)}
	database, public := c.postgres.NewDatabase(t), freeAddr(t)
	for i := range c.nodes {
		door, api := freeAddr(t), public
		if i > 0 {
			api = freeAddr(t)
		}
		c.doors = append(c.doors, door)
		c.args[i] = append([]string{
			"--data", t.TempDir(), "--addr", api, "--mqtt-addr", door, "--set", "database.url=" + database,
			"--set", "influx.url=" + c.influx.URL, "--set", "influx.bucket=" + c.influx.Bucket,
			"--set", "http.public_url=http://" + public,
		}, settings(i)...)
		c.nodes[i] = startProcess(t, c.args[i]...)
	}
	c.pages, c.database = c.nodes[0], database
	return c
}

// killNode kills a process and starts it again at once.
func (c *cluster) killNode(i int) {
	c.t.Helper()
	c.nodes[i].kill()
	c.nodes[i] = startProcess(c.t, c.args[i]...)
	if i == 0 {
		c.pages = c.nodes[0]
	}
}

// balance starts a load balancer before the doors; kill kills it and starts it again.
func (c *cluster) balance(address string) (kill func()) {
	c.t.Helper()
	dir := c.t.TempDir()
	var now *procs.Proc
	start := func() {
		c.t.Helper()
		p, err := procs.StartHAProxy(c.t.Context(), dir, address, c.doors...)
		if err != nil {
			c.t.Fatal(err)
		}
		c.t.Cleanup(p.Kill)
		now = p
	}
	start()
	return func() { now.Kill(); start() }
}

func (c *cluster) killInflux() {
	c.influx.Stop()
	c.influx = c.influx.Again(c.t)
}

// stored is how many samples of a vehicle are in InfluxDB, each once.
func (c *cluster) stored(vin presage.VIN) int64 {
	c.t.Helper()
	store, err := influx.Open(c.t.Context(), c.influx.Config())
	if err != nil {
		c.t.Fatal(err)
	}
	defer store.Close()
	return measuredRows(c.t, store, vin)
}

// alarm lets the insulation of a vehicle fall, ten seconds between readings; each waits for
// its PUBACK.
func (c *cluster) alarm(broker string) {
	c.t.Helper()
	if err := alarm(c.t.Context(), broker, wearing); err != nil {
		c.t.Fatal(err)
	}
}

func alarm(ctx context.Context, broker string, vin presage.VIN) error {
	car, err := patient(ctx, broker, vin, 1)
	for tries := 0; errors.Is(err, presage.ErrUnavailable) && tries < 1000; tries++ { // a door opens again
		car, err = patient(ctx, broker, vin, 1)
	}
	if err != nil {
		return err
	}
	defer car.Close()
	now := time.Now().Add(-15 * time.Minute)
	for n := range 30 {
		payload := fmt.Sprintf(`{"ts":%d,"signals":{%q:20,%q:350}}`, now.Add(time.Duration(n)*10*time.Second).UnixMilli(),
			presage.SignalInsulation, presage.SignalPackVoltage)
		if err := car.Publish(ctx, ingest.TelemetryTopic(vin), []byte(payload)); err != nil {
			return err
		}
	}
	return nil
}

// checkTold wants one case of the alarm, and its customer told once.
func (c *cluster) checkTold(vin presage.VIN) {
	c.t.Helper()
	s := c.pages.service
	one := until(s, "/v1/cases?vin="+string(vin), "a case", func(x presage.Case) bool {
		return x.State == presage.CaseOffered
	})
	until(s, "/v1/messages?case="+one.ID, "the customer is told",
		func(m presage.Message) bool { return m.State == presage.MessageSent })
	if n := len(get[list[presage.Case]](s, "/v1/cases?vin="+string(vin)).Items); n != 1 {
		c.t.Errorf("%d cases", n)
	}
	bodies := map[string]int{}
	for _, m := range get[list[presage.Message]](s, "/v1/messages?case="+one.ID).Items {
		bodies[string(m.Channel)+m.Body]++
	}
	for body, times := range bodies {
		if times > 1 {
			c.t.Errorf("told %d times: %s", times, body)
		}
		c.checkLinks(body)
	}
}

// checkLinks opens the link of a message at every process that serves pages, whoever signed it.
func (c *cluster) checkLinks(body string) {
	c.t.Helper()
	links := regexp.MustCompile(`http://[^/\s]+(/\S+)`).FindAllStringSubmatch(body, -1)
	if len(links) == 0 {
		c.t.Errorf("no link in %s", body)
	}
	for _, link := range links {
		for i, n := range c.nodes {
			answer, err := http.Get(n.url + link[1])
			if err != nil {
				c.t.Fatal(err)
			}
			answer.Body.Close()
			want := http.StatusOK
			if strings.Contains(n.out.String(), "probes") {
				want = http.StatusNotFound
			}
			if answer.StatusCode != want {
				c.t.Errorf("process %d answers %d to the link of a message, want %d", i, answer.StatusCode, want)
			}
		}
	}
}

// checkStored wants every sample of every vehicle, once.
func (c *cluster) checkStored(r *replays, rows int) {
	c.t.Helper()
	want := map[presage.VIN]int64{realSeat: tripRows}
	for _, d := range r.cars {
		want[d.vin] = int64(d.total) * perMessage
	}
	var total int64
	for vin, n := range want {
		c.nodes[0].eventually("all samples of a vehicle", func() bool { return c.stored(vin) >= n },
			func() string { return fmt.Sprintf("%d of %d", c.stored(vin), n) })
		got := c.stored(vin)
		total += got
		if got != n {
			c.t.Errorf("%s: %d samples stored, %d acknowledged", vin.Masked(), got, n)
		}
	}
	c.t.Logf("%d samples acknowledged, %d stored", rows, total)
}

// Vehicles publish through a load balancer to three doors, while one of each is
// killed: a process, the load balancer, InfluxDB and PostgreSQL. No acknowledged
// sample is lost, and nobody is told twice.
func TestThreeDoorsBehindALoadBalancer(t *testing.T) {
	t.Parallel()
	c := startCluster(t, func(int) []string { return nil })
	registerFleet(c.nodes[0].service)
	address := freeAddr(t)
	rebalance := c.balance(address)
	r := startReplays(t, "tcp://"+address)
	r.awaitAcks(t, 200)
	for _, step := range []struct {
		name string
		kill func()
	}{
		{"a process", func() { c.killNode(0) }},
		{"the load balancer", rebalance},
		{"InfluxDB", c.killInflux},
		{"PostgreSQL", func() { c.postgres.Restart(t) }},
		{"another process", func() { c.killNode(2) }},
	} {
		step.kill()
		r.awaitAcks(t, r.acks()+200)
		t.Logf("%s was killed; %d messages acknowledged by now", step.name, r.acks())
	}
	c.alarm("tcp://" + address)
	rows := r.finish(t)
	c.checkStored(r, rows)
	c.checkTold(wearing)
	c.checkLogs()
}

// Three processes share out what Mosquitto has. While all live each message is
// handled once; one that is killed gets what was on its way to it when it is back,
// and meanwhile the others go on. The alarm's readings are dealt out among them.
func TestThreeProcessesShareABroker(t *testing.T) {
	t.Parallel()
	broker := mosquittotest.Start(t)
	c := startCluster(t, func(node int) []string {
		return []string{
			"--set", "mqtt.broker=" + broker, "--set", "mqtt.share=presage",
			"--set", fmt.Sprintf("mqtt.client_id=presage-%d", node),
		}
	})
	registerFleet(c.nodes[0].service)
	car, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{Broker: broker, VIN: realEV})
	if err != nil {
		t.Fatal(err)
	}
	defer car.Close()
	const messages = 300
	now := time.Now().Add(-time.Hour)
	for n := range messages {
		payload := fmt.Sprintf(`{"ts":%d,"signals":{%q:%d}}`, now.Add(time.Duration(n)*time.Second).UnixMilli(),
			presage.SignalSpeed, n%100)
		if err := car.Publish(t.Context(), ingest.TelemetryTopic(realEV), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	c.checkShares(messages)
	c.alarm(broker)
	c.checkTold(wearing)

	r := startReplays(t, broker)
	r.awaitAcks(t, 300)
	c.killNode(1)
	r.awaitAcks(t, r.acks()+300)
	c.checkStored(r, r.finish(t))
}

// checkShares wants the messages handled once in sum, and some by each process.
func (c *cluster) checkShares(messages float64) {
	c.t.Helper()
	const name = `presage_ingest_messages_total{kind="telemetry"}`
	var shares []float64
	c.nodes[0].eventually("all messages", func() bool {
		shares = nil
		sum := 0.0
		for _, n := range c.nodes {
			shares = append(shares, metric(n.service, name))
			sum += shares[len(shares)-1]
		}
		return sum >= messages
	}, func() string { return fmt.Sprint(shares) })
	sum := 0.0
	for _, n := range shares {
		sum += n
		if n == 0 {
			c.t.Errorf("a process got nothing: %v", shares)
		}
	}
	if sum != messages {
		c.t.Errorf("%v messages handled of %v: %v", sum, messages, shares)
	}
	c.t.Logf("shares %v", shares)
}
