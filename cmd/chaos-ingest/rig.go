package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"presage"
	"presage/internal/gauge"
	"presage/internal/procs"
)

const (
	bucket   = "presage/autogen"
	adminKey = "the-key-of-the-torments-4711"
)

// rig is a combination that runs. Its directories and addresses survive kills.
type rig struct {
	combination
	program string // presage
	dir     string
	env     []string // of presage
	// counted tells which dead letters are the fleet's; all when nil.
	counted func(presage.DeadLetter) bool

	http, mqtt, influx string // addresses, host:port

	presage, broker, store *procs.Proc
	tap                    *tap  // nil with the embedded broker
	gate                   *gate // nil with the embedded store

	peak int64 // largest resident size of any presage process, in bytes
}

// startRig starts everything and returns when presage is ready.
func startRig(ctx context.Context, of rig) (*rig, error) {
	r := &of
	for _, address := range []*string{&r.http, &r.mqtt, &r.influx} {
		var err error
		if *address, err = procs.FreeAddress(ctx); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"broker", "influx", "data"} {
		if err := os.MkdirAll(r.file(name), 0o700); err != nil {
			return nil, err
		}
	}
	if err := r.open(ctx); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *rig) open(ctx context.Context) error {
	if r.Store == storeInflux {
		if err := r.startStore(ctx); err != nil {
			return err
		}
		if err := procs.CreateDatabase(ctx, "http://"+r.influx, "presage"); err != nil {
			return err
		}
		var err error
		if r.gate, err = startGate(ctx, r.influx); err != nil {
			return err
		}
	}
	if r.Broker != brokerEmbedded {
		if err := r.startBroker(ctx); err != nil {
			return err
		}
		var err error
		if r.tap, err = startTap(ctx, r.mqtt); err != nil {
			return err
		}
	}
	if err := r.startPresage(ctx); err != nil {
		return err
	}
	return r.presage.Await(ctx, 2*time.Minute, procs.Answers("http://"+r.http+"/readyz", http.StatusOK))
}

func (r *rig) file(name string) string { return filepath.Join(r.dir, name) }

// startPresage returns when the process answers HTTP.
func (r *rig) startPresage(ctx context.Context) error {
	args := []string{
		// Batches that fill for a while leave much in flight at the moment of a kill.
		"--set", "ingest.linger=200ms", "--set", "log.level=warn", "--set", "http.admin_key=" + adminKey,
	}
	if r.tap != nil {
		args = append(args, "--set", "mqtt.broker=tcp://"+r.tap.address())
	}
	if r.gate != nil {
		args = append(args, "--set", "influx.url=http://"+r.gate.address(), "--set", "influx.bucket="+bucket)
	}
	p, err := procs.Presage{
		Program: r.program, Dir: r.file("data"), API: r.http, MQTT: r.mqtt, Env: r.env,
	}.Start(ctx, args...)
	if err != nil {
		return err // r.presage is the one before: it is asked what it printed
	}
	r.presage = p
	return nil
}

func (r *rig) startStore(ctx context.Context) (err error) {
	r.store, err = procs.StartInflux(ctx, r.file("influx"), r.influx)
	return err
}

func (r *rig) startBroker(ctx context.Context) (err error) {
	var careful []string
	if !r.SpareBroker {
		// The most that Mosquitto can be told to do: it writes its file after
		// every change, instead of every half hour.
		careful = []string{"autosave_on_changes true", "autosave_interval 1"}
	}
	r.broker, err = procs.StartMosquitto(ctx, r.file("broker"), r.mqtt, careful...)
	return err
}

// brokerURL is where vehicles publish.
func (r *rig) brokerURL() string { return "tcp://" + r.mqtt }

// weigh keeps the largest size of presage; a process that is gone cannot be asked any more.
func (r *rig) weigh() {
	if u, err := gauge.Of(r.presage.PID()); err == nil {
		r.peak = max(r.peak, u.Peak)
	}
}

// stopPresage ends presage in good order, so that its directory can be read.
func (r *rig) stopPresage() {
	r.weigh()
	r.presage.Stop(30 * time.Second)
}

// close ends what runs.
func (r *rig) close() {
	for _, p := range []*procs.Proc{r.presage, r.broker, r.store} {
		if p != nil {
			p.Kill()
		}
	}
	if r.tap != nil {
		r.tap.close()
	}
	if r.gate != nil {
		r.gate.close()
	}
}

// died is the error of a process that ended by itself.
func (r *rig) died() error {
	select {
	case <-r.presage.Ended():
		return fmt.Errorf("presage ended by itself:\n%s", r.presage.Output())
	default:
		return nil
	}
}

var errTooSlow = errors.New("nothing new is stored")
