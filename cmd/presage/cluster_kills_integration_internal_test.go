//go:build integration

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// Kills of a short run. CLUSTER_KILLS says how many, CLUSTER_SEED repeats one.
const fewKills = 6

// number is that of a variable of the environment.
func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text, given := os.LookupEnv(name)
	if !given {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// fast are settings of processes that judge often.
func fast(int) []string { return []string{"--set", "schedule.score_every=2s"} }

// way is one that something is killed in.
type way struct {
	name string
	kill func()
}

// ways are those of everything but the broker.
func (c *cluster) ways(rebalance func()) []way {
	return []way{
		{"process 0", func() { c.killNode(0) }},
		{"process 1", func() { c.killNode(1) }},
		{"process 2", func() { c.killNode(2) }},
		{"the load balancer", rebalance},
		{"InfluxDB", c.killInflux},
		{"PostgreSQL", func() { c.postgres.Restart(c.t) }},
	}
}

// Processes, the load balancer and InfluxDB are killed and PostgreSQL is restarted at
// random, under load and while vehicles raise alarms: every acknowledged sample is stored
// once, every customer is told once, and no shard is without a living owner for long.
func TestRandomKills(t *testing.T) {
	t.Parallel()
	c := startCluster(t, fast)
	address := freeAddr(t)
	c.randomKills("tcp://"+address, c.ways(c.balance(address)))
}

// randomKills kills in one of the ways again and again while vehicles publish to broker.
func (c *cluster) randomKills(broker string, ways []way) {
	t := c.t
	t.Helper()
	kills, seed := number(t, "CLUSTER_KILLS", fewKills), number(t, "CLUSTER_SEED", uint64(time.Now().UnixNano()))
	t.Logf("CLUSTER_KILLS=%d CLUSTER_SEED=%d", kills, seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	registerFleet(c.pages.service)
	owners := registerOwners(c.pages.service, min(int(kills), 20))
	longest := watchShards(c)
	r := startReplays(t, broker)
	r.awaitAcks(t, 200)
	began := time.Now()
	var alarms sync.WaitGroup
	failed := make(chan error, len(owners))
	counts := map[string]int{}
	for n := range int(kills) {
		if n < len(owners) {
			alarms.Go(func() { failed <- alarm(t.Context(), broker, owners[n]) })
		}
		r.awaitAcks(t, r.acks()+50+dice.Int64N(400))
		way := ways[dice.IntN(len(ways))]
		way.kill()
		counts[way.name]++
		t.Logf("kill %d: %s; %d messages acknowledged by now", n+1, way.name, r.acks())
	}
	t.Logf("killed for %v", time.Since(began).Round(time.Second))
	r.awaitAcks(t, r.acks()+200)
	alarms.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	rows := r.finish(t)
	c.checkStored(r, rows)
	for _, vin := range owners {
		c.checkTold(vin)
	}
	without := longest()
	if without > 30*time.Second {
		t.Errorf("a shard was without a living owner for %v", without)
	}
	c.checkLogs()
	t.Logf("killed %v; %d customers told once each; the longest that a shard had no living owner: %v",
		counts, len(owners), without.Round(time.Second/10))
}

// checkLogs wants no panic.
func (c *cluster) checkLogs() {
	c.t.Helper()
	for i, n := range c.nodes {
		if strings.Contains(n.log.String(), "panic:") {
			c.t.Errorf("process %d panicked", i)
		}
	}
}

// registerOwners registers vehicles with a customer each.
func registerOwners(s *service, n int) (vins []presage.VIN) {
	s.tb.Helper()
	var customers, vehicles []map[string]any
	for i := range n {
		id := fmt.Sprintf("C%d", 100+i)
		vin := checked(fmt.Sprintf("LPSWNR000N00%05d", i))
		customers = append(customers, map[string]any{
			"id": id, "name": "Owner " + id, "lang": "en", "zone": "Asia/Shanghai", "phone": fmt.Sprintf("+86138001%05d", i),
			"consent": map[string]any{"push": true, "sms": true, "call": true, "changed_at": time.Now(), "source": "contract"},
		})
		vehicles = append(vehicles, map[string]any{
			"vin": vin, "make": "Lingyun", "model": "E1", "model_year": 2023, "powertrain": "bev",
			"in_service": time.Now().AddDate(-3, 0, 0), "customer_id": id, "workshop_id": "W1",
		})
		vins = append(vins, vin)
	}
	send[any](s, http.MethodPut, "/v1/fleet", map[string]any{"customers": customers, "vehicles": vehicles})
	return vins
}

// watchShards looks twice a second who has which shard, until it is asked for how long one was with
// nobody or with a process that is dead.
func watchShards(c *cluster) (longest func() time.Duration) {
	c.t.Helper()
	store, err := sqlstore.Open(c.t.Context(), c.database)
	if err != nil {
		c.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(c.t.Context())
	var most time.Duration
	done := make(chan struct{})
	go func() {
		defer close(done)
		since := map[string]time.Time{}
		tick := time.NewTicker(time.Second / 2)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				for name, owned := range owned(ctx, store) {
					from, without := since[name]
					switch {
					case owned:
						delete(since, name)
					case !without:
						since[name] = now
					default:
						most = max(most, now.Sub(from))
					}
				}
			}
		}
	}()
	return func() time.Duration {
		stop()
		<-done
		if err := store.Close(); err != nil {
			c.t.Error(err)
		}
		return most
	}
}

// owned tells of each shard whether a living process has it; nothing while PostgreSQL is away.
func owned(ctx context.Context, store *sqlstore.Store) map[string]bool {
	processes, err := store.Processes(ctx)
	duties, errDuties := store.Duties(ctx)
	if err != nil || errDuties != nil {
		return nil
	}
	living := map[string]bool{}
	for _, p := range processes {
		_, number, _ := strings.Cut(p.Place, ":")
		pid, err := strconv.Atoi(number)
		living[p.ID] = err == nil && syscall.Kill(pid, 0) == nil
	}
	out := map[string]bool{}
	for _, d := range duties {
		if d.IsShard() {
			out[d.Name] = living[d.Owner]
		}
	}
	return out
}
