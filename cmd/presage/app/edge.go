package app

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/internal/credential"
	"presage/internal/sqlstore"
)

// edge is what stands between vehicles and the stores.
type edge struct {
	verifier *credential.Verifier
	known    chan struct{} // somebody was registered
	tried    map[presage.VIN]int64
	changes  credentialChanges
}

// wake says that vehicles were registered. It never waits.
func (e *edge) wake() {
	select {
	case e.known <- struct{}{}:
	default:
	}
}

// openEdge makes ready what ingest writes dead letters to.
func (a *App) openEdge() ingest.DeadLetters {
	a.edge.known, a.edge.tried = make(chan struct{}, 1), map[presage.VIN]int64{}
	bound := sqlstore.Bound{Vehicle: int64(a.cfg.Ingest.HeldPerVehicle), Total: int64(a.cfg.Ingest.HeldTotal)}
	count := func(name, help string, of func(context.Context) (int, error)) {
		a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			n, err := of(ctx)
			if err != nil {
				return math.NaN()
			}
			return float64(n)
		}))
	}
	count("presage_vehicles", "Registered vehicles.", a.SQL.CountVehicles)
	count("presage_vehicles_silent", "Vehicles not heard from in time: nothing is known of them.",
		func(ctx context.Context) (int, error) {
			return a.SQL.SilentVehicles(ctx, presage.Silence{Now: a.Clock.Now(), After: a.cfg.Ingest.SilentAfter})
		})
	turnedAway := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "presage_ingest_dead_letters_turned_away_total",
		Help: "Dead letters beyond what is kept of one vehicle or of all with the same reason: they are lost.",
	}, []string{"reason"})
	turnedAway.WithLabelValues(ingest.ReasonStoreRejected) // 0 can be told from nothing
	a.registry.MustRegister(turnedAway)
	a.letters = &letterBox{sql: a.SQL, turnedAway: turnedAway, log: a.log, bound: bound, now: wallClock}
	return a.letters
}

// letterBox keeps a bounded number of letters for each reason. What is beyond
// is counted by reason, and told at most once a minute.
type letterBox struct {
	sql        *sqlstore.Store
	bound      sqlstore.Bound
	turnedAway *prometheus.CounterVec
	log        *slog.Logger
	now        func() time.Time

	mu     sync.Mutex
	told   time.Time
	untold map[string]int // by reason, since then
}

// PutDeadLetters implements ingest.DeadLetters.
func (b *letterBox) PutDeadLetters(ctx context.Context, letters []presage.DeadLetter) error {
	away, err := b.sql.HoldDeadLetters(ctx, letters, b.bound)
	if err == nil && len(away) > 0 {
		b.tell(ctx, away)
	}
	return err
}

const tellEvery = time.Minute

func (b *letterBox) tell(ctx context.Context, away map[string]int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.untold == nil {
		b.untold = map[string]int{}
	}
	for reason, n := range away {
		b.turnedAway.WithLabelValues(reason).Add(float64(n))
		b.untold[reason] += n
	}
	now := b.now()
	if since := now.Sub(b.told); since >= 0 && since < tellEvery {
		return
	}
	b.log.WarnContext(ctx, "dead letters are no longer kept, what is in them is lost: GET /v1/vehicles/held names the "+
		"vehicles; mend the cause and drive them again, or see ingest.held_per_vehicle and ingest.held_total",
		"letters", fmt.Sprint(b.untold))
	b.told, b.untold = now, nil
}

// openAdmission makes ready whom every door asks, once.
func (a *App) openAdmission(ctx context.Context) (err error) {
	if a.edge.verifier != nil {
		return nil
	}
	if a.cfg.MQTT.Broker == "" && !a.cfg.MQTT.Open && a.cfg.MQTT.TLSCert == "" {
		a.log.Warn("mqtt: vehicles send their secrets without TLS: set mqtt.tls_cert and mqtt.tls_key, " +
			"or keep the port to a network that nobody else reads")
	}
	a.edge.verifier, err = credential.NewVerifier(credential.VerifierConfig{
		Lookup: a.SQL, Now: wallClock, RegisteredOnly: a.cfg.Ingest.Unknown == ingest.UnknownReject,
		Open: a.cfg.MQTT.Open, Cost: a.cfg.MQTT.SecretCost,
	})
	if err != nil {
		return err
	}
	_, err = a.changedCredentials(ctx) // of before the first login: nobody is to be cut off
	return err
}

// wallClock is the clock of certificates and revocations, whatever a demo's shows.
func wallClock() time.Time { return time.Now() }

// registry wakes whoever waits for a vehicle to be registered.
type registry struct {
	*sqlstore.Store
	wake func()
}

// PutFleet implements rest.Registry.
func (r registry) PutFleet(ctx context.Context, f presage.Fleet) error {
	defer r.wake()
	return r.Store.PutFleet(ctx, f)
}

// issuer makes credentials, and sees to it that the broker knows at once.
func (a *App) issuer() credential.Issuer {
	issuer := NewIssuer(a.SQL, a.cfg.MQTT.SecretCost)
	issuer.Provisioned, issuer.Revoked = a.provisioned, a.revoked
	return issuer
}

// NewIssuer makes credentials in a store.
func NewIssuer(sql *sqlstore.Store, cost int) credential.Issuer {
	return credential.Issuer{Store: sql, Cost: cost, Now: wallClock}
}

const (
	changedEvery  = 2 * time.Second // another process may have revoked or provisioned
	releasedEvery = time.Minute     // another process may have registered
)

// watchEdge cuts off whose credentials other processes changed and drives the letters of
// vehicles again that were registered, until ctx ends.
func (a *App) watchEdge(ctx context.Context) {
	changed, released := time.NewTicker(changedEvery), time.NewTicker(releasedEvery)
	defer changed.Stop()
	defer released.Stop()
	a.edge.wake() // those registered while the service was down
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-changed.C:
			err = a.cutOffChanged(ctx)
		case <-a.edge.known:
			err = a.release(ctx)
		case <-released.C:
			err = a.release(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "fleet at the edge: it will be tried again", "error", err)
		}
	}
}
